// SPDX-License-Identifier: BSD-2-Clause
#include "cli/plot/gnuplot.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <stdlib.h>  // NOLINT: mkdtemp is POSIX
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>

#include "cli/errors.hpp"
#include "cli/plot/fonts.hpp"
#include "cli/stop_signals.hpp"
#include "models/scenario/json_text.hpp"
#include "sim/base/assert.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPackage =
    "install gnuplot: Debian's package gnuplot-nox (apt-get install gnuplot-nox)";

/// A directory that goes away with the object.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::error_code error;
    fs::path parent = fs::temp_directory_path(error);
    if (error) parent = "/tmp";
    std::string name = (parent / "sockbufsim-plot.XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw UsageError(
          fmt::format("plot: cannot make a temporary directory in {}: {}; TMPDIR names another",
                      parent.string(), std::strerror(errno)));
    }
    path_ = name;
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

void write_file(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw UsageError(fmt::format("plot: cannot write {}: {}", path, std::strerror(errno)));
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The environment without what changes gnuplot's results, and with dates that stand still.
std::vector<std::string> child_environment() {
  std::vector<std::string> kept = {"LC_ALL=C.UTF-8", "SOURCE_DATE_EPOCH=0"};
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view variable = *entry;
    const bool ours = variable.starts_with("LC_") || variable.starts_with("LANG") ||
                      variable.starts_with("SOURCE_DATE_EPOCH=") || variable.starts_with("GNU");
    if (!ours) kept.emplace_back(variable);
  }
  return kept;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// Runs gnuplot in `directory` on `script`; what it says goes to the file `messages`. The status as
/// waitpid gives it.
int run_gnuplot(const std::string& directory, const std::string& script,
                const std::string& messages) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, messages.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addchdir_np(&files, directory.c_str());
  // Signals end gnuplot, though they may be blocked here.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  std::vector<std::string> arguments = {"gnuplot", "--default-settings", script};
  std::vector<std::string> environment = child_environment();
  pid_t pid = -1;
  const int error = ::posix_spawnp(&pid, "gnuplot", &files, &attributes,
                                   pointers_to(arguments).data(), pointers_to(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) {
    throw UsageError(
        fmt::format("plot: cannot start gnuplot: {}; {}", std::strerror(error), kPackage));
  }
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
  }
  return status;
}

std::string_view terminal_of(Picture picture) {
  switch (picture) {
    case Picture::svg:
    case Picture::html:
      return "svg noenhanced font 'DejaVu Sans,Helvetica,Arial,sans-serif,13' background 'white' "
             "linewidth 1.2 name 'figure'";
    case Picture::png:  // its fonts are in points of 4/3 pixels, those of SVG in pixels
      return "pngcairo noenhanced font 'sans,13' fontscale 0.75 background 'white' linewidth 1.2";
    case Picture::pdf:
      return "pdfcairo noenhanced font 'sans,11' background 'white' linewidth 1.2";
  }
  SIM_ASSERT(false, "a picture is one of four");
  return {};
}

std::string size_of(Picture picture, double pixels) {
  constexpr double kPixelsPerInch = 90;
  if (picture == Picture::pdf) {
    return fmt::format("{:.2f}in,{:.2f}in", kFigureWidth / kPixelsPerInch, pixels / kPixelsPerInch);
  }
  return fmt::format("{:.0f},{:.0f}", kFigureWidth, pixels);
}

/// Characters without a font become boxes that gnuplot may draw as large as the picture.
void check_fonts(const std::string& script, const std::string& path) {
  const std::string character = character_without_font(script);
  if (character.empty()) return;
  throw UsageError(fmt::format(
      "-o {}: found {} in the names to draw, which no font here has; allowed: characters that a "
      "font has. For Chinese, Japanese and Korean install Debian's package fonts-droid-fallback, "
      "or "
      "draw an SVG, whose fonts are those of the viewer",
      path, models::quote(character)));
}

}  // namespace

Picture picture_of(const std::string& path) {
  const std::string end = fs::path(path).extension().string();
  if (end == ".svg") return Picture::svg;
  if (end == ".png") return Picture::png;
  if (end == ".pdf") return Picture::pdf;
  if (end == ".html") return Picture::html;
  throw UsageError(fmt::format(
      "-o: found {}; allowed: a file that ends in .svg, .png, .pdf or .html", models::quote(path)));
}

DrawingNames drawing_names(const std::string& path) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  std::string stem = fs::path(path).stem().string();
  for (char& c : stem) {
    if (kPlain.find(c) == std::string_view::npos) c = '_';
  }
  if (stem.empty() || stem.front() == '.' || stem.front() == '-') stem.insert(0, "_");
  const std::string end = fs::path(path).extension().string();
  return {stem + ".gp", stem + ".dat", stem + (end == ".html" ? ".svg" : end)};
}

Drawing draw(const Figure& figure, const std::string& path) {
  const Picture picture = picture_of(path);
  const DrawingNames names = drawing_names(path);
  Drawing drawing;
  drawing.script =
      fmt::format("# gnuplot {}\nset terminal {} size {}\nset output '{}'\ndata = '{}'\n",
                  names.script, terminal_of(picture), size_of(picture, figure.total_height()),
                  names.picture, names.data) +
      figure.script() + "unset output\n";
  drawing.data = figure.data();
  if (picture == Picture::png || picture == Picture::pdf) check_fonts(drawing.script, path);

  // A signal that comes meanwhile ends this process once the directory is gone: it is let through
  // when `signals` ends.
  const StopSignals signals;
  const ScratchDirectory scratch;
  write_file(scratch.file(names.script), drawing.script);
  write_file(scratch.file(names.data), drawing.data);
  const std::string messages = scratch.file("messages");
  const int status = run_gnuplot(scratch.path(), names.script, messages);
  const std::string said = read_file(messages);
  if (said.find("unknown or ambiguous terminal type") != std::string::npos) {
    throw UsageError(fmt::format("plot: this gnuplot makes no such pictures as {}; {}",
                                 models::quote(path), kPackage));
  }
  drawing.picture = read_file(scratch.file(names.picture));
  if (status != 0 || drawing.picture.empty()) {
    throw std::runtime_error(fmt::format("gnuplot failed (status {}): {}", status, said));
  }
  return drawing;
}

}  // namespace cli
