// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "models/scenario/embedded.hpp"
#include "tests/support/bytes_of.hpp"
#include "tests/support/catch.hpp"

TEST_CASE("The embedded profiles are the files of scenarios/machines, byte for byte", "[build]") {
  namespace fs = std::filesystem;
  std::vector<fs::path> paths;
  const fs::path directory = fs::path(SOCKBUFSIM_SOURCE_DIR) / "scenarios" / "machines";
  if (fs::exists(directory)) {
    for (const auto& entry : fs::directory_iterator(directory)) {
      if (entry.path().extension() == ".json") paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());

  const auto embedded = models::embedded_profiles();
  REQUIRE(embedded.size() == paths.size());
  for (std::size_t i = 0; i < paths.size(); ++i) {
    CHECK(embedded[i].name == paths[i].stem().string());
    CHECK(embedded[i].text == tests::bytes_of(paths[i]));
  }
}
