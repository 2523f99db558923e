// SPDX-License-Identifier: BSD-2-Clause
#include "cli/store/results.hpp"

#include <algorithm>

#include "cli/study/settings.hpp"

namespace cli {

std::optional<double> Run::metric(std::string_view path) const {
  const auto found =
      std::lower_bound(metrics.begin(), metrics.end(), path,
                       [](const auto& metric, std::string_view p) { return metric.first < p; });
  if (found == metrics.end() || found->first != path) return std::nullopt;
  return found->second;
}

std::string label_of_factor(const Results& results, const std::string& factor) {
  for (std::size_t i = 0; i < results.units.size(); ++i) {
    if (results.factors.at(i) == factor) return factor_label(factor, results.units[i]);
  }
  return factor_label(factor);
}

}  // namespace cli
