// SPDX-License-Identifier: BSD-2-Clause
//
// The studies under scenarios/studies/ load, and docs/studies.md shows each of them.
#include <filesystem>
#include <string>

#include "cli/study/load.hpp"
#include "tests/support/bytes_of.hpp"
#include "tests/support/catch.hpp"

using Catch::Matchers::ContainsSubstring;

TEST_CASE("Every study of the project loads and is told of, with its picture", "[plot]") {
  const std::filesystem::path root = SOCKBUFSIM_SOURCE_DIR;
  const std::string page = tests::bytes_of(root / "docs/studies.md");
  std::size_t found = 0;
  for (const auto& file : std::filesystem::directory_iterator(root / "scenarios/studies")) {
    const std::string name = file.path().stem();
    INFO(name);
    const cli::Study study = cli::load_study(file.path().string());
    CHECK(study.name == name);
    CHECK(study.points.size() >= 4);
    CHECK_THAT(page, ContainsSubstring("scripts/study.sh " + name + " "));
    CHECK_THAT(page, ContainsSubstring("](studies/" + name + ".svg)"));
    CHECK(std::filesystem::exists(root / "docs/studies" / (name + ".svg")));
    ++found;
  }
  CHECK(found >= 8);
}
