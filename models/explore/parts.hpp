// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/copyout.hpp"
#include "models/reader.hpp"
#include "models/scenario/scenario.hpp"
#include "models/socket.hpp"
#include "sim/explore/footprint.hpp"
#include "sim/machine/kernel_ops.hpp"

/// What an explored scenario consists of.
namespace models {

/// Holds disturbances back until the first event of their condition.
class Gate final : public SockbufObserver {
 public:
  /// Somebody will wait for this event.
  void watch(Event event) { of(event).watched = true; }
  void start_over(sim::Numbering& numbering) {
    for (Condition& condition : conditions_) {
      condition.seen = false;
      numbering.add(condition.memory);
    }
  }
  void happened(sim::KernelOps& k, Event event) override {
    Condition& condition = of(event);
    if (!condition.watched) return;
    k.access(condition.memory, condition.seen ? sim::Access::read : sim::Access::write);
    condition.seen = true;
  }
  void wait(sim::KernelOps& k, Event event) {
    const Condition& condition = of(event);
    for (k.access(condition.memory, sim::Access::read); !condition.seen;
         k.access(condition.memory, sim::Access::read)) {
      k.poll_again(0);
    }
  }

 private:
  struct Condition {
    sim::SharedMemory memory{"condition"};
    bool watched = false;
    bool seen = false;
  };
  Condition& of(Event event) { return conditions_.at(static_cast<std::size_t>(event)); }
  std::array<Condition, kEvents> conditions_;
};

/// What a thread of an explored scenario is there for.
struct ThreadOrigin {
  enum class Part : std::uint8_t { reader, nic, disturbance, synthetic };
  Part part = Part::reader;
  std::size_t index = 0;   ///< of the socket, or of the entry in `disturb` or `threads`
  std::size_t member = 0;  ///< the how manieth reader of the socket, or thread of the group
};

/// A thread of an explored scenario.
struct ExploredThread {
  std::string name;
  ThreadOrigin origin;
  std::function<void(sim::KernelOps&)> body;
  ReaderThread* reader = nullptr;  ///< null: no reader
  std::size_t socket = 0;
  bool polls = false;
};

/// One socket. Its memory stays; what is in it is made anew for every execution.
struct Connection {
  const SocketSpec* spec = nullptr;
  std::optional<Socket> so;
  CopyTroubles troubles;
  std::vector<Segment> arriving;
  std::deque<ReaderThread> readers;
  std::unique_ptr<Gate> gate;  ///< null: no disturbance waits for an event here
};

using Connections = std::deque<Connection>;

}  // namespace models
