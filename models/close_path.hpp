// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "models/socket.hpp"
#include "sim/machine/kernel_ops.hpp"

/// How a socket ends: shutdown, close, the end of the connection, and the freeing of the memory
/// (docs/model.md, The close path).
///
/// What keeps a socket alive is its file: each system call holds a reference, and soclose runs when
/// the last one goes. In-kernel users have none. shutdown(SHUT_RD) empties the buffer under sblock;
/// the disconnect of the last close does so under so_rcv alone; sofree takes no lock at all.
namespace models {

/// getsock: takes a file reference for one call. False (EBADF) when the descriptor was closed.
bool fget(sim::KernelOps& k, Socket& so);
/// Drops a file reference; the last one runs soclose.
void fdrop(sim::KernelOps& k, Socket& so);
/// close(2): the descriptor goes at once, the socket only with the last file reference; sleepers
/// are not woken. Does nothing when it is closed already.
void close_descriptor(sim::KernelOps& k, Socket& so);

/// A close that does not know of the calls in progress, as if they held no reference: soclose runs
/// at once, under them (docs/model.md, The race of the mail: P2). What happens to an in-kernel
/// user's socket, or through a lost reference.
void close_uncounted(sim::KernelOps& k, Socket& so);

/// shutdown(fd, SHUT_RD), by a thread that holds its own file reference.
void soshutdown_rd(sim::KernelOps& k, Socket& so);

/// Marks the end, waits for sblock, empties the buffer and zeroes it with its limits, frees the
/// data unlocked. From May 2007 on the mark comes before the wait, and wakes a sleeper that holds
/// sblock; before, sblock came first: then shutdown(SHUT_RD) hangs behind a reader asleep in
/// MSG_WAITALL [S06].
void sorflush(sim::KernelOps& k, Socket& so);

/// Gives a reference of the kernel's own code up (so_count); frees the socket if it was the last
/// thing that kept it. Takes so_rcv.
void sorele(sim::KernelOps& k, Socket& so);

/// Ends the connection and gives the socket up; frees it unless TCP still needs it (SS_PROTOREF).
void soclose(sim::KernelOps& k, Socket& so);

/// What an in-kernel user such as the NFS client does: takes the socket out of use for its own
/// later calls, then soshutdown and soclose, without any file reference [S: S73
/// nfsclient/nfs_socket.c nfs_disconnect].
void kernel_close(sim::KernelOps& k, Socket& so);

/// tcp_disconnect's sbflush(so_rcv): under so_rcv alone, without sblock. TCP calls it with its own
/// locks held.
void disconnect_flush(sim::KernelOps& k, Socket& so);

/// tcp_close's part on the socket, once the protocol has no further use for it: soisdisconnected,
/// and whether the caller now has to free it. When it returns true, the caller drops its protocol
/// locks and calls release_protocol_reference.
[[nodiscard]] bool protocol_closed(sim::KernelOps& k, Socket& so);
/// Clears SS_PROTOREF and frees the socket.
void release_protocol_reference(sim::KernelOps& k, Socket& so);

/// The end of sofree: detaches the protocol, destroys buffer and locks without taking any.
void destroy_socket(sim::KernelOps& k, Socket& so);

/// Called with so_rcv (SOCK_LOCK) held, returns without. Frees the socket when nobody refers to it:
/// buffer and locks are destroyed without locks and without wakeups; the memory stays. Violation
/// "waiters_on_freed_socket" when a thread still waits for one of them.
void sofree(sim::KernelOps& k, Socket& so);

}  // namespace models
