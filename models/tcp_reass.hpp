// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "models/tcp.hpp"

/// TCP's queue of segments that arrived before their turn (tcp_reass), for tcp.cpp. All demand
/// tcpinp.
namespace models {

/// m_freem of a segment's chain (null is fine), in the name of the protocol.
void free_chain(sim::KernelOps& k, Socket& so, Mbuf* chain);

/// Removes `bytes` (0..len) from the start of the segment, or from its end: m_adj.
void trim_front(sim::KernelOps& k, Socket& so, Segment& seg, std::int64_t bytes);
void trim_back(sim::KernelOps& k, Socket& so, Segment& seg, std::int64_t bytes);

/// Queues the segment at its place and takes its chain; bytes that are queued already are freed. A
/// full queue (kReassemblyLimit) drops it, unless it is the one that is waited for.
void enqueue_reassembly(sim::KernelOps& k, Socket& so, Segment& seg);

/// Frees everything in the queue.
void free_reassembly(sim::KernelOps& k, Socket& so);

}  // namespace models
