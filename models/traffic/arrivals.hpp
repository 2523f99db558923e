// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/frame.hpp"
#include "models/scenario/scenario.hpp"
#include "models/traffic/traffic.hpp"
#include "sim/base/distribution.hpp"
#include "sim/base/random.hpp"

/// When frames of open-loop traffic arrive.
namespace models {

/// A sequence of arrivals. Dates never decrease.
class Arrivals {
 public:
  struct Arrival {
    sim::Picoseconds at = 0;  ///< last byte off the wire
    std::int32_t payload = 0;
  };
  Arrivals() = default;
  Arrivals(const Arrivals&) = delete;
  Arrivals& operator=(const Arrivals&) = delete;
  virtual ~Arrivals() = default;
  /// Nothing: there are no more.
  virtual std::optional<Arrival> next() = 0;
};

/// Constant spacing: rate_pps, never closer than the wire allows. The n-th date is computed from
/// the first, so that rounding does not add up. With randomise_phase the first is uniform in one
/// period.
class SteadyArrivals : public Arrivals {
 public:
  SteadyArrivals(const Traffic& traffic, const Wire& wire, std::int32_t payload,
                 sim::Stream stream);
  std::optional<Arrival> next() override;

 private:
  std::int32_t payload_;
  sim::Picoseconds start_;
  double period_ps_;
  std::int64_t count_ = 0;
};

/// Exponential gaps of mean 1/rate_pps. Not held back by the wire: two frames may come closer than
/// a wire can carry them, as the closed forms of queueing theory assume.
class PoissonArrivals : public Arrivals {
 public:
  PoissonArrivals(const Traffic& traffic, std::int32_t payload, sim::Stream stream);
  std::optional<Arrival> next() override;

 private:
  std::int32_t payload_;
  sim::Picoseconds at_;
  double mean_gap_ps_;
  sim::Stream stream_;
};

/// Bursts at wire spacing (or rate_pps when slower), for a time or a number of frames, then
/// silence. A burst has at least one frame. The silence runs from the end of the burst's time, or
/// from its last frame.
class BurstArrivals : public Arrivals {
 public:
  BurstArrivals(const Traffic& traffic, const Wire& wire, std::int32_t payload, sim::Stream stream);
  std::optional<Arrival> next() override;

 private:
  void begin_burst(double start_ps);

  std::int32_t payload_;
  double spacing_ps_;
  std::optional<sim::Distribution> on_us_;
  std::optional<sim::Distribution> burst_frames_;
  sim::Distribution off_us_;
  sim::Stream stream_;
  double burst_start_ps_ = 0.0;
  double burst_end_ps_ = 0.0;
  std::int64_t frames_in_burst_ = 0;
  std::int64_t index_ = 0;
};

}  // namespace models
