// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "models/scenario/errors.hpp"

/// Reading JSON text strictly: comments are allowed; duplicate keys, deep nesting, numbers that
/// overflow and invalid UTF-8 are errors; every value knows where it stood. Include only from .cpp
/// files.
namespace models {

using Json = nlohmann::ordered_json;

/// Collects errors, keeps the first ScenarioErrors::kMaxErrors.
class ErrorList {
 public:
  void add(ScenarioError error);
  bool empty() const { return errors_.empty(); }
  std::size_t size() const { return errors_.size() + omitted_; }
  /// Throws ScenarioErrors when there is any.
  void throw_if_any() const;

 private:
  std::vector<ScenarioError> errors_;
  std::size_t omitted_ = 0;
};

struct TextPosition {
  int line = 0;    ///< 1-based
  int column = 0;  ///< 1-based, in bytes
};

struct ParsedJson {
  Json tree;
  std::map<std::string, TextPosition> positions;  ///< by JSON pointer; the root's is ""
};

inline constexpr std::size_t kMaxFileBytes = 16U << 20;
inline constexpr int kMaxDepth = 64;

/// Throws ScenarioErrors; `label` names the text in them.
ParsedJson parse_json(const std::string& text, const std::string& label);

/// The content of a file of at most kMaxFileBytes. Throws ScenarioErrors; when `named_by` has a
/// file, the error stands there (the file that refers to `path`).
std::string read_text_file(const std::string& path, const ScenarioError& named_by = {});

/// Why `path` cannot be read as a file, empty when it can.
std::string file_problem(const std::string& path);

/// `pointer` extended by one member, escaped as RFC 6901 wants.
std::string child_pointer(const std::string& pointer, std::string_view member);

/// A JSON value in words: `"jumbo" (a string)`, `70000`, `an array of 3 items`.
std::string describe_found(const Json& value);

/// `text` in double quotes, shortened, with control characters and invalid UTF-8 made visible.
std::string quote(std::string_view text);

/// The shortest decimal form; integers below 10^15 without exponent.
std::string number_text(double value);

bool is_valid_utf8(std::string_view text);

}  // namespace models
