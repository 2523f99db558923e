// SPDX-License-Identifier: BSD-2-Clause
#include "models/close_path.hpp"

#include <fmt/format.h>

#include "models/mutation.hpp"
#include "models/receive/common.hpp"
#include "models/socket_lock.hpp"
#include "sim/base/assert.hpp"

namespace models {
namespace {

/// sblock(sb, NOINTR) in sorflush. The flag lock is taken under so_rcv, which is held before and
/// after.
void flush_lock_flag(sim::KernelOps& k, Socket& so) {
  const std::uint32_t saved = so.so_rcv.sb_flags & kSbNointr;
  so.so_rcv.sb_flags |= kSbNointr;
  receive::flag_sblock_locked(k, so, false);
  if (saved == 0) so.so_rcv.sb_flags &= ~kSbNointr;
}

/// FlushRule::sblock: keeps readers out of the buffer for as long as the connection is being ended.
void lock_readers_out(sim::KernelOps& k, Socket& so) {
  if (so.sblock == Sblock::sx) receive::sx_sblock(k, so, false, true);
  if (so.sblock != Sblock::flag) return;
  k.lock(so.so_rcv.sb_mtx, points::kSblock);
  flush_lock_flag(k, so);
  k.unlock(so.so_rcv.sb_mtx);
}

void let_readers_in(sim::KernelOps& k, Socket& so) {
  if (so.sblock == Sblock::sx) k.sx_xunlock(so.so_rcv_sx);
  if (so.sblock != Sblock::flag) return;
  k.lock(so.so_rcv.sb_mtx, points::kSblock);
  receive::flag_sbunlock_locked(k, so);
  k.unlock(so.so_rcv.sb_mtx);
}

void disconnect(sim::KernelOps& k, Socket& so) {
  const bool exclusive =
      so.flush_rule == FlushRule::sblock && !SOCKBUFSIM_MUTATED(disconnect_without_sblock);
  if (exclusive) lock_readers_out(k, so);
  so.proto->disconnect(k, so);
  if (exclusive) let_readers_in(k, so);
}

}  // namespace

bool fget(sim::KernelOps& k, Socket& so) {
  k.unlocked_access(so.descriptor, sim::Access::write);
  if (!so.descriptor_open) return false;
  ++so.f_count;
  return true;
}

void fdrop(sim::KernelOps& k, Socket& so) {
  k.unlocked_access(so.descriptor, sim::Access::write);
  if (so.uncounted_close) return;
  SIM_ASSERT(so.f_count > 0, "fdrop without a reference");
  if (--so.f_count == 0) {
    k.note("drops the last file reference", "file");
    soclose(k, so);
  }
}

void close_descriptor(sim::KernelOps& k, Socket& so) {
  k.unlocked_access(so.descriptor, sim::Access::write);
  if (!so.descriptor_open) return;
  k.note("close(fd)", "file", so.f_count);
  so.descriptor_open = false;
  fdrop(k, so);
}

void close_uncounted(sim::KernelOps& k, Socket& so) {
  k.unlocked_access(so.descriptor, sim::Access::write);
  if (!so.descriptor_open) return;
  k.note("closes without counting references", "file", so.f_count);
  so.descriptor_open = false;
  so.uncounted_close = true;
  soclose(k, so);
}

void soshutdown_rd(sim::KernelOps& k, Socket& so) {
  k.note("shutdown(SHUT_RD)", "socket");
  sorflush(k, so);
}

void sorflush(sim::KernelOps& k, Socket& so) {
  so.check_alive(k, "sorflush");
  if (so.socket_lock.used) return backlog_shutdown(k, so);
  Sockbuf& sb = so.so_rcv;
  const bool mark_first = so.era == Era::y2007_05;
  const bool waits = so.flush_rule != FlushRule::mutex && !SOCKBUFSIM_MUTATED(flush_without_sblock);
  const Sblock sblock = waits ? so.sblock : Sblock::none;
  if (mark_first) socantrcvmore(k, so, points::kSocantrcvmore);
  if (sblock == Sblock::sx) receive::sx_sblock(k, so, false, true);
  if (!mark_first && sblock != Sblock::flag) socantrcvmore(k, so, points::kSocantrcvmore);
  k.lock(sb.sb_mtx, points::kSorflush);
  if (sblock == Sblock::flag) flush_lock_flag(k, so);
  if (!mark_first && sblock == Sblock::flag) {
    k.access(sb.memory, sim::Access::write);
    sb.sb_state |= kSbsCantrcvmore;
    if ((sb.sb_flags & kSbWait) != 0) {
      sb.sb_flags &= ~kSbWait;
      k.wakeup(sb.sb_cc_channel);
    }
  }
  if (sblock == Sblock::flag) receive::flag_sbunlock_locked(k, so);
  k.note("sorflush empties the buffer", "so_rcv", sb.sb_cc);
  Mbuf* const chain = sb.steal_all_and_zero(k, Discard::shutdown);
  const InHand hand(&chain);
  k.unlock(sb.sb_mtx);
  if (sblock == Sblock::sx) k.sx_xunlock(so.so_rcv_sx);
  m_freem(k, sb.pool(), sb.costs(), chain);
}

void soclose(sim::KernelOps& k, Socket& so) {
  so.check_alive(k, "soclose");
  k.note("soclose");
  if (so.socket_lock.used) return backlog_close(k, so);
  if (so.connected()) {
    if ((so.so_state & kSsIsdisconnecting) == 0) disconnect(k, so);
  }
  k.access(so.memory, sim::Access::read);
  if ((so.so_state & kSsIsdisconnected) == 0) disconnect(k, so);  // pru_close
  k.lock(so.so_rcv.sb_mtx, points::kSoclose);
  k.access(so.memory, sim::Access::write);
  if ((so.so_state & kSsIsdisconnected) == 0) so.so_state |= kSsProtoref;
  so.so_state |= kSsNofdref;
  --so.so_count;  // sorele
  sofree(k, so);
}

void kernel_close(sim::KernelOps& k, Socket& so) {
  k.unlocked_access(so.descriptor, sim::Access::write);
  k.note("the in-kernel user closes the socket");
  so.kernel_closing = true;
  sorflush(k, so);
  k.access(so.descriptor, sim::Access::write);
  so.descriptor_open = false;
  so.uncounted_close = true;
  soclose(k, so);
}

void disconnect_flush(sim::KernelOps& k, Socket& so) {
  lock_buffer(k, so, points::kDisconnectFlush);
  k.note("tcp_disconnect flushes the buffer", "so_rcv", so.so_rcv.sb_cc);
  so.so_rcv.sbflush(k, Discard::disconnect,
                    so.era == Era::y2006 && so.flush_rule == FlushRule::kernel);
  unlock_buffer(k, so);
}

bool protocol_closed(sim::KernelOps& k, Socket& so) {
  soisdisconnected(k, so);
  return (so.so_state & kSsProtoref) != 0;
}

void release_protocol_reference(sim::KernelOps& k, Socket& so) {
  if (so.socket_lock.used) {  // whose reference goes with the segment's
    k.access(so.memory, sim::Access::write);
    so.so_state &= ~kSsProtoref;
    return;
  }
  k.lock(so.so_rcv.sb_mtx, points::kProtocolClosed);
  k.access(so.memory, sim::Access::write);
  so.so_state &= ~kSsProtoref;
  sofree(k, so);
}

void sorele(sim::KernelOps& k, Socket& so) {
  k.lock(so.so_rcv.sb_mtx, points::kSorele);
  k.access(so.memory, sim::Access::write);
  --so.so_count;
  sofree(k, so);
}

void sofree(sim::KernelOps& k, Socket& so) {
  Sockbuf& sb = so.so_rcv;
  if ((so.so_state & kSsNofdref) == 0 || so.so_count != 0 || (so.so_state & kSsProtoref) != 0 ||
      so.freed) {
    k.unlock(sb.sb_mtx);
    return;
  }
  k.unlock(sb.sb_mtx);
  if (so.era == Era::y2006) sorflush(k, so);
  destroy_socket(k, so);
}

void destroy_socket(sim::KernelOps& k, Socket& so) {
  Sockbuf& sb = so.so_rcv;
  k.note("sofree destroys the socket");
  so.proto->detach(k, so);
  sb.sbdestroy(k);
  k.destroy(sb.sb_mtx);
  if (!sb.sb_cc_channel.sleepers.empty() || !sb.sb_flags_channel.sleepers.empty() ||
      !sb.sb_mtx.blocked.empty() || !so.so_rcv_sx.blocked.empty()) {
    k.violate("waiters_on_freed_socket",
              fmt::format("sofree: threads still wait for socket {}", so.index));
  }
  k.sx_destroy(so.so_rcv_sx);
  k.access(so.memory, sim::Access::write);
  so.freed = true;
}

}  // namespace models
