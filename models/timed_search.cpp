// SPDX-License-Identifier: BSD-2-Clause
#include "models/timed_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "models/disturb.hpp"
#include "models/scenario/nearest.hpp"
#include "models/simulation.hpp"
#include "sim/base/assert.hpp"
#include "sim/base/random.hpp"

namespace models {
namespace {

using Event = SockbufObserver::Event;

/// Writes down what happened to the socket buffers, and when.
class Log final : public SockbufObserver {
 public:
  struct Entry {
    sim::Picoseconds date;
    std::uint32_t thread;
    Event event;
  };
  void happened(sim::KernelOps& k, Event event) override {
    entries_.push_back({k.now(), k.thread_id(), event});
  }
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
};

struct Span {
  sim::Picoseconds start;
  sim::Picoseconds end;
};

/// A read that copied something: from its first copyout to the end of its last.
std::vector<Span> copies_of(const Log& log) {
  std::vector<Span> copies;
  std::map<std::uint32_t, Span> open;
  const auto close = [&](std::uint32_t thread) {
    const auto at = open.find(thread);
    if (at == open.end()) return;
    if (at->second.end > at->second.start) copies.push_back(at->second);
    open.erase(at);
  };
  for (const Log::Entry& entry : log.entries()) {
    if (entry.event == Event::read) close(entry.thread);
    if (entry.event == Event::copyout) open.try_emplace(entry.thread, Span{entry.date, 0});
    if (entry.event == Event::copied) open.at(entry.thread).end = entry.date;
  }
  while (!open.empty()) close(open.begin()->first);
  std::sort(copies.begin(), copies.end(),
            [](const Span& a, const Span& b) { return a.start < b.start; });
  return copies;
}

/// When the disturbance would have struck.
sim::Picoseconds due(const Disturb& spec, const Log& log) {
  if (spec.at_us) return sim::from_us(*spec.at_us);
  if (!spec.when) return 0;
  std::int64_t seen = 0;
  for (const Log::Entry& entry : log.entries()) {
    if (entry.event != event_of(spec.when->event)) continue;
    if (entry.date < sim::from_us(spec.when->after_us)) continue;
    if (++seen == wanted_count(*spec.when)) return entry.date + sim::from_ns(spec.when->delay_ns);
  }
  return std::numeric_limits<sim::Picoseconds>::max();
}

std::size_t first_movable(const LoadedScenario& loaded) {
  const std::vector<Disturb>& disturb = loaded.scenario.disturb;
  for (std::size_t i = 0; i < disturb.size(); ++i) {
    if (!is_trouble(disturb[i].action)) return i;
  }
  std::vector<std::string> movable;
  for (const auto& entry : enum_entries(DisturbKind{})) {
    if (!is_trouble(entry.value)) movable.emplace_back(entry.name);
  }
  throw ScenarioErrors({{loaded.path, "/disturb",
                         disturb.empty() ? "no disturbance" : "copy_fault and page_fault alone",
                         "a disturbance that can be moved: " + join_names(movable), ""}});
}

class TimedSearch {
 public:
  explicit TimedSearch(const TimedSearchRequest& request)
      : request_(request), index_(first_movable(*request.scenario)) {
    result_.disturbance = enum_name(spec().action);
  }

  TimedSearchResult all() {
    std::int64_t hits = 0;
    std::vector<double> widths;
    std::vector<double> lengths;
    for (int i = 0; i < request_.replications; ++i) {
      sweep(static_cast<std::uint32_t>(i));
      const TimedSearchCopy& copy = result_.copies.back();
      hits += copy.hits();
      widths.push_back(copy.width_ns());
      lengths.push_back(static_cast<double>(copy.length_ps()) / 1e3);
    }
    result_.width_ns = sim::confidence95(widths);
    result_.copy_ns = sim::confidence95(lengths);
    result_.probability =
        wilson95(hits, std::int64_t{request_.steps} * std::int64_t{request_.replications});
    return std::move(result_);
  }

 private:
  const Disturb& spec() const { return request_.scenario->scenario.disturb[index_]; }

  Report simulate_once(const LoadedScenario& loaded, std::uint32_t replication,
                       SockbufObserver* listener) {
    if (request_.progress) {
      request_.progress(++runs_, (request_.steps + 1) * request_.replications);
    }
    RunRequest run;
    run.scenario = &loaded;
    run.replication = replication;
    run.listener = listener;
    run.engine = request_.engine;
    return simulate(run).report;
  }

  /// The run without the disturbance is the same up to the moment at which it strikes.
  Span find_copy(std::uint32_t replication) {
    LoadedScenario quiet = *request_.scenario;
    auto& disturb = quiet.scenario.disturb;
    disturb.erase(disturb.begin() + static_cast<std::ptrdiff_t>(index_));
    Log log;
    simulate_once(quiet, replication, &log);
    const sim::Picoseconds from = due(spec(), log);
    const std::vector<Span> copies = copies_of(log);
    const auto copy = std::find_if(copies.begin(), copies.end(),
                                   [&](const Span& span) { return span.end > from; });
    if (copy != copies.end()) return *copy;
    throw ScenarioErrors({{request_.scenario->path, fmt::format("/disturb/{}", index_),
                           "no copy when it would strike, nor after",
                           "a moment before the last read of the run", ""}});
  }

  void sweep(std::uint32_t replication) {
    const Span span = find_copy(replication);
    TimedSearchCopy& copy = result_.copies.emplace_back();
    copy.start_ps = span.start;
    copy.end_ps = span.end;
    sim::Stream draw(static_cast<std::uint64_t>(request_.scenario->scenario.seed), replication,
                     "timed search");
    const double phase = draw.uniform01();
    LoadedScenario moved = *request_.scenario;
    Disturb& spec = moved.scenario.disturb[index_];
    spec.when.reset();
    for (int i = 0; i < request_.steps; ++i) {
      const double share = (i + phase) / request_.steps;
      const auto offset =
          sim::round_to_ps(share * static_cast<double>(copy.end_ps - copy.start_ps));
      spec.at_us = static_cast<double>(copy.start_ps + offset) / 1e6;
      const Report report = simulate_once(moved, replication, nullptr);
      copy.hit.push_back(report.verdict != Verdict::completed);
      for (const ViolationReport& violation : report.violations) ++result_.kinds[violation.kind];
    }
  }

  const TimedSearchRequest& request_;
  std::size_t index_;
  TimedSearchResult result_;
  int runs_ = 0;
};

}  // namespace

std::int64_t TimedSearchCopy::hits() const { return std::count(hit.begin(), hit.end(), true); }

double TimedSearchCopy::width_ns() const {
  return static_cast<double>(length_ps()) / 1e3 * static_cast<double>(hits()) /
         static_cast<double>(hit.size());
}

Proportion wilson95(std::int64_t hits, std::int64_t trials) {
  SIM_ASSERT(trials >= 1 && hits >= 0 && hits <= trials, "a proportion is of at least one trial");
  constexpr double kZ = 1.959963984540054;  // standard normal, 97.5 %
  const auto n = static_cast<double>(trials);
  const double p = static_cast<double>(hits) / n;
  const double scale = 1.0 / (1.0 + kZ * kZ / n);
  const double centre = scale * (p + kZ * kZ / (2 * n));
  const double half = scale * kZ * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n));
  // At the ends the two terms are equal but for rounding.
  return {p, hits == 0 ? 0.0 : centre - half, hits == trials ? 1.0 : centre + half};
}

TimedSearchResult timed_search(const TimedSearchRequest& request) {
  SIM_ASSERT(request.steps >= 1 && request.replications >= 1, "a timed search tries something");
  return TimedSearch(request).all();
}

}  // namespace models
