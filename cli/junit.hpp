// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "models/report/report.hpp"

namespace cli {

struct TestCase {
  std::string name;
  std::string failure;    ///< actual and bound; empty: passed
  std::string skipped;    ///< why it was not judged; empty: it was
  std::string note = {};  ///< what else there is to say of it; its `system-out`
};

/// One suite as JUnit XML. `output`: what else there is to say, e.g. the command.
void write_junit_suite(std::ostream& out, const std::string& suite,
                       const std::vector<TestCase>& cases, const std::string& output);

/// The expectations as JUnit XML, one test case each, and one for an end without incident when the
/// scenario does not say how the run must end (`incident`: it ended otherwise).
void write_junit(std::ostream& out, const models::Report& report, bool incident);

}  // namespace cli
