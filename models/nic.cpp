// SPDX-License-Identifier: BSD-2-Clause
#include "models/nic.hpp"

#include <algorithm>
#include <utility>

#include "sim/base/assert.hpp"

namespace models {

void NicStats::merge(const NicStats& other) {
  frames_received += other.frames_received;
  frames_dropped += other.frames_dropped;
  bytes_dropped += other.bytes_dropped;
  frames_taken += other.frames_taken;
  interrupts += other.interrupts;
  frames_moderated += other.frames_moderated;
  moderation_delay.merge(other.moderation_delay);
  peak_fill = std::max(peak_fill, other.peak_fill);
}

RxQueue::RxQueue(const Nic& nic, int index, sim::Hardware& hw, std::function<void()> raise)
    : hw_(&hw),
      counter_("rx ring " + std::to_string(index)),
      raise_(std::move(raise)),
      moderator_(nic.coalesce, nic.rx_ring),
      ring_(static_cast<std::size_t>(nic.rx_ring)),
      header_bytes_(kEthernetHeader + kIpTcpHeaders + (nic.timestamps ? kTimestampOption : 0)),
      dma_latency_(sim::from_ns(nic.dma_latency_ns)) {
  SIM_ASSERT(nic.rx_ring > 0, "a ring needs a descriptor");
}

void RxQueue::frame_arrives(const Frame& frame) {
  if (in_dma_.size() + ready_.size() >= ring_) {
    ++stats_.frames_dropped;
    stats_.bytes_dropped += frame.payload;
    return;
  }
  ++stats_.frames_received;
  if (dma_latency_ == 0) {
    make_ready(frame);
  } else {
    in_dma_.push_back(frame);
    hw_->at(hw_->now() + dma_latency_, [this] { descriptor_written(); });
  }
  stats_.peak_fill = std::max(stats_.peak_fill, fill());
  show_fill();
}

void RxQueue::descriptor_written() {
  const Frame frame = in_dma_.front();
  in_dma_.pop_front();
  make_ready(frame);
}

void RxQueue::make_ready(const Frame& frame) {
  ready_.push_back(frame);
  ready_.back().ready_at = hw_->now();
  if (!masked_) consider_interrupt();
}

void RxQueue::show_fill() {
  if (hw_->records_timeline()) hw_->counter(counter_.c_str(), fill());
}

void RxQueue::consider_interrupt() {
  const auto due = moderator_.due(ready_.front().ready_at, static_cast<int>(ready_.size()));
  if (!due) return;
  if (*due <= hw_->now()) {
    raise_interrupt();
    return;
  }
  if (timer_ != 0) {
    if (timer_date_ == *due) return;
    hw_->cancel(timer_);
  }
  timer_date_ = *due;
  timer_ = hw_->at(*due, [this] {
    timer_ = 0;
    raise_interrupt();
  });
}

void RxQueue::raise_interrupt() {
  if (timer_ != 0) {
    hw_->cancel(timer_);
    timer_ = 0;
  }
  const sim::Picoseconds now = hw_->now();
  for (const Frame& frame : ready_) stats_.moderation_delay.add(now - frame.ready_at);
  stats_.frames_moderated += static_cast<std::int64_t>(ready_.size());
  ++stats_.interrupts;
  masked_ = true;
  moderator_.interrupted(now);
  raise_();
}

std::optional<Frame> RxQueue::take() {
  if (ready_.empty()) return std::nullopt;
  const Frame frame = ready_.front();
  ready_.pop_front();
  ++stats_.frames_taken;
  moderator_.frame_serviced(frame.payload + header_bytes_);
  show_fill();
  return frame;
}

void RxQueue::unmask() {
  SIM_ASSERT(masked_, "unmask of an unmasked queue");
  masked_ = false;
  if (!ready_.empty()) consider_interrupt();
}

void RxQueue::reset_stats() {
  stats_ = NicStats{};
  stats_.peak_fill = fill();
}

NicDevice::NicDevice(const Nic& nic, std::vector<int> socket_queue, sim::Hardware& hw,
                     const std::function<void(int queue)>& raise)
    : socket_queue_(std::move(socket_queue)) {
  for (const int queue : socket_queue_) {
    SIM_ASSERT(queue >= 0 && queue < nic.queues, "a socket's queue does not exist");
  }
  for (int i = 0; i < nic.queues; ++i) {
    queues_.push_back(std::make_unique<RxQueue>(nic, i, hw, [raise, i] { raise(i); }));
  }
}

void NicDevice::frame_arrives(const Frame& frame) {
  const auto socket = static_cast<std::size_t>(frame.socket);
  SIM_ASSERT(socket < socket_queue_.size(), "frame for an unknown connection");
  queue(socket_queue_[socket]).frame_arrives(frame);
}

NicStats NicDevice::stats() const {
  NicStats sum;
  for (const auto& q : queues_) sum.merge(q->stats());
  return sum;
}

void NicDevice::reset_stats() {
  for (const auto& q : queues_) q->reset_stats();
}

std::vector<int> queues_of_sockets(const std::vector<SocketSpec>& sockets, int queues) {
  std::vector<int> result;
  for (const SocketSpec& spec : sockets) {
    for (int i = 0; i < spec.count; ++i) {
      const int number = static_cast<int>(result.size());
      result.push_back(spec.queue.value_or(number % queues));
    }
  }
  return result;
}

std::vector<int> cores_of_queues(const Nic& nic, int cores) {
  std::vector<int> result = nic.queue_cores;
  for (int i = static_cast<int>(result.size()); i < nic.queues; ++i) {
    result.push_back((nic.interrupt_core + i) % cores);
  }
  return result;
}

}  // namespace models
