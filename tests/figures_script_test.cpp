// SPDX-License-Identifier: BSD-2-Clause
//
// scripts/figures.sh: pages whose figures are what commands print.
#include <string>

#include "tests/support/bytes_of.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temp_dir.hpp"

using tests::bytes_of;

namespace {

/// The exit status of figures.sh.
int figures(const std::string& arguments) {
  return tests::shell("'" SOCKBUFSIM_SOURCE_DIR "/scripts/figures.sh' '" SOCKBUFSIM_PROGRAM "' " +
                      arguments)
      .status;
}

}  // namespace

TEST_CASE("figures.sh replaces what stands between the marks, and nothing else", "[docs]") {
  const tests::TempDir dir;
  const std::string page = dir.write("page.md",
                                     "before\n"
                                     "<!-- figure: echo '| a |'; echo '| b |' -->\n"
                                     "old\n"
                                     "<!-- end of figure -->\n"
                                     "between\n"
                                     "<!-- listing: printf 'x: y\\n' -->\n"
                                     "<!-- end of figure -->\n"
                                     "after");
  const std::string before = bytes_of(page);
  CHECK(figures("--check " + page) == 1);
  CHECK(bytes_of(page) == before);
  CHECK(figures(page) == 0);
  CHECK(bytes_of(page) ==
        "before\n"
        "<!-- figure: echo '| a |'; echo '| b |' -->\n"
        "| a |\n| b |\n"
        "<!-- end of figure -->\n"
        "between\n"
        "<!-- listing: printf 'x: y\\n' -->\n"
        "```\nx: y\n```\n"
        "<!-- end of figure -->\n"
        "after\n");
  CHECK(figures("--check " + page) == 0);
}

TEST_CASE("figures.sh leaves a page alone whose marks or commands are wrong", "[docs]") {
  for (const char* text :
       {"<!-- figure: echo a -->\nthe rest of the page\n",
        "<!-- figure: echo a -->\n<!-- figure: echo b -->\n"
        "<!-- end of figure -->\n",
        "text\n<!-- end of figure -->\n", "<!-- figure: false -->\n<!-- end of figure -->\n"}) {
    INFO(text);
    const tests::TempDir dir;
    const std::string page = dir.write("page.md", text);
    CHECK(figures(page) == 2);
    CHECK(bytes_of(page) == text);
  }
}
