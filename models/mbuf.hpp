// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/costs.hpp"
#include "sim/base/time.hpp"
#include "sim/machine/kernel_ops.hpp"

namespace models {

/// Size of an mbuf itself; charged to sb_mbcnt whatever it holds [S: sys/param.h].
inline constexpr std::int32_t kMsize = 256;
/// A standard cluster.
inline constexpr std::int32_t kMclbytes = 2048;
/// Data that fits into an mbuf without a cluster: MSIZE less the 40-byte header of a 64-bit 7.x
/// kernel.
inline constexpr std::int32_t kMlen = kMsize - 40;

/// Which bytes of a buffer are in whose cache: those that a core was the last to touch. Bytes count
/// from the start of the buffer's storage.
class CachedBytes {
 public:
  /// How many of `begin` to `end` are in that core's cache.
  std::int64_t in_cache_of(int core, std::int64_t begin, std::int64_t end) const;
  /// `core` reads or writes them: what it had stays, what others had is theirs no longer.
  void touch(int core, std::int64_t begin, std::int64_t end);

 private:
  std::int16_t core_ = -1;  ///< -1: the memory's, as after DMA
  std::int32_t begin_ = 0;
  std::int32_t end_ = 0;
};

/// One buffer of a chain. Chains are linked by m_next, as in the kernel; a null pointer ends one.
struct Mbuf {
  /// Identity of the data: the first byte's offset in the connection's byte stream. While a frame
  /// is still in a ring, and has no place in the stream yet, the value is the sender's to use.
  std::int64_t stream_offset = 0;
  std::int32_t m_len = 0;  ///< bytes of data
  std::int32_t storage =
      0;  ///< bytes of external storage (cluster, jumbo buffer); 0: data in the mbuf
  std::int32_t data_start =
      0;  ///< m_data as an offset in the storage: grows as data is trimmed in front
  std::uint32_t generation =
      0;  ///< counts the lives of this memory: tells a recycled mbuf from a kept one
  sim::Picoseconds wire_at = 0;  ///< when its last byte came off the wire
  sim::CacheLine header;         ///< the mbuf itself
  CachedBytes cached;            ///< of its data
  Mbuf* m_next = nullptr;
  std::uint32_t id = 0;      ///< serial number in the pool, for messages
  bool live = false;         ///< false: on the free list
  bool packet_head = false;  ///< the first mbuf of a segment: where a packet begins in the buffer
  bool solocked = false;     ///< M_SOLOCKED: a reader copies it in place, nothing is merged into it
  bool shared = false;       ///< its cluster is another mbuf's, too: not M_WRITABLE
  bool claimed = false;      ///< at the end of a run: somebody has it
  sim::SharedMemory memory{"mbuf"};

  /// What it charges to sb_mbcnt.
  std::int32_t charge() const { return kMsize + storage; }
  /// M_TRAILINGSPACE: room behind the data that may be written.
  std::int32_t trailing_space() const {
    if (shared) return 0;
    return (storage > 0 ? storage : kMlen) - data_start - m_len;
  }
  std::int64_t stream_end() const { return stream_offset + m_len; }
};

/// Sum of m_len over a chain.
std::int64_t chain_length(const Mbuf* chain);

/// Where all mbufs of a run come from and go back to. Memory of freed mbufs is used again (last
/// freed, first reused), so that it never exceeds the peak of live ones. Detects double frees and
/// uses after free.
class MbufPool {
 public:
  MbufPool() = default;
  MbufPool(const MbufPool&) = delete;
  MbufPool& operator=(const MbufPool&) = delete;

  /// A fresh mbuf without data. `storage_bytes`: 0 for data in the mbuf itself.
  Mbuf* alloc(std::int32_t storage_bytes);
  /// For explored worlds: every mbuf gets its number from `first` on, and freed memory is not used
  /// again, so that freeing one and allocating another have nothing to do with each other.
  void number_from(std::uint32_t first);
  /// Takes all mbufs back, live ones too: the beginning of another execution.
  void start_over();

  /// Gives `m` back, whatever it is linked to, without cost. Throws sim::Violation
  /// "mbuf_double_free". Kernel code calls m_free, which costs time and leaves a trail.
  void release(Mbuf* m);
  /// Gives a whole chain back without cost.
  void release_chain(Mbuf* chain);

  std::int64_t allocated() const { return allocated_; }
  std::int64_t freed() const { return freed_; }
  std::int64_t live() const { return live_; }
  std::int64_t peak() const { return static_cast<std::int64_t>(blocks_.size()) * kBlock; }

  /// Counts live mbufs anew and compares: throws sim::InternalError unless allocated = freed +
  /// live.
  void check_conservation() const;

  // --- custody, at the end of a run -------------------------------------------------------------
  /// Somebody has `chain` (null is fine), be it twice.
  static void claim(Mbuf* chain);
  /// Live mbufs that nobody claimed, in the order of their numbers.
  std::vector<const Mbuf*> unclaimed() const;

 private:
  static constexpr std::int64_t kBlock = 256;
  std::vector<std::unique_ptr<std::array<Mbuf, kBlock>>> blocks_;
  std::vector<Mbuf*> free_;
  std::optional<std::uint32_t> first_number_;  ///< freed mbufs are kept apart when set
  std::vector<Mbuf*> used_;                    ///< then: all that were ever handed out
  std::int64_t allocated_ = 0;
  std::int64_t freed_ = 0;
  std::int64_t live_ = 0;
};

/// Says that a chain is in the hands of the thread that executes this scope: in no queue, and to be
/// linked, freed or handed on by this thread, which then sets the variable to null. Code that has a
/// chain over a [point] of KernelOps says so, lest it counts as leaked when the run ends there.
///
/// When the run ends, the engine unwinds every thread's stack where it stands, and what is in hand
/// is claimed. A scope that ends in any other way claims nothing: what it has not handed on by then
/// is nobody's.
class InHand {
 public:
  /// `chain` is the variable that has it, and outlives the scope.
  explicit InHand(Mbuf* const* chain) : chain_(chain) {}
  InHand(const InHand&) = delete;
  InHand& operator=(const InHand&) = delete;
  ~InHand() {
    if (*chain_ != nullptr) claim_if_unwound();
  }

 private:
  void claim_if_unwound() const;
  Mbuf* const* chain_;
};

/// A pointer to an mbuf that remembers which life of it was meant: what a thread keeps over a point
/// where others may free it.
class MbufRef {
 public:
  MbufRef() = default;
  explicit MbufRef(Mbuf* m) : m_(m), generation_(m != nullptr ? m->generation : 0) {}
  Mbuf* get() const { return m_; }
  bool still_valid() const { return m_ != nullptr && m_->live && m_->generation == generation_; }
  /// The mbuf, or the panic of touching freed memory: Violation "mbuf_use_after_free".
  Mbuf& use(sim::KernelOps& k, const char* where) const;

 private:
  Mbuf* m_ = nullptr;
  std::uint32_t generation_ = 0;
};

/// m_free: returns the next mbuf of the chain. Costs mbuf_free_ps, and the transfer of its header
/// when another core touched it last, billed to `work`. Violation "mbuf_double_free".
Mbuf* m_free(sim::KernelOps& k, MbufPool& pool, const NetCosts& costs, Mbuf* m,
             sim::Work work = sim::Work::syscall);

/// m_freem: frees a chain (null is fine); one merged charge for all of it.
void m_freem(sim::KernelOps& k, MbufPool& pool, const NetCosts& costs, Mbuf* chain,
             sim::Work work = sim::Work::syscall);

}  // namespace models
