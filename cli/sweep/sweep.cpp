// SPDX-License-Identifier: BSD-2-Clause
#include "cli/sweep/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/errors.hpp"
#include "cli/stop_signals.hpp"
#include "cli/store/store.hpp"
#include "cli/study/settings.hpp"
#include "cli/sweep/one_run.hpp"
#include "cli/sweep/progress.hpp"
#include "cli/sweep/worker_pool.hpp"
#include "models/report/metrics.hpp"
#include "models/report/summarise.hpp"
#include "sim/base/build_info.hpp"

namespace cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kCommitSoonest{20};
constexpr std::chrono::milliseconds kCommitLatest{500};
constexpr std::size_t kCommitRuns = 100;
constexpr int kPatienceMs = 250;

std::string status_of(TaskEnd end) {
  switch (end) {
    case TaskEnd::timeout:
      return "timeout";
    case TaskEnd::out_of_memory:
      return "out_of_memory";
    case TaskEnd::failed:
      return "error";
    default:
      return "crashed";
  }
}

WorkerPool::Options pool_options(const SweepOptions& options, std::size_t runs) {
  WorkerPool::Options pool;
  pool.count = static_cast<int>(
      std::clamp<std::size_t>(runs, 1, static_cast<std::size_t>(std::max(options.jobs, 1))));
  pool.timeout_s = options.timeout_s;
  pool.memory_bytes = static_cast<std::size_t>(options.memory_mib) << 20U;
  return pool;
}

std::vector<std::string> commands_of(const Study& study, const SweepOptions& options) {
  std::vector<std::string> commands;
  commands.reserve(study.points.size());
  for (const Point& point : study.points) {
    commands.push_back(point_command(study, point, options.engine, options.overrides));
  }
  return commands;
}

/// How a stored run ended, of its report in JSON.
models::Report ending_of(const std::string& store, const std::string& json) {
  models::Report report;
  try {
    const auto tree = nlohmann::json::parse(json);
    report.verdict =
        tree.at("verdict") == "deadlock" ? models::Verdict::deadlock : models::Verdict::violation;
    for (const auto& item : tree.at("violations")) {
      report.violations.emplace_back().kind = item.at("kind").get<std::string>();
    }
  } catch (const nlohmann::json::exception& error) {
    throw UsageError(fmt::format("store {}: found a report in it that no sweep wrote ({})", store,
                                 error.what()));
  }
  return report;
}

/// Whether a stored run ended in a way that its scenario does not expect.
bool is_incident(const Study& study, const Point& point, const models::Report& report) {
  return models::has_unexpected_incident(load_point(study, point, point.seed).scenario.expect,
                                         {report});
}

class Sweep {
 public:
  Sweep(const Study& study, const SweepOptions& options, const Wanted& wanted,
        const Simulate& simulate)
      : study_(study),
        options_(options),
        version_(sim::model_version()),
        commands_(commands_of(study, options)),
        metric_(study.precision ? study.precision->metric : ""),
        basis_(models::metric_basis(metric_)),
        store_(options.store),
        known_(store_.statuses(version_)),
        known_values_(metric_.empty() ? std::map<RunKey, double>()
                                      : store_.metric_values(version_, metric_)),
        plan_(study, options.plan, known_, known_values_, wanted),
        maker_(study, commands_,
               options.engine == "simgrid" ? sim::EngineKind::simgrid : sim::EngineKind::fiber,
               simulate),
        pool_(
            pool_options(options, study.precision ? study.points.size() * 3 : plan_.runs_missing()),
            [this](std::string_view question) { return pack(maker_.make(unpack_task(question))); }),
        progress_(study.name) {
    store_.define(study, version_, commands_);
    summary_.there = plan_.runs_there();
  }

  SweepSummary run() {
    while (signals_.received() == 0) {
      feed();
      if (pool_.under_way() == 0) break;
      for (TaskReport& report : pool_.wait(kPatienceMs, signals_.fd())) take(report);
      if (is_commit_due()) commit();
      progress_.show(state());
    }
    commit();
    summary_.stopped_by = signals_.received();
    summary_.imprecise = plan_.imprecise();
    judge();
    tell();
    return std::move(summary_);
  }

 private:
  /// Keeps the workers busy, and gives them work in advance while there is plenty: near the end it
  /// is better spread.
  void feed() {
    while (pool_.has_idle() ||
           (pool_.free_places() > 0 && plan_.runs_missing() > pool_.under_way() * 3)) {
      const std::optional<RunTask> task = again_.empty() ? plan_.next() : take_again();
      if (!task) return;
      const std::size_t number = next_number_++;
      tasks_[number] = *task;
      pool_.start(number, pack(*task));
    }
  }

  std::optional<RunTask> take_again() {
    const RunTask task = again_.back();
    again_.pop_back();
    return task;
  }

  void take(TaskReport& report) {
    const auto entry = tasks_.find(report.task);
    const RunTask task = entry->second;
    tasks_.erase(entry);
    if (report.end == TaskEnd::answered) {
      finish(task, unpack_run(report.text));
      return;
    }
    // Killed from outside, which is not the run's fault. Should it happen again, it probably is:
    // the kernel ends who takes all memory.
    if (report.end == TaskEnd::killed && killed_[{task.point, task.replication}]++ == 0) {
      again_.push_back(task);
      return;
    }
    const Point& point = study_.points[task.point];
    StoredRun run;
    run.point = point.hash;
    run.seed = point.seed;
    run.replication = task.replication;
    run.status = status_of(report.end);
    run.reason = report.text;
    if (report.end == TaskEnd::killed) {
      run.status = "out_of_memory";
      run.reason = "killed from outside, twice: the system seems short of memory";
    }
    finish(task, run);
  }

  void finish(const RunTask& task, const StoredRun& run) {
    const bool point_done = plan_.note(task, run.status, precision_value(run));
    ++summary_.made;
    cost_done_s_ += study_.points[task.point].cost_s;
    if (!is_result_status(run.status)) ++failed_now_;
    if (news_.empty()) oldest_ = Clock::now();
    news_.push_back({task, run.status, run.reason, point_done});
    store_.put(run, version_);
  }

  /// Of the metric by which the study says what is precise.
  std::optional<double> precision_value(const StoredRun& run) const {
    if (metric_.empty()) return std::nullopt;
    return models::meant_value(metric_, basis_,
                               [&run](const std::string& path) { return run.metrics.value(path); });
  }

  /// A commit waits for the disk: often at first, so that a short sweep loses little when it is
  /// killed, and seldom in the long run.
  bool is_commit_due() const {
    const auto now = Clock::now();
    const auto interval =
        std::clamp<Clock::duration>((now - start_) / 10, kCommitSoonest, kCommitLatest);
    return news_.size() >= kCommitRuns || (!news_.empty() && now - oldest_ >= interval);
  }

  /// Only what is in the store is told.
  void commit() {
    store_.commit();
    for (const News& news : news_) {
      const Point& point = study_.points[news.task.point];
      if (!is_result_status(news.status)) {
        progress_.run_failed(point, news.task.replication, news.status, news.reason,
                             rerun(news.task));
      }
      if (!news.point_done) continue;
      ++points_told_;
      progress_.point_done(state(), point);
    }
    news_.clear();
  }

  std::string rerun(const RunTask& task) const {
    return fmt::format("{} --replication {}", commands_[task.point], task.replication);
  }

  SweepState state() const {
    SweepState state;
    state.points = plan_.points();
    state.points_done = plan_.points() - points_left_at_start_ + points_told_;
    state.runs = plan_.runs_there() + plan_.runs_missing() + summary_.made;
    state.runs_done = plan_.runs_there() + summary_.made;
    state.failed = failed_now_;
    state.cost_done_s = cost_done_s_;
    state.cost_left_s = plan_.cost_missing_s();
    return state;
  }

  /// All runs of the shard, those of earlier sweeps too.
  void judge() {
    const std::vector<bool> chosen = points_of_shard(study_, options_.plan.shard);
    std::map<std::pair<std::string, std::int64_t>, std::size_t> point_at;
    for (std::size_t i = study_.points.size(); i-- > 0;) {
      if (chosen[i]) point_at[{study_.points[i].hash, study_.points[i].seed}] = i;
    }
    for (const auto& [key, status] : store_.statuses(version_)) {
      const auto& [hash, seed, replication] = key;
      const auto at = point_at.find({hash, seed});
      if (status == "ok" || at == point_at.end()) continue;
      const RunTask task{at->second, replication};
      if (!is_result_status(status)) {
        summary_.failed.push_back(task);
      } else if (is_incident(study_, study_.points[at->second],
                             ending_of(options_.store, store_.report(key, version_)))) {
        summary_.incidents.push_back(task);
      }
    }
    const auto by_place = [](const RunTask& a, const RunTask& b) {
      return std::pair(a.point, a.replication) < std::pair(b.point, b.replication);
    };
    std::sort(summary_.failed.begin(), summary_.failed.end(), by_place);
    std::sort(summary_.incidents.begin(), summary_.incidents.end(), by_place);
  }

  void tell() {
    std::string text =
        fmt::format("{}: {} runs made, {} were there", study_.name, summary_.made, summary_.there);
    if (!summary_.failed.empty()) text += fmt::format(", {} failed", summary_.failed.size());
    if (!summary_.incidents.empty()) {
      text +=
          fmt::format(", {} with an unexpected violation or deadlock", summary_.incidents.size());
    }
    if (!summary_.imprecise.empty()) {
      text += fmt::format(", {} of {} points less precise than wanted", summary_.imprecise.size(),
                          plan_.points());
    }
    if (summary_.stopped_by != 0) {
      text +=
          fmt::format(", {} to go: start the same command again to go on", plan_.runs_missing());
    }
    progress_.say(text);
    if (const std::size_t hidden = store_.runs_without_study(); hidden > 0) {
      progress_.say(fmt::format(
          "{} run{} of the store belong{} to no study any more: the study had other points, or its "
          "base was another one. export, plot and compare leave them out; swept as it was, or "
          "under a name of its own, the study has them again",
          hidden, hidden == 1 ? "" : "s", hidden == 1 ? "s" : ""));
    }
    constexpr std::size_t kMostTold = 10;
    for (std::size_t i = 0; i < std::min(summary_.incidents.size(), kMostTold); ++i) {
      const RunTask& task = summary_.incidents[i];
      progress_.say(fmt::format("unexpected: {}\n  again: {}",
                                settings_text(study_.points[task.point].settings), rerun(task)));
    }
    for (std::size_t i = 0; i < std::min(summary_.imprecise.size(), kMostTold); ++i) {
      progress_.say("imprecise: " + imprecise_text(study_, summary_.imprecise[i]));
    }
    if (summary_.imprecise.size() > kMostTold) {
      progress_.say(
          fmt::format("imprecise: and {} more points", summary_.imprecise.size() - kMostTold));
    }
  }

  struct News {
    RunTask task;
    std::string status;
    std::string reason;
    bool point_done;
  };

  const Study& study_;
  const SweepOptions& options_;
  std::string version_;
  std::vector<std::string> commands_;
  std::string metric_;  ///< of the precision wanted, or empty
  models::MetricBasis basis_;
  StopSignals signals_;
  Store store_;
  std::map<RunKey, std::string> known_;
  std::map<RunKey, double> known_values_;
  Plan plan_;
  RunMaker maker_;
  WorkerPool pool_;
  SweepProgress progress_;
  SweepSummary summary_;
  std::size_t next_number_ = 0;
  std::map<std::size_t, RunTask> tasks_;
  std::vector<RunTask> again_;
  std::map<std::pair<std::size_t, int>, int> killed_;
  std::vector<News> news_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point oldest_{};  ///< when the first of news_ came
  std::size_t failed_now_ = 0;
  std::size_t points_told_ = 0;
  std::size_t points_left_at_start_ = plan_.points() - plan_.points_done();
  double cost_done_s_ = 0.0;
};

}  // namespace

std::string imprecise_text(const Study& study, const Imprecise& item) {
  constexpr double kPerCent = 100.0;
  const Precision& wanted = *study.precision;
  const std::string place = settings_text(study.points[item.point].settings);
  if (!item.why.empty()) {
    return fmt::format("{}: {} is not known to {:g} %: {}", place, wanted.metric,
                       wanted.half_width_rel * kPerCent, item.why);
  }
  return fmt::format("{}: {} is known to {:.3g} %, not {:g} %, by {} runs, the most allowed{}{}",
                     place, wanted.metric, item.half_width_rel * kPerCent,
                     wanted.half_width_rel * kPerCent, item.runs, item.lacking.empty() ? "" : "; ",
                     item.lacking);
}

std::string missing_text(const Study& study, const SweepOptions& options, const Wanted& wanted) {
  const std::string version(sim::model_version());
  std::map<RunKey, std::string> known;
  std::map<RunKey, double> values;
  if (std::filesystem::exists(options.store)) {
    known = read_statuses(options.store, version);
    if (study.precision) {
      values = read_metric_values(options.store, version, study.precision->metric);
    }
  }
  const Plan plan(study, options.plan, known, values, wanted);
  return fmt::format(
      "{} of these runs are in the store, {} are to be made{}\n", plan.runs_there(),
      plan.runs_missing(),
      study.precision && !options.plan.replications ? ", then as many as the precision needs" : "");
}

SweepSummary sweep(const Study& study, const SweepOptions& options, const Wanted& wanted,
                   const Simulate& simulate) {
  return Sweep(study, options, wanted, simulate).run();
}

}  // namespace cli
