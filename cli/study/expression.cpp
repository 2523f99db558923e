// SPDX-License-Identifier: BSD-2-Clause
#include "cli/study/expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "cli/study/expression_node.hpp"
#include "models/scenario/json_text.hpp"
#include "sim/base/portable_math.hpp"

namespace cli {
namespace {

constexpr double kLn2 = 0.693147180559945309417;
constexpr std::size_t kAnyNumber = std::numeric_limits<std::size_t>::max();

using Numbers = std::span<const double>;

/// Whole powers exactly, others by logarithms.
double power(double base, double exponent) {
  constexpr double kMostFactors = 64.0;
  if (exponent == std::floor(exponent) && std::fabs(exponent) <= kMostFactors) {
    double product = 1.0;
    for (int i = 0; i < static_cast<int>(std::fabs(exponent)); ++i) product *= base;
    return exponent < 0.0 ? 1.0 / product : product;
  }
  return sim::portable_exp(exponent * sim::portable_log(base));
}

/// Whole powers of two exactly.
double log2_of(double x) {
  int exponent = 0;
  if (x > 0.0 && std::frexp(x, &exponent) == 0.5) return exponent - 1;
  return sim::portable_log(x) / kLn2;
}

double number_in(const Value& value, const std::string& operation) {
  if (const double* const number = std::get_if<double>(&value)) return *number;
  throw ExpressionError(describe_value(value) + " for " + operation, "a number");
}

bool truth_in(const Value& value, const std::string& operation) {
  if (const bool* const truth = std::get_if<bool>(&value)) return *truth;
  throw ExpressionError(describe_value(value) + " for " + operation, "true or false");
}

double finite(double value, const std::string& operation) {
  if (std::isfinite(value)) return value;
  throw ExpressionError("a result of " + operation + " that is no finite number", "one that is");
}

bool is_equal(const Value& a, const Value& b, const std::string& operation) {
  if (a.index() == b.index()) return a == b;
  throw ExpressionError(fmt::format("{} {} {}", describe_value(a), operation, describe_value(b)),
                        "two numbers, two strings or two truth values");
}

bool is_ordered(const Value& left, const Value& right, const std::string& operation) {
  const double a = number_in(left, operation);
  const double b = number_in(right, operation);
  if (operation == "<") return a < b;
  if (operation == "<=") return a <= b;
  return operation == ">" ? a > b : a >= b;
}

double arithmetic(double a, double b, const std::string& operation) {
  if (operation == "+") return a + b;
  if (operation == "-") return a - b;
  if (operation == "*") return a * b;
  if (b == 0.0) throw ExpressionError("a division by zero", "a divisor that is not zero");
  return operation == "/" ? a / b : std::fmod(a, b);
}

Value evaluate_node(const Expression::Node& node, const Expression::Lookup& lookup);

Value apply_function(const Function& function, const Expression::Node& node,
                     const Expression::Lookup& lookup) {
  std::vector<double> arguments;
  arguments.reserve(node.operands.size());
  for (const auto& operand : node.operands) {
    arguments.push_back(number_in(evaluate_node(*operand, lookup), node.operation));
  }
  return finite(function.apply(arguments), node.operation);
}

Value evaluate_node(const Expression::Node& node, const Expression::Lookup& lookup) {
  const std::string& operation = node.operation;
  if (operation == "value") return node.value;
  if (operation == "name") return lookup(std::get<std::string>(node.value));
  for (const Function& function : functions()) {
    if (function.name == operation) return apply_function(function, node, lookup);
  }
  const Value first = evaluate_node(*node.operands[0], lookup);
  const auto operand = [&](std::size_t i) { return evaluate_node(*node.operands[i], lookup); };
  if (operation == "!") return !truth_in(first, operation);
  if (operation == "negate") return -number_in(first, "-");
  if (operation == "?") return operand(truth_in(first, operation) ? 1 : 2);
  if (operation == "&&") return truth_in(first, operation) && truth_in(operand(1), operation);
  if (operation == "||") return truth_in(first, operation) || truth_in(operand(1), operation);
  const Value second = operand(1);
  if (operation == "==") return is_equal(first, second, operation);
  if (operation == "!=") return !is_equal(first, second, operation);
  if (operation.front() == '<' || operation.front() == '>') {
    return is_ordered(first, second, operation);
  }
  return finite(arithmetic(number_in(first, operation), number_in(second, operation), operation),
                operation);
}

}  // namespace

std::span<const Function> functions() {
  static constexpr std::array<Function, 11> kFunctions{{
      {"min", 2, kAnyNumber, [](Numbers x) { return *std::min_element(x.begin(), x.end()); }},
      {"max", 2, kAnyNumber, [](Numbers x) { return *std::max_element(x.begin(), x.end()); }},
      {"abs", 1, 1, [](Numbers x) { return std::fabs(x[0]); }},
      {"floor", 1, 1, [](Numbers x) { return std::floor(x[0]); }},
      {"ceil", 1, 1, [](Numbers x) { return std::ceil(x[0]); }},
      {"round", 1, 1, [](Numbers x) { return std::round(x[0]); }},
      {"sqrt", 1, 1, [](Numbers x) { return std::sqrt(x[0]); }},
      {"log", 1, 1, [](Numbers x) { return sim::portable_log(x[0]); }},
      {"log2", 1, 1, [](Numbers x) { return log2_of(x[0]); }},
      {"exp", 1, 1, [](Numbers x) { return sim::portable_exp(x[0]); }},
      {"pow", 2, 2, [](Numbers x) { return power(x[0], x[1]); }},
  }};
  return kFunctions;
}

ExpressionError::ExpressionError(std::string found, std::string allowed, std::string hint)
    : std::runtime_error(fmt::format("found {}; allowed: {}", found, allowed)),
      found_(std::move(found)),
      allowed_(std::move(allowed)),
      hint_(std::move(hint)) {}

Value Expression::evaluate(const Lookup& lookup) const { return evaluate_node(*root_, lookup); }

bool Expression::holds(const Lookup& lookup) const {
  const Value value = evaluate(lookup);
  if (const bool* const truth = std::get_if<bool>(&value)) return *truth;
  throw ExpressionError(describe_value(value), "a condition, which is true or false");
}

std::string describe_value(const Value& value) {
  if (const double* const number = std::get_if<double>(&value)) {
    return "the number " + models::number_text(*number);
  }
  if (const std::string* const text = std::get_if<std::string>(&value)) {
    return "the string " + models::quote(*text);
  }
  return std::get<bool>(value) ? "true" : "false";
}

}  // namespace cli
