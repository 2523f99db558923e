// SPDX-License-Identifier: BSD-2-Clause
#include "tests/support/program.hpp"

#include <sys/wait.h>

#include <array>
#include <cstdio>

#include "tests/support/catch.hpp"

namespace tests {

Outcome shell(const std::string& command) {
  FILE* pipe = ::popen(("{ " + command + "\n} 2>&1 </dev/null").c_str(), "r");
  REQUIRE(pipe != nullptr);
  Outcome outcome;
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    outcome.text.append(buffer.data(), n);
  }
  const int status = ::pclose(pipe);
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return outcome;
}

Outcome sockbufsim(const std::string& arguments) {
  return shell("'" SOCKBUFSIM_PROGRAM "' " + arguments);
}

Outcome sockbufsim(const TempDir& directory, const std::string& arguments,
                   const std::string& before) {
  return shell("cd '" + directory.file("") + "' && " + before + " '" SOCKBUFSIM_PROGRAM "' " +
               arguments);
}

}  // namespace tests
