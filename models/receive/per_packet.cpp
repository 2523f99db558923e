// SPDX-License-Identifier: BSD-2-Clause

/// The receive routine of a TCP offload driver of 2007, t3_soreceive: packet by packet.
///
/// Source: FreeBSD 7.3, sys/dev/cxgb/ulp/tom/cxgb_cpl_socket.c (read in source; own words).
/// Locking: sblock for the whole call. so_rcv is dropped around the copy of every packet (the chain
/// of one segment), which stays in the buffer, and is freed under so_rcv afterwards: with p packets
/// a call takes so_rcv p + 1 times, and once more for every window credit, which is sent when a
/// quarter of sb_hiwat was consumed and at the end. After each copy the state is looked at again: a
/// buffer that was flushed meanwhile ends the call with EAGAIN, or with what it has already.
/// EFAULT: the packet stays. MSG_PEEK shows one packet at most.
#include <algorithm>

#include "models/mutation.hpp"
#include "models/receive/common.hpp"

namespace models::receive {
namespace {

/// Bytes of the packet at the head of the buffer.
std::int64_t head_packet(const Sockbuf& sb) {
  std::int64_t len = 0;
  for (const Mbuf* m = sb.sb_mb; m != nullptr; m = m->m_next) {
    if (m->packet_head && m != sb.sb_mb) break;
    len += m->m_len;
  }
  return len;
}

class PacketReceive : Call {
 public:
  using Call::Call;

  ReceiveResult run() {
    if (const Errno error = enter(k_, so_, flags_, points::kPacketEntry); error != Errno::ok) {
      return {error, 0, 0};
    }
    for (;;) {
      const Decision decision = wait_for_stream();
      if (decision.step == Step::done) return leave_and_end(decision.error);
      const Errno error = deliver();
      if (error == Errno::ewouldblock && removed_ > 0) {  // recv(2) makes a short count of it
        uio_.keep_first(removed_);
        return leave_and_end(Errno::ok);
      }
      if (error != Errno::ok) return leave_and_end(error);
      if (flags_.peek || !flags_.waitall || uio_.resid == 0) return leave_and_end(Errno::ok);
    }
  }

 private:
  Errno deliver() {
    while (uio_.resid > 0 && sb_.sb_mb != nullptr) {
      const std::int64_t len = std::min(uio_.resid, head_packet(sb_));
      const std::uint32_t flushes = sb_.flushes;
      k_.unlock(sb_.sb_mtx);
      const Errno error = copy_in_place(k_, so_, uio_, len, troubles_);
      k_.lock(sb_.sb_mtx, points::kPacketAfterCopy);
      if (error != Errno::ok || flags_.peek) return error;
      if (sb_.flushes != flushes) return Errno::ewouldblock;
      if (SOCKBUFSIM_MUTATED(drop_unlocked)) k_.unlock(sb_.sb_mtx);
      sb_.sbdrop(k_, len);
      sb_.counters.in_call += len;
      removed_ += len;
      credits_ += len;
      if (credits_ >= sb_.sb_hiwat / 4) send_credits();
    }
    if (credits_ > 0) send_credits();
    return Errno::ok;
  }

  void send_credits() {
    credits_ = 0;
    k_.unlock(sb_.sb_mtx);
    so_.proto->rcvd(k_, so_);
    k_.lock(sb_.sb_mtx, points::kPacketAfterRcvd);
  }

  std::int64_t credits_ = 0;  ///< consumed since the last window credit
};

ReceiveResult soreceive_packets(sim::KernelOps& k, Socket& so, Uio& uio, ReceiveFlags flags,
                                const ReceiveContext& context) {
  return PacketReceive(k, so, uio, flags, context).run();
}

}  // namespace

const ReceiveAlgorithm kPerPacket = {
    .name = "per_packet",
    .doc = "a TCP offload driver of 2007: unlock, copy, lock for every packet",
    .source = "FreeBSD 7.3, sys/dev/cxgb/ulp/tom/cxgb_cpl_socket.c (read in source)",
    .function = soreceive_packets,
    .may_would_block = true};

}  // namespace models::receive
