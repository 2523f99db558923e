// SPDX-License-Identifier: BSD-2-Clause
#include "models/scenario/nearest.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace models {
namespace {

/// Longer names cannot be a misspelling of ours: bounds the work on hostile input.
constexpr std::size_t kLongestName = 128;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0U : 1U)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
          lower(a[i - 2]) == lower(b[j - 1])) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& known) {
  if (name.empty() || name.size() > kLongestName) return {};
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string& candidate : known) {
    std::size_t distance = edit_distance(name, candidate);
    // Half of a compound name is a common slip: `delay` for `delay_us`.
    if (name.size() >= 3 && (candidate.starts_with(name) || candidate.ends_with(name))) {
      distance = std::min<std::size_t>(distance, 2);
    }
    if (distance < best_distance && distance < std::max(name.size(), candidate.size())) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string suggest(std::string_view name, const std::vector<std::string>& known) {
  const std::string nearest = nearest_name(name, known);
  return nearest.empty() ? std::string() : fmt::format("Did you mean \"{}\"?", nearest);
}

std::string suggestion(std::string_view name, const std::vector<std::string>& known) {
  const std::string hint = suggest(name, known);
  return hint.empty() ? hint : ". " + hint;
}

std::string join_names(const std::vector<std::string>& names, std::string_view last_word) {
  std::string joined;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) joined += i + 1 == names.size() ? fmt::format(" {} ", last_word) : ", ";
    joined += names[i];
  }
  return joined;
}

}  // namespace models
