// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <sstream>
#include <string_view>

#include "sim/explore/shared_search.hpp"

namespace sim {
namespace {

constexpr std::string_view kMagic = "sockbufsim/checkpoint/1\n";

/// FNV-1a: tells a whole record from one whose end never reached the disk.
std::uint64_t checksum(std::string_view bytes) {
  std::uint64_t sum = 0xcbf29ce484222325ULL;
  for (const char c : bytes) sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return sum;
}

struct Header {
  std::uint64_t bytes = 0;
  std::uint64_t sum = 0;
};

std::string framed(std::string_view record) {
  const Header header{record.size(), checksum(record)};
  std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
  bytes += record;
  return bytes;
}

/// Takes a whole record off the front; false when there is none.
bool take_record(std::string_view& bytes, std::string& record) {
  Header header;
  if (bytes.size() < sizeof header) return false;
  std::memcpy(&header, bytes.data(), sizeof header);
  const std::string_view rest = bytes.substr(sizeof header);
  if (rest.size() < header.bytes) return false;
  record.assign(rest.substr(0, header.bytes));
  if (checksum(record) != header.sum) return false;
  bytes = rest.substr(header.bytes);
  return true;
}

/// Lines of NAME, tab, value.
std::map<std::string, std::string> values_of(const std::string& identity) {
  std::map<std::string, std::string> values;
  std::istringstream lines(identity);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t tab = std::min(line.find('\t'), line.size());
    values[line.substr(0, tab)] = line.substr(std::min(tab + 1, line.size()));
  }
  return values;
}

/// `--seed is 7 in it, 8 here`: what tells two searches apart.
std::string differences(const std::string& in_file, const std::string& here) {
  const std::map<std::string, std::string> theirs = values_of(in_file);
  std::map<std::string, std::string> ours = values_of(here);
  for (const auto& [name, value] : theirs) ours.try_emplace(name);
  std::string text;
  for (const auto& [name, value] : ours) {
    const auto other = theirs.find(name);
    const std::string there = other == theirs.end() ? std::string() : other->second;
    if (there == value) continue;
    const auto shown = [](const std::string& word) { return word.empty() ? "none" : word; };
    text += fmt::format("{}{} is {} in it, {} here", text.empty() ? "" : "; ", name, shown(there),
                        shown(value));
  }
  return text;
}

std::string read_all(int file) {
  std::string text;
  char buffer[65536];
  for (ssize_t got = 0; (got = ::read(file, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(got));
  }
  return text;
}

}  // namespace

Journal::Journal(const std::string& path, const std::string& identity) : path_(path) {
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file_ < 0) {
    throw CheckpointError(fmt::format("{}: cannot be opened: {}", path, std::strerror(errno)));
  }
  const std::string text = read_all(file_);
  const std::string beginning = std::string(kMagic) + framed(identity);
  if (text.size() < beginning.size() && beginning.starts_with(text)) {  // new, or killed at once
    if (::lseek(file_, 0, SEEK_SET) == 0) write_all(beginning);
    return;
  }
  const auto refuse = [&](const std::string& why) {
    ::close(file_);
    file_ = -1;
    throw CheckpointError(fmt::format("{}: {}; give another --checkpoint file", path, why));
  };
  std::string_view rest = text;
  std::string first;
  if (!rest.starts_with(kMagic)) refuse("is no checkpoint of this version of sockbufsim");
  rest.remove_prefix(kMagic.size());
  if (!take_record(rest, first)) refuse("is a checkpoint whose beginning is damaged");
  if (first != identity) refuse("belongs to another search: " + differences(first, identity));
  for (std::string record; take_record(rest, record);) records_.push_back(record);
  const auto whole = static_cast<off_t>(text.size() - rest.size());
  if (::ftruncate(file_, whole) != 0 || ::lseek(file_, whole, SEEK_SET) < 0) {
    refuse("cannot be written to");
  }
}

Journal::~Journal() {
  if (file_ >= 0) ::close(file_);
}

void Journal::write_all(const std::string& bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t written = ::write(file_, bytes.data() + done, bytes.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      throw CheckpointError(fmt::format("{}: cannot be written: {}", path_, std::strerror(errno)));
    }
    done += static_cast<std::size_t>(written);
  }
}

void Journal::append(const std::string& record) { write_all(framed(record)); }

}  // namespace sim
