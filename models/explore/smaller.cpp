// SPDX-License-Identifier: BSD-2-Clause
#include "models/explore/smaller.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "models/explore/explored_scenario.hpp"

namespace models {
namespace {

using Part = ThreadOrigin::Part;
using Variants = std::vector<SmallerScenario>;

SmallerScenario& add_variant(Variants& variants, const Scenario& scenario, std::string left_out) {
  return variants.emplace_back(
      SmallerScenario{scenario, std::move(left_out), [](const ThreadOrigin&) { return false; }});
}

template <class Item>
void erase_at(std::vector<Item>& items, std::size_t index) {
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(index));
}

// --- sockets and readers, as disturbances count them ---------------------------------------------

/// The first socket of an entry, which stands for `count` of them.
int first_socket(const Scenario& scenario, std::size_t entry) {
  int first = 0;
  for (std::size_t s = 0; s < entry; ++s) first += scenario.sockets[s].count;
  return first;
}

int readers_before(const SocketSpec& spec, std::size_t entry) {
  int readers = 0;
  for (std::size_t r = 0; r < entry; ++r) readers += spec.readers[r].count;
  return readers;
}

int second_readers(const Scenario& scenario, int socket) {
  return static_cast<int>(
      std::count_if(scenario.disturb.begin(), scenario.disturb.end(), [&](const Disturb& d) {
        return d.action == DisturbKind::second_reader && d.socket == socket;
      }));
}

/// Renumbers signals for the time after the reader `member` of `socket`, one of `readers`, is gone.
/// False: one of them is for that reader.
bool forget_reader(Scenario& scenario, int socket, int member, int readers) {
  for (Disturb& d : scenario.disturb) {
    if (d.action != DisturbKind::signal || d.socket != socket) continue;
    if (readers == 1 || d.reader == member) return false;
    if (d.reader && *d.reader > member) --*d.reader;
  }
  return true;
}

/// Renumbers disturbances for the time after a socket is gone. False: one of them is for it.
bool forget_socket(Scenario& scenario, int socket) {
  const auto on_it = [socket](const Disturb& d) { return d.socket == socket; };
  // Page faults are not explored anyhow.
  std::erase_if(scenario.disturb,
                [&](const Disturb& d) { return on_it(d) && d.action == DisturbKind::page_fault; });
  if (std::any_of(scenario.disturb.begin(), scenario.disturb.end(), on_it)) return false;
  for (Disturb& d : scenario.disturb) {
    if (d.socket > socket) --d.socket;
  }
  return true;
}

// --- one step smaller ----------------------------------------------------------------------------

void take_one(Variants& variants, const Scenario& scenario, int Explore::*field, int least,
              const char* what) {
  const int value = scenario.explore.*field;
  if (value <= least) return;
  SmallerScenario& variant =
      add_variant(variants, scenario, fmt::format("1 of {} {}", value, what));
  variant.scenario.explore.*field = value - 1;
}

void take_frames(Variants& variants, const Scenario& scenario) {
  take_one(variants, scenario, &Explore::segments, 0, "arriving segments");
  if (scenario.explore.segments == 1) {
    variants.back().lacks = [](const ThreadOrigin& thread) { return thread.part == Part::nic; };
  }
  // Less in the buffer must not make a reader content with less.
  Scenario pinned = scenario;
  pinned.explore.low_water = explored_low_water(scenario);
  take_one(variants, pinned, &Explore::buffered_segments, 0, "buffered segments");
  if (scenario.nic.mbufs_per_frame > 1) {
    --add_variant(variants, scenario,
                  fmt::format("1 of {} mbufs a frame", scenario.nic.mbufs_per_frame))
          .scenario.nic.mbufs_per_frame;
  }
  take_one(variants, scenario, &Explore::reads, 1, "reads");
}

void take_disturbance(Variants& variants, const Scenario& scenario, std::size_t index) {
  const Disturb& spec = scenario.disturb[index];
  if (spec.action == DisturbKind::page_fault) return;  // is not there anyhow
  SmallerScenario variant{scenario, "the disturbance " + std::string(enum_name(spec.action)),
                          [index](const ThreadOrigin& thread) {
                            return thread.part == Part::disturbance && thread.index == index;
                          }};
  erase_at(variant.scenario.disturb, index);
  if (spec.action == DisturbKind::second_reader) {
    int own = 0;
    for (std::size_t s = 0; s < scenario.sockets.size(); ++s) {
      const SocketSpec& socket = scenario.sockets[s];
      const int first = first_socket(scenario, s);
      if (spec.socket < first || spec.socket >= first + socket.count) continue;
      own = readers_before(socket, socket.readers.size());
    }
    const auto end = scenario.disturb.begin() + static_cast<std::ptrdiff_t>(index);
    const auto before = std::count_if(scenario.disturb.begin(), end, [&](const Disturb& d) {
      return d.action == DisturbKind::second_reader && d.socket == spec.socket;
    });
    if (!forget_reader(variant.scenario, spec.socket, own + static_cast<int>(before),
                       own + second_readers(scenario, spec.socket))) {
      return;
    }
  }
  variants.push_back(std::move(variant));
}

void take_socket(Variants& variants, const Scenario& scenario, std::size_t entry) {
  const int all = first_socket(scenario, scenario.sockets.size());
  const int first = first_socket(scenario, entry);
  if (all == 1) return;
  for (int socket = first + scenario.sockets[entry].count - 1; socket >= first; --socket) {
    SmallerScenario variant{scenario, fmt::format("1 of {} sockets", all),
                            [socket](const ThreadOrigin& thread) {
                              return (thread.part == Part::reader || thread.part == Part::nic) &&
                                     thread.index == static_cast<std::size_t>(socket);
                            }};
    if (!forget_socket(variant.scenario, socket)) continue;
    if (--variant.scenario.sockets[entry].count == 0) erase_at(variant.scenario.sockets, entry);
    variants.push_back(std::move(variant));
    return;
  }
}

void take_reader(Variants& variants, const Scenario& scenario, std::size_t entry,
                 std::size_t reader) {
  const SocketSpec& spec = scenario.sockets[entry];
  const Reader& readers = spec.readers[reader];
  const int first = first_socket(scenario, entry);
  const int own = readers_before(spec, spec.readers.size());
  const int before = readers_before(spec, reader);
  for (int member = before + readers.count - 1; member >= before; --member) {
    SmallerScenario variant{
        scenario, fmt::format("1 of {} readers", own),
        [first, last = first + spec.count - 1, member](const ThreadOrigin& thread) {
          const auto socket = static_cast<int>(thread.index);
          return thread.part == Part::reader && socket >= first && socket <= last &&
                 thread.member == static_cast<std::size_t>(member);
        }};
    if (!readers.name.empty() && readers.count == 1) {
      variant.left_out = "the reader " + readers.name;
    }
    bool unnamed = true;
    for (int socket = first; socket < first + spec.count; ++socket) {
      unnamed = unnamed && forget_reader(variant.scenario, socket, member,
                                         own + second_readers(scenario, socket));
    }
    if (!unnamed) continue;
    std::vector<Reader>& left = variant.scenario.sockets[entry].readers;
    if (--left[reader].count == 0) erase_at(left, reader);
    variants.push_back(std::move(variant));
    return;
  }
}

/// All threads of a group, or one of them.
void take_synthetic(Variants& variants, const Scenario& scenario, std::size_t index) {
  const ThreadGroup& group = scenario.threads[index];
  if (group.arrivals_per_s) return;  // is not there anyhow
  SmallerScenario& all = add_variant(
      variants, scenario, fmt::format("the thread{} {}", group.count == 1 ? "" : "s", group.name));
  all.lacks = [index](const ThreadOrigin& thread) {
    return thread.part == Part::synthetic && thread.index == index;
  };
  erase_at(all.scenario.threads, index);
  if (group.count == 1) return;
  SmallerScenario& fewer =
      add_variant(variants, scenario, fmt::format("1 of {} threads {}", group.count, group.name));
  fewer.lacks = [index,
                 last = static_cast<std::size_t>(group.count) - 1](const ThreadOrigin& thread) {
    return thread.part == Part::synthetic && thread.index == index && thread.member == last;
  };
  --fewer.scenario.threads[index].count;
}

}  // namespace

std::vector<SmallerScenario> smaller(const Scenario& scenario) {
  Variants variants;
  take_frames(variants, scenario);
  for (std::size_t i = 0; i < scenario.disturb.size(); ++i) {
    take_disturbance(variants, scenario, i);
  }
  for (std::size_t s = 0; s < scenario.sockets.size(); ++s) take_socket(variants, scenario, s);
  for (std::size_t s = 0; s < scenario.sockets.size(); ++s) {
    for (std::size_t r = 0; r < scenario.sockets[s].readers.size(); ++r) {
      take_reader(variants, scenario, s, r);
    }
  }
  for (std::size_t g = 0; g < scenario.threads.size(); ++g) {
    take_synthetic(variants, scenario, g);
  }
  return variants;
}

}  // namespace models
