// SPDX-License-Identifier: BSD-2-Clause
#include "sim/base/assert.hpp"

namespace sim {

void fail_assertion(const char* file, int line, const char* condition, std::string_view text) {
  std::string message = file;
  message += ':';
  message += std::to_string(line);
  message += ": ";
  message += text;
  message += " [";
  message += condition;
  message += ']';
  throw InternalError(message);
}

}  // namespace sim
