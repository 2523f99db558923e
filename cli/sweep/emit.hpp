// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <string>

namespace cli {

/// A sweep spread over machines by somebody else's queue.
struct EmitRequest {
  std::string program;  ///< absolute path of this program
  std::string study;    ///< path of the study file
  std::string name;     ///< of the study
  std::string store;    ///< the merged store; the shards' stores get ".I-of-N" after it
  std::string options;  ///< further options of `sweep`, quoted for a shell
  std::size_t shards = 1;
  int jobs = 1;  ///< worker processes a shard
};

/// A batch script for Slurm: an array job, one task a shard.
std::string slurm_script(const EmitRequest& request);

/// A shell script that runs the shards under GNU parallel and merges their stores.
std::string parallel_script(const EmitRequest& request);

}  // namespace cli
