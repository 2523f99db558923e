// SPDX-License-Identifier: BSD-2-Clause
#include "models/explore/end.hpp"

#include <fmt/format.h>

#include "sim/base/assert.hpp"
#include "sim/machine/thread.hpp"
#include "sim/machine/violation.hpp"

namespace models {
namespace {

std::optional<sim::Finding> judge_thread(const ExploredThread& self, const sim::ThreadEnd& end,
                                         const Connections& connections) {
  using Where = sim::ThreadEnd::Where;
  if (end.where == Where::waits) {
    // Readers may queue up behind one that rightly waits for data.
    if (self.reader != nullptr && end.lock == &connections[self.socket].so->so_rcv_sx) {
      return std::nullopt;
    }
    return sim::Finding{"deadlock",
                        fmt::format("{} waits for {} for ever, which {} holds", self.name,
                                    end.lock->cls->name, end.lock->owner->name)};
  }
  if (end.where != Where::sleeps || connections.empty()) return std::nullopt;
  const Socket& so = *connections[self.socket].so;
  const Sockbuf& sb = so.so_rcv;
  if (end.channel == &sb.sb_flags_channel) {
    const bool held = so.socket_lock.used ? sb.owned_by >= 0 : (sb.sb_flags & kSbLock) != 0;
    if (!held) {
      return sim::Finding{"lost_wakeup",
                          fmt::format("{} sleeps in sblock, which is free", self.name)};
    }
    if (self.reader != nullptr) return std::nullopt;
    return sim::Finding{"deadlock", fmt::format("{} waits for sblock for ever", self.name)};
  }
  if (self.reader == nullptr) return std::nullopt;
  const std::int64_t wanted = self.reader->awaited_bytes();
  const char* reason = nullptr;
  if (sb.cantrcvmore()) reason = "although no more can come";
  if (so.so_error != Errno::ok) reason = "although there is an error to report";
  if (sb.sb_cc >= wanted) reason = "although there is data";
  if (reason == nullptr) return std::nullopt;
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
  for (std::size_t i = 0; i < ends.size(); ++i) {
    if (auto finding = judge_thread(threads[i], ends[i], connections)) return finding;
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
