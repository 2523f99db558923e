// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/part.hpp"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace sim {
namespace {

/// A part gives work away after so many executions: handing over a part costs about as much as
/// ten. The first ones do it sooner, to get everybody to work.
constexpr std::uint64_t kShareAfter = 3000;
constexpr std::uint64_t kShareFirstAfter = 20;

/// From so many parts on, further ones give nothing away: bounds the memory of a long search.
constexpr std::size_t kManyParts = 100'000;

class Writer {
 public:
  template <class T>
  void value(const T& v) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&v), sizeof v);
  }
  template <class T>
  void values(const std::vector<T>& items) {
    static_assert(std::is_trivially_copyable_v<T>);
    value(static_cast<std::uint64_t>(items.size()));
    bytes_.append(reinterpret_cast<const char*>(items.data()), items.size() * sizeof(T));
  }
  void text(const std::string& s) {
    value(static_cast<std::uint64_t>(s.size()));
    bytes_ += s;
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Reads what Writer wrote; `good()` turns false when something does not fit.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  template <class T>
  void value(T& v) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (!has(sizeof v)) return;
    std::memcpy(&v, bytes_.data(), sizeof v);
    bytes_.remove_prefix(sizeof v);
  }
  template <class T>
  void values(std::vector<T>& items) {
    const std::uint64_t count = length(sizeof(T));
    items.resize(count);
    if (count == 0) return;
    std::memcpy(items.data(), bytes_.data(), count * sizeof(T));
    bytes_.remove_prefix(count * sizeof(T));
  }
  void text(std::string& s) {
    const std::uint64_t count = length(1);
    s.assign(bytes_.substr(0, count));
    bytes_.remove_prefix(count);
  }
  std::uint64_t length(std::size_t item_bytes) {
    std::uint64_t count = 0;
    value(count);
    if (!good_ || count > bytes_.size() / item_bytes) good_ = false;
    return good_ ? count : 0;
  }
  bool good() const { return good_; }
  bool done() const { return good_ && bytes_.empty(); }

 private:
  bool has(std::size_t count) {
    good_ = good_ && bytes_.size() >= count;
    return good_;
  }
  std::string_view bytes_;
  bool good_ = true;
};

bool valid(const Schedule& schedule) {
  return std::all_of(schedule.begin(), schedule.end(), [](const ScheduleStep& step) {
    return step.thread < kMaxExploredThreads && step.outcome <= 1;
  });
}

bool valid(const std::vector<ReducedSearch::Sleeper>& sleepers) {
  return std::all_of(sleepers.begin(), sleepers.end(), [](const ReducedSearch::Sleeper& sleeper) {
    return sleeper.thread < kMaxExploredThreads;
  });
}

}  // namespace

std::uint64_t share_after(std::size_t part) {
  if (part >= kManyParts) return 0;
  return std::min<std::uint64_t>(kShareAfter, kShareFirstAfter * (part + 1));
}

PartResult part_result(const Tally& tally) {
  PartResult result;
  result.counts = tally.result();
  result.final_states.assign(tally.final_states().begin(), tally.final_states().end());
  std::sort(result.final_states.begin(), result.final_states.end());
  return result;
}

PartResult execute_part(Execution& execution, const ReducedSearch::Part& part, std::uint64_t most) {
  ReducedSearch search(execution, part);
  Tally tally;
  try {
    while (tally.result().interleavings < most) {
      const ReducedSearch::Result result = search.advance();
      if (result == ReducedSearch::Result::exhausted) break;
      if (result == ReducedSearch::Result::redundant) {
        tally.add_redundant();
      } else {
        tally.add(execution, search.schedule());
      }
    }
  } catch (const InterleavingTooLong&) {
    tally.result().too_long = true;
    return part_result(tally);  // the search is over, nothing of it is given away
  }
  PartResult result = part_result(tally);
  result.nodes = search.shared_nodes();
  result.requests = search.requests();
  return result;
}

std::string encode(const ReducedSearch::Part& part) {
  Writer out;
  out.values(part.path);
  out.values(part.sleepers);
  out.value(part.thread);
  out.value(part.share_after);
  return out.take();
}

std::optional<ReducedSearch::Part> decode_part(std::string_view bytes) {
  Reader in(bytes);
  ReducedSearch::Part part;
  in.values(part.path);
  in.values(part.sleepers);
  in.value(part.thread);
  in.value(part.share_after);
  if (!in.done() || !valid(part.path) || !valid(part.sleepers)) return std::nullopt;
  return part;
}

std::string encode(const PartResult& result) {
  Writer out;
  out.value(result.counts.interleavings);
  out.value(result.counts.redundant);
  out.value(result.counts.steps);
  out.value(result.counts.final_states_counted);
  out.value(static_cast<std::uint64_t>(result.counts.violations.size()));
  for (const FoundViolation& found : result.counts.violations) {
    out.text(found.finding.kind);
    out.text(found.finding.message);
    out.text(found.thread);
    out.values(found.schedule);
    out.value(found.interleavings);
  }
  out.values(result.final_states);
  out.values(result.requests);
  out.value(static_cast<std::uint64_t>(result.nodes.size()));
  for (const ReducedSearch::SharedNode& node : result.nodes) {
    out.value(node.enabled);
    out.value(node.thread);
    out.value(node.footprint);
    out.values(node.sleepers);
  }
  out.value(static_cast<std::uint64_t>(result.branches.size()));
  for (const Schedule& branch : result.branches) out.values(branch);
  out.value(result.counts.too_long);
  return out.take();
}

std::optional<PartResult> decode_part_result(std::string_view bytes) {
  Reader in(bytes);
  PartResult result;
  in.value(result.counts.interleavings);
  in.value(result.counts.redundant);
  in.value(result.counts.steps);
  in.value(result.counts.final_states_counted);
  for (std::uint64_t left = in.length(1); left > 0 && in.good(); --left) {
    FoundViolation& found = result.counts.violations.emplace_back();
    in.text(found.finding.kind);
    in.text(found.finding.message);
    in.text(found.thread);
    in.values(found.schedule);
    in.value(found.interleavings);
    if (!valid(found.schedule)) return std::nullopt;
  }
  in.values(result.final_states);
  in.values(result.requests);
  for (std::uint64_t left = in.length(1); left > 0 && in.good(); --left) {
    ReducedSearch::SharedNode& node = result.nodes.emplace_back();
    in.value(node.enabled);
    in.value(node.thread);
    in.value(node.footprint);
    in.values(node.sleepers);
    if (node.thread >= kMaxExploredThreads || !valid(node.sleepers)) return std::nullopt;
  }
  for (std::uint64_t left = in.length(1); left > 0 && in.good(); --left) {
    in.values(result.branches.emplace_back());
    if (!valid(result.branches.back())) return std::nullopt;
  }
  in.value(result.counts.too_long);
  if (!in.done()) return std::nullopt;
  result.counts.final_states = result.final_states.size();
  return result;
}

}  // namespace sim
