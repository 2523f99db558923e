// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>

#include "models/costs.hpp"
#include "models/mbuf.hpp"
#include "sim/machine/kernel_ops.hpp"

namespace models {

/// Why bytes that were appended to a receive buffer never reached an application.
enum class Discard : std::uint8_t {
  efault,      ///< copied earlier in a call that then failed with EFAULT
  shutdown,    ///< sorflush: shutdown(SHUT_RD)
  disconnect,  ///< tcp_disconnect's sbflush: last close
  destroyed,   ///< sbdestroy in sofree
  dropped      ///< by a reader that found the socket closed when it wanted to put data back
};
inline constexpr std::size_t kDiscardCount = 5;

/// sb_state
inline constexpr std::uint32_t kSbsCantrcvmore = 0x0020;
/// sb_flags
inline constexpr std::uint32_t kSbLock = 0x01;    ///< old sblock: locked
inline constexpr std::uint32_t kSbWant = 0x02;    ///< old sblock: somebody waits for it
inline constexpr std::uint32_t kSbWait = 0x04;    ///< somebody sleeps in sbwait
inline constexpr std::uint32_t kSbNointr = 0x40;  ///< sleeps are not interruptible
/// SB_MAX, the default of kern.ipc.maxsockbuf [S: sys/socketvar.h], in bytes: how much memory the
/// mbufs of a buffer may take.
inline constexpr std::int64_t kSbMax = 262144;
/// sb_max_adj: the largest buffer that sbreserve(9) grants with that `sb_max_bytes`, one whose
/// clusters fit when they are full.
constexpr std::int64_t sb_max_adj(std::int64_t sb_max_bytes) {
  return sb_max_bytes * kMclbytes / (kMsize + kMclbytes);
}
/// The least kern.ipc.maxsockbuf with which sbreserve(9) grants `hiwat_bytes`.
constexpr std::int64_t least_sb_max(std::int64_t hiwat_bytes) {
  return (hiwat_bytes * (kMsize + kMclbytes) + kMclbytes - 1) / kMclbytes;
}

/// What bounds a buffer, in bytes: `hiwat` > 0 and at most sb_max_adj(sb_max), `lowat` >= 1.
struct BufferLimits {
  std::int64_t hiwat_bytes = 65536;
  std::int64_t lowat_bytes = 1;
  std::int64_t sb_max_bytes = kSbMax;
};

/// What happens to a sockbuf, for triggers ("the first copyout after 1 ms") and for the timeline.
class SockbufObserver {
 public:
  enum class Event : std::uint8_t { copyout, append, sbwait, read, copied };
  static constexpr std::size_t kEvents = 5;
  SockbufObserver() = default;
  SockbufObserver(const SockbufObserver&) = delete;
  SockbufObserver& operator=(const SockbufObserver&) = delete;
  virtual ~SockbufObserver() = default;
  /// Runs in the thread `k`, at the start and the end of a copyout, at the end of an append, before
  /// the sleep of an sbwait or at the start of a read. Locks may be held: it must not block.
  virtual void happened(sim::KernelOps& k, Event event) = 0;
};

/// Where a byte that entered the buffer is: always appended = copied + buffered + discarded +
/// in_call.
struct SockbufCounters {
  std::int64_t appended = 0;  ///< by sbappendstream
  std::int64_t copied = 0;    ///< consumed by reads that ended well
  std::int64_t in_call =
      0;  ///< removed by a read that has not ended (a private chain, or copied already)
  std::array<std::int64_t, kDiscardCount> discarded{};
  std::int64_t compressed_mbufs = 0;  ///< merged into the mbuf before them by sbcompress
  std::int64_t peak_cc = 0;           ///< largest sb_cc seen by an append

  std::int64_t discarded_total() const;
};

/// A receive buffer, fields named as in FreeBSD. All members are protected by sb_mtx; a function
/// that changes the buffer demands it of its caller, and violates "lock_not_held" otherwise.
///
/// The socket's other mutex, SOCK_LOCK, is this same sb_mtx.
class Sockbuf {
 public:
  Sockbuf(sim::LockClass& mutex_class, const BufferLimits& limits, MbufPool& pool,
          const NetCosts& costs);

  sim::Mutex sb_mtx;
  sim::WaitChannel sb_cc_channel{"sbwait"};
  sim::WaitChannel sb_flags_channel{"sblock"};  ///< sleepers of the old sblock
  std::int64_t sb_cc = 0;                       ///< bytes in the buffer
  std::int64_t sb_hiwat;
  std::int64_t sb_mbcnt = 0;  ///< memory charged
  std::int64_t sb_mbmax;
  std::int64_t sb_lowat;
  Mbuf* sb_mb = nullptr;
  Mbuf* sb_mbtail = nullptr;
  Mbuf* sb_lastrecord = nullptr;  ///< a stream has one record: sb_mb
  std::uint32_t sb_flags = 0;
  std::uint32_t sb_state = 0;
  /// All of the above but the lock and the channels, for looks without sb_mtx.
  sim::SharedMemory memory{"so_rcv"};

  SockbufCounters counters;
  SockbufObserver* observer = nullptr;  ///< null: nobody listens
  /// The thread that works on the buffer without sb_mtx, as it owns the socket (socket_lock.hpp);
  /// -1: nobody does.
  std::int64_t owned_by = -1;
  std::int64_t charged_cc = 0;     ///< of sb_cc: bytes of private chains that are still charged
  std::int64_t charged_mbcnt = 0;  ///< of sb_mbcnt, likewise
  bool may_overcommit = false;     ///< the receive algorithm's: a put-back may exceed sb_hiwat
  std::uint32_t flushes = 0;       ///< how often somebody emptied the buffer from outside
  bool flushed = false;    ///< by sorflush or tcp_disconnect: nothing may be put back any more
  bool destroyed = false;  ///< sbdestroy ran

  /// Whether the calling thread may change the buffer: it owns the socket, or, when nobody does,
  /// holds sb_mtx.
  bool held_by(const sim::KernelOps& k) const {
    return owned_by >= 0 ? owned_by == std::int64_t{k.thread_id()} : k.owns(sb_mtx);
  }
  bool cantrcvmore() const { return (sb_state & kSbsCantrcvmore) != 0; }
  /// min(hiwat - cc, mbmax - mbcnt); may be negative after a put-back.
  std::int64_t sbspace() const;
  /// soreserve / auto-sizing: a new limit, and mbmax = min(8 * hiwat, sb_max) with it. False, and
  /// nothing changes, beyond sb_max_adj(sb_max) [S: uipc_sockbuf.c].
  bool sbreserve(std::int64_t hiwat_bytes);

  /// Appends a chain of consecutive bytes at the tail. sbcompress merges a small one (at most
  /// MCLBYTES/4) into the last mbuf. Spends sbappend_ps + sbappend_mbuf_ps for each mbuf.
  /// Violations: "stream_reordered" when the chain does not continue the stream, "sockbuf_overflow"
  /// when sb_cc exceeds sb_hiwat though nothing was ever put back, "sbappendstream" when sb_mb !=
  /// sb_lastrecord; "sockbuf_accounting" as check_tail.
  void sbappendstream(sim::KernelOps& k, Mbuf* chain);

  /// The counters' part of adding and of removing one mbuf.
  void sballoc(const Mbuf& m);
  void sbfree(const Mbuf& m);
  /// Removes and frees `len` bytes from the head. Panic "sbdrop" when there are fewer.
  /// The caller says in the counters where the bytes went.
  void sbdrop(sim::KernelOps& k, std::int64_t len);
  /// Frees everything. Panic "sbflush_internal: cc ..." when counters and chain disagree, and, in
  /// the tree of 2006, "sbflush_locked: locked" when somebody holds the old sblock.
  void sbflush(sim::KernelOps& k, Discard reason, bool panic_if_locked);
  /// Takes everything out of the buffer, and zeroes it as sorflush does (cc, mbcnt, hiwat, mbmax,
  /// lowat, flags). The caller frees the chain.
  Mbuf* steal_all_and_zero(sim::KernelOps& k, Discard reason);

  /// Unlinks the first `len` bytes (1..sb_cc) as a private chain; splits the last mbuf when needed
  /// (a new header for the same cluster). The bytes become `in_call`.
  Mbuf* detach(sim::KernelOps& k, std::int64_t len);
  /// Bytes that are linked, and not only charged.
  std::int64_t available() const { return sb_cc - charged_cc; }
  /// Charges a private chain to the buffer, as if it were still there, and takes the charge back.
  void charge(sim::KernelOps& k, const Mbuf* chain);
  void uncharge(sim::KernelOps& k, const Mbuf* chain);
  /// Links a private chain in front again. Violations: "putback_destroyed", "putback_flushed" when
  /// the buffer is gone by then, "stream_reordered" when later bytes are not what follows,
  /// "sockbuf_overflow" when sb_cc exceeds sb_hiwat and the receive algorithm does not document it.
  void put_back(sim::KernelOps& k, Mbuf* chain);

  /// SB_EMPTY_FIXUP: repairs the tail pointers after the head moved.
  void empty_fixup();

  /// After the last reference is gone: frees what is left without lock and without wakeup.
  void sbdestroy(sim::KernelOps& k);

  /// Walks the chain: violation "sockbuf_accounting" unless cc = sum of m_len, mbcnt is exact, the
  /// tail pointers are right and the stream is consecutive.
  void check_accounting(sim::KernelOps& k) const;
  /// What can be said of that without a walk, where SOCKBUF_DEBUG has SBLASTMBUFCHK and
  /// SBLASTRECORDCHK: violation "sockbuf_accounting" unless the pointers and the counters are null
  /// together, the tail is the last mbuf, and the buffer has one record.
  void check_tail(sim::KernelOps& k) const;
  /// What check_accounting would complain about; empty when all is well.
  std::string accounting_error() const;
  /// Throws sim::InternalError unless appended = copied + buffered + discarded + in_call.
  void check_conservation() const;

  MbufPool& pool() const { return *pool_; }
  const NetCosts& costs() const { return *costs_; }

 private:
  /// What a function that changes the buffer begins with.
  void begin_change(sim::KernelOps& k, const char* function) const;
  /// Appends one mbuf, or merges it into the tail. Returns the mbuf to free, null when it was
  /// linked.
  Mbuf* append_one(sim::KernelOps& k, Mbuf* m);

  std::int64_t sb_max_bytes_;
  MbufPool* pool_;
  const NetCosts* costs_;
  std::int64_t next_offset_ = -1;  ///< where the next append must continue; -1 before the first one
  bool overcommitted_ = false;     ///< a put-back happened: cc may exceed hiwat from now on
};

}  // namespace models
