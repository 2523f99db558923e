// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace models {

/// Number of insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`
/// (optimal string alignment); letters compare without case.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The nearest of `known` when it is near enough to be what was meant, else empty. Ties: the first.
std::string nearest_name(std::string_view name, const std::vector<std::string>& known);

/// "Did you mean NAME?", or empty.
std::string suggest(std::string_view name, const std::vector<std::string>& known);

/// The same as the end of a message: ". Did you mean NAME?", or empty.
std::string suggestion(std::string_view name, const std::vector<std::string>& known);

/// "a, b or c".
std::string join_names(const std::vector<std::string>& names, std::string_view last_word = "or");

}  // namespace models
