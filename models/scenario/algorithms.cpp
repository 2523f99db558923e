// SPDX-License-Identifier: BSD-2-Clause
#include "models/receive/receive.hpp"
#include "models/scenario/load.hpp"

namespace models {

std::vector<std::string> algorithm_names() {
  std::vector<std::string> names;
  for (const ReceiveAlgorithm& algorithm : algorithms()) names.emplace_back(algorithm.name);
  return names;
}

}  // namespace models
