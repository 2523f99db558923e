// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "models/costs.hpp"
#include "models/lro.hpp"
#include "models/mbuf.hpp"
#include "models/nic.hpp"
#include "models/scenario/scenario.hpp"
#include "models/socket.hpp"
#include "sim/machine/hardware.hpp"
#include "sim/machine/kernel_ops.hpp"

namespace models {

/// Counters of the driver and the netisr queue since the last reset.
struct DriverStats {
  std::int64_t passes = 0;                 ///< of the driver over a ring
  std::int64_t frames = 0;                 ///< taken from the rings
  std::int64_t segments = 0;               ///< handed to IP: frames, or LRO aggregates
  std::int64_t netisr_dropped_frames = 0;  ///< the netisr queue was full, after the driver's work
  std::int64_t netisr_dropped_bytes = 0;   ///< payload of those
  std::int64_t netisr_peak = 0;            ///< longest netisr queue
};

/// The way from a ring to TCP: one interrupt thread a queue, LRO, and either direct dispatch (the
/// interrupt thread runs IP and TCP) or the netisr queue and the swi_net thread.
///
/// An interrupt thread polls its ring until it is empty and unmasks the queue's interrupt. With a
/// poll budget it goes through its loop again after so many frames (and pays driver_interrupt_ps
/// again).
class Driver {
 public:
  /// `sockets` by index; `queue_cores`: one core a queue. Everything must outlive the run, and the
  /// driver.
  Driver(const Nic& nic, const NetCosts& costs, std::vector<Socket*> sockets,
         const std::vector<int>& socket_queue, std::vector<int> queue_cores, MbufPool& pool,
         sim::Hardware& hw);
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  /// Creates the threads: irq<queue>, and swi_net with netisr dispatch. Once, before frames arrive.
  void start();

  /// The adapter that it drives: where frames arrive.
  NicDevice& nic() { return nic_; }

  /// One interrupt's worth of an interrupt thread: polls until the ring is empty, then unmasks.
  void service(sim::KernelOps& k, int queue);
  /// The swi_net thread's work: drains the netisr queue.
  void service_netisr(sim::KernelOps& k);

  const DriverStats& stats() const { return stats_; }
  /// Frames that LRO merged into aggregates, since the last reset.
  std::int64_t lro_frames_merged() const;
  void reset_stats();
  /// At the end of a run: claims the mbufs that LRO has, that are on their way up from there, and
  /// that are in the netisr queue. Frames in a ring have none yet.
  void claim_mbufs() const;
  /// Gives those in the netisr queue back.
  void drain();

 private:
  struct Queue {
    int core = 0;
    sim::ThreadId thread = 0;
    std::optional<LroEngine> lro;
    std::vector<Segment> up;  ///< out of LRO, each until it is delivered; kept for its memory
  };

  bool pass(sim::KernelOps& k, int queue);
  Segment make_segment(sim::KernelOps& k, const Frame& frame);
  void deliver(sim::KernelOps& k, Segment segment);
  void deliver_all(sim::KernelOps& k, std::vector<Segment>& up);
  void input(sim::KernelOps& k, Segment segment);
  void show_netisr_queue();

  Nic spec_;
  NetCosts costs_;
  std::vector<Socket*> sockets_;
  MbufPool* pool_;
  sim::Hardware* hw_;
  std::vector<Queue> queues_;
  std::deque<Segment> netisr_;
  sim::ThreadId netisr_thread_ = 0;
  NicDevice nic_;
  DriverStats stats_;
};

}  // namespace models
