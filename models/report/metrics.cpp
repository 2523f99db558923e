// SPDX-License-Identifier: BSD-2-Clause
#include "models/report/metrics.hpp"

#include <algorithm>

#include "models/report/archive.hpp"
#include "models/scenario/nearest.hpp"

namespace models {
namespace {

/// A step of a path.
struct PathSegment {
  std::string name;
  std::string index;         ///< elements of arrays: the other way to call it; else empty
  bool is_wildcard = false;  ///< stands for any element
  bool is_pair = false;      ///< an element called WAITER<HOLDER
  bool is_no_zero = false;   ///< an element that is not 0 in reports that lack it
};

/// Calls emit(segments, value, field) for every metric.
template <class Emit>
class MetricArchive {
 public:
  /// `kinds`: visit one element of every array, whatever it holds.
  MetricArchive(Emit& emit, bool kinds) : emit_(emit), kinds_(kinds) {}

  template <class T>
  void field(std::string_view name, const T& value, const ReportField& f) {
    if (!f.metric || f.label) return;
    segments_.push_back({std::string(name), {}, false, false, false});
    add(value, f);
    segments_.pop_back();
  }

 private:
  void add(double value, const ReportField& f) { emit_(segments_, value, f); }

  void add(const std::vector<double>& values, const ReportField& f) {
    if (kinds_) return in_element({"INDEX", {}, true, false, f.no_zeros}, 0.0, f);
    for (std::size_t i = 0; i < values.size(); ++i) {
      in_element({std::to_string(i), {}, false, false, f.no_zeros}, values[i], f);
    }
  }

  template <ReportStruct T>
  void add(const T& value, const ReportField&) {
    visit(*this, value);
  }

  template <ReportStruct T>
  void add(const std::vector<T>& elements, const ReportField& f) {
    if (kinds_) {
      constexpr bool kNamed = requires(const T& element) { element.name; };
      return in_element({kNamed ? "NAME" : "INDEX", {}, true, f.pairs, f.no_zeros}, T{}, f);
    }
    const std::vector<std::string> names = element_names(elements);
    for (std::size_t i = 0; i < elements.size(); ++i) {
      in_element({names[i], std::to_string(i), false, f.pairs, f.no_zeros}, elements[i], f);
    }
  }

  template <class T>
  void add(const T&, const ReportField&) {}  // text and flags are no metrics

  template <class T>
  void in_element(PathSegment segment, const T& value, const ReportField& f) {
    segments_.push_back(std::move(segment));
    add(value, f);
    segments_.pop_back();
  }

  Emit& emit_;
  bool kinds_;
  std::vector<PathSegment> segments_;
};

template <class Emit>
void for_each_metric(const Report& report, Emit emit) {
  MetricArchive<Emit> archive(emit, false);
  visit(archive, report);
}

template <class Emit>
void for_each_kind(Emit emit) {
  const Report defaults;
  MetricArchive<Emit> archive(emit, true);
  visit(archive, defaults);
}

std::string join(const std::vector<PathSegment>& segments) {
  std::string path;
  for (const PathSegment& segment : segments) {
    if (!path.empty()) path += '.';
    path += segment.name;
  }
  return path;
}

/// Takes `step` and the dot after it (or the end) off the front of `path`.
bool take(std::string_view& path, std::string_view step, bool last) {
  if (step.empty() || !path.starts_with(step)) return false;
  const std::string_view rest = path.substr(step.size());
  if (last ? !rest.empty() : !rest.starts_with('.')) return false;
  path = last ? rest : rest.substr(1);
  return true;
}

/// Whether `path` leads along segments[at..]; `by_name`: elements must be called by name.
bool matches(std::string_view path, const std::vector<PathSegment>& segments, std::size_t at,
             bool by_name) {
  if (at == segments.size()) return path.empty();
  const PathSegment& segment = segments[at];
  const bool last = at + 1 == segments.size();
  if (segment.is_wildcard) {
    if (last) return !path.empty();
    for (std::size_t dot = path.find('.'); dot != std::string_view::npos;
         dot = path.find('.', dot + 1)) {
      if (dot > 0 && matches(path.substr(dot + 1), segments, at + 1, by_name)) return true;
    }
    return false;
  }
  std::string_view rest = path;
  if (take(rest, segment.name, last) && matches(rest, segments, at + 1, by_name)) return true;
  rest = path;
  return !by_name && take(rest, segment.index, last) && matches(rest, segments, at + 1, by_name);
}

/// A kind of metric, for looking many paths up.
struct KnownKind {
  std::vector<PathSegment> segments;
  std::string_view over;
  std::string_view zero_with;
};

/// Those that rest on another number.
const std::vector<KnownKind>& kinds_with_basis() {
  static const std::vector<KnownKind> kKinds = [] {
    std::vector<KnownKind> kinds;
    for_each_kind([&](const std::vector<PathSegment>& segments, double, const ReportField& f) {
      const bool no_zero = std::any_of(segments.begin(), segments.end(),
                                       [](const PathSegment& s) { return s.is_no_zero; });
      if (!f.over.empty() || !f.zero_with.empty()) {
        kinds.push_back({segments, f.over, no_zero ? std::string_view() : f.zero_with});
      }
    });
    return kinds;
  }();
  return kKinds;
}

/// Where the steps of `path` end, which leads along segments[at..]; empty when it does not. Of
/// several ways the one with the shortest names.
std::vector<std::size_t> step_ends(std::string_view path, const std::vector<PathSegment>& segments,
                                   std::size_t at = 0, std::size_t start = 0) {
  const PathSegment& segment = segments[at];
  const bool last = at + 1 == segments.size();
  for (std::size_t end = path.find('.', start); start < path.size();
       end = path.find('.', end + 1)) {
    if (end == std::string_view::npos) end = path.size();
    const std::string_view step = path.substr(start, end - start);
    const bool fits = segment.is_wildcard ? !step.empty() : step == segment.name;
    if (fits && last == (end == path.size())) {
      if (last) return {end};
      std::vector<std::size_t> ends = step_ends(path, segments, at + 1, end + 1);
      if (!ends.empty()) return ends.insert(ends.begin(), end), ends;
    }
    if (end == path.size() || !segment.is_wildcard) break;
  }
  return {};
}

/// `from` (`../count`) as seen from the step before the last one of `path`; empty when it leads
/// out of the report.
std::string resolved(std::string_view from, std::string_view path,
                     const std::vector<std::size_t>& ends) {
  if (from.empty()) return {};
  std::size_t steps = ends.size() - 1;
  for (; from.starts_with("../"); from.remove_prefix(3)) {
    if (steps-- <= 1) return {};
  }
  return std::string(path.substr(0, ends[steps - 1] + 1)).append(from);
}

/// Whether all pairs in `path` have the form WAITER<HOLDER.
bool names_pairs(std::string_view path, const std::vector<PathSegment>& segments,
                 const std::vector<std::size_t>& ends) {
  bool found = false;
  for (std::size_t i = 1; i < segments.size(); ++i) {
    if (!segments[i].is_pair) continue;
    const std::string_view name = path.substr(ends[i - 1] + 1, ends[i] - ends[i - 1] - 1);
    const std::size_t sign = name.find('<');
    if (sign == 0 || sign == std::string_view::npos || sign + 1 == name.size()) return false;
    found = true;
  }
  return found;
}

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> parts;
  std::size_t start = 0;
  for (std::size_t dot = path.find('.'); dot != std::string_view::npos;
       dot = path.find('.', start)) {
    parts.push_back(path.substr(start, dot - start));
    start = dot + 1;
  }
  parts.push_back(path.substr(start));
  return parts;
}

/// A kind with the names that `parts` has in the same places, where the two are equally long.
std::string kind_like(const std::vector<PathSegment>& kind,
                      const std::vector<std::string_view>& parts) {
  std::vector<PathSegment> segments = kind;
  for (std::size_t i = 0; parts.size() == kind.size() && i < kind.size(); ++i) {
    if (kind[i].is_wildcard) segments[i].name = parts[i];
  }
  return join(segments);
}

}  // namespace

std::vector<Metric> metrics(const Report& report) {
  std::vector<Metric> all;
  for_each_metric(
      report, [&](const std::vector<PathSegment>& segments, double value, const ReportField& f) {
        all.push_back({join(segments), value, f.unit});
      });
  return all;
}

std::vector<MetricKind> metric_kinds() {
  std::vector<MetricKind> all;
  for_each_kind([&](const std::vector<PathSegment>& segments, double, const ReportField& f) {
    all.push_back({join(segments), f.unit, f.doc});
  });
  return all;
}

std::optional<double> find_metric(const Report& report, std::string_view path) {
  std::optional<double> by_name;
  std::optional<double> by_index;
  for_each_metric(report,
                  [&](const std::vector<PathSegment>& segments, double value, const ReportField&) {
                    if (!by_name && matches(path, segments, 0, true)) by_name = value;
                    if (!by_index && matches(path, segments, 0, false)) by_index = value;
                  });
  return by_name ? by_name : by_index;
}

bool is_metric_path(std::string_view path) {
  bool found = false;
  for_each_kind([&](const std::vector<PathSegment>& segments, double, const ReportField&) {
    found = found || matches(path, segments, 0, true);
  });
  return found;
}

std::optional<MetricKind> metric_kind(std::string_view path) {
  std::optional<MetricKind> kind;
  for_each_kind([&](const std::vector<PathSegment>& segments, double, const ReportField& f) {
    if (!kind && matches(path, segments, 0, true)) kind = {join(segments), f.unit, f.doc};
  });
  return kind;
}

MetricBasis metric_basis(std::string_view path) {
  // A name may have dots, so that it may also seem to be that of a lock: the longest way is meant.
  const KnownKind* meant = nullptr;
  std::vector<std::size_t> ends;
  for (const KnownKind& kind : kinds_with_basis()) {
    const PathSegment& last = kind.segments.back();
    if (!last.is_wildcard && !path.ends_with(last.name)) continue;
    std::vector<std::size_t> found = step_ends(path, kind.segments);
    if (found.size() <= ends.size()) continue;
    meant = &kind;
    ends = std::move(found);
  }
  if (meant == nullptr) return {};
  return {resolved(meant->over, path, ends), resolved(meant->zero_with, path, ends),
          names_pairs(path, meant->segments, ends)};
}

std::string suggest_metric(const std::string& path, const Report* report) {
  const std::vector<std::string_view> parts = split(path);
  std::vector<std::string> known;
  if (report != nullptr) {
    for (const Metric& metric : metrics(*report)) known.push_back(metric.path);
    return suggest(path, known);
  }
  for_each_kind([&](const std::vector<PathSegment>& segments, double, const ReportField&) {
    known.push_back(kind_like(segments, parts));
  });
  return suggest(path, known);
}

}  // namespace models
