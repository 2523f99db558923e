// SPDX-License-Identifier: BSD-2-Clause
#include "sim/explore/shared_search.hpp"

#include <algorithm>
#include <charconv>
#include <deque>
#include <map>
#include <memory>
#include <unordered_set>
#include <utility>

#include "sim/base/assert.hpp"
#include "sim/explore/journal.hpp"
#include "sim/explore/shared_work.hpp"
#include "sim/explore/workers.hpp"

namespace sim {
namespace {

constexpr int kPollMs = 100;
/// Questions that a worker may have at a time.
constexpr std::size_t kAskedAhead = 2;

/// Runs the parts of a search, here or in workers, and keeps the journal.
class Conductor {
 public:
  Conductor(SharedWork& work, const SharedSearchOptions& options, Journal* journal)
      : work_(work), options_(options), journal_(journal) {}

  /// Takes what the journal holds as done, up to where the search ends.
  void recall() {
    if (journal_ == nullptr) return;
    for (const std::string& record : journal_->records()) {
      if (ended_) return;
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
    if (options_.jobs > 1) {
      workers = std::make_unique<Workers>(
          options_.jobs, [this](std::string_view question) { return work_.answer(question); });
    }
    while (work_.counted() < work_.parts()) {
      if (ended_ || ended_early()) return false;
      if (workers) {
        step(*workers);
      } else {
        const std::size_t part = next_part();
        answered(part, work_.answer(work_.question(part)));
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
    if (journal_ != nullptr && !result->counts.too_long)
      journal_->append(std::to_string(part) + ' ' + answer);
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
      ended_ = counted == Counted::some || work_.tally().result().too_long ||
               (work_.counted() < work_.parts() && ended_early());
    }
    return true;
  }

  SharedWork& work_;
  const SharedSearchOptions& options_;
  Journal* journal_;
  bool ended_ = false;  ///< before everything was executed
  std::size_t next_ = 0;
  std::unordered_set<std::size_t> done_;
  std::map<std::size_t, std::deque<std::size_t>> asked_;  ///< by worker, the oldest first
};

}  // namespace

SearchResult search_shared(Program& program, const SharedSearchOptions& options) {
  const SearchOptions& search = options.search;
  if (options.jobs <= 1 && options.checkpoint.empty()) return sim::search(program, search);
  const auto turns = make_fiber_turns();
  Execution execution(program, *turns);
  std::unique_ptr<Journal> journal;
  if (!options.checkpoint.empty()) {
    journal = std::make_unique<Journal>(options.checkpoint, options.identity);
  }
  const std::unique_ptr<SharedWork> work = make_shared_work(execution, search);
  Conductor conductor(*work, options, journal.get());
  conductor.recall();
  const bool complete = conductor.run();
  SearchResult result = work->tally().result();
  result.complete = complete && search.strategy.finite();
  result.exhaustive = result.complete && search.strategy.covers_all();
  return result;
}

}  // namespace sim
