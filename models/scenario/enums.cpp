// SPDX-License-Identifier: BSD-2-Clause
#include "models/scenario/enums.hpp"

#include "models/scenario/profile.hpp"

namespace models {

std::span<const EnumEntry<TieBreak>> enum_entries(TieBreak) {
  static constexpr std::array<EnumEntry<TieBreak>, 2> kEntries{{
      {TieBreak::fifo, "fifo", "in the order in which they were planned"},
      {TieBreak::shuffle, "shuffle", "in an order drawn from the seed"},
  }};
  return kEntries;
}

std::span<const EnumEntry<TrafficKind>> enum_entries(TrafficKind) {
  static constexpr std::array<EnumEntry<TrafficKind>, 6> kEntries{{
      {TrafficKind::none, "none", "nothing arrives"},
      {TrafficKind::line_rate, "line_rate", "evenly spaced frames, as fast as the wire allows"},
      {TrafficKind::poisson, "poisson", "exponential gaps"},
      {TrafficKind::burst, "burst", "line rate while on, silence while off"},
      {TrafficKind::tcp, "tcp", "a sender that honours window, ACKs and round-trip time"},
      {TrafficKind::pcap, "pcap", "arrival times and sizes of a capture"},
  }};
  return kEntries;
}

std::span<const EnumEntry<CoalesceKind>> enum_entries(CoalesceKind) {
  static constexpr std::array<EnumEntry<CoalesceKind>, 5> kEntries{{
      {CoalesceKind::none, "none", "an interrupt as soon as a frame is in memory"},
      {CoalesceKind::timer, "timer", "`delay_us` after the first frame (mxge)"},
      {CoalesceKind::throttle, "throttle", "at most one interrupt every `delay_us` (ixgbe EITR)"},
      {CoalesceKind::count, "count", "after `frames` frames, or `delay_us` after the first"},
      {CoalesceKind::adaptive, "adaptive",
       "a throttle that follows the mean frame size (ixgbe AIM)"},
  }};
  return kEntries;
}

std::span<const EnumEntry<Dispatch>> enum_entries(Dispatch) {
  static constexpr std::array<EnumEntry<Dispatch>, 2> kEntries{{
      {Dispatch::direct, "direct", "the interrupt thread runs to completion (net.isr.direct=1)"},
      {Dispatch::netisr, "netisr", "a queue and the swi_net thread (net.isr.direct=0)"},
  }};
  return kEntries;
}

std::span<const EnumEntry<Sblock>> enum_entries(Sblock) {
  static constexpr std::array<EnumEntry<Sblock>, 3> kEntries{{
      {Sblock::sx, "sx", "an sx(9) lock, as from May 2007"},
      {Sblock::none, "none", "readers are not serialised"},
      {Sblock::flag, "flag", "the SB_LOCK flag under the socket buffer's mutex, with its defects"},
  }};
  return kEntries;
}

std::span<const EnumEntry<Era>> enum_entries(Era) {
  static constexpr std::array<EnumEntry<Era>, 3> kEntries{{
      {Era::y2006, "2006", "FreeBSD 6: SB_LOCK flag, pru_rcvd takes the global tcp lock first"},
      {Era::y2007_03, "2007_03", "-CURRENT on the mail's date: SB_LOCK flag"},
      {Era::y2007_05, "2007_05", "-CURRENT from May 2007: sblock is an sx lock"},
  }};
  return kEntries;
}

std::span<const EnumEntry<DisturbKind>> enum_entries(DisturbKind) {
  static constexpr std::array<EnumEntry<DisturbKind>, 9> kEntries{{
      {DisturbKind::shutdown_rd, "shutdown_rd", "another thread calls shutdown(SHUT_RD)"},
      {DisturbKind::close, "close", "another thread calls close(2) on the descriptor"},
      {DisturbKind::kernel_close, "kernel_close", "the kernel calls soclose(), without descriptor"},
      {DisturbKind::rst, "rst", "the peer resets the connection"},
      {DisturbKind::fin, "fin", "the peer closes its half of the connection"},
      {DisturbKind::copy_fault, "copy_fault", "copyout fails with EFAULT"},
      {DisturbKind::page_fault, "page_fault", "copyout sleeps for a page"},
      {DisturbKind::second_reader, "second_reader", "another thread reads the same socket"},
      {DisturbKind::signal, "signal", "a signal interrupts the socket's readers: EINTR"},
  }};
  return kEntries;
}

std::span<const EnumEntry<TriggerEvent>> enum_entries(TriggerEvent) {
  static constexpr std::array<EnumEntry<TriggerEvent>, 8> kEntries{{
      {TriggerEvent::first_copyout, "first_copyout", "a reader starts its first copyout"},
      {TriggerEvent::nth_copyout, "nth_copyout", "a reader starts the n-th copyout"},
      {TriggerEvent::first_append, "first_append", "the first segment is appended"},
      {TriggerEvent::nth_append, "nth_append", "the n-th segment is appended"},
      {TriggerEvent::first_sbwait, "first_sbwait", "a reader goes to sleep for data"},
      {TriggerEvent::nth_sbwait, "nth_sbwait", "a reader goes to sleep for the n-th time"},
      {TriggerEvent::first_read, "first_read", "the first read is called"},
      {TriggerEvent::nth_read, "nth_read", "the n-th read is called"},
  }};
  return kEntries;
}

std::span<const EnumEntry<Verdict>> enum_entries(Verdict) {
  static constexpr std::array<EnumEntry<Verdict>, 3> kEntries{{
      {Verdict::completed, "completed", "the run came to its end"},
      {Verdict::violation, "violation", "the kernel panicked or an invariant broke"},
      {Verdict::deadlock, "deadlock", "threads wait for each other"},
  }};
  return kEntries;
}

std::span<const EnumEntry<ThreadPriority>> enum_entries(ThreadPriority) {
  static constexpr std::array<EnumEntry<ThreadPriority>, 3> kEntries{{
      {ThreadPriority::interrupt, "interrupt", "as a network interrupt thread"},
      {ThreadPriority::kernel, "kernel", "as a thread woken inside the kernel"},
      {ThreadPriority::user, "user", "time sharing"},
  }};
  return kEntries;
}

std::span<const EnumEntry<StartPhase>> enum_entries(StartPhase) {
  static constexpr std::array<EnumEntry<StartPhase>, 2> kEntries{{
      {StartPhase::random, "random", "anywhere in the first cycle, drawn from the seed"},
      {StartPhase::zero, "zero", "all at the start of their think time"},
  }};
  return kEntries;
}

std::span<const EnumEntry<sim::LockKind>> enum_entries(sim::LockKind) {
  using sim::LockKind;
  static constexpr std::array<EnumEntry<LockKind>, 5> kEntries{{
      {LockKind::adaptive, "adaptive", "spin while the owner runs, else block; barging (mutex(9))"},
      {LockKind::spin, "spin", "spin without order"},
      {LockKind::ticket, "ticket", "spin in order of arrival"},
      {LockKind::sleep, "sleep", "block at once; barging (NO_ADAPTIVE_MUTEXES)"},
      {LockKind::fifo, "fifo", "ideal hand-over in order of arrival, for theory"},
  }};
  return kEntries;
}

std::span<const EnumEntry<CostUnit>> enum_entries(CostUnit) {
  static constexpr std::array<EnumEntry<CostUnit>, 3> kEntries{{
      {CostUnit::cycles, "cycles", "cycles of the profile's clock"},
      {CostUnit::ns, "ns", "nanoseconds"},
      {CostUnit::ns_per_byte, "ns/byte", "nanoseconds per byte"},
  }};
  return kEntries;
}

std::span<const EnumEntry<Evidence>> enum_entries(Evidence) {
  static constexpr std::array<EnumEntry<Evidence>, 5> kEntries{{
      {Evidence::measured, "measured", "by the project, on the machine that the source names"},
      {Evidence::published, "published", "in the source"},
      {Evidence::derived, "derived", "computed from published values"},
      {Evidence::calibrated, "calibrated", "fitted within its range to a published result"},
      {Evidence::assumed, "assumed", "nothing better was found"},
  }};
  return kEntries;
}

}  // namespace models
