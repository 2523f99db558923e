// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "cli/study/study.hpp"

namespace test {

/// Four points, a few milliseconds each: threads on a lock, by number of threads and hold time.
cli::Study sample_study();

}  // namespace test
