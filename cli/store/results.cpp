// SPDX-License-Identifier: BSD-2-Clause
#include "cli/store/results.hpp"

#include <algorithm>

namespace cli {

std::optional<double> Run::metric(std::string_view path) const {
  const auto found =
      std::lower_bound(metrics.begin(), metrics.end(), path,
                       [](const auto& metric, std::string_view p) { return metric.first < p; });
  if (found == metrics.end() || found->first != path) return std::nullopt;
  return found->second;
}

}  // namespace cli
