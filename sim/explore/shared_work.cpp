// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/shared_work.hpp"

#include <algorithm>
#include <utility>

#include "sim/base/assert.hpp"
#include "sim/explore/branches.hpp"
#include "sim/explore/sampler.hpp"
#include "sim/explore/search_tree.hpp"

namespace sim {
namespace {

/// Drawn schedules are shared out in lots of this many.
constexpr std::uint64_t kLot = 1000;

/// The numbers of drawn schedules, in lots.
class Lots final : public SharedWork {
 public:
  Lots(Execution& execution, const SearchOptions& options, std::uint64_t schedules)
      : SharedWork(schedules),
        execution_(execution),
        options_(options),
        schedules_(schedules),
        parts_((schedules + kLot - 1) / kLot) {}

  std::size_t parts() const override { return parts_; }
  std::string question(std::size_t part) const override { return std::to_string(part); }
  std::string answer(std::string_view question) override {
    return encode(draw(std::stoull(std::string(question)), kLot));
  }

 private:
  bool accept(std::size_t /*part*/, const PartResult& /*result*/) override { return true; }
  PartResult beginning(std::size_t part, std::uint64_t most) override { return draw(part, most); }

  PartResult draw(std::uint64_t lot, std::uint64_t most) {
    Tally tally;
    const std::uint64_t end = std::min(schedules_, lot * kLot + most);
    try {
      Sampler sampler(execution_, options_.strategy, options_.seed);
      for (std::uint64_t i = lot * kLot; i < end; ++i) {
        sampler.execute(static_cast<std::uint32_t>(i));
        tally.add(execution_, sampler.schedule());
      }
    } catch (const InterleavingTooLong&) {
      tally.result().too_long = true;
    }
    return part_result(tally);
  }

  Execution& execution_;
  const SearchOptions& options_;
  std::uint64_t schedules_;
  std::size_t parts_;
};

}  // namespace

bool SharedWork::hand_in(std::size_t part, PartResult result) {
  if (part < counted_ || part >= parts()) return false;
  return early_.emplace(part, std::move(result)).second;
}

Counted SharedWork::count_next() {
  const auto next = early_.find(counted_);
  if (next == early_.end()) return Counted::nothing;
  const std::uint64_t left = most_ - tally_.result().interleavings;
  const bool too_long = next->second.counts.too_long;
  const bool cut = next->second.counts.interleavings + (too_long ? 1 : 0) > left;
  if (cut) {
    add(beginning(counted_, left));
  } else {
    if (!too_long && !accept(counted_, next->second)) return Counted::misfit;
    add(next->second);
  }
  early_.erase(next);
  ++counted_;
  return cut ? Counted::some : Counted::one;
}

void SharedWork::add(const PartResult& result) {
  tally_.add(result.counts, {result.final_states.begin(), result.final_states.end()});
}

std::unique_ptr<SharedWork> make_shared_work(Execution& execution, const SearchOptions& options) {
  const std::uint64_t most = options.max_schedules.value_or(UINT64_MAX);
  switch (options.strategy.kind) {
    case Strategy::Kind::exhaustive:
      return std::make_unique<SearchTree>(execution, most);
    case Strategy::Kind::all:
    case Strategy::Kind::preemptions:
    case Strategy::Kind::delays:
      return std::make_unique<Branches>(execution, options.strategy, most);
    case Strategy::Kind::pct:
    case Strategy::Kind::random:
    case Strategy::Kind::urw:
      break;
  }
  return std::make_unique<Lots>(execution, options,
                                options.max_schedules.value_or(kDrawnByDefault));
}

}  // namespace sim
