// SPDX-License-Identifier: BSD-2-Clause
#include "models/explore/end.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <vector>

#include "sim/base/assert.hpp"
#include "sim/machine/thread.hpp"
#include "sim/machine/violation.hpp"

namespace models {
namespace {

using Where = sim::ThreadEnd::Where;

/// Where nothing can go on.
struct End {
  std::span<const sim::ThreadEnd> ends;
  std::span<const ExploredThread> threads;
  const Connections& connections;

  const Socket& socket_of(std::size_t thread) const {
    return *connections[threads[thread].socket].so;
  }
  bool in_sblock(std::size_t thread) const {
    return ends[thread].where == Where::sleeps && !connections.empty() &&
           ends[thread].channel == &socket_of(thread).so_rcv.sb_flags_channel;
  }
};

bool sblock_held(const Socket& so) {
  return so.socket_lock.used ? so.so_rcv.owned_by >= 0 : (so.so_rcv.sb_flags & kSbLock) != 0;
}

/// Why a thread should not be asleep in sbwait; null: it should.
const char* reason_to_wake(const End& end, std::size_t thread) {
  const ReaderThread* reader = end.threads[thread].reader;
  if (end.ends[thread].where != Where::sleeps || reader == nullptr) return nullptr;
  const Socket& so = end.socket_of(thread);
  if (so.so_rcv.sb_cc >= reader->awaited_bytes()) return "although there is data";
  if (so.so_error != Errno::ok) return "although there is an error to report";
  if (so.so_rcv.cantrcvmore()) return "although no more can come";
  return nullptr;
}

/// What a thread waits for that another one holds.
struct Wanted {
  std::string name;
  std::size_t holder;
};

std::optional<Wanted> wanted_by(const End& end, std::size_t thread) {
  const sim::ThreadEnd& self = end.ends[thread];
  if (self.where == Where::waits && self.lock->owner != nullptr) {
    const bool sblock = !end.connections.empty() && self.lock == &end.socket_of(thread).so_rcv_sx;
    return Wanted{self.lock->cls->name + (sblock ? " (sblock)" : ""), self.lock->owner->id};
  }
  if (!end.in_sblock(thread) || !sblock_held(end.socket_of(thread))) return std::nullopt;
  const Socket& so = end.socket_of(thread);
  const std::int64_t holder = so.so_rcv.sb_flags_channel.holder;
  if (holder == sim::WaitChannel::kNobody) return std::nullopt;
  return Wanted{so.socket_lock.used ? "the socket" : "sblock", static_cast<std::size_t>(holder)};
}

/// What somebody who holds a lock, and waits for none, does for ever.
std::string keeps_doing(const End& end, std::size_t thread) {
  switch (end.ends[thread].where) {
    case Where::sleeps: {
      if (end.in_sblock(thread)) return "sleeps in sblock, which is free";
      if (end.threads[thread].reader == nullptr) {
        return fmt::format("sleeps on {}", end.ends[thread].channel->name);
      }
      const char* reason = reason_to_wake(end, thread);
      return fmt::format("sleeps in sbwait {}",
                         reason != nullptr ? reason : "for data that does not come");
    }
    case Where::polls:
      return "looks again and again for what does not happen";
    case Where::finished:
      return "has ended";
    default:
      return "does not go on";
  }
}

/// Who waits for whom, from a thread that waits, to one that it has come by already or that waits
/// for nobody.
std::string chain_from(const End& end, std::size_t first) {
  std::vector<bool> seen(end.threads.size(), false);
  std::string chain = end.threads[first].name;
  for (std::size_t thread = first;;) {
    seen[thread] = true;
    const auto wanted = wanted_by(end, thread);
    const char* who = thread == first ? " " : ", who ";
    if (!wanted) return chain + who + keeps_doing(end, thread);
    chain += fmt::format("{}waits for {}, which {} holds", who, wanted->name,
                         end.threads[wanted->holder].name);
    if (seen[wanted->holder]) return chain;
    thread = wanted->holder;
  }
}

std::optional<sim::Finding> judge_thread(const End& end, std::size_t thread) {
  const ExploredThread& self = end.threads[thread];
  const bool in_sblock = end.in_sblock(thread);
  if (in_sblock && !sblock_held(end.socket_of(thread))) {
    return sim::Finding{"lost_wakeup",
                        fmt::format("{} sleeps in sblock, which is free", self.name)};
  }
  if (in_sblock || end.ends[thread].where == Where::waits) {
    // Readers may queue up behind one that rightly waits for data.
    const bool queues = in_sblock || (!end.connections.empty() &&
                                      end.ends[thread].lock == &end.socket_of(thread).so_rcv_sx);
    if (self.reader != nullptr && queues) return std::nullopt;
    return sim::Finding{"deadlock", chain_from(end, thread)};
  }
  const char* reason = reason_to_wake(end, thread);
  if (reason == nullptr) return std::nullopt;
  const Sockbuf& sb = end.socket_of(thread).so_rcv;
  return sim::Finding{"lost_wakeup", fmt::format("{} sleeps in sbwait {} (sb_cc {}, sb_hiwat {})",
                                                 self.name, reason, sb.sb_cc, sb.sb_hiwat)};
}

std::optional<sim::Finding> judge_socket(const Connection& connection) {
  const Socket& so = *connection.so;
  if (const std::string error = so.so_rcv.accounting_error(); !error.empty()) {
    return sim::Finding{"sockbuf_accounting", "sblastmbufchk: " + error};
  }
  try {
    check_conservation(so);
  } catch (const sim::Violation& violation) {
    return sim::Finding{violation.kind(), violation.what()};
  }
  return std::nullopt;
}

std::optional<sim::Finding> judge_mbufs(const Connections& connections, const MbufPool& pool) {
  std::int64_t linked = 0;
  for (const Connection& connection : connections) {
    connection.so->for_each_chain([&](const Mbuf* chain) {
      for (const Mbuf* m = chain; m != nullptr; m = m->m_next) ++linked;
    });
  }
  if (linked == pool.live()) return std::nullopt;
  return sim::Finding{"mbuf_leaked", fmt::format("{} mbufs are allocated, {} of them are in a "
                                                 "buffer, and no thread has the others",
                                                 pool.live(), linked)};
}

}  // namespace

std::optional<sim::Finding> judge_end(std::span<const sim::ThreadEnd> ends,
                                      std::span<const ExploredThread> threads,
                                      const Connections& connections, const MbufPool& pool) {
  const End end{ends, threads, connections};
  for (std::size_t i = 0; i < ends.size(); ++i) {
    if (auto finding = judge_thread(end, i)) return finding;
  }
  for (const Connection& connection : connections) {
    if (auto finding = judge_socket(connection)) return finding;
  }
  return judge_mbufs(connections, pool);
}

std::uint64_t final_state(std::span<const sim::ThreadEnd> ends,
                          std::span<const ExploredThread> threads, const Connections& connections) {
  std::uint64_t state = 0xcbf29ce484222325ULL;
  const auto add = [&](auto value) {
    state = (state ^ static_cast<std::uint64_t>(value)) * 0x9E3779B97F4A7C15ULL;
    state ^= state >> 29;
  };
  for (std::size_t i = 0; i < ends.size(); ++i) {
    add(static_cast<int>(ends[i].where));
    if (const ReaderThread* reader = threads[i].reader) {
      add(static_cast<int>(reader->end()));
      add(reader->stats().reads);
      add(reader->stats().bytes);
      add(reader->stats().faults);
      add(reader->stats().lost_bytes);
    }
  }
  for (const Connection& connection : connections) {
    const Socket& so = *connection.so;
    const Sockbuf& sb = so.so_rcv;
    add(so.freed);
    add(so.so_state);
    add(static_cast<int>(so.so_error));
    add(so.f_count);
    add(static_cast<int>(so.tcb.t_state));
    add(sb.sb_cc);
    add(sb.sb_mbcnt);
    add(sb.sb_hiwat);
    add(sb.sb_state);
    for (const Mbuf* m = sb.sb_mb; m != nullptr; m = m->m_next) add(m->stream_offset + m->m_len);
    for (const std::int64_t bytes : sb.counters.discarded) add(bytes);
    add(so.delivered.next());
  }
  return state;
}

}  // namespace models
