// SPDX-License-Identifier: BSD-2-Clause
//
// Catch2, version 3 where it is installed (Debian 13) and else version 2 (Debian 12).
// Tests include this header only, and use the names of version 3: Catch::Approx,
// Catch::Matchers::ContainsSubstring, StartsWith, EndsWith, WithinAbs, WithinRel.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>

namespace Catch {

using Detail::Approx;

namespace Matchers {

inline StdString::ContainsMatcher ContainsSubstring(  // NOLINT: the name of Catch2 3
    const std::string& text, CaseSensitive::Choice sensitivity = CaseSensitive::Yes) {
  return Contains(text, sensitivity);
}

}  // namespace Matchers
}  // namespace Catch
#endif
