// SPDX-License-Identifier: BSD-2-Clause
//
// The list of kinds of violation, against the sources that raise them and the page that explains
// them.
#include "models/violations.hpp"

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <string>

#include "tests/support/bytes_of.hpp"
#include "tests/support/catch.hpp"

namespace {

std::set<std::string> matches_in(const std::string& text, const std::string& pattern) {
  std::set<std::string> found;
  const std::regex regex(pattern);
  for (auto at = std::sregex_iterator(text.begin(), text.end(), regex);
       at != std::sregex_iterator(); ++at) {
    found.insert((*at)[1]);
  }
  return found;
}

std::set<std::string> listed_kinds() {
  std::set<std::string> names;
  for (const models::ViolationKind& kind : models::violation_kinds()) names.emplace(kind.name);
  return names;
}

}  // namespace

TEST_CASE("every kind of violation is listed once, with a sentence", "[violations]") {
  CHECK(listed_kinds().size() == models::violation_kinds().size());
  for (const models::ViolationKind& kind : models::violation_kinds()) {
    INFO(kind.name);
    CHECK(kind.meaning.size() > 10);
    CHECK(kind.meaning.size() < 80);
    CHECK(kind.meaning.back() == '.');
  }
}

TEST_CASE("every kind that the sources raise has a meaning", "[violations]") {
  const std::set<std::string> listed = listed_kinds();
  std::set<std::string> raised;
  for (const char* layer : {"/sim", "/models"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(SOCKBUFSIM_SOURCE_DIR +
                                                                           std::string(layer))) {
      if (entry.path().extension() != ".cpp") continue;
      raised.merge(matches_in(
          tests::bytes_of(entry.path()),
          R"re((?:violate|check_no_mutex|incident|Finding)\s*[({][^;"]*"([a-z]+(?:_[a-z]+)*)")re"));
    }
  }
  CHECK(raised.size() > 20);
  for (const std::string& kind : raised) {
    INFO(kind);
    CHECK(listed.count(kind) == 1);
  }
}

TEST_CASE("docs/model.md explains the kinds that are listed, and no others", "[violations][docs]") {
  const std::string page = tests::bytes_of(SOCKBUFSIM_SOURCE_DIR "/docs/model.md");
  const std::size_t from = page.find("\n## Violations\n");
  REQUIRE(from != std::string::npos);
  const std::string section = page.substr(from, page.find("\n## ", from + 5) - from);
  std::set<std::string> explained;
  std::size_t end = 0;
  for (std::size_t at = section.find("\n| `"); at != std::string::npos;
       at = section.find("\n| `", end)) {
    end = section.find(" | ", at + 2);
    explained.merge(matches_in(section.substr(at, end - at), "`([a-z_]+)`"));
  }
  explained.insert("deadlock");  // in a sentence below the table
  CHECK(section.find("its kind is `deadlock`") != std::string::npos);
  CHECK(explained == listed_kinds());
}
