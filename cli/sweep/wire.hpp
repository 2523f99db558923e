// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cli/store/store.hpp"

/// What a sweep and its workers say to each other; never leaves this machine or this program.
namespace cli {

/// A run to make.
struct RunTask {
  std::size_t point = 0;  ///< index in Study::points
  int replication = 0;
};

std::string pack(const RunTask& task);
RunTask unpack_task(std::string_view bytes);

std::string pack(const StoredRun& run);
StoredRun unpack_run(std::string_view bytes);

}  // namespace cli
