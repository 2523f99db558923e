// SPDX-License-Identifier: BSD-2-Clause
#include "models/report/summarise.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "models/report/archive.hpp"
#include "models/report/measure.hpp"
#include "models/report/metrics.hpp"
#include "sim/base/assert.hpp"
#include "sim/observe/statistics.hpp"

namespace models {
namespace {

/// Collects where the fields of one struct are.
class FieldAddresses {
 public:
  template <class T>
  void field(std::string_view, const T& value, const ReportField&) {
    addresses_.push_back(&value);
  }
  const void* operator[](std::size_t field) const { return addresses_[field]; }

 private:
  std::vector<const void*> addresses_;
};

/// What the replications say in one place. Those that lack the place are not among `present`.
template <class T>
struct Parts {
  std::vector<const T*> present;
  std::size_t replications;
};

template <ReportStruct T>
void combine(T& merged, const Parts<T>& parts, bool label);

void combine(double& merged, const Parts<double>& parts, bool label) {
  if (label) {
    merged = *parts.present.front();
    return;
  }
  std::vector<double> values;
  values.reserve(parts.replications);
  for (const double* value : parts.present) values.push_back(*value);
  values.resize(parts.replications, 0.0);
  merged = sim::confidence95(values).mean;
}

void combine(std::vector<double>& merged, const Parts<std::vector<double>>& parts, bool label) {
  std::size_t longest = 0;
  for (const auto* values : parts.present) longest = std::max(longest, values->size());
  merged.assign(longest, 0.0);
  for (std::size_t i = 0; i < longest; ++i) {
    Parts<double> element{{}, parts.replications};
    for (const auto* values : parts.present) {
      if (i < values->size()) element.present.push_back(&(*values)[i]);
    }
    combine(merged[i], element, label);
  }
}

void combine(std::vector<std::string>& merged, const Parts<std::vector<std::string>>& parts, bool) {
  merged.clear();
  for (const auto* texts : parts.present) {
    for (const std::string& text : *texts) {
      if (std::find(merged.begin(), merged.end(), text) == merged.end()) merged.push_back(text);
    }
  }
}

/// Buckets are matched by their bounds. Counts are means, as all counts are, and so add up to the
/// mean count.
void combine(std::vector<BucketReport>& merged, const Parts<std::vector<BucketReport>>& parts,
             bool) {
  std::map<std::pair<double, double>, double> counts;
  for (const std::vector<BucketReport>* buckets : parts.present) {
    for (const BucketReport& b : *buckets) counts[{b.lower_ns, b.upper_ns}] += b.count;
  }
  merged.clear();
  for (const auto& [bounds, count] : counts) {
    merged.push_back(
        {bounds.first, bounds.second, count / static_cast<double>(parts.replications)});
  }
}

template <ReportStruct T>
void combine(std::vector<T>& merged, const Parts<std::vector<T>>& parts, bool label) {
  std::vector<std::string> order;
  std::unordered_map<std::string, Parts<T>> by_name;
  for (const std::vector<T>* elements : parts.present) {
    const std::vector<std::string> names = element_names(*elements);
    for (std::size_t i = 0; i < names.size(); ++i) {
      Parts<T>& same = by_name[names[i]];
      if (same.present.empty()) order.push_back(names[i]);
      same.present.push_back(&(*elements)[i]);
      same.replications = parts.replications;
    }
  }
  merged.assign(order.size(), T{});
  for (std::size_t i = 0; i < order.size(); ++i) combine(merged[i], by_name[order[i]], label);
}

/// Text, flags and whole numbers say what was run: the same everywhere.
template <class T>
void combine(T& merged, const Parts<T>& parts, bool) {
  merged = *parts.present.front();
}

template <class Struct>
class Merger {
 public:
  explicit Merger(const Parts<Struct>& parts) : replications_(parts.replications) {
    for (const Struct* part : parts.present) visit(addresses_.emplace_back(), *part);
  }

  template <class T>
  void field(std::string_view, T& merged, const ReportField& f) {
    Parts<T> parts{{}, replications_};
    parts.present.reserve(addresses_.size());
    for (const FieldAddresses& fields : addresses_) {
      parts.present.push_back(static_cast<const T*>(fields[next_]));
    }
    ++next_;
    combine(merged, parts, f.label);
  }

 private:
  std::vector<FieldAddresses> addresses_;
  std::size_t replications_;
  std::size_t next_ = 0;
};

template <ReportStruct T>
void combine(T& merged, const Parts<T>& parts, bool) {
  Merger<T> merger(parts);
  describe(merger, merged);
}

/// Gives numbers that rest on a count their means over the replications that counted something:
/// those of `summary`, which is in the order of metrics().
class MeansOverCounts {
 public:
  explicit MeansOverCounts(const std::vector<SummaryReport>& summary) : summary_(summary) {}

  template <class T>
  void field(std::string_view, T& value, const ReportField& f) {
    if (f.metric && !f.label) set(value, f);
  }
  bool is_complete() const { return next_ == summary_.size(); }

 private:
  void set(double& value, const ReportField& f) {
    const SummaryReport& item = summary_.at(next_++);
    if (!f.over.empty()) value = item.mean;
  }

  template <ReportStruct T>
  void set(T& value, const ReportField&) {
    describe(*this, value);
  }

  template <class T>
  void set(std::vector<T>& elements, const ReportField& f) {
    for (T& element : elements) set(element, f);
  }

  template <class T>
  void set(T&, const ReportField&) {}  // text and flags are no metrics

  const std::vector<SummaryReport>& summary_;
  std::size_t next_ = 0;
};

/// What is not a mean.
void collect(const std::vector<Report>& replications, Report& merged) {
  merged.run.replications = static_cast<std::int64_t>(replications.size());
  merged.violations.clear();
  merged.warnings.clear();
  merged.expectations.clear();
  merged.simulator = {};
  double frames = 0.0;
  for (std::size_t i = 0; i < replications.size(); ++i) {
    const Report& one = replications[i];
    if (merged.verdict == Verdict::completed) merged.verdict = one.verdict;
    for (const std::string& warning : one.warnings) {
      const bool known = std::find(merged.warnings.begin(), merged.warnings.end(), warning) !=
                         merged.warnings.end();
      if (!known) merged.warnings.push_back(warning);
    }
    for (ViolationReport violation : one.violations) {
      violation.replication = static_cast<std::int64_t>(i);
      merged.violations.push_back(std::move(violation));
    }
    frames += one.simulator.frames_per_wall_s * one.simulator.wall_s;
    merged.simulator.wall_s += one.simulator.wall_s;
    merged.simulator.events += one.simulator.events;
    merged.simulator.peak_rss_mib =
        std::max(merged.simulator.peak_rss_mib, one.simulator.peak_rss_mib);
  }
  const double wall_s = merged.simulator.wall_s;
  merged.simulator.frames_per_wall_s = wall_s > 0.0 ? frames / wall_s : 0.0;
  judge_warmup(merged.warmup);
}

std::vector<SummaryReport> intervals(const std::vector<Report>& replications,
                                     const Report& merged) {
  std::vector<std::unordered_map<std::string, double>> values_of;
  for (const Report& one : replications) {
    auto& values = values_of.emplace_back();
    for (Metric& metric : metrics(one)) values.emplace(std::move(metric.path), metric.value);
  }
  std::vector<SummaryReport> summary;
  std::vector<double> values;
  for (const Metric& metric : metrics(merged)) {
    const MetricBasis basis = metric_basis(metric.path);
    values.clear();
    for (const auto& known : values_of) {
      const auto find = [&known](const std::string& path) {
        const auto at = known.find(path);
        return at == known.end() ? 0.0 : at->second;
      };
      if (basis.count.empty() || find(basis.count) > 0.0) values.push_back(find(metric.path));
    }
    SummaryReport& item = summary.emplace_back();
    item.metric = metric.path;
    if (values.empty()) continue;
    const sim::Interval interval = sim::confidence95(values);
    item.mean = interval.mean;
    item.half_width = interval.half_width;
    item.n = static_cast<std::int64_t>(interval.n);
  }
  return summary;
}

}  // namespace

Report summarise(const std::vector<Report>& replications) {
  SIM_ASSERT(!replications.empty(), "nothing to summarise");
  if (replications.size() == 1) return replications.front();
  Parts<Report> parts{{}, replications.size()};
  parts.present.reserve(replications.size());
  for (const Report& one : replications) parts.present.push_back(&one);
  Report merged;
  combine(merged, parts, false);
  collect(replications, merged);
  merged.summary = intervals(replications, merged);
  MeansOverCounts means(merged.summary);
  describe(means, merged);
  SIM_ASSERT(means.is_complete(), "a summary without the report's metrics");
  return merged;
}

}  // namespace models
