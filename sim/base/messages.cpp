// SPDX-License-Identifier: BSD-2-Clause
#include "sim/base/messages.hpp"

#include <sys/socket.h>
#include <sys/types.h>

#include <cerrno>
#include <cstdint>

namespace sim {
namespace {

bool send_all(int socket, const char* data, std::size_t bytes) {
  while (bytes > 0) {
    const ssize_t sent = ::send(socket, data, bytes, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    data += sent;
    bytes -= static_cast<std::size_t>(sent);
  }
  return true;
}

bool receive_all(int socket, char* data, std::size_t bytes) {
  while (bytes > 0) {
    const ssize_t got = ::recv(socket, data, bytes, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    data += got;
    bytes -= static_cast<std::size_t>(got);
  }
  return true;
}

}  // namespace

bool send_message(int socket, std::string_view text) {
  const std::uint64_t bytes = text.size();
  return send_all(socket, reinterpret_cast<const char*>(&bytes), sizeof bytes) &&
         send_all(socket, text.data(), text.size());
}

bool receive_message(int socket, std::string& text) {
  std::uint64_t bytes = 0;
  if (!receive_all(socket, reinterpret_cast<char*>(&bytes), sizeof bytes)) return false;
  text.resize(bytes);
  return receive_all(socket, text.data(), bytes);
}

}  // namespace sim
