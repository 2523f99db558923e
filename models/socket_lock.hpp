// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "models/socket.hpp"
#include "sim/machine/kernel_ops.hpp"

/// Linux's socket lock (sk_lock), for sockets whose receive algorithm uses it: a spin lock, here
/// so_rcv, and an owner. A system call takes the spin lock to become the owner, and works without
/// it; the lower half takes it for every segment, processes the segment when nobody owns the
/// socket, and else leaves it in the backlog, which the owner processes when it releases the
/// socket. `tcp`, tcpinp and sblock are not used. References (so_count) keep the memory: the lower
/// half takes its own for every segment.
namespace models {

/// lock_sock: waits until nobody owns the socket, and owns it.
void lock_sock(sim::KernelOps& k, Socket& so);
/// release_sock: processes the backlog, batch by batch, then gives the socket up.
void release_sock(sim::KernelOps& k, Socket& so);
/// sk_wait_data: gives the socket up as release_sock does, sleeps until there is data, an error or
/// the end of the stream, and owns it again. The wakeup cannot be lost in between.
sim::WakeReason sk_wait_data(sim::KernelOps& k, Socket& so);

/// tcp_v4_rcv: a segment comes in. Beyond a backlog of twice sb_hiwat bytes it is dropped
/// (TCPBacklogDrop; unlimited in 2007).
void backlog_input(sim::KernelOps& k, Socket& so, Segment segment);

/// shutdown(SHUT_RD): a flag and a wakeup; the data stays.
void backlog_shutdown(sim::KernelOps& k, Socket& so);
/// tcp_close: ends the connection under the socket lock, and gives the file's reference up.
void backlog_close(sim::KernelOps& k, Socket& so);

}  // namespace models
