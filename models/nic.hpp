// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/frame.hpp"
#include "models/moderation.hpp"
#include "models/scenario/scenario.hpp"
#include "sim/machine/hardware.hpp"
#include "sim/observe/histogram.hpp"

namespace models {

/// Counters of one receive queue since the last reset.
struct NicStats {
  std::int64_t frames_received = 0;  ///< got a descriptor
  std::int64_t frames_dropped = 0;   ///< found none: the ring overflowed
  std::int64_t bytes_dropped = 0;    ///< payload of those
  std::int64_t frames_taken = 0;     ///< by the driver
  std::int64_t interrupts = 0;
  std::int64_t frames_moderated = 0;  ///< waited for an interrupt (the others met a polling driver)
  sim::Histogram
      moderation_delay;        ///< of those: from the descriptor in memory to the interrupt, in ps
  std::int64_t peak_fill = 0;  ///< most descriptors in use

  /// Adds the other queue's counters up.
  void merge(const NicStats& other);
};

/// A receive ring with its interrupt.
///
/// A frame takes a descriptor when its last byte is off the wire, is visible after dma_latency, and
/// gives the descriptor back when the driver takes it (take and refill are one step). The
/// interrupt's filter masks further ones; the driver polls until the ring is empty and unmasks.
/// Frames that wait then are subject to moderation as if they had come unmasked: nothing gets lost
/// in between.
class RxQueue {
 public:
  /// `raise` delivers the interrupt; it is called with the queue masked.
  RxQueue(const Nic& nic, int index, sim::Hardware& hw, std::function<void()> raise);

  void frame_arrives(const Frame& frame);

  /// The driver takes the oldest visible frame.
  std::optional<Frame> take();
  bool empty() const { return ready_.empty(); }
  /// The driver is done. Frames that came since the last take() raise the interrupt again,
  /// moderated.
  void unmask();

  /// Descriptors in use.
  std::int64_t fill() const { return static_cast<std::int64_t>(in_dma_.size() + ready_.size()); }
  const Moderator& moderator() const { return moderator_; }
  const NicStats& stats() const { return stats_; }
  /// Starts counting anew; frames in the ring stay.
  void reset_stats();

 private:
  void descriptor_written();
  void make_ready(const Frame& frame);
  void consider_interrupt();
  void raise_interrupt();
  void show_fill();

  sim::Hardware* hw_;
  std::string counter_;  ///< name on the timeline
  std::function<void()> raise_;
  Moderator moderator_;
  std::size_t ring_;
  std::int32_t header_bytes_;  ///< of a frame, with Ethernet's, without CRC
  sim::Picoseconds dma_latency_;
  std::deque<Frame> in_dma_;
  std::deque<Frame> ready_;
  bool masked_ = false;
  sim::TimerId timer_ = 0;
  sim::Picoseconds timer_date_ = 0;
  NicStats stats_;
};

/// The adapter: spreads frames over its queues by connection.
class NicDevice : public FrameSink {
 public:
  /// `socket_queue`: the queue of each socket. `raise(queue)` delivers a queue's interrupt.
  NicDevice(const Nic& nic, std::vector<int> socket_queue, sim::Hardware& hw,
            const std::function<void(int queue)>& raise);

  void frame_arrives(const Frame& frame) override;

  RxQueue& queue(int index) { return *queues_[static_cast<std::size_t>(index)]; }
  const RxQueue& queue(int index) const { return *queues_[static_cast<std::size_t>(index)]; }
  /// Sum over the queues.
  NicStats stats() const;
  void reset_stats();

 private:
  std::vector<int> socket_queue_;
  std::vector<std::unique_ptr<RxQueue>> queues_;
};

/// The queue of every socket: the one its scenario names, else its number modulo the queues.
/// `sockets` are replicated by their `count`.
std::vector<int> queues_of_sockets(const std::vector<SocketSpec>& sockets, int queues);

/// The core of each queue's interrupt: `queue_cores`, else interrupt_core and those after it,
/// modulo `cores`.
std::vector<int> cores_of_queues(const Nic& nic, int cores);

}  // namespace models
