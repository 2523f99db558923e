// SPDX-License-Identifier: BSD-2-Clause
//
// Catch2, version 3 where it is installed (Debian 13) and else version 2 (Debian 12).
// Tests include this header only. `Approx` is `Catch::Approx` in both.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
