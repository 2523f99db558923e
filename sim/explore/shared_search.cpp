// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/shared_search.hpp"

#include <algorithm>
#include <charconv>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <unordered_set>
#include <utility>

#include "sim/base/assert.hpp"
#include "sim/explore/journal.hpp"
#include "sim/explore/part.hpp"
#include "sim/explore/sampler.hpp"
#include "sim/explore/search_tree.hpp"
#include "sim/explore/workers.hpp"

namespace sim {
namespace {

constexpr int kPollMs = 100;
/// Questions that a worker may have at a time.
constexpr std::size_t kAskedAhead = 2;
/// Drawn schedules are shared out in lots of this many.
constexpr std::uint64_t kLot = 1000;
constexpr std::uint64_t kDrawnByDefault = 10'000;

/// A search in numbered parts, of which more may appear while results come in.
class SharedWork {
 public:
  virtual ~SharedWork() = default;
  virtual std::size_t parts() const = 0;
  virtual std::string question(std::size_t part) const = 0;
  virtual bool hand_in(std::size_t part, PartResult result) = 0;
  virtual Counted count_next() = 0;
  virtual std::size_t counted() const = 0;
  virtual const Tally& tally() const = 0;
};

class TreeWork final : public SharedWork {
 public:
  TreeWork(Execution& execution, std::uint64_t most) : tree_(execution, most) {}
  std::size_t parts() const override { return tree_.parts(); }
  std::string question(std::size_t part) const override { return encode(tree_.part(part)); }
  bool hand_in(std::size_t part, PartResult result) override {
    return tree_.hand_in(part, std::move(result));
  }
  Counted count_next() override { return tree_.count_next(); }
  std::size_t counted() const override { return tree_.counted(); }
  const Tally& tally() const override { return tree_.tally(); }

 private:
  SearchTree tree_;
};

/// The numbers of drawn schedules, in lots.
class LotWork final : public SharedWork {
 public:
  explicit LotWork(std::uint64_t schedules) : lots_((schedules + kLot - 1) / kLot) {}
  std::size_t parts() const override { return lots_; }
  std::string question(std::size_t part) const override { return std::to_string(part); }
  bool hand_in(std::size_t part, PartResult result) override {
    if (part < counted_ || part >= lots_) return false;
    return early_.emplace(part, std::move(result)).second;
  }
  Counted count_next() override {
    const auto next = early_.find(counted_);
    if (next == early_.end()) return Counted::nothing;
    const std::vector<std::uint64_t>& states = next->second.final_states;
    tally_.add(next->second.counts, {states.begin(), states.end()});
    early_.erase(next);
    ++counted_;
    return Counted::one;
  }
  std::size_t counted() const override { return counted_; }
  const Tally& tally() const override { return tally_; }

 private:
  std::size_t lots_;
  std::size_t counted_ = 0;
  std::map<std::size_t, PartResult> early_;
  Tally tally_;
};

PartResult draw_lot(Execution& execution, const SearchOptions& options, std::uint64_t most,
                    std::uint64_t lot) {
  Sampler sampler(execution, options.strategy, options.seed);
  Tally tally;
  const std::uint64_t end = std::min(most, (lot + 1) * kLot);
  for (std::uint64_t i = lot * kLot; i < end; ++i) {
    sampler.execute(static_cast<std::uint32_t>(i));
    tally.add(execution, sampler.schedule());
  }
  PartResult result;
  result.counts = tally.result();
  result.final_states.assign(tally.final_states().begin(), tally.final_states().end());
  std::sort(result.final_states.begin(), result.final_states.end());
  return result;
}

/// Runs the parts of a search, here or in workers, and keeps the journal.
class Conductor {
 public:
  Conductor(SharedWork& work, const SharedSearchOptions& options, Journal* journal,
            std::function<std::string(std::string_view)> serve)
      : work_(work), options_(options), journal_(journal), serve_(std::move(serve)) {}

  /// Takes what the journal holds as done.
  void recall() {
    if (journal_ == nullptr) return;
    for (const std::string& record : journal_->records()) {
      const std::string_view bytes = record;
      std::size_t part = 0;
      const std::size_t space = bytes.find(' ');
      const char* const end = bytes.data() + std::min(space, bytes.size());
      const bool number = std::from_chars(bytes.data(), end, part).ec == std::errc();
      auto result = space == std::string_view::npos ? std::nullopt
                                                    : decode_part_result(bytes.substr(space + 1));
      if (!number || !result || done_.contains(part) || !take(part, std::move(*result))) {
        throw CheckpointError(options_.checkpoint +
                              ": holds a record that does not fit the search; remove the file to "
                              "begin again");
      }
    }
  }

  /// True when everything was executed.
  bool run() {
    std::unique_ptr<Workers> workers;
    if (options_.jobs > 1) workers = std::make_unique<Workers>(options_.jobs, serve_);
    while (work_.counted() < work_.parts()) {
      if (ended_ || ended_early()) return false;
      if (workers) {
        step(*workers);
      } else {
        const std::size_t part = next_part();
        answered(part, serve_(work_.question(part)));
      }
    }
    return !ended_;
  }

 private:
  bool ended_early() {
    const SearchResult& result = work_.tally().result();
    const SearchOptions& search = options_.search;
    if (search.strategy.finite() && search.max_schedules &&
        result.interleavings >= *search.max_schedules) {
      return true;
    }
    if (search.stop_at_first_violation && !result.violations.empty()) return true;
    const double share = static_cast<double>(work_.counted()) / static_cast<double>(work_.parts());
    return search.stop && search.stop(work_.tally().progress(share));
  }

  /// The first part that nobody has, or parts() when there is none at present.
  std::size_t next_part() {
    while (next_ < work_.parts() && done_.contains(next_)) ++next_;
    return next_ < work_.parts() ? next_++ : next_;
  }

  void step(Workers& workers) {
    // A second question in advance keeps a worker busy while this process counts its answer.
    for (std::size_t open = 0; open < kAskedAhead; ++open) {
      for (std::size_t i = 0; i < workers.count(); ++i) {
        if (workers.open(i) > open) continue;
        const std::size_t part = next_part();
        if (part == work_.parts()) break;
        asked_[i].push_back(part);
        workers.ask(i, work_.question(part));
      }
    }
    const auto [worker, answer] = workers.receive(kPollMs);
    if (worker == Workers::kNone) return;
    const std::size_t part = asked_.at(worker).front();
    asked_.at(worker).pop_front();
    answered(part, answer);
  }

  void answered(std::size_t part, const std::string& answer) {
    auto result = decode_part_result(answer);
    SIM_ASSERT(result.has_value(), "a worker's answer can be read");
    if (journal_ != nullptr) journal_->append(std::to_string(part) + ' ' + answer);
    SIM_ASSERT(take(part, std::move(*result)), "a worker's answer fits its part");
  }

  /// Counts what can be counted, but no more after the part with which the search ends: where that
  /// is must not depend on what else has come in. False when the result does not fit.
  bool take(std::size_t part, PartResult result) {
    done_.insert(part);
    if (!work_.hand_in(part, std::move(result))) return false;
    while (!ended_) {
      const Counted counted = work_.count_next();
      if (counted == Counted::misfit) return false;
      if (counted == Counted::nothing) break;
      ended_ = counted == Counted::some || (work_.counted() < work_.parts() && ended_early());
    }
    return true;
  }

  SharedWork& work_;
  const SharedSearchOptions& options_;
  Journal* journal_;
  std::function<std::string(std::string_view)> serve_;
  bool ended_ = false;  ///< before everything was executed
  std::size_t next_ = 0;
  std::unordered_set<std::size_t> done_;
  std::map<std::size_t, std::deque<std::size_t>> asked_;  ///< by worker, the oldest first
};

}  // namespace

bool can_be_shared(const Strategy& strategy) {
  return strategy.kind == Strategy::Kind::exhaustive || !strategy.finite();
}

SearchResult search_shared(Program& program, const SharedSearchOptions& options) {
  const SearchOptions& search = options.search;
  const bool alone = options.jobs <= 1 && options.checkpoint.empty();
  if (alone || !can_be_shared(search.strategy)) return sim::search(program, search);
  const auto turns = make_fiber_turns();
  Execution execution(program, *turns);
  std::unique_ptr<Journal> journal;
  if (!options.checkpoint.empty()) {
    journal = std::make_unique<Journal>(options.checkpoint, options.identity);
  }
  std::unique_ptr<SharedWork> work;
  std::function<std::string(std::string_view)> serve;
  if (search.strategy.kind == Strategy::Kind::exhaustive) {
    work = std::make_unique<TreeWork>(execution, search.max_schedules.value_or(UINT64_MAX));
    serve = [&execution](std::string_view question) {
      const auto part = decode_part(question);
      SIM_ASSERT(part.has_value(), "a question to a worker can be read");
      return encode(execute_part(execution, *part));
    };
  } else {
    const std::uint64_t most = search.max_schedules.value_or(kDrawnByDefault);
    work = std::make_unique<LotWork>(most);
    serve = [&execution, &search, most](std::string_view question) {
      return encode(draw_lot(execution, search, most, std::stoull(std::string(question))));
    };
  }
  Conductor conductor(*work, options, journal.get(), serve);
  conductor.recall();
  const bool complete = conductor.run();
  SearchResult result = work->tally().result();
  result.complete = complete && search.strategy.finite();
  result.exhaustive = result.complete;
  return result;
}

}  // namespace sim
