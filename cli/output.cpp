// SPDX-License-Identifier: BSD-2-Clause
#include "cli/output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <ostream>

#include "cli/errors.hpp"
#include "cli/fd_stream.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const OutputFile& output, std::string_view what, int error) {
  throw UsageError(fmt::format("{}: {} {}: {}", output.option, what,
                               output.path == "-" ? "standard output" : output.path,
                               std::strerror(error)));
}

/// The file itself, behind symbolic links (also those that lead to nothing yet).
fs::path target_of(const OutputFile& output) {
  constexpr int kMostLinks = 40;  // as Linux
  std::error_code error;
  fs::path path = fs::weakly_canonical(fs::absolute(output.path), error);
  for (int links = 0; !error && fs::is_symlink(fs::symlink_status(path)); ++links) {
    if (links == kMostLinks) fail(output, "cannot write", ELOOP);
    path = fs::weakly_canonical(path.parent_path() / fs::read_symlink(path, error), error);
  }
  if (error) fail(output, "cannot write", error.value());
  return path;
}

/// Devices and pipes cannot be renamed over.
bool is_written_in_place(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  return fs::exists(status) && !fs::is_regular_file(status);
}

/// A new file beside its target, removed unless it was renamed.
class Scratch {
 public:
  explicit Scratch(const OutputFile& output) : output_(output), target_(target_of(output)) {
    name_ = target_.string() + ".XXXXXX";
    fd_ = ::mkostemp(name_.data(), O_CLOEXEC);
    if (fd_ < 0) fail(output_, "cannot write", errno);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    if (fd_ >= 0) ::close(fd_);
    if (!renamed_) ::unlink(name_.c_str());
  }

  void write() {
    give_usual_mode();
    FdBuffer buffer(fd_);
    std::ostream stream(&buffer);
    output_.write(stream);
    if (const int error = buffer.finish(); error != 0) fail(output_, "cannot write", error);
    if (::fsync(fd_) != 0) fail(output_, "cannot write", errno);
    const int fd = fd_;
    fd_ = -1;
    if (::close(fd) != 0) fail(output_, "cannot write", errno);
  }

  void rename() {
    if (::rename(name_.c_str(), target_.c_str()) != 0) fail(output_, "cannot write", errno);
    renamed_ = true;
  }

 private:
  /// mkstemp makes files private; ours are like the file they replace, or like any new file.
  void give_usual_mode() const {
    struct stat old {};
    if (::stat(target_.c_str(), &old) == 0) {
      ::fchmod(fd_, old.st_mode & 07777U);
      return;
    }
    const mode_t mask = ::umask(0);
    ::umask(mask);
    ::fchmod(fd_, 0666U & ~mask);
  }

  const OutputFile& output_;
  fs::path target_;
  std::string name_;
  int fd_ = -1;
  bool renamed_ = false;
};

void write_to(const OutputFile& output, int fd) {
  FdBuffer buffer(fd);
  std::ostream stream(&buffer);
  output.write(stream);
  int error = buffer.finish();
  // Some file systems report a full disk only now; what is no file cannot be synchronised.
  if (error == 0 && ::fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS) {
    error = errno;
  }
  if (error != 0) fail(output, "cannot write", error);
}

void write_in_place(const OutputFile& output) {
  const int fd = ::open(output.path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) fail(output, "cannot write", errno);
  try {
    write_to(output, fd);
  } catch (...) {
    ::close(fd);
    throw;
  }
  if (::close(fd) != 0) fail(output, "cannot write", errno);
}

void check_file(const OutputFile& output) {
  if (output.path.empty()) {
    throw UsageError(
        fmt::format("{}: no file named; allowed: a file, or - for standard output", output.option));
  }
  const fs::path target = target_of(output);
  if (fs::is_directory(target)) fail(output, "cannot write", EISDIR);
  if (fs::exists(target) && ::access(target.c_str(), W_OK) != 0) {
    fail(output, "cannot write", errno);
  }
  if (!is_written_in_place(target)) {
    const Scratch writable(output);
  }
}

}  // namespace

void check_kept(const OutputFile& output, const std::vector<KeptFile>& kept) {
  const fs::path target = target_of(output);
  for (const KeptFile& file : kept) {
    if (target_of({output.option, file.path, {}}) != target) continue;
    throw UsageError(fmt::format("{}: found {}, which is {}; allowed: another file", output.option,
                                 output.path, file.what));
  }
}

void check_outputs(const std::vector<OutputFile>& outputs, const std::vector<KeptFile>& kept) {
  std::map<std::string, const OutputFile*> by_target;
  for (const OutputFile& output : outputs) {
    if (output.path != "-") check_file(output);
    const std::string target = output.path == "-" ? "-" : target_of(output).string();
    if (output.path != "-" && !is_written_in_place(target)) check_kept(output, kept);
    const auto [known, is_new] = by_target.emplace(target, &output);
    if (!is_new && target != "/dev/null") {
      throw UsageError(fmt::format("{} and {} write to one file; allowed: a file each",
                                   known->second->option, output.option));
    }
  }
}

void write_outputs(const std::vector<OutputFile>& outputs) {
  std::vector<std::unique_ptr<Scratch>> scratches;
  for (const OutputFile& output : outputs) {
    if (output.path == "-" || is_written_in_place(target_of(output))) continue;
    scratches.push_back(std::make_unique<Scratch>(output));
    scratches.back()->write();
  }
  for (const OutputFile& output : outputs) {
    if (output.path != "-" && is_written_in_place(target_of(output))) write_in_place(output);
  }
  for (const auto& scratch : scratches) scratch->rename();
  for (const OutputFile& output : outputs) {
    if (output.path == "-") write_to(output, STDOUT_FILENO);
  }
}

}  // namespace cli
