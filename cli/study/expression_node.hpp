// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/study/expression.hpp"

namespace cli {

/// `operation` is `value`, `name` (both with `value`), an operator or a function.
struct Expression::Node {
  std::string operation;
  Value value;
  std::vector<std::shared_ptr<const Node>> operands;
};

/// A function of numbers.
struct Function {
  std::string_view name;
  std::size_t least;  ///< arguments
  std::size_t most;
  double (*apply)(std::span<const double>);
};

std::span<const Function> functions();

}  // namespace cli
