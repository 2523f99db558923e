// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>

#include "models/scenario/scenario.hpp"
#include "sim/base/time.hpp"

namespace models {

/// Decides when a receive queue raises its interrupt. A pure state machine: dates come from the
/// caller.
///
/// With instant service (docs/model.md, The NIC), Poisson arrivals of rate l and delay T:
///  - none: every frame.
///  - timer (mxge intr_coal_delay): T after the first frame since the last service. Rate l/(1+lT).
///  - throttle (ITR/EITR): at once, but never less than T after the last one. Rate 1/(T+e^(-lT)/l).
///  - count: with the n-th frame, or T after the first (T = 0: no such guard). Rate l/n.
///  - adaptive: a throttle whose T follows the mean frame size: ixgbe's AIM [S: ixgbe].
///  With
///    x = min(mean bytes of a frame without CRC + 24, 3000), the register is x/3 for 300 < x <
///    1200, else x/2, of which bits 3..11 count [K], in units of 0.25 us [C: 4e6/128 = 31,250/s];
///    kept within min_delay_us and max_delay_us. What one interrupt computes, the next one writes
///    to the register, so that it rules the gap after that; it starts at the default of 32 us.
class Moderator {
 public:
  /// `rx_ring`: a count beyond the ring's size could never be reached and is lowered to it.
  Moderator(const Coalesce& coalesce, int rx_ring);

  /// When the interrupt is due, given that `waiting` (>= 1) frames wait, the first of them since
  /// `oldest_ready_at`. May lie in the past; nothing when more frames must come first.
  std::optional<sim::Picoseconds> due(sim::Picoseconds oldest_ready_at, int waiting) const;

  /// The interrupt was raised at `now`.
  void interrupted(sim::Picoseconds now);

  /// The driver took a frame of `bytes` (without CRC): what AIM averages.
  void frame_serviced(std::int32_t bytes);

  /// The least distance of two interrupts in force (throttle, adaptive), else 0.
  sim::Picoseconds gap() const { return gap_; }

 private:
  void adapt();

  CoalesceKind kind_;
  sim::Picoseconds delay_;
  int frames_;
  sim::Picoseconds min_gap_;
  sim::Picoseconds max_gap_;
  sim::Picoseconds gap_ = 0;
  sim::Picoseconds next_gap_ = 0;  ///< adaptive: computed, not yet written; 0: none
  std::optional<sim::Picoseconds> last_;
  std::int64_t bytes_ = 0;  ///< adaptive: since the last interrupt
  std::int64_t packets_ = 0;
};

/// ixgbe's AIM register for a mean frame of `mean_bytes` (without CRC), as a delay, before limits.
sim::Picoseconds adaptive_gap(std::int64_t mean_bytes);

}  // namespace models
