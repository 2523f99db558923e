// SPDX-License-Identifier: BSD-2-Clause
//
// html_sample SCENARIO FILE: writes the HTML report of a made-up sweep of 1,000 points with 3 runs
// each, for the browser tests. The metrics are those of one real run, changed by factor and run;
// the names and one reason of failure try to be more than text.
#include <fmt/format.h>

#include <cstdio>
#include <fstream>

#include "cli/html/html.hpp"
#include "models/report/metrics.hpp"
#include "models/simulation.hpp"

namespace {

const std::string kAttack =
    "</script><script>window.injected = 1</script><img src=x onerror='window.injected = 1'>";

/// Between 0 and 1, differs from run to run.
double noise(std::uint64_t key) {
  key = (key + 1) * 0x9e3779b97f4a7c15U;
  key = (key ^ key >> 31U) * 0xbf58476d1ce4e5b9U;
  return static_cast<double>(key >> 40U) / static_cast<double>(1U << 24U);
}

cli::Setting setting(const std::string& factor, double number) {
  return {factor, fmt::format("{}", number), number};
}

std::vector<cli::Setting> settings(std::size_t point) {
  static const std::vector<std::string> kVariants = {"generic", "stream_inplace", "stream_putback",
                                                     "<b>linux_backlog</b>"};
  const std::size_t variant = point / 250;
  return {{"variant", kVariants[variant], {}},
          setting("nic.mtu", 1500.0 * static_cast<double>(1 + point / 50 % 5)),
          setting("sockets.0.readers.0.read_bytes", static_cast<double>(512U << point / 5 % 10)),
          setting("traffic.rtt_us", 10.0 * static_cast<double>(1 + point % 5))};
}

cli::Run run_of(std::size_t point, int replication, const std::vector<models::Metric>& metrics) {
  cli::Run run;
  run.point = fmt::format("{:016x}", point * 0x9e3779b97f4a7c15U);
  run.settings = settings(point);
  run.replication = replication;
  run.seed = 1;
  run.rerun = fmt::format(
      "sockbufsim run scenarios/10g-generic.json --set variant={} --set nic.mtu={} --set "
      "sockets.0.readers.0.read_bytes={} --set traffic.rtt_us={} --seed 1",
      run.settings[0].text, run.settings[1].text, run.settings[2].text, run.settings[3].text);
  if (point == 17 && replication == 1) {
    run.status = "crashed";
    run.reason = "signal 11 " + kAttack;
    return run;
  }
  run.status = "ok";
  run.fingerprint = "0123456789abcdef";
  const std::size_t variant = point / 250;
  const double size = *run.settings[2].number / 262144.0;
  const double factor = (1.0 - static_cast<double>(variant) / 8.0) * (0.3 + size / (0.1 + size));
  run.metrics.reserve(metrics.size());
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    const double chance = noise((point * 3 + static_cast<std::size_t>(replication)) * 1000 + i);
    run.metrics.emplace_back(metrics[i].path, metrics[i].value * factor * (0.95 + 0.1 * chance));
  }
  return run;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: html_sample SCENARIO FILE\n");
    return 2;
  }
  const models::LoadedScenario loaded =
      models::load_scenario(argv[1], {"duration_ms=2", "warmup_ms=0.5"});
  models::RunRequest request;
  request.scenario = &loaded;
  request.engine = sim::EngineKind::fiber;
  const std::vector<models::Metric> metrics = models::metrics(models::simulate(request).report);

  cli::Study study;
  study.path = "studies/read-size.json";
  study.name = "read size " + kAttack;
  study.base = argv[1];
  study.replications = 3;
  study.points.emplace_back().scenario = loaded.canonical();
  cli::Results results;
  results.study = study.name;
  results.version = "0.1.0";
  for (const cli::Setting& item : settings(0)) results.factors.push_back(item.factor);
  study.factors = results.factors;
  results.runs.reserve(3000);
  for (std::size_t point = 0; point < 1000; ++point) {
    for (int i = 0; i < 3; ++i) results.runs.push_back(run_of(point, i, metrics));
  }
  std::ofstream out(argv[2]);
  cli::write_sweep_html(
      out, study, results,
      {{"goodput", true, {"mtu=1500: found 2, allowed: at least 1", "mtu=9000: found 3"}},
       {"contention " + kAttack, false, {"found 3.2, allowed: at most 1 " + kAttack}}});
  out.close();
  return out ? 0 : 1;
}
