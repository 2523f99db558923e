// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>

#include "models/report/report.hpp"

namespace cli {

/// The expectations as JUnit XML, one test case each, and one for an end without incident when the
/// scenario does not say how the run must end (`incident`: it ended otherwise).
void write_junit(std::ostream& out, const models::Report& report, bool incident);

}  // namespace cli
