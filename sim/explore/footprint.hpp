// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "sim/machine/locks.hpp"

namespace sim {

/// What one step of an exploration touched: two steps of different threads commute unless their
/// footprints conflict. Sets of small numbers, one bit each: locks and wait channels up to 63,
/// memory up to 127; higher numbers share the last bit, which costs reduction and never soundness.
struct Footprint {
  static constexpr std::uint32_t kLockBits = 64;
  static constexpr std::uint32_t kMemoryBits = 128;

  /// Bits of memory.
  using MemorySet = std::array<std::uint64_t, 2>;

  std::uint64_t locks = 0;  ///< every use of a lock or a channel changes it
  MemorySet reads{};
  MemorySet writes{};

  static std::uint32_t lock_bit(const SharedObject& object) {
    return object.number < kLockBits ? object.number : kLockBits - 1;
  }
  static std::uint32_t memory_bit(const SharedObject& object) {
    return object.number < kMemoryBits ? object.number : kMemoryBits - 1;
  }

  void add_lock(const SharedObject& object) { locks |= std::uint64_t{1} << lock_bit(object); }
  void add(const SharedMemory& memory, Access how) {
    const std::uint32_t bit = memory_bit(memory);
    auto& set = how == Access::write ? writes : reads;
    set.at(bit / 64) |= std::uint64_t{1} << (bit % 64);
  }
  void add(const Footprint& other) {
    locks |= other.locks;
    for (std::size_t i = 0; i < reads.size(); ++i) {
      reads[i] |= other.reads[i];
      writes[i] |= other.writes[i];
    }
  }

  void add_reads(const MemorySet& memory) {
    for (std::size_t i = 0; i < reads.size(); ++i) reads[i] |= memory[i];
  }

  bool uses_memory() const { return (reads[0] | reads[1] | writes[0] | writes[1]) != 0; }
  /// What it looked at or changed.
  MemorySet memory() const { return {reads[0] | writes[0], reads[1] | writes[1]}; }
  bool conflicts(const Footprint& other) const {
    return ((locks & other.locks) | memory_conflicts(other)) != 0;
  }
  bool changed_any_of(const MemorySet& memory) const {
    return ((writes[0] & memory[0]) | (writes[1] & memory[1])) != 0;
  }

 private:
  std::uint64_t memory_conflicts(const Footprint& other) const {
    std::uint64_t common = 0;
    for (std::size_t i = 0; i < reads.size(); ++i) {
      common |= (writes[i] & (other.reads[i] | other.writes[i])) | (reads[i] & other.writes[i]);
    }
    return common;
  }
};

/// Gives the objects of a world their numbers: call in the same order at every reset.
class Numbering {
 public:
  void add(LockState& lock) { lock.number = next_lock_++; }
  void add(WaitChannel& channel) { channel.number = next_lock_++; }
  void add(SharedMemory& memory) { memory.number = next_memory_++; }
  std::uint32_t locks() const { return next_lock_ - 1; }
  std::uint32_t memories() const { return next_memory_ - 1; }

 private:
  std::uint32_t next_lock_ = 1;
  std::uint32_t next_memory_ = 1;
};

}  // namespace sim
