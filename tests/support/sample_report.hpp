// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "models/report/report.hpp"

namespace tests {

/// A report made by hand: two locks with points and blame, two cores, two readers (one with the
/// name of a file), everything else at its default.
models::Report sample_report();

}  // namespace tests
