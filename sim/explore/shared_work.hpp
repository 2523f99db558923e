// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "sim/explore/part.hpp"
#include "sim/explore/search.hpp"
#include "sim/explore/tally.hpp"

namespace sim {

/// What became of an attempt to count a part's result.
enum class Counted : std::uint8_t {
  nothing,  ///< it has not come in
  one,
  some,   ///< of its interleavings, as many as were left of those to be counted: the last ones
  misfit  ///< it cannot be that part's
};

/// A search in numbered parts, of which more may appear while results come in. Parts may be
/// executed anywhere and in any order; their results count in the order of the numbers, so that
/// neither the parts, nor the totals, nor the first violations depend on who executes what and
/// when.
class SharedWork {
 public:
  virtual ~SharedWork() = default;

  /// Parts have numbers from 0. Grows while results come in.
  virtual std::size_t parts() const = 0;
  /// What answer() wants to know about a part whose result does not count yet.
  virtual std::string question(std::size_t part) const = 0;
  /// Executes a part: encode(PartResult). Of the question alone, so that any process can do it.
  virtual std::string answer(std::string_view question) = 0;

  /// Takes a part's result. False: it has been handed in before, or there is no such part.
  bool hand_in(std::size_t part, PartResult result);
  /// Counts the result of the next part, when that has been handed in.
  Counted count_next();
  /// How many results count so far: those of the parts 0 .. counted() - 1.
  std::size_t counted() const { return counted_; }
  const Tally& tally() const { return tally_; }

 protected:
  /// Interleavings beyond `most` are not counted.
  explicit SharedWork(std::uint64_t most) : most_(most) {}

 private:
  /// Makes the parts that the result asks for; the part itself will not be asked for any more.
  /// False: it cannot be that part's.
  virtual bool accept(std::size_t part, const PartResult& result) = 0;
  /// The first `most` interleavings of a part.
  virtual PartResult beginning(std::size_t part, std::uint64_t most) = 0;

  void add(const PartResult& result);

  std::uint64_t most_;
  std::map<std::size_t, PartResult> early_;  ///< came in before those of smaller numbers
  std::size_t counted_ = 0;
  Tally tally_;
};

/// The search that `options` describe, in parts. Both arguments outlive it.
std::unique_ptr<SharedWork> make_shared_work(Execution& execution, const SearchOptions& options);

}  // namespace sim
