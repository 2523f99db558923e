// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "sim/machine/locks.hpp"

namespace models {

/// The order of callbacks and threads that act at one date.
enum class TieBreak : std::uint8_t { fifo, shuffle };

/// What arrives on the wire.
enum class TrafficKind : std::uint8_t { none, line_rate, poisson, burst, tcp, pcap };

/// When the NIC raises its interrupt.
enum class CoalesceKind : std::uint8_t { none, timer, throttle, count, adaptive };

/// Who runs ip_input: the NIC's interrupt thread, or the netisr thread behind a queue.
enum class Dispatch : std::uint8_t { direct, netisr };

/// How sblock serialises readers.
enum class Sblock : std::uint8_t { sx, none, flag };

/// Which tree the lower half and the locks are those of.
enum class Era : std::uint8_t { y2006, y2007_03, y2007_05 };

enum class DisturbKind : std::uint8_t {
  shutdown_rd,
  close,
  kernel_close,
  rst,
  fin,
  copy_fault,
  page_fault,
  second_reader,
  signal
};

/// What a disturbance waits for.
enum class TriggerEvent : std::uint8_t {
  first_copyout,
  nth_copyout,
  first_append,
  nth_append,
  first_sbwait,
  nth_sbwait,
  first_read,
  nth_read
};

/// How a run ended.
enum class Verdict : std::uint8_t { completed, violation, deadlock };

enum class ThreadPriority : std::uint8_t { interrupt, kernel, user };

/// Where in its cycle a synthetic thread starts.
enum class StartPhase : std::uint8_t { random, zero };

/// One value of an enumeration as it stands in JSON, with its meaning.
template <class E>
struct EnumEntry {
  E value;
  std::string_view name;
  std::string_view doc;
};

/// The table of an enumeration: its only list of names. Defined for every enumeration of scenarios.
std::span<const EnumEntry<TieBreak>> enum_entries(TieBreak);
std::span<const EnumEntry<TrafficKind>> enum_entries(TrafficKind);
std::span<const EnumEntry<CoalesceKind>> enum_entries(CoalesceKind);
std::span<const EnumEntry<Dispatch>> enum_entries(Dispatch);
std::span<const EnumEntry<Sblock>> enum_entries(Sblock);
std::span<const EnumEntry<Era>> enum_entries(Era);
std::span<const EnumEntry<DisturbKind>> enum_entries(DisturbKind);
std::span<const EnumEntry<TriggerEvent>> enum_entries(TriggerEvent);
std::span<const EnumEntry<Verdict>> enum_entries(Verdict);
std::span<const EnumEntry<ThreadPriority>> enum_entries(ThreadPriority);
std::span<const EnumEntry<StartPhase>> enum_entries(StartPhase);
/// The disciplines a scenario may give to a mutex (not `sx`, which is no mutex).
std::span<const EnumEntry<sim::LockKind>> enum_entries(sim::LockKind);

/// The name of `value` in JSON; empty when it has none (LockKind::sx).
template <class E>
std::string_view enum_name(E value) {
  for (const EnumEntry<E>& entry : enum_entries(value)) {
    if (entry.value == value) return entry.name;
  }
  return {};
}

}  // namespace models
