// SPDX-License-Identifier: BSD-2-Clause
#include "models/driver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sim/base/assert.hpp"

namespace models {
namespace {

/// The smallest buffer of the kernel's zones that holds `bytes`: MCLBYTES, MJUMPAGESIZE,
/// MJUM9BYTES, MJUM16BYTES [S: sys/param.h].
std::int32_t cluster_for(std::int32_t bytes) {
  constexpr std::array<std::int32_t, 4> kClusters = {kMclbytes, 4096, 9216, 16384};
  for (const std::int32_t size : kClusters) {
    if (bytes <= size) return size;
  }
  SIM_ASSERT(false, "no cluster is large enough for this frame");
  return 0;
}

}  // namespace

Driver::Driver(const Nic& nic, const NetCosts& costs, std::vector<Socket*> sockets,
               const std::vector<int>& socket_queue, std::vector<int> queue_cores, MbufPool& pool,
               sim::Hardware& hw)
    : spec_(nic),
      costs_(costs),
      sockets_(std::move(sockets)),
      pool_(&pool),
      hw_(&hw),
      nic_(nic, socket_queue, hw, [this](int queue) {
        const Queue& q = queues_[static_cast<std::size_t>(queue)];
        hw_->interrupt(q.core, costs_.interrupt_filter_ps, q.thread);
      }) {
  SIM_ASSERT(queue_cores.size() == static_cast<std::size_t>(nic.queues), "one core a queue");
  queues_.resize(queue_cores.size());
  for (std::size_t i = 0; i < queues_.size(); ++i) {
    queues_[i].core = queue_cores[i];
    if (nic.lro.enabled) queues_[i].lro.emplace(nic.lro, nic.mtu);
  }
}

void Driver::start() {
  for (std::size_t i = 0; i < queues_.size(); ++i) {
    const int queue = static_cast<int>(i);
    queues_[i].thread = hw_->spawn({.name = fmt::format("irq{}", queue),
                                    .priority = sim::kPriorityNet,
                                    .core = queues_[i].core,
                                    .daemon = true},
                                   [this, queue](sim::KernelOps& k) {
                                     for (;;) {
                                       k.await_interrupt();
                                       service(k, queue);
                                     }
                                   });
  }
  if (spec_.dispatch != Dispatch::netisr) return;
  netisr_thread_ = hw_->spawn({.name = "swi_net",
                               .priority = sim::kPrioritySoftNet,
                               .core = spec_.netisr_core.value_or(-1),
                               .daemon = true},
                              [this](sim::KernelOps& k) {
                                for (;;) {
                                  k.await_interrupt();
                                  service_netisr(k);
                                }
                              });
}

void Driver::service(sim::KernelOps& k, int queue) {
  k.spend(sim::Work::interrupt, costs_.interrupt_entry_ps);
  while (!pass(k, queue)) {
  }
  nic_.queue(queue).unmask();
}

/// One pass over the ring. Returns true when it left the ring empty.
bool Driver::pass(sim::KernelOps& k, int queue) {
  Queue& q = queues_[static_cast<std::size_t>(queue)];
  RxQueue& ring = nic_.queue(queue);
  ++stats_.passes;
  k.spend(sim::Work::interrupt, costs_.driver_interrupt_ps);
  for (int taken = 0; spec_.poll_budget == 0 || taken < spec_.poll_budget; ++taken) {
    k.now();  // the ring as it is at this date, not as it was before the pending work
    const std::optional<Frame> frame = ring.take();
    if (!frame) break;
    ++stats_.frames;
    const Segment segment = make_segment(k, *frame);
    if (!q.lro) {
      deliver(k, segment);
      continue;
    }
    k.spend(sim::Work::interrupt, costs_.lro_frame_ps);
    q.lro->offer(segment, q.up);
    deliver_all(k, q.up);
  }
  if (q.lro) {
    q.lro->flush(q.up);
    deliver_all(k, q.up);
  }
  k.now();
  return ring.empty();
}

/// Fills fresh mbufs with the frame's payload, evenly; the first holds the headers, too.
Segment Driver::make_segment(sim::KernelOps& k, const Frame& frame) {
  k.spend(sim::Work::interrupt, costs_.driver_frame_ps);
  Segment segment{.seq = frame.seq,
                  .len = frame.payload,
                  .socket = frame.socket,
                  .fin = frame.fin,
                  .rst = frame.rst,
                  .wire_at = frame.wire_at,
                  .ts_echo = frame.ts_echo};
  const std::int64_t pieces = std::min<std::int64_t>(spec_.mbufs_per_frame, frame.payload);
  const std::int32_t headers =
      kEthernetHeader + kIpTcpHeaders + (spec_.timestamps ? kTimestampOption : 0);
  Mbuf** link = &segment.chain;
  for (std::int64_t i = 0; i < pieces; ++i) {
    const auto begin = static_cast<std::int32_t>(frame.payload * i / pieces);
    const auto end = static_cast<std::int32_t>(frame.payload * (i + 1) / pieces);
    const std::int32_t before = i == 0 ? headers : 0;
    Mbuf* m = pool_->alloc(cluster_for(before + end - begin));
    m->m_len = end - begin;
    m->data_start = before;
    m->stream_offset = frame.seq == kUnsequenced ? begin : frame.seq + begin;
    m->wire_at = frame.wire_at;
    m->cached = CachedBytes{};  // DMA wrote it: in no core's cache, whoever had the memory before
    k.touch(m->header, sim::Work::interrupt);
    *link = m;
    link = &m->m_next;
  }
  return segment;
}

void Driver::deliver(sim::KernelOps& k, Segment segment) {
  ++stats_.segments;
  if (spec_.dispatch == Dispatch::direct) {
    input(k, segment);
    return;
  }
  const InHand hand(&segment.chain);
  k.spend(sim::Work::interrupt, costs_.netisr_queue_ps / 2);
  k.now();
  if (netisr_.size() >= static_cast<std::size_t>(spec_.netisr_queue_limit)) {
    stats_.netisr_dropped_frames += segment.frames;
    stats_.netisr_dropped_bytes += segment.len;
    m_freem(k, *pool_, costs_, std::exchange(segment.chain, nullptr), sim::Work::interrupt);
    return;
  }
  netisr_.push_back(segment);
  segment.chain = nullptr;
  stats_.netisr_peak = std::max(stats_.netisr_peak, static_cast<std::int64_t>(netisr_.size()));
  show_netisr_queue();
  hw_->schedule(netisr_thread_);
}

/// Empties `up`. A segment leaves it before it goes, so that its mbufs have one owner.
void Driver::deliver_all(sim::KernelOps& k, std::vector<Segment>& up) {
  for (Segment& next : up) {
    const Segment segment = next;
    next.chain = nullptr;
    deliver(k, segment);
  }
  up.clear();
}

void Driver::show_netisr_queue() {
  if (hw_->records_timeline()) {
    hw_->counter("netisr queue", static_cast<std::int64_t>(netisr_.size()));
  }
}

void Driver::service_netisr(sim::KernelOps& k) {
  for (;;) {
    k.now();
    if (netisr_.empty()) return;
    const Segment segment = netisr_.front();
    netisr_.pop_front();
    show_netisr_queue();
    k.spend(sim::Work::protocol, costs_.netisr_queue_ps - costs_.netisr_queue_ps / 2);
    input(k, segment);
  }
}

void Driver::input(sim::KernelOps& k, Segment segment) {
  k.spend(sim::Work::protocol, costs_.ip_input_ps);
  tcp_input(k, *sockets_[static_cast<std::size_t>(segment.socket)], segment);
}

std::int64_t Driver::lro_frames_merged() const {
  std::int64_t sum = 0;
  for (const Queue& q : queues_) sum += q.lro ? q.lro->frames_merged() : 0;
  return sum;
}

void Driver::reset_stats() {
  stats_ = DriverStats{};
  nic_.reset_stats();
  for (Queue& q : queues_) {
    if (q.lro) q.lro->reset_stats();
  }
}

void Driver::claim_mbufs() const {
  for (const Queue& q : queues_) {
    if (q.lro) q.lro->for_each_chain(MbufPool::claim);
    for (const Segment& segment : q.up) MbufPool::claim(segment.chain);
  }
  for (const Segment& segment : netisr_) MbufPool::claim(segment.chain);
}

void Driver::drain() {
  for (const Segment& segment : netisr_) pool_->release_chain(segment.chain);
  netisr_.clear();
}

}  // namespace models
