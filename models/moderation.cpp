// SPDX-License-Identifier: BSD-2-Clause
#include "models/moderation.hpp"

#include <algorithm>

namespace models {
namespace {

constexpr sim::Picoseconds kRegisterUnit = sim::kMicrosecond / 4;
constexpr std::int64_t kRegisterMask = 0xff8;
constexpr std::int64_t kRegisterDefault = 128;

}  // namespace

sim::Picoseconds adaptive_gap(std::int64_t mean_bytes) {
  const std::int64_t x = std::min<std::int64_t>(mean_bytes + 24, 3000);
  const std::int64_t itr = x > 300 && x < 1200 ? x / 3 : x / 2;
  return (itr & kRegisterMask) * kRegisterUnit;
}

Moderator::Moderator(const Coalesce& coalesce, int rx_ring)
    : kind_(coalesce.kind),
      delay_(sim::from_us(coalesce.delay_us)),
      frames_(std::min(coalesce.frames, rx_ring)),
      min_gap_(sim::from_us(coalesce.min_delay_us)),
      max_gap_(sim::from_us(coalesce.max_delay_us)) {
  if (kind_ == CoalesceKind::throttle) gap_ = delay_;
  if (kind_ == CoalesceKind::adaptive) {
    gap_ = std::max(min_gap_, std::min(max_gap_, kRegisterDefault * kRegisterUnit));
  }
}

std::optional<sim::Picoseconds> Moderator::due(sim::Picoseconds oldest_ready_at,
                                               int waiting) const {
  switch (kind_) {
    case CoalesceKind::none:
      return oldest_ready_at;
    case CoalesceKind::timer:
      return oldest_ready_at + delay_;
    case CoalesceKind::throttle:
    case CoalesceKind::adaptive:
      return last_ ? std::max(oldest_ready_at, *last_ + gap_) : oldest_ready_at;
    case CoalesceKind::count:
      if (waiting >= frames_) return oldest_ready_at;
      if (delay_ > 0) return oldest_ready_at + delay_;
      return std::nullopt;
  }
  return oldest_ready_at;
}

void Moderator::interrupted(sim::Picoseconds now) {
  last_ = now;
  if (kind_ == CoalesceKind::adaptive) adapt();
}

void Moderator::adapt() {
  if (next_gap_ > 0) gap_ = next_gap_;
  if (packets_ > 0) {
    next_gap_ = std::max(min_gap_, std::min(max_gap_, adaptive_gap(bytes_ / packets_)));
  }
  bytes_ = 0;
  packets_ = 0;
}

void Moderator::frame_serviced(std::int32_t bytes) {
  bytes_ += bytes;
  ++packets_;
}

}  // namespace models
