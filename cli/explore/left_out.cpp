// SPDX-License-Identifier: BSD-2-Clause
#include "cli/explore/left_out.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "models/scenario/nearest.hpp"

namespace cli {
namespace {

constexpr std::string_view kDisturbance = "the disturbance ";

/// "1 of 2 readers"
struct Portion {
  int count = 0;
  int total = 0;
  std::string what;
};

std::optional<Portion> portion_of(const std::string& item) {
  Portion portion;
  const char* const end = item.data() + item.size();
  const auto count = std::from_chars(item.data(), end, portion.count);
  constexpr std::string_view kOf = " of ";
  const std::string_view rest(count.ptr, static_cast<std::size_t>(end - count.ptr));
  if (count.ec != std::errc() || !rest.starts_with(kOf)) return std::nullopt;
  const auto total = std::from_chars(count.ptr + kOf.size(), end, portion.total);
  if (total.ec != std::errc() || total.ptr == end || *total.ptr != ' ') return std::nullopt;
  portion.what.assign(total.ptr + 1, end);
  return portion;
}

std::vector<std::string> disturbances_text(const std::vector<std::string>& names) {
  std::vector<std::string> once;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto times = std::count(names.begin(), names.end(), names[i]);
    const bool first = std::find(names.begin(), names.end(), names[i]) - names.begin() ==
                       static_cast<std::ptrdiff_t>(i);
    if (times == 1) once.push_back(names[i]);
    if (times > 1 && first) texts.push_back(fmt::format("{} disturbances {}", times, names[i]));
  }
  if (once.size() == 1) texts.push_back(std::string(kDisturbance) + once.front());
  if (once.size() > 1) texts.push_back("the disturbances " + models::join_names(once, "and"));
  return texts;
}

}  // namespace

std::vector<std::string> merged_left_out(const std::vector<std::string>& items) {
  std::vector<Portion> portions;
  std::vector<std::string> disturbances;
  std::vector<std::string> others;
  for (const std::string& item : items) {
    if (auto portion = portion_of(item)) {
      // Of several groups with the same name, that one of which as many are left.
      const auto known = std::find_if(portions.begin(), portions.end(), [&](const Portion& p) {
        return p.what == portion->what && p.total - p.count == portion->total;
      });
      if (known == portions.end()) {
        portions.push_back(std::move(*portion));
      } else {
        known->count += portion->count;
      }
    } else if (item.starts_with(kDisturbance)) {
      disturbances.push_back(item.substr(kDisturbance.size()));
    } else {
      others.push_back(item);
    }
  }
  std::vector<std::string> texts;
  texts.reserve(portions.size() + disturbances.size() + others.size());
  for (const Portion& p : portions) {
    texts.push_back(fmt::format("{} of {} {}", p.count, p.total, p.what));
  }
  for (std::string& text : disturbances_text(disturbances)) texts.push_back(std::move(text));
  texts.insert(texts.end(), others.begin(), others.end());
  return texts;
}

}  // namespace cli
