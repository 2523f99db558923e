// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The expressions of study files: `nic.mtu > 1500 && receive.algorithm == "generic"`.
///
/// Values are numbers, strings and truth values, and never turn into one another. From loosest to
/// tightest: `c ? a : b`, `||`, `&&`, `== !=`, `< <= > >=`, `+ -`, `* / %`, unary `- !`. Functions:
/// min, max (two arguments or more), abs, floor, ceil, round, sqrt, log, log2, exp, pow. A name is
/// a column or a dotted path; one with other characters stands between backquotes.
namespace cli {

using Value = std::variant<double, std::string, bool>;

/// What is wrong with an expression, and with what could be right.
class ExpressionError : public std::runtime_error {
 public:
  ExpressionError(std::string found, std::string allowed, std::string hint = {});
  const std::string& found() const { return found_; }
  const std::string& allowed() const { return allowed_; }
  const std::string& hint() const { return hint_; }

 private:
  std::string found_;
  std::string allowed_;
  std::string hint_;
};

class Expression {
 public:
  struct Node;
  using Lookup = std::function<Value(const std::string&)>;

  /// Throws ExpressionError.
  static Expression parse(std::string_view text);

  /// The names in it, each once, in the order of the text.
  const std::vector<std::string>& names() const { return names_; }

  /// Throws ExpressionError for an operation that its values do not allow (a type, a division by
  /// zero, a result that is not finite), and whatever `lookup` throws.
  Value evaluate(const Lookup& lookup) const;

  /// As evaluate, when the result must be true or false.
  bool holds(const Lookup& lookup) const;

 private:
  std::shared_ptr<const Node> root_;
  std::vector<std::string> names_;
};

/// A value in words, for messages: `the number 3`, `the string "a"`, `true`.
std::string describe_value(const Value& value);

}  // namespace cli
