// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/workers.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <exception>
#include <system_error>

#include "sim/base/assert.hpp"
#include "sim/base/messages.hpp"

namespace sim {
namespace {

enum class Tag : std::uint8_t { answer, failure };

std::string tagged(Tag tag, std::string_view text) {
  std::string message(1, static_cast<char>(tag));
  return message.append(text);
}

}  // namespace

Workers::Workers(int count, const Serve& serve) {
  SIM_ASSERT(count >= 1, "work needs a worker");
  for (int i = 0; i < count; ++i) {
    int pair[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
      throw std::system_error(errno, std::generic_category(), "socketpair");
    }
    const pid_t pid = ::fork();
    if (pid < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (pid == 0) {
      // The others' ends, so that they notice when the parent has gone.
      for (const Child& other : children_) ::close(other.socket);
      ::close(pair[0]);
      serve_until_closed(pair[1], serve);
    }
    ::close(pair[1]);
    children_.push_back({pid, pair[0], 0});
  }
}

Workers::~Workers() {
  for (const Child& child : children_) {
    ::kill(child.pid, SIGKILL);
    ::close(child.socket);
    ::waitpid(child.pid, nullptr, 0);
  }
}

void Workers::serve_until_closed(int socket, const Serve& serve) {
  std::string question;
  while (receive_message(socket, question)) {
    std::string answer;
    try {
      answer = tagged(Tag::answer, serve(question));
    } catch (const std::exception& error) {
      answer = tagged(Tag::failure, error.what());
    }
    if (!send_message(socket, answer)) break;
  }
  ::_exit(0);  // none of the parent's buffers and files are this process's to flush
}

void Workers::ask(std::size_t worker, std::string_view question) {
  Child& child = children_.at(worker);
  if (!send_message(child.socket, question)) throw InternalError("a worker process has died");
  ++child.open;
}

std::pair<std::size_t, std::string> Workers::receive(int timeout_ms) {
  std::vector<pollfd> sockets;
  sockets.reserve(children_.size());
  for (const Child& child : children_) {
    sockets.push_back({child.open > 0 ? child.socket : -1, POLLIN, 0});
  }
  if (::poll(sockets.data(), sockets.size(), timeout_ms) <= 0) return {kNone, {}};
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    if (sockets[i].revents == 0) continue;
    std::string message;
    if (!receive_message(children_[i].socket, message) || message.empty()) {
      throw InternalError("a worker process has died");
    }
    --children_[i].open;
    if (static_cast<Tag>(message[0]) == Tag::failure) throw InternalError(message.substr(1));
    return {i, message.substr(1)};
  }
  return {kNone, {}};
}

}  // namespace sim
