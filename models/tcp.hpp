// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <vector>

#include "models/mbuf.hpp"
#include "models/peer.hpp"
#include "models/scenario/scenario.hpp"
#include "sim/base/time.hpp"
#include "sim/machine/hardware.hpp"
#include "sim/machine/kernel_ops.hpp"
#include "sim/machine/locks.hpp"

/// The receiving half of TCP with the locks of 2007 (docs/model.md, TCP): the global `tcp` lock for
/// every segment, `tcpinp` of the connection, then the socket buffer's. Offsets of the byte stream
/// stand for sequence numbers: they start at 0 and never wrap.
namespace models {

struct Socket;

/// Segment::seq of open-loop traffic, which has no sequence: a segment is what comes next.
inline constexpr std::int64_t kUnsequenced = -1;

/// One segment, or an LRO aggregate, on its way into TCP.
struct Segment {
  std::int64_t seq = kUnsequenced;  ///< offset of the first byte, or kUnsequenced
  std::int32_t len = 0;             ///< payload bytes = length of the chain
  Mbuf* chain = nullptr;            ///< owned by whoever holds the segment; null when len is 0
  int frames = 1;                   ///< frames that it was merged from
  int socket = 0;                   ///< index of the connection that it belongs to
  bool fin = false;
  bool rst = false;
  sim::Picoseconds wire_at = 0;   ///< when the last byte came off the wire
  sim::Picoseconds ts_echo = -1;  ///< departure of the ACK that it echoes; -1: none
};

/// What all connections share.
struct TcpShared {
  TcpShared(sim::LockClass& tcp_class, sim::Hardware& hw) : tcp(tcp_class), hardware(&hw) {}
  sim::Mutex tcp;           ///< tcbinfo's lock
  sim::Hardware* hardware;  ///< for the delayed ACK's timer
};

/// How a connection is set up.
struct TcpOptions {
  std::int32_t maxseg = 1448;  ///< payload of a full segment, > 0
  bool delayed_ack = true;     ///< ACK every second segment; false: every one
  bool autosize = false;       ///< grow the receive buffer (needs a peer that echoes timestamps)
  std::int64_t autosize_increment = 16384;
  std::int64_t autosize_max = 262144;
};

/// Connection states as far as a receiver tells them apart.
enum class TcpState : std::uint8_t {
  established,
  close_wait,  ///< the peer's FIN has arrived
  fin_wait,    ///< our side has closed (FIN_WAIT_1, FIN_WAIT_2, LAST_ACK)
  closed       ///< tcp_close ran: INP_DROPPED
};

/// Counters of one connection since the last reset. Bytes and frames that TCP dropped never reached
/// the socket buffer.
struct TcpStats {
  std::int64_t segments = 0;            ///< segments and aggregates that tcp_input saw
  std::int64_t frames = 0;              ///< frames in them
  std::int64_t fast_path = 0;           ///< of the segments, those that header prediction took
  std::int64_t slow_path = 0;           ///< and those that it did not, the connection gone included
  std::int64_t window_full_frames = 0;  ///< open loop: dropped, no room in the socket buffer
  std::int64_t window_full_bytes = 0;
  std::int64_t beyond_window_bytes = 0;     ///< closed loop: trimmed, beyond the advertised window
  std::int64_t discarded_bytes = 0;         ///< freed because of SBS_CANTRCVMORE
  std::int64_t no_connection_frames = 0;    ///< arrived after the connection was gone
  std::int64_t duplicate_bytes = 0;         ///< had arrived before
  std::int64_t out_of_order = 0;            ///< segments that went to the reassembly queue
  std::int64_t reass_dropped_frames = 0;    ///< the reassembly queue was full
  std::int64_t backlog_dropped_frames = 0;  ///< Linux's socket lock: the backlog was full
  std::int64_t acks = 0;                    ///< ACKs sent by tcp_input and the delayed ACK timer
  std::int64_t delayed_ack_timeouts = 0;
  std::int64_t window_updates = 0;  ///< ACKs sent by pru_rcvd
};

/// Most segments that a connection's reassembly queue holds: net.inet.tcp.reass.maxqlen [K].
inline constexpr std::size_t kReassemblyLimit = 48;
/// TCPTV_DELACK [S: tcp_timer.h:124].
inline constexpr sim::Picoseconds kDelayedAckTimeout = 100 * sim::kMillisecond;

/// The protocol control block (inpcb and tcpcb). Fields are protected by t_inp, named as in
/// FreeBSD.
struct TcpCb {
  explicit TcpCb(sim::LockClass& tcpinp_class) : t_inp(tcpinp_class) {}
  TcpCb(const TcpCb&) = delete;
  TcpCb& operator=(const TcpCb&) = delete;

  sim::Mutex t_inp;             ///< lock class `tcpinp`
  TcpShared* shared = nullptr;  ///< set by tcp_attach
  Peer* peer = nullptr;         ///< null: ACKs go nowhere
  TcpOptions options;
  TcpState t_state = TcpState::established;
  bool detached = false;  ///< in_pcbdetach ran: no lookup finds it

  std::int64_t rcv_nxt = 0;  ///< next byte expected
  std::int64_t rcv_adv = 0;  ///< right edge of the advertised window
  bool fin_received = false;
  bool delack = false;       ///< delayed ACK timer runs
  bool rxwin0_sent = false;  ///< the last ACK closed the window: no delayed ACKs
  sim::Picoseconds delack_deadline = 0;
  sim::TimerId delack_timer = 0;
  std::vector<Segment> reass;  ///< out of order, by seq, disjoint

  std::int64_t rfbuf_tick = -1;  ///< rfbuf_ts in ticks of 1 ms; -1: not measuring
  std::int64_t rfbuf_cnt = 0;    ///< bytes received since then

  TcpStats stats;
};

/// Connects `so` with what it needs: call before the run. Advertises the whole buffer.
void tcp_attach(Socket& so, TcpShared& shared, Peer* peer, const TcpOptions& options);

/// Takes one segment in, in the interrupt thread or the netisr thread; owns and consumes its chain.
/// Exactly one acquisition of so_rcv for an accepted segment.
///
/// Header prediction (in order, fits, no flags, nothing to reassemble) releases `tcp` before the
/// append; every other way keeps it to the end. Costs tcp_input_ps: half of it before any lock, a
/// quarter (the lookup) under `tcp`, a quarter under `tcpinp`; that division is an assumption.
///
/// Unsequenced segments that do not fit are dropped, and not acknowledged (kernel TCP would trim
/// them and answer at once; a sender that ignores windows is artificial anyhow).
void tcp_input(sim::KernelOps& k, Socket& so, Segment segment);

/// What tcp_input does with a segment between its locks: for a caller that holds or owns the socket
/// (socket_lock.hpp). Consumes the chain.
void tcp_process(sim::KernelOps& k, Socket& so, Segment& seg);

/// pru_rcvd: under tcpinp, sends a window update when the window can grow by 2 segments or by half
/// the buffer. In the tree of 2006 it takes and drops `tcp` first.
void tcp_usr_rcvd(sim::KernelOps& k, Socket& so);

/// pru_disconnect and pru_close: soisdisconnecting, sbflush under so_rcv alone, FIN. Calling it
/// again flushes again; on a closed connection it does nothing.
void tcp_disconnect(sim::KernelOps& k, Socket& so);

/// pru_detach: the control block goes; tcpinp is destroyed.
void tcp_detach(sim::KernelOps& k, Socket& so);

/// Frees what the reassembly queue and the backlog still hold, at the end of a run.
void tcp_drain(Socket& so);

// Acquisition points. With a line number: FreeBSD 7.3. Named by function: no
// line is claimed.
namespace points {
inline constexpr sim::LockPoint kTcpInputFast{"tcp_input.c:1201"};
inline constexpr sim::LockPoint kTcpInputSlow{"tcp_input.c:2260"};
inline constexpr sim::LockPoint kTcpInputInfo{"tcp_input.c:tcp_input"};
inline constexpr sim::LockPoint kTcpInputInp{"tcp_input.c:tcp_input(inp)"};
inline constexpr sim::LockPoint kTcpFin{"tcp_input.c:tcp_input(fin)"};
inline constexpr sim::LockPoint kTcpUsrRcvd{"tcp_usrreq.c:tcp_usr_rcvd"};
inline constexpr sim::LockPoint kTcpUsrRcvdInfo{"tcp_usrreq.c:tcp_usr_rcvd(tcbinfo)"};
inline constexpr sim::LockPoint kTcpDisconnectInfo{"tcp_usrreq.c:tcp_usr_disconnect"};
inline constexpr sim::LockPoint kTcpDisconnectInp{"tcp_usrreq.c:tcp_usr_disconnect(inp)"};
inline constexpr sim::LockPoint kTcpDetachInfo{"tcp_usrreq.c:tcp_usr_detach"};
inline constexpr sim::LockPoint kTcpDetachInp{"tcp_usrreq.c:tcp_usr_detach(inp)"};
}  // namespace points

}  // namespace models
