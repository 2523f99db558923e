// SPDX-License-Identifier: BSD-2-Clause
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <ostream>
#include <stdexcept>
#include <string>

#include "cli/errors.hpp"
#include "cli/output.hpp"
#include "tests/support/bytes_of.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using tests::bytes_of;
namespace fs = std::filesystem;

namespace {

cli::OutputFile output(const std::string& path, const std::string& text = "text") {
  return {"--out json:" + path, path, [text](std::ostream& out) { out << text; }};
}

std::size_t entries(const tests::TempDir& dir) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(dir.file(""))) {
    static_cast<void>(entry);
    ++count;
  }
  return count;
}

template <class Call>
std::string usage_error_of(Call call) {
  try {
    call();
  } catch (const cli::UsageError& error) {
    return error.what();
  }
  return "no UsageError";
}

}  // namespace

TEST_CASE("outputs appear whole, and nothing beside them", "[cli]") {
  const tests::TempDir dir;
  const std::string large(300000, 'x');
  const auto old_mask = ::umask(027);
  cli::write_outputs({output(dir.file("a"), large), output(dir.file("b"), "")});
  ::umask(old_mask);
  CHECK(bytes_of(dir.file("a")) == large);
  CHECK(bytes_of(dir.file("b")).empty());
  CHECK(entries(dir) == 2);
  CHECK((fs::status(dir.file("a")).permissions() & fs::perms::mask) ==
        (fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read));
}

TEST_CASE("an output replaces what was there, through links, keeping its mode", "[cli]") {
  const tests::TempDir dir;
  dir.write("real", "old");
  fs::permissions(dir.file("real"), fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink("real", dir.file("link"));
  cli::write_outputs({output(dir.file("link"), "new")});
  CHECK(fs::is_symlink(dir.file("link")));
  CHECK(bytes_of(dir.file("real")) == "new");
  CHECK((fs::status(dir.file("real")).permissions() & fs::perms::mask) ==
        (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("when one output fails, none appears and old ones stay", "[cli]") {
  const tests::TempDir dir;
  dir.write("old", "old");
  cli::OutputFile failing{"--out csv:x", dir.file("x"),
                          [](std::ostream&) { throw std::runtime_error("boom"); }};
  CHECK_THROWS_WITH(cli::write_outputs({output(dir.file("old"), "new"), failing}), "boom");
  CHECK(bytes_of(dir.file("old")) == "old");
  CHECK(entries(dir) == 1);
  const std::string text = usage_error_of([&] {
    cli::write_outputs({output(dir.file("old"), "new"), output("/dev/full")});
  });
  CHECK_THAT(text, ContainsSubstring("/dev/full: No space left on device"));
  CHECK(bytes_of(dir.file("old")) == "old");
  CHECK(entries(dir) == 1);
}

TEST_CASE("a full device is noticed, however little or much is written", "[cli]") {
  for (const std::size_t size : {std::size_t{1}, std::size_t{1} << 20}) {
    const std::string text =
        usage_error_of([&] { cli::write_outputs({output("/dev/full", std::string(size, 'x'))}); });
    CHECK(text == "--out json:/dev/full: cannot write /dev/full: No space left on device");
  }
}

TEST_CASE("outputs that cannot be written are found beforehand, leaving nothing", "[cli]") {
  const tests::TempDir dir;
  const auto problem = [](const std::string& path) {
    return usage_error_of([&] { cli::check_outputs({output(path)}); });
  };
  CHECK_THAT(problem(dir.file("no/such/file")), ContainsSubstring("No such file or directory"));
  CHECK_THAT(problem(dir.file("")), ContainsSubstring("Is a directory"));
  dir.write("plain", "x");
  CHECK_THAT(problem(dir.file("plain/below")), ContainsSubstring("cannot write"));
  CHECK_THAT(problem(""), ContainsSubstring("no file named"));
  CHECK_THAT(problem("/proc/sockbufsim-report"), ContainsSubstring("cannot write"));
  CHECK(problem(dir.file("fine")) == "no UsageError");
  CHECK(problem("-") == "no UsageError");
  CHECK(entries(dir) == 1);
}

TEST_CASE("a read-only file is not replaced", "[cli]") {
  if (::geteuid() == 0) {
    SUCCEED("for root nothing is read-only");
    return;
  }
  const tests::TempDir dir;
  dir.write("kept", "x");
  fs::permissions(dir.file("kept"), fs::perms::owner_read);
  CHECK_THAT(usage_error_of([&] { cli::check_outputs({output(dir.file("kept"))}); }),
             ContainsSubstring("Permission denied"));
}

TEST_CASE("no output replaces a file that is to stay", "[cli]") {
  const tests::TempDir dir;
  dir.write("scenario", "x");
  fs::create_symlink("scenario", dir.file("link"));
  const std::vector<cli::KeptFile> kept = {{"the scenario", dir.file("scenario")},
                                           {"the checkpoint", dir.file("none yet")},
                                           {"the terminal", "/dev/null"}};
  const auto problem = [&](const std::string& path) {
    return usage_error_of([&] { cli::check_outputs({output(path)}, kept); });
  };
  CHECK_THAT(problem(dir.file("./scenario")),
             EndsWith("./scenario, which is the scenario; allowed: another file"));
  CHECK_THAT(problem(dir.file("link")), ContainsSubstring("which is the scenario"));
  CHECK_THAT(problem(dir.file("none yet")), ContainsSubstring("which is the checkpoint"));
  CHECK(problem(dir.file("other")) == "no UsageError");
  CHECK(problem("/dev/null") == "no UsageError");  // has nothing to lose
  CHECK(problem("-") == "no UsageError");
}

TEST_CASE("two outputs may not be one file", "[cli]") {
  const tests::TempDir dir;
  fs::create_symlink("a", dir.file("link"));
  const auto clash = [&](const std::string& one, const std::string& other) {
    return usage_error_of([&] { cli::check_outputs({output(one), output(other)}); });
  };
  CHECK_THAT(clash(dir.file("a"), dir.file("./a")), ContainsSubstring("write to one file"));
  CHECK_THAT(clash("x-same", "./x-same"), ContainsSubstring("write to one file"));
  CHECK_THAT(clash("-", "-"), ContainsSubstring("write to one file"));
  CHECK_THAT(clash(dir.file("link"), dir.file("a")), ContainsSubstring("write to one file"));
  CHECK(clash(dir.file("a"), dir.file("b")) == "no UsageError");
}
