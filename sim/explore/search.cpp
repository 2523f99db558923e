// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/search.hpp"

#include <charconv>

#include "sim/explore/reduced_search.hpp"
#include "sim/explore/sampler.hpp"
#include "sim/explore/tally.hpp"
#include "sim/explore/unreduced_search.hpp"

namespace sim {
namespace {

using Kind = Strategy::Kind;

struct KindName {
  Kind kind;
  std::string_view name;
  int least_bound;  ///< -1: takes none
};

constexpr KindName kKinds[] = {{Kind::exhaustive, "exhaustive", -1},
                               {Kind::all, "all", -1},
                               {Kind::preemptions, "preemptions", 0},
                               {Kind::delays, "delays", 0},
                               {Kind::pct, "pct", 1},
                               {Kind::random, "random", -1},
                               {Kind::urw, "urw", -1}};

constexpr std::uint64_t kAskEvery = 1024;

/// What ends a search before its time.
class Limits {
 public:
  Limits(const SearchOptions& options, std::optional<std::uint64_t> most)
      : options_(options), most_(most) {}

  template <class Share>
  bool reached(const Tally& tally, Share share) {
    const SearchResult& result = tally.result();
    if (most_ && result.interleavings >= *most_) return true;
    if (options_.stop_at_first_violation && !result.violations.empty()) return true;
    if (!options_.stop || ++asked_ % kAskEvery != 0) return false;
    return options_.stop(tally.progress(share()));
  }

 private:
  const SearchOptions& options_;
  std::optional<std::uint64_t> most_;
  std::uint64_t asked_ = 0;
};

bool search_reduced(Execution& execution, Tally& tally, Limits& limits) {
  ReducedSearch search(execution, {});
  for (;;) {
    switch (search.advance()) {
      case ReducedSearch::Result::exhausted:
        return true;
      case ReducedSearch::Result::redundant:
        tally.add_redundant();
        break;
      case ReducedSearch::Result::interleaving:
        tally.add(execution, search.schedule());
        break;
    }
    if (limits.reached(tally, [&] { return search.progress(); })) return false;
  }
}

bool search_unreduced(Execution& execution, const Strategy& strategy, Tally& tally,
                      Limits& limits) {
  UnreducedSearch search(execution, strategy);
  while (search.advance()) {
    tally.add(execution, search.schedule());
    if (limits.reached(tally, [&] { return search.progress(); })) return false;
  }
  return true;
}

void draw(Execution& execution, const SearchOptions& options, std::uint64_t most, Tally& tally,
          Limits& limits) {
  Sampler sampler(execution, options.strategy, options.seed);
  for (std::uint64_t i = 0; i < most; ++i) {
    sampler.execute(static_cast<std::uint32_t>(i));
    tally.add(execution, sampler.schedule());
    const double share = static_cast<double>(i + 1) / static_cast<double>(most);
    if (limits.reached(tally, [&] { return share; })) return;
  }
}

}  // namespace

std::optional<Strategy> parse_strategy(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  for (const KindName& known : kKinds) {
    if (known.name != name) continue;
    if ((colon != std::string_view::npos) != (known.least_bound >= 0)) return std::nullopt;
    Strategy strategy{known.kind, 0};
    if (known.least_bound < 0) return strategy;
    const std::string_view number = text.substr(colon + 1);
    const char* const end = number.data() + number.size();
    const auto [at, error] = std::from_chars(number.data(), end, strategy.bound);
    if (error != std::errc() || at != end || strategy.bound < known.least_bound ||
        strategy.bound > 1000) {
      return std::nullopt;
    }
    return strategy;
  }
  return std::nullopt;
}

std::string to_string(const Strategy& strategy) {
  for (const KindName& known : kKinds) {
    if (known.kind != strategy.kind) continue;
    std::string text(known.name);
    if (known.least_bound >= 0) text += ':' + std::to_string(strategy.bound);
    return text;
  }
  return "?";
}

SearchResult search(Program& program, const SearchOptions& options) {
  const auto turns = make_fiber_turns();
  Execution execution(program, *turns);
  Tally tally;
  SearchResult& result = tally.result();
  std::optional<std::uint64_t> most = options.max_schedules;
  if (!most && !options.strategy.finite()) most = kDrawnByDefault;
  Limits limits(options, most);
  try {
    switch (options.strategy.kind) {
      case Kind::exhaustive:
        result.complete = search_reduced(execution, tally, limits);
        break;
      case Kind::all:
      case Kind::preemptions:
      case Kind::delays:
        result.complete = search_unreduced(execution, options.strategy, tally, limits);
        break;
      default:
        draw(execution, options, *most, tally, limits);
        break;
    }
  } catch (const InterleavingTooLong&) {
    result.too_long = true;
  }
  result.exhaustive = result.complete && options.strategy.covers_all();
  return std::move(result);
}

}  // namespace sim
