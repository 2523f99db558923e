// SPDX-License-Identifier: BSD-2-Clause
#include "models/scenario/profile.hpp"

namespace models {
namespace {

constexpr double kMaxCycles = 1e7;
constexpr double kMaxNsPerByte = 1000.0;

constexpr ConstantInfo machine_cycles(std::string_view name,
                                      sim::Picoseconds sim::MachineCosts::*member,
                                      std::string_view doc) {
  return {name, CostUnit::cycles, kMaxCycles, doc, member, nullptr, nullptr};
}

constexpr ConstantInfo net_cycles(std::string_view name, sim::Picoseconds NetCosts::*member,
                                  std::string_view doc) {
  return {name, CostUnit::cycles, kMaxCycles, doc, nullptr, member, nullptr};
}

using M = sim::MachineCosts;
using N = NetCosts;

constexpr auto kConstants = std::to_array<ConstantInfo>({
    machine_cycles("mutex_acquire_cycles", &M::mutex_acquire_ps,
                   "Atomic acquisition of a lock word that this core owns."),
    machine_cycles("mutex_release_cycles", &M::mutex_release_ps, "Atomic release of such a word."),
    machine_cycles("line_transfer_shared_cache_cycles", &M::line_transfer_shared_cache_ps,
                   "A cache line last touched by another core of the same cache."),
    machine_cycles("line_transfer_package_cycles", &M::line_transfer_package_ps,
                   "A cache line last touched in another cache of the package."),
    machine_cycles("line_transfer_remote_cycles", &M::line_transfer_remote_ps,
                   "A cache line last touched in another package."),
    machine_cycles("context_switch_cycles", &M::context_switch_ps, "From one thread to another."),
    machine_cycles("turnstile_block_cycles", &M::turnstile_block_ps,
                   "Blocking on a turnstile, without the switch."),
    machine_cycles("turnstile_wake_cycles", &M::turnstile_wake_ps,
                   "Waking from a turnstile, per waiter, paid by the waker."),
    machine_cycles("sleepq_sleep_cycles", &M::sleepq_sleep_ps,
                   "Going to sleep on a wait channel, without the switch."),
    machine_cycles("sleepq_wake_cycles", &M::sleepq_wake_ps,
                   "Waking from a wait channel, per thread, paid by the waker."),
    machine_cycles("sleepq_check_cycles", &M::sleepq_check_ps, "wakeup(9) when nobody sleeps."),
    machine_cycles("ipi_cycles", &M::ipi_ps,
                   "Sending an interrupt to another core, so that it looks at its run queue. The "
                   "sender pays."),
    machine_cycles("idle_exit_cycles", &M::idle_exit_ps,
                   "The idle core's way out of its sleep state."),
    machine_cycles("sx_acquire_cycles", &M::sx_acquire_ps, "Uncontended sx_xlock."),
    machine_cycles("sx_release_cycles", &M::sx_release_ps, "Uncontended sx_xunlock."),
    machine_cycles("sched_tick_cycles", &M::sched_tick_ps,
                   "Clock interrupt, on a busy core, 1000 times a second."),
    ConstantInfo{"time_slice_ns", CostUnit::ns, 1e10,
                 "Time after which threads of equal priority take turns; 0: never.",
                 &M::time_slice_ps, nullptr, nullptr},
    net_cycles("interrupt_filter_cycles", &N::interrupt_filter_ps,
               "Hard interrupt: entry, filter and exit, on top of whatever ran."),
    net_cycles("interrupt_entry_cycles", &N::interrupt_entry_ps,
               "The interrupt thread's way to the driver's handler."),
    net_cycles("driver_interrupt_cycles", &N::driver_interrupt_ps, "Fixed part of a driver pass."),
    net_cycles("driver_frame_cycles", &N::driver_frame_ps,
               "Driver, per frame: descriptor, mbuf, refill."),
    net_cycles("ip_input_cycles", &N::ip_input_ps, "Ethernet and IP input, per packet."),
    net_cycles("tcp_input_cycles", &N::tcp_input_ps,
               "TCP input, per segment, without locks and append."),
    net_cycles("lro_frame_cycles", &N::lro_frame_ps, "LRO, per frame offered to it."),
    net_cycles("netisr_queue_cycles", &N::netisr_queue_ps, "Into and out of the netisr queue."),
    net_cycles("sbappend_cycles", &N::sbappend_ps, "Appending a segment, under so_rcv."),
    net_cycles("sbappend_mbuf_cycles", &N::sbappend_mbuf_ps, "Each further mbuf of the segment."),
    net_cycles("ack_output_cycles", &N::ack_output_ps, "Sending an ACK."),
    net_cycles("window_update_cycles", &N::window_update_ps,
               "tcp_output from pru_rcvd, when it sends."),
    net_cycles("pru_rcvd_cycles", &N::pru_rcvd_ps, "pru_rcvd, without locks and output."),
    net_cycles("syscall_cycles", &N::syscall_ps, "Entry to and exit from the kernel."),
    net_cycles("soreceive_setup_cycles", &N::soreceive_setup_ps,
               "Fixed part of a receive call inside the kernel."),
    net_cycles("mbuf_step_cycles", &N::mbuf_step_ps, "On to the next mbuf of a chain."),
    net_cycles("mbuf_free_cycles", &N::mbuf_free_ps, "Freeing an mbuf and its cluster."),
    net_cycles("mbuf_detach_cycles", &N::mbuf_detach_ps,
               "Taking an mbuf out of the socket buffer."),
    net_cycles("uiomove_setup_cycles", &N::uiomove_setup_ps, "Fixed part of a copy to user space."),
    ConstantInfo{"page_fault_ns", CostUnit::ns, 1e9, "A page fault that needs no disk.", nullptr,
                 &N::page_fault_ps, nullptr},
    ConstantInfo{"copy_cold_ns_per_byte", CostUnit::ns_per_byte, kMaxNsPerByte,
                 "Copying data that this core has not touched.", nullptr, nullptr,
                 &N::copy_cold_ps_per_byte},
    ConstantInfo{"copy_warm_ns_per_byte", CostUnit::ns_per_byte, kMaxNsPerByte,
                 "Copying data that is in this core's cache.", nullptr, nullptr,
                 &N::copy_warm_ps_per_byte},
});

}  // namespace

std::span<const ConstantInfo> profile_constants() { return kConstants; }

}  // namespace models
