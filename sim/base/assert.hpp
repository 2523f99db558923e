// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace sim {

/// A defect of the simulator itself: a broken precondition or identity, never a user's mistake
/// and never a finding about the modelled kernel. The program ends with exit code 4.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// Throws InternalError("FILE:LINE: TEXT [CONDITION]"). Reached only through SIM_ASSERT.
[[noreturn]] void fail_assertion(const char* file, int line, const char* condition,
                                 std::string_view text);

}  // namespace sim

/// Checks `condition` in every build type. `text` says what went wrong, for whoever reads the
/// message; it is evaluated only on failure, so building it may be expensive.
#define SIM_ASSERT(condition, text)                                  \
  do {                                                               \
    if (!(condition)) [[unlikely]] {                                 \
      ::sim::fail_assertion(__FILE__, __LINE__, #condition, (text)); \
    }                                                                \
  } while (false)
