// SPDX-License-Identifier: BSD-2-Clause
#include "models/tcp.hpp"

#include <algorithm>
#include <utility>

#include "models/close_path.hpp"
#include "models/mutation.hpp"
#include "models/socket.hpp"
#include "models/socket_lock.hpp"
#include "models/tcp_reass.hpp"
#include "sim/base/assert.hpp"

namespace models {
namespace {

constexpr sim::Picoseconds kTick = sim::kMillisecond;  // hz = 1000

const NetCosts& costs(const Socket& so) { return so.so_rcv.costs(); }

/// The protocol's locks, which Linux's socket lock stands for.
void take(sim::KernelOps& k, const Socket& so, sim::Mutex& mutex, const sim::LockPoint& point) {
  if (!so.socket_lock.used) k.lock(mutex, point);
}

void drop(sim::KernelOps& k, const Socket& so, sim::Mutex& mutex) {
  if (!so.socket_lock.used) k.unlock(mutex);
}

/// The window that tcp_output would advertise now; sbspace is read without so_rcv.
std::int64_t receive_window(const Socket& so) {
  const Sockbuf& sb = so.so_rcv;
  const TcpCb& tp = so.tcb;
  std::int64_t window = std::max<std::int64_t>(sb.sbspace(), 0);
  // Avoid the silly window syndrome, and never shrink the window [S: tcp_output.c].
  if (window < sb.sb_hiwat / 4 && window < tp.options.maxseg) window = 0;
  return std::max(window, tp.rcv_adv - tp.rcv_nxt);
}

/// Brings an ACK on its way. Costs nothing by itself.
void emit_ack(Socket& so, sim::Picoseconds date, bool fin, bool rst) {
  TcpCb& tp = so.tcb;
  const std::int64_t window = receive_window(so);
  tp.rcv_adv = std::max(tp.rcv_adv, tp.rcv_nxt + window);
  tp.rxwin0_sent = window == 0;
  tp.delack = false;
  if (tp.rfbuf_tick < 0) tp.rfbuf_tick = date / kTick;
  if (tp.peer != nullptr) {
    tp.peer->ack_leaves({.ack = tp.rcv_nxt,
                         .window = window,
                         .sent_at = date,
                         .fin_received = tp.fin_received,
                         .fin = fin,
                         .rst = rst});
  }
}

/// tcp_output for a pure ACK, under tcpinp.
void output(sim::KernelOps& k, Socket& so, sim::Picoseconds cost_ps, bool fin = false,
            bool rst = false) {
  k.spend(sim::Work::protocol, cost_ps);
  k.access(so.so_rcv.memory, sim::Access::read);
  const sim::Picoseconds date = k.now();
  emit_ack(so, date, fin, rst);
}

void ack_now(sim::KernelOps& k, Socket& so) {
  ++so.tcb.stats.acks;
  output(k, so, costs(so).ack_output_ps);
}

/// The delayed ACK timer. The callout's own cost, and its locks, are left out: it fires ten times a
/// second. One timer stays armed and looks at the deadline when it fires, instead of one per pair
/// of segments.
void arm_delack(Socket& so, sim::Picoseconds date) {
  TcpCb& tp = so.tcb;
  tp.delack_timer = tp.shared->hardware->at(date, [&so] {
    TcpCb& cb = so.tcb;
    cb.delack_timer = 0;
    if (!cb.delack || cb.detached || cb.t_state == TcpState::closed) return;
    const sim::Picoseconds now = cb.shared->hardware->now();
    if (now < cb.delack_deadline) {
      arm_delack(so, cb.delack_deadline);
      return;
    }
    ++cb.stats.acks;
    ++cb.stats.delayed_ack_timeouts;
    emit_ack(so, now, false, false);
  });
}

/// DELAY_ACK: the first segment starts the timer, the second one is acknowledged at once.
void delay_ack(sim::KernelOps& k, Socket& so) {
  TcpCb& tp = so.tcb;
  if (!tp.options.delayed_ack || tp.delack || tp.rxwin0_sent) {
    ack_now(k, so);
    return;
  }
  tp.delack = true;
  tp.delack_deadline = k.now() + kDelayedAckTimeout;
  if (tp.delack_timer == 0) arm_delack(so, tp.delack_deadline);
}

/// Automatic sizing of the receive buffer [S: S73 tcp_input.c]: returns the new size,
/// or 0.
std::int64_t autosize(Socket& so, const Segment& seg) {
  TcpCb& tp = so.tcb;
  if (!tp.options.autosize || seg.ts_echo < 0 || tp.rfbuf_tick < 0) return 0;
  const std::int64_t echo = seg.ts_echo / kTick;
  if (echo <= tp.rfbuf_tick || echo - tp.rfbuf_tick >= 1000) {
    tp.rfbuf_cnt += seg.len;
    return 0;
  }
  std::int64_t size = 0;
  const std::int64_t hiwat = so.so_rcv.sb_hiwat;
  if (tp.rfbuf_cnt > hiwat / 8 * 7 && hiwat < tp.options.autosize_max) {
    size = std::min(hiwat + tp.options.autosize_increment, tp.options.autosize_max);
  }
  tp.rfbuf_tick = -1;
  tp.rfbuf_cnt = 0;
  return size;
}

/// Gives an unsequenced chain its place in the stream.
void number_chain(Mbuf* chain, std::int64_t offset) {
  for (Mbuf* m = chain; m != nullptr; m = m->m_next) {
    m->stream_offset = offset;
    offset += m->m_len;
  }
}

/// The one acquisition of so_rcv of a segment: append and wake up, or free. Under tcpinp.
void append(sim::KernelOps& k, Socket& so, Segment& seg, const sim::LockPoint& point,
            std::int64_t new_size) {
  TcpCb& tp = so.tcb;
  if (seg.seq == kUnsequenced) number_chain(seg.chain, tp.rcv_nxt);
  tp.rcv_nxt += seg.len;
  lock_buffer(k, so, point);
  if (so.so_rcv.cantrcvmore()) {
    tp.stats.discarded_bytes += seg.len;
    free_chain(k, so, std::exchange(seg.chain, nullptr));
  } else {
    if (new_size > so.so_rcv.sb_hiwat && !so.so_rcv.sbreserve(new_size))
      tp.options.autosize = false;
    if (SOCKBUFSIM_MUTATED(append_unlocked)) k.unlock(so.so_rcv.sb_mtx);
    so.so_rcv.sbappendstream(k, std::exchange(seg.chain, nullptr));
  }
  sorwakeup_locked(k, so);
}

/// Header prediction's conditions.
bool predicted(sim::KernelOps& k, const Socket& so, const Segment& seg) {
  const TcpCb& tp = so.tcb;
  k.access(so.so_rcv.memory, sim::Access::read);
  return tp.t_state == TcpState::established && !seg.fin && !seg.rst && seg.len > 0 &&
         (seg.seq == kUnsequenced || seg.seq == tp.rcv_nxt) && tp.reass.empty() &&
         (seg.len <= so.so_rcv.sbspace() || (seg.seq == kUnsequenced && so.so_rcv.cantrcvmore()));
}

/// Cuts away what has arrived before and what lies beyond the advertised window. Returns true when
/// the sender must hear of it at once.
bool trim_to_window(sim::KernelOps& k, Socket& so, Segment& seg) {
  TcpCb& tp = so.tcb;
  bool answer = false;
  if (seg.seq < tp.rcv_nxt) {
    const std::int64_t old = std::min<std::int64_t>(tp.rcv_nxt - seg.seq, seg.len);
    tp.stats.duplicate_bytes += old;
    trim_front(k, so, seg, old);
    answer = true;
  }
  const std::int64_t edge =
      std::max(tp.rcv_adv, tp.rcv_nxt + std::max<std::int64_t>(so.so_rcv.sbspace(), 0));
  if (seg.len > 0 && seg.seq + seg.len > edge) {
    const std::int64_t excess = std::min<std::int64_t>(seg.seq + seg.len - edge, seg.len);
    tp.stats.beyond_window_bytes += excess;
    trim_back(k, so, seg, excess);
    seg.fin = false;
    answer = true;
  }
  return answer;
}

/// The peer's FIN, once everything before it is here.
void take_fin(sim::KernelOps& k, Socket& so) {
  TcpCb& tp = so.tcb;
  if (tp.fin_received) return;
  tp.fin_received = true;
  socantrcvmore(k, so, points::kTcpFin);
  if (tp.t_state == TcpState::established) tp.t_state = TcpState::close_wait;
}

/// tcp_close: the connection is gone. Returns true when the socket has to be freed after the
/// unlock.
bool close_connection(sim::KernelOps& k, Socket& so) {
  so.tcb.t_state = TcpState::closed;
  so.tcb.delack = false;
  free_reassembly(k, so);
  return protocol_closed(k, so);
}

void process_data(sim::KernelOps& k, Socket& so, Segment& seg) {
  TcpCb& tp = so.tcb;
  if (seg.seq == kUnsequenced) {
    if (seg.len > so.so_rcv.sbspace() && !so.so_rcv.cantrcvmore()) {
      tp.stats.window_full_frames += seg.frames;
      tp.stats.window_full_bytes += seg.len;
      free_chain(k, so, std::exchange(seg.chain, nullptr));
      seg.len = 0;
    }
    if (seg.len > 0) {
      append(k, so, seg, points::kTcpInputSlow, 0);
      if (!seg.fin) delay_ack(k, so);
    }
    if (seg.fin) {
      take_fin(k, so);
      ack_now(k, so);
    }
    return;
  }

  const bool answer = trim_to_window(k, so, seg);
  const bool in_order = seg.seq == tp.rcv_nxt && tp.reass.empty();
  if (seg.len > 0 && in_order) {
    append(k, so, seg, points::kTcpInputSlow, 0);
    if (!seg.fin && !answer) {
      delay_ack(k, so);
      return;
    }
  } else if (seg.len > 0 || (seg.fin && seg.seq > tp.rcv_nxt)) {
    // A hole remains or is being filled: tcp_reass, and an ACK at once.
    if (seg.seq > tp.rcv_nxt) ++tp.stats.out_of_order;
    enqueue_reassembly(k, so, seg);
    while (!tp.reass.empty() && tp.reass.front().seq == tp.rcv_nxt) {
      Segment next = tp.reass.front();
      tp.reass.erase(tp.reass.begin());
      const InHand hand(&next.chain);
      if (next.len > 0) append(k, so, next, points::kTcpInputSlow, 0);
      if (next.fin) take_fin(k, so);
    }
    ack_now(k, so);
    return;
  }
  if (seg.fin && seg.seq <= tp.rcv_nxt) take_fin(k, so);
  ack_now(k, so);
}

/// Everything but header prediction; `tcp` and tcpinp are held. Returns true when the socket has to
/// be freed.
bool slow_path(sim::KernelOps& k, Socket& so, Segment& seg) {
  TcpCb& tp = so.tcb;
  if (seg.rst) {
    k.note("RST", "tcp");
    k.access(so.memory, sim::Access::write);
    so.so_error = Errno::econnreset;
    return close_connection(k, so);
  }
  k.access(so.memory, sim::Access::read);
  if ((so.so_state & kSsNofdref) != 0 && tp.t_state == TcpState::fin_wait && seg.len > 0) {
    k.note("data after close: RST", "tcp", seg.len);
    tp.stats.no_connection_frames += seg.frames;
    ++tp.stats.acks;
    output(k, so, costs(so).ack_output_ps, false, true);
    return close_connection(k, so);
  }
  process_data(k, so, seg);
  return false;
}

}  // namespace

void tcp_attach(Socket& so, TcpShared& shared, Peer* peer, const TcpOptions& options) {
  SIM_ASSERT(options.maxseg > 0, "a segment must carry data");
  TcpCb& tp = so.tcb;
  tp.shared = &shared;
  tp.peer = peer;
  tp.options = options;
  tp.rcv_adv = tp.rcv_nxt + std::max<std::int64_t>(so.so_rcv.sbspace(), 0);
  if (peer != nullptr) peer->connected(tp.rcv_adv);
}

void tcp_process(sim::KernelOps& k, Socket& so, Segment& seg) {
  TcpCb& tp = so.tcb;
  bool free_socket = false;
  if (tp.t_state == TcpState::closed) {
    ++tp.stats.slow_path;
    tp.stats.no_connection_frames += seg.frames;
  } else if (predicted(k, so, seg)) {
    ++tp.stats.fast_path;
    append(k, so, seg, points::kTcpInputFast, autosize(so, seg));
    delay_ack(k, so);
  } else {
    ++tp.stats.slow_path;
    free_socket = slow_path(k, so, seg);
  }
  free_chain(k, so, std::exchange(seg.chain, nullptr));
  if (free_socket) release_protocol_reference(k, so);
}

void tcp_input(sim::KernelOps& k, Socket& so, Segment seg) {
  TcpCb& tp = so.tcb;
  sim::Mutex& info = tp.shared->tcp;
  const sim::Picoseconds work = costs(so).tcp_input_ps;
  const sim::Picoseconds lookup = work / 4;
  const sim::Picoseconds headers = work / 2;
  ++tp.stats.segments;
  tp.stats.frames += seg.frames;

  if (so.socket_lock.used) {
    k.spend(sim::Work::protocol, work);
    return backlog_input(k, so, seg);
  }
  const InHand hand(&seg.chain);
  k.spend(sim::Work::protocol, headers);
  k.lock(info, points::kTcpInputInfo);
  k.spend(sim::Work::protocol, lookup);
  if (tp.detached) {
    ++tp.stats.slow_path;
    tp.stats.no_connection_frames += seg.frames;
    k.unlock(info);
    free_chain(k, so, std::exchange(seg.chain, nullptr));
    return;
  }
  k.lock(tp.t_inp, points::kTcpInputInp);
  k.spend(sim::Work::protocol, work - headers - lookup);

  bool free_socket = false;
  if (tp.t_state == TcpState::closed) {
    ++tp.stats.slow_path;
    tp.stats.no_connection_frames += seg.frames;
    k.unlock(info);
  } else if (predicted(k, so, seg)) {
    ++tp.stats.fast_path;
    k.unlock(info);
    const std::int64_t new_size = autosize(so, seg);
    append(k, so, seg, points::kTcpInputFast, new_size);
    delay_ack(k, so);
  } else {
    ++tp.stats.slow_path;
    free_socket = slow_path(k, so, seg);
    k.unlock(info);
  }
  k.unlock(tp.t_inp);
  if (SOCKBUFSIM_MUTATED(segment_leaked)) seg.chain = nullptr;
  free_chain(k, so, std::exchange(seg.chain, nullptr));
  if (free_socket) release_protocol_reference(k, so);
}

void tcp_usr_rcvd(sim::KernelOps& k, Socket& so) {
  TcpCb& tp = so.tcb;
  const bool takes_info = so.era == Era::y2006;
  if (takes_info) take(k, so, tp.shared->tcp, points::kTcpUsrRcvdInfo);
  take(k, so, tp.t_inp, points::kTcpUsrRcvd);
  if (takes_info) drop(k, so, tp.shared->tcp);
  k.spend(sim::Work::protocol, costs(so).pru_rcvd_ps);
  if (!tp.detached && tp.t_state != TcpState::closed && !tp.fin_received) {
    k.access(so.so_rcv.memory, sim::Access::read);
    const std::int64_t growth = receive_window(so) - (tp.rcv_adv - tp.rcv_nxt);
    if (growth >= 2 * std::int64_t{tp.options.maxseg} ||
        (growth > 0 && 2 * growth >= so.so_rcv.sb_hiwat)) {
      ++tp.stats.window_updates;
      output(k, so, costs(so).window_update_ps);
    }
  }
  drop(k, so, tp.t_inp);
}

void tcp_disconnect(sim::KernelOps& k, Socket& so) {
  TcpCb& tp = so.tcb;
  take(k, so, tp.shared->tcp, points::kTcpDisconnectInfo);
  take(k, so, tp.t_inp, points::kTcpDisconnectInp);
  if (tp.t_state != TcpState::closed && !tp.detached) {
    soisdisconnecting(k, so);
    disconnect_flush(k, so);
    if (tp.t_state != TcpState::fin_wait) {
      tp.t_state = TcpState::fin_wait;
      ++tp.stats.acks;
      output(k, so, costs(so).ack_output_ps, true);
    }
  }
  drop(k, so, tp.t_inp);
  drop(k, so, tp.shared->tcp);
}

void tcp_detach(sim::KernelOps& k, Socket& so) {
  TcpCb& tp = so.tcb;
  take(k, so, tp.shared->tcp, points::kTcpDetachInfo);
  take(k, so, tp.t_inp, points::kTcpDetachInp);
  tp.detached = true;
  tp.delack = false;
  free_reassembly(k, so);
  drop(k, so, tp.t_inp);
  k.destroy(tp.t_inp);
  drop(k, so, tp.shared->tcp);
}

void tcp_drain(Socket& so) {
  for (const Segment& seg : so.tcb.reass) so.so_rcv.pool().release_chain(seg.chain);
  so.tcb.reass.clear();
  SocketLock& lock = so.socket_lock;
  for (const Segment& seg : lock.backlog) so.so_rcv.pool().release_chain(seg.chain);
  for (; lock.batch_next < lock.batch.size(); ++lock.batch_next) {
    so.so_rcv.pool().release_chain(lock.batch[lock.batch_next].chain);
  }
  lock.backlog.clear();
  lock.batch.clear();
}

const Protocol kTcpProtocol{
    .rcvd = tcp_usr_rcvd, .disconnect = tcp_disconnect, .detach = tcp_detach};

}  // namespace models
