// SPDX-License-Identifier: BSD-2-Clause
#include "models/traffic/arrivals.hpp"

#include <algorithm>
#include <utility>

#include "sim/base/assert.hpp"

namespace models {
namespace {

constexpr double kPsPerSecond = 1e12;

double spacing_ps(const Traffic& traffic, const Wire& wire, std::int32_t payload) {
  const auto wire_ps = static_cast<double>(wire.frame_ps(payload));
  return traffic.rate_pps ? std::max(wire_ps, kPsPerSecond / *traffic.rate_pps) : wire_ps;
}

}  // namespace

SteadyArrivals::SteadyArrivals(const Traffic& traffic, const Wire& wire, std::int32_t payload,
                               sim::Stream stream)
    : payload_(payload),
      start_(sim::from_us(traffic.start_us)),
      period_ps_(spacing_ps(traffic, wire, payload)) {
  if (traffic.randomise_phase) start_ += sim::round_to_ps(stream.uniform(0.0, period_ps_));
}

std::optional<Arrivals::Arrival> SteadyArrivals::next() {
  ++count_;
  return Arrival{start_ + sim::round_to_ps(static_cast<double>(count_) * period_ps_), payload_};
}

PoissonArrivals::PoissonArrivals(const Traffic& traffic, std::int32_t payload, sim::Stream stream)
    : payload_(payload), at_(sim::from_us(traffic.start_us)), mean_gap_ps_(0.0), stream_(stream) {
  SIM_ASSERT(traffic.rate_pps.has_value(), "poisson traffic needs rate_pps");
  mean_gap_ps_ = kPsPerSecond / *traffic.rate_pps;
}

std::optional<Arrivals::Arrival> PoissonArrivals::next() {
  at_ += sim::round_to_ps(stream_.exponential(mean_gap_ps_));
  return Arrival{at_, payload_};
}

BurstArrivals::BurstArrivals(const Traffic& traffic, const Wire& wire, std::int32_t payload,
                             sim::Stream stream)
    : payload_(payload),
      spacing_ps_(spacing_ps(traffic, wire, payload)),
      off_us_(traffic.off_us.compile()),
      stream_(stream) {
  if (traffic.on_us) on_us_ = traffic.on_us->compile();
  if (traffic.burst_frames) burst_frames_ = traffic.burst_frames->compile();
  SIM_ASSERT(on_us_ || burst_frames_, "a burst needs a length");
  auto start = static_cast<double>(sim::from_us(traffic.start_us));
  if (traffic.randomise_phase) start += stream_.uniform(0.0, spacing_ps_);
  begin_burst(start);
}

void BurstArrivals::begin_burst(double start_ps) {
  burst_start_ps_ = start_ps;
  index_ = 0;
  if (burst_frames_) {
    // round_to_ps rounds any number to the nearest integer.
    frames_in_burst_ = std::max<std::int64_t>(1, sim::round_to_ps(burst_frames_->sample(stream_)));
    burst_end_ps_ = start_ps + static_cast<double>(frames_in_burst_) * spacing_ps_;
  } else {
    const double on_ps = on_us_->sample(stream_) * static_cast<double>(sim::kMicrosecond);
    frames_in_burst_ = std::max<std::int64_t>(1, static_cast<std::int64_t>(on_ps / spacing_ps_));
    burst_end_ps_ = start_ps + std::max(on_ps, static_cast<double>(frames_in_burst_) * spacing_ps_);
  }
}

std::optional<Arrivals::Arrival> BurstArrivals::next() {
  if (index_ == frames_in_burst_) {
    begin_burst(burst_end_ps_ + off_us_.sample(stream_) * static_cast<double>(sim::kMicrosecond));
  }
  ++index_;
  return Arrival{sim::round_to_ps(burst_start_ps_ + static_cast<double>(index_) * spacing_ps_),
                 payload_};
}

}  // namespace models
