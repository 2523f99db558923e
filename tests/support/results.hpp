// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "cli/store/results.hpp"
#include "cli/study/settings.hpp"

namespace test {

/// Results that were not simulated: one metric, `m`.
class ResultsBuilder {
 public:
  explicit ResultsBuilder(std::vector<std::string> factors) {
    results_.study = "made up";
    results_.factors = std::move(factors);
  }

  /// One point with the values of its replications. Its hash is made of the settings.
  ResultsBuilder& point(const std::vector<cli::Setting>& settings,
                        const std::vector<double>& values, std::int64_t seed = 1) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      cli::Run run = run_of(settings, static_cast<int>(i), seed);
      run.status = "ok";
      run.metrics = {{"m", values[i]}};
      run.fingerprint = "f";
      results_.runs.push_back(std::move(run));
    }
    return *this;
  }

  ResultsBuilder& failed(const std::vector<cli::Setting>& settings, const std::string& status) {
    cli::Run run = run_of(settings, 0, 1);
    run.status = status;
    run.rerun = "sockbufsim run x";
    results_.runs.push_back(std::move(run));
    return *this;
  }

  const cli::Results& results() const { return results_; }

 private:
  static cli::Run run_of(const std::vector<cli::Setting>& settings, int replication,
                         std::int64_t seed) {
    cli::Run run;
    run.point = cli::settings_text(settings);
    run.settings = settings;
    run.replication = replication;
    run.seed = seed;
    return run;
  }

  cli::Results results_;
};

inline cli::Setting word(const std::string& factor, const std::string& text) {
  return {factor, text, {}};
}

inline cli::Setting number(const std::string& factor, int value) {
  return {factor, std::to_string(value), value};
}

}  // namespace test
