// SPDX-License-Identifier: BSD-2-Clause
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "models/scenario/json_text.hpp"

namespace models {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

/// Opens `path`, or says in `problem` why not.
File open_file(const std::string& path, std::string& problem) {
  std::error_code ignored;
  File file(nullptr, std::fclose);
  if (path.empty() || path.find('\0') != std::string::npos) {
    problem = "which is no file name";
  } else if (std::filesystem::is_directory(path, ignored)) {
    problem = "a directory";
  } else {
    file.reset(std::fopen(path.c_str(), "rb"));
    if (!file) {
      problem = errno == ENOENT
                    ? "no such file"
                    : "a file that cannot be read: " + std::string(std::strerror(errno));
    }
  }
  return file;
}

}  // namespace

std::string file_problem(const std::string& path) {
  std::string problem;
  open_file(path, problem);
  return problem;
}

std::string read_text_file(const std::string& path, const ScenarioError& named_by) {
  std::string problem;
  const File file = open_file(path, problem);
  std::string text;
  if (file) {
    std::array<char, 65536> block;
    std::size_t got = 0;
    while (text.size() <= kMaxFileBytes &&
           (got = std::fread(block.data(), 1, block.size(), file.get())) > 0) {
      text.append(block.data(), got);
    }
    if (std::ferror(file.get()) != 0) {
      problem = "a file that cannot be read: " + std::string(std::strerror(errno));
    } else if (text.size() > kMaxFileBytes) {
      problem = "more than 16 MiB";
    }
  }
  if (problem.empty()) return text;
  ScenarioError error = named_by;
  if (error.file.empty()) error.file = path;
  error.found = named_by.file.empty() ? problem : quote(path) + ", " + problem;
  error.allowed = text.empty() ? "the name of a readable file" : "a file of at most 16 MiB";
  throw ScenarioErrors({error});
}

}  // namespace models
