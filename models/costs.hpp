// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "sim/base/time.hpp"
#include "sim/machine/costs.hpp"

namespace models {

/// What the network stack and the receive path cost. Named like the constants of a machine profile,
/// without the unit they have there.
struct NetCosts {
  sim::Picoseconds interrupt_filter_ps = 0;  ///< stolen from whatever runs on the interrupted core
  sim::Picoseconds interrupt_entry_ps = 0;   ///< dispatch of the interrupt thread's handler
  sim::Picoseconds driver_interrupt_ps = 0;  ///< fixed part of a driver pass
  sim::Picoseconds driver_frame_ps = 0;      ///< descriptor, mbuf and refill, per frame
  sim::Picoseconds ip_input_ps = 0;
  sim::Picoseconds tcp_input_ps = 0;      ///< per segment, without locks and append
  sim::Picoseconds lro_frame_ps = 0;      ///< per frame offered to LRO
  sim::Picoseconds netisr_queue_ps = 0;   ///< enqueue and dequeue of a packet
  sim::Picoseconds sbappend_ps = 0;       ///< per segment
  sim::Picoseconds sbappend_mbuf_ps = 0;  ///< per further mbuf of the segment
  sim::Picoseconds ack_output_ps = 0;
  sim::Picoseconds window_update_ps = 0;  ///< tcp_output called by pru_rcvd, when it sends
  sim::Picoseconds pru_rcvd_ps = 0;       ///< without locks and output
  sim::Picoseconds syscall_ps = 0;        ///< entry and exit
  sim::Picoseconds soreceive_setup_ps = 0;
  sim::Picoseconds mbuf_step_ps = 0;  ///< on to the next mbuf of a chain
  sim::Picoseconds mbuf_free_ps = 0;
  sim::Picoseconds mbuf_detach_ps = 0;
  sim::Picoseconds uiomove_setup_ps = 0;  ///< per call of uiomove
  sim::Picoseconds page_fault_ps = 0;     ///< resolved without the disk
  double copy_cold_ps_per_byte = 0.0;     ///< data that this core has not touched
  double copy_warm_ps_per_byte = 0.0;     ///< data in this core's cache
};

/// A profile's constants, after a scenario's overrides, in picoseconds.
struct Costs {
  sim::MachineCosts machine;
  NetCosts net;
};

}  // namespace models
