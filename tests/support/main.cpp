// SPDX-License-Identifier: BSD-2-Clause
//
// The main function of the test program for Catch2 2; Catch2 3 links one of its own.
#if !__has_include(<catch2/catch_all.hpp>)
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif
