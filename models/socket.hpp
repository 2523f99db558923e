// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/scenario/enums.hpp"
#include "models/sockbuf.hpp"
#include "models/stream_identity.hpp"
#include "models/tcp.hpp"
#include "sim/machine/kernel_ops.hpp"

namespace models {

/// Errors as the kernel names them.
enum class Errno : std::uint8_t {
  ok,
  eintr,
  ebadf,
  efault,
  einval,
  ewouldblock,  ///< also EAGAIN
  econnreset,
  enotconn
};
std::string_view to_string(Errno error);

/// What whoever empties a receive buffer from outside takes first. Part of a receive algorithm's
/// design: it must fit what its readers hold while they copy.
enum class FlushRule : std::uint8_t {
  kernel,  ///< FreeBSD's: sorflush takes sblock, tcp_disconnect's sbflush the mutex alone
  sblock,  ///< both take sblock, tcp_disconnect before its own locks
  mutex    ///< nobody takes sblock
};

/// so_state
inline constexpr std::uint32_t kSsNofdref = 0x0001;
inline constexpr std::uint32_t kSsIsconnected = 0x0002;
inline constexpr std::uint32_t kSsIsconnecting = 0x0004;
inline constexpr std::uint32_t kSsIsdisconnecting = 0x0008;
inline constexpr std::uint32_t kSsNbio = 0x0100;
inline constexpr std::uint32_t kSsIsdisconnected = 0x2000;
inline constexpr std::uint32_t kSsProtoref = 0x4000;

/// The lock classes of a socket, one set a run.
struct SocketLockClasses {
  sim::LockClass& so_rcv;
  sim::LockClass& so_rcv_sx;
  sim::LockClass& tcpinp;
};

struct Socket;

/// The protocol's entry points that sockets call (struct pr_usrreqs). All are called without
/// so_rcv.
struct Protocol {
  void (*rcvd)(sim::KernelOps& k, Socket& so);  ///< pru_rcvd: the reader took data
  void (*disconnect)(sim::KernelOps& k,
                     Socket& so);  ///< pru_disconnect, pru_close: ends the connection
  void (*detach)(sim::KernelOps& k, Socket& so);  ///< pru_detach: the socket is being freed
};
/// TCP's.
extern const Protocol kTcpProtocol;

/// What Linux's socket lock needs beside so_rcv; see socket_lock.hpp.
struct SocketLock {
  bool used = false;             ///< set with the receive algorithm, never changed in a run
  std::vector<Segment> backlog;  ///< waiting for the owner's release
  std::int64_t backlog_bytes = 0;
  std::vector<Segment> batch;  ///< being processed by the owner
  std::size_t batch_next = 0;  ///< the first of them that is still to come
};

/// A TCP socket, its receive buffer and its protocol control block. The send side is left out: of
/// so_snd the receive path only ever takes the lock, on disconnect.
struct Socket {
  /// Created connected, with one file descriptor open on it. `index` names it in messages.
  Socket(int index, const SocketLockClasses& classes, const BufferLimits& limits, MbufPool& pool,
         const NetCosts& costs, Era era, Sblock sblock);
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int index;
  Era era;        ///< decides the order of sorflush and the panics of sbflush
  Sblock sblock;  ///< how readers are serialised
  FlushRule flush_rule = FlushRule::kernel;  ///< the receive algorithm's

  Sockbuf so_rcv;     ///< so_rcv.sb_mtx is also SOCK_LOCK
  sim::Sx so_rcv_sx;  ///< the sblock of May 2007 and later
  std::uint32_t so_state = kSsIsconnected;
  Errno so_error = Errno::ok;
  int so_count = 1;  ///< references by the kernel's own code (soref/sorele)
  SocketLock socket_lock;
  TcpCb tcb;                              ///< so_pcb; stays until the socket is freed
  const Protocol* proto = &kTcpProtocol;  ///< so_proto; never null

  int f_count = 1;  ///< references to the file: the descriptor, and each call in progress
  bool descriptor_open =
      true;  ///< false: close(fd) took it out of the table; a new call gets EBADF
  bool uncounted_close =
      false;  ///< a close ignored the references: fdrop has nothing to do any more
  bool kernel_closing = false;  ///< the in-kernel user's own mark: it starts no further call
  bool freed = false;           ///< sofree ran; the memory stays (UMA_ZONE_NOFREE)

  sim::SharedMemory memory{"socket"};    ///< so_state, so_error, so_count, freed
  sim::SharedMemory descriptor{"file"};  ///< the descriptor's slot and the file's reference count

  int reader_count = 0;  ///< readers that were ever set on it: one alone gets the bytes in order
  StreamIdentity delivered;  ///< which bytes reached an application

  bool connected() const { return (so_state & kSsIsconnected) != 0; }
  /// Calls visit(Mbuf* chain) for whatever mbufs are queued on the socket, null chains included:
  /// the buffer, TCP's reassembly queue, Linux's backlog and the batch of it that its owner is at.
  template <class Visit>
  void for_each_chain(Visit visit) const {
    visit(so_rcv.sb_mb);
    for (const Segment& segment : tcb.reass) visit(segment.chain);
    for (const Segment& segment : socket_lock.backlog) visit(segment.chain);
    for (const Segment& segment : socket_lock.batch) visit(segment.chain);
  }
  /// Counts a use of the socket's memory: violation "socket_use_after_free" when it was freed.
  void check_alive(sim::KernelOps& k, const char* where) const;
};

/// Takes and drops so_rcv, unless whoever calls holds or owns the buffer already, as with Linux's
/// socket lock.
void lock_buffer(sim::KernelOps& k, Socket& so, const sim::LockPoint& point);
void unlock_buffer(sim::KernelOps& k, Socket& so);

/// sorwakeup_locked: under so_rcv (selwakeup, wakeup of sbwait's sleepers when SB_WAIT is set),
/// then unlocks it.
void sorwakeup_locked(sim::KernelOps& k, Socket& so);

/// socantrcvmore: takes so_rcv at `point`, sets SBS_CANTRCVMORE, wakes, unlocks. The FIN's effect:
/// data stays.
void socantrcvmore(sim::KernelOps& k, Socket& so, const sim::LockPoint& point);

/// soisdisconnecting and soisdisconnected: the states of an orderly end and of an abrupt one. Both
/// set SBS_CANTRCVMORE and wake sleepers; received data stays. Take so_rcv.
void soisdisconnecting(sim::KernelOps& k, Socket& so);
void soisdisconnected(sim::KernelOps& k, Socket& so);

/// What tcp_drop does to the socket, a RST for example: so_error, then soisdisconnected.
void so_drop(sim::KernelOps& k, Socket& so, Errno error);

/// sbwait: sets SB_WAIT and sleeps on sb_cc, at PSOCK, interruptible unless SB_NOINTR. The caller
/// holds so_rcv, before and after.
sim::WakeReason sbwait(sim::KernelOps& k, Socket& so);

/// The books of one socket at the end of a run, whose readers are ReaderThreads. InternalError
/// unless appended = copied + buffered + discarded + in_call, and what was copied is what the
/// readers got. Throws sim::Violation "bytes_lost" when later bytes were delivered than some that
/// no call in progress has.
void check_conservation(const Socket& so);

// --- acquisition points
// ----------------------------------------------------------------------------------------- With a
// line number: FreeBSD 7.3. Named by function: no line is claimed.
namespace points {
inline constexpr sim::LockPoint kSoreceiveEntry{"uipc_socket.c:1423"};
inline constexpr sim::LockPoint kSoreceiveAfterUiomove{"uipc_socket.c:1669"};
inline constexpr sim::LockPoint kSoreceiveAfterRcvd{"uipc_socket.c:1825"};
inline constexpr sim::LockPoint kSoreceiveWaitall{"uipc_socket.c:soreceive(waitall)"};
inline constexpr sim::LockPoint kStreamEntry{"uipc_socket.c:soreceive_stream"};
inline constexpr sim::LockPoint kStreamAfterCopy{"uipc_socket.c:soreceive_stream(copied)"};
inline constexpr sim::LockPoint kStreamAfterRcvd{"uipc_socket.c:soreceive_stream(rcvd)"};
inline constexpr sim::LockPoint kPutbackEntry{"uipc_socket.c:soreceive_stream(detach)"};
inline constexpr sim::LockPoint kPutbackReturn{"uipc_socket.c:soreceive_stream(putback)"};
inline constexpr sim::LockPoint kPacketEntry{"cxgb_cpl_socket.c:t3_soreceive"};
inline constexpr sim::LockPoint kPacketAfterCopy{"cxgb_cpl_socket.c:t3_soreceive(copied)"};
inline constexpr sim::LockPoint kPacketAfterRcvd{"cxgb_cpl_socket.c:t3_soreceive(credits)"};
inline constexpr sim::LockPoint kMarkEntry{"uipc_socket.c:sorecvtcp"};
inline constexpr sim::LockPoint kMarkUnlink{"uipc_socket.c:sorecvtcp(unlink)"};
inline constexpr sim::LockPoint kMarkAfterRcvd{"uipc_socket.c:sorecvtcp(rcvd)"};
inline constexpr sim::LockPoint kLockSock{"net/core/sock.c:lock_sock"};
inline constexpr sim::LockPoint kReleaseSock{"net/core/sock.c:release_sock"};
inline constexpr sim::LockPoint kBacklog{"net/core/sock.c:__release_sock"};
inline constexpr sim::LockPoint kBacklogInput{"net/ipv4/tcp_ipv4.c:tcp_v4_rcv"};
inline constexpr sim::LockPoint kSblock{"uipc_sockbuf.c:sblock"};
inline constexpr sim::LockPoint kSbwaitRelock{"kern_mutex.c:141"};
inline constexpr sim::LockPoint kSocantrcvmore{"uipc_socket2.c:socantrcvmore"};
inline constexpr sim::LockPoint kSoisdisconnecting{"uipc_socket2.c:soisdisconnecting"};
inline constexpr sim::LockPoint kSoisdisconnected{"uipc_socket2.c:soisdisconnected"};
inline constexpr sim::LockPoint kSorflush{"uipc_socket.c:sorflush"};
inline constexpr sim::LockPoint kSoclose{"uipc_socket.c:soclose"};
inline constexpr sim::LockPoint kSorele{"uipc_socket.c:sorele"};
inline constexpr sim::LockPoint kProtocolClosed{"tcp_subr.c:tcp_close"};
inline constexpr sim::LockPoint kDisconnectFlush{"tcp_usrreq.c:tcp_disconnect(sbflush)"};
}  // namespace points

}  // namespace models
