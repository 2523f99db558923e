// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "models/timed_search.hpp"

#include <iosfwd>
#include <span>
#include <string>

#include "cli/explore/document.hpp"

namespace cli {

/// What a timed search found, and what it was asked.
struct TimedSearch {
  const models::LoadedScenario* scenario = nullptr;
  models::TimedSearchResult result;
  std::string command;
  bool colour = false;
};

std::span<const DocumentFormat<TimedSearch>> timed_search_formats();
/// schema sockbufsim/timed-search/1
void write_timed_search_json(std::ostream& out, const TimedSearch& search);
/// JSON Schema (2020-12) of the same.
std::string timed_search_json_schema();

}  // namespace cli
