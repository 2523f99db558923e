// SPDX-License-Identifier: BSD-2-Clause
#include "sim/machine/hang.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace sim {
namespace {

/// What a thread waits for, as a lock that somebody holds.
struct Wanted {
  std::string_view name;
  const Thread* holder = nullptr;  ///< null: it waits for no lock, or nobody holds it
};

Wanted wanted_by(const Thread& thread, const std::vector<const Thread*>& threads) {
  if (thread.waiting_for != nullptr) {
    return {thread.waiting_for->cls->name, thread.waiting_for->owner};
  }
  if (thread.state != ThreadState::sleeping || thread.asleep_on == nullptr) return {};
  const std::int64_t holder = thread.asleep_on->holder;
  if (holder == WaitChannel::kNobody) return {};
  return {thread.asleep_on->name, threads.at(static_cast<std::size_t>(holder))};
}

}  // namespace

std::optional<Hang> find_hang(const Thread& waiter, const std::vector<const Thread*>& threads) {
  Hang hang{&waiter, 0, {}};
  const Thread* thread = &waiter;
  for (std::size_t link = 0; link <= threads.size(); ++link) {
    const Wanted wanted = wanted_by(*thread, threads);
    hang.since_ps = std::max(hang.since_ps, thread->waits_since_ps);
    if (wanted.holder == nullptr) break;
    hang.chain += link == 0 ? fmt::format("{} waits for {} since {:.9g} us", thread->name,
                                          wanted.name, to_us(thread->waits_since_ps))
                            : fmt::format(", which waits for {}", wanted.name);
    hang.chain += fmt::format(", held by {}", wanted.holder->name);
    thread = wanted.holder;
  }
  const bool asleep = thread->state == ThreadState::sleeping && thread->waiting_for == nullptr &&
                      thread->asleep_on != nullptr &&
                      thread->asleep_on->holder == WaitChannel::kNobody;
  if (thread == &waiter || !asleep) return std::nullopt;
  hang.chain += fmt::format(", which sleeps on {} since {:.9g} us", thread->asleep_on->name,
                            to_us(thread->waits_since_ps));
  return hang;
}

}  // namespace sim
