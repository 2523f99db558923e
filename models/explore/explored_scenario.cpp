// SPDX-License-Identifier: BSD-2-Clause
#include "models/explore/explored_scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "models/disturb.hpp"
#include "models/explore/end.hpp"
#include "models/explore/setup_kernel.hpp"
#include "models/receive/receive.hpp"
#include "models/scenario/errors.hpp"
#include "sim/base/assert.hpp"
#include "sim/machine/thread.hpp"
#include "sim/machine/violation.hpp"

namespace models {
namespace {

/// Indices of classes_.
enum ClassIndex : std::size_t { kTcp, kTcpinp, kSoRcv, kSoRcvSx, kSynthetic };

constexpr sim::LockPoint kSyntheticPoint{"threads"};

/// Calls after EWOULDBLOCK of each of several non-blocking readers of a socket: the first sees what
/// another one's call holds, the second what is there after it.
constexpr int kRetriesOfSeveral = 2;

std::int32_t segment_bytes(const Scenario& scenario) {
  return scenario.traffic.payload_bytes.value_or(scenario.nic.mss());
}

}  // namespace

std::int64_t explored_low_water(const Scenario& scenario) {
  const std::int64_t buffered =
      std::int64_t{scenario.explore.buffered_segments} * segment_bytes(scenario);
  return scenario.explore.low_water.value_or(std::max<std::int64_t>(buffered, 1));
}

/// Devices do nothing in an explored world: threads bring what they would.
class ExploredScenario::NoHardware final : public sim::Hardware {
 public:
  sim::Picoseconds now() const override { return 0; }
  sim::TimerId at(sim::Picoseconds, std::function<void()>) override { return 1; }
  void cancel(sim::TimerId) override {}
  sim::ThreadId spawn(sim::ThreadSpec, std::function<void(sim::KernelOps&)>) override {
    SIM_ASSERT(false, "an explored program has its threads from the start");
    return 0;
  }
  void interrupt(int, sim::Picoseconds, sim::ThreadId) override {}
  void interrupt_sleep(sim::ThreadId) override {}
  void schedule(sim::ThreadId) override {}
  void counter(const char*, std::int64_t) override {}
  bool records_timeline() const override { return false; }
  [[noreturn]] void violate(std::string kind, std::string message) override {
    throw sim::Violation(std::move(kind), message);
  }
};

ExploredScenario::ExploredScenario(const Scenario& scenario, const std::string& path)
    : scenario_(scenario), hardware_(std::make_unique<NoHardware>()) {
  algorithm_ = find_algorithm(scenario_.receive.algorithm);
  SIM_ASSERT(algorithm_ != nullptr, "a checked scenario names a registered algorithm");
  add_classes();
  add_connections();
  add_disturbances();
  add_synthetic();
  if (threads_.empty() || threads_.size() > sim::kMaxExploredThreads) {
    throw ScenarioErrors(
        {{path, "", fmt::format("{} threads", threads_.size()),
          fmt::format("1 to {} threads to explore: readers, an interrupt thread a socket that "
                      "segments arrive at, disturbances, closed synthetic threads",
                      sim::kMaxExploredThreads),
          ""}});
  }
}

ExploredScenario::~ExploredScenario() { pool_.start_over(); }

void ExploredScenario::add_classes() {
  const auto add = [this](std::string name, sim::LockKind kind) {
    sim::LockClass& added = classes_.emplace_back();
    added.name = std::move(name);
    added.kind = kind;
    added.id = static_cast<std::uint32_t>(classes_.size() - 1);
  };
  const sim::LockKind discipline = scenario_.machine.lock_discipline;
  add("tcp", discipline);
  add("tcpinp", discipline);
  add("so_rcv", discipline);
  add("so_rcv_sx", sim::LockKind::sx);
  for (const LockSpec& lock : scenario_.locks) add(lock.name, lock.kind.value_or(discipline));
  // kernel: tcp, tcpinp, so_rcv; sblock is never taken with any of them held.
  order_ = {{&classes_[kTcp], &classes_[kTcpinp]},
            {&classes_[kTcpinp], &classes_[kSoRcv]},
            {&classes_[kSoRcvSx], &classes_[kTcp]}};
}

ExploredThread& ExploredScenario::add_thread(const std::string& name, ThreadOrigin origin,
                                             std::function<void(sim::KernelOps&)> body,
                                             ReaderThread* reader, std::size_t socket) {
  std::string free = name;
  const auto has_it = [&free](const ExploredThread& other) { return other.name == free; };
  for (int n = 2; std::any_of(threads_.begin(), threads_.end(), has_it); ++n) {
    free = fmt::format("{}{}", name, n);
  }
  return threads_.emplace_back(
      ExploredThread{std::move(free), origin, std::move(body), reader, socket, false});
}

void ExploredScenario::add_connections() {
  for (const SocketSpec& spec : scenario_.sockets) {
    for (int i = 0; i < spec.count; ++i) connections_.emplace_back().spec = &spec;
  }
  if (connections_.empty()) return;
  reset();
  for (std::size_t i = 0; i < connections_.size(); ++i) add_readers(connections_[i], i);
  if (scenario_.explore.segments == 0) return;
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    add_thread(connections_.size() == 1 ? "nic" : fmt::format("nic{}", i),
               {ThreadOrigin::Part::nic, i}, [this, i](sim::KernelOps& k) {
                 Connection& connection = connections_[i];
                 for (const Segment& segment : connection.arriving) {
                   tcp_input(k, *connection.so, segment);
                 }
               });
  }
}

void ExploredScenario::add_readers(Connection& connection, std::size_t socket) {
  for (const Reader& spec : connection.spec->readers) {
    for (int i = 0; i < spec.count; ++i) {
      ReaderConfig config = ReaderConfig::from(spec);
      config.algorithm = algorithm_;
      config.start_ps = 0;
      if (config.max_reads < 0) config.max_reads = scenario_.explore.reads;
      config.max_retries = max_retries(socket);
      const bool polls = !config.blocking || algorithm_->may_would_block;
      ReaderThread& reader =
          connection.readers.emplace_back(*connection.so, std::move(config), &connection.troubles);
      std::string name = spec.name.empty() ? "reader" : spec.name;
      const bool one_of_many = spec.name.empty() || spec.count > 1;
      const std::size_t member = connection.readers.size() - 1;
      if (one_of_many && (socket > 0 || i > 0 || member > 0)) {
        name += fmt::format("{}", threads_.size());
      }
      const auto body = [&reader](sim::KernelOps& k) { reader.run(k); };
      add_thread(name, {ThreadOrigin::Part::reader, socket, member}, body, &reader, socket).polls =
          polls;
    }
  }
}

/// Negative: no limit.
std::int64_t ExploredScenario::max_retries(std::size_t socket) const {
  if (scenario_.explore.retries) return *scenario_.explore.retries;
  int non_blocking = 0;
  for (const Reader& reader : connections_[socket].spec->readers) {
    if (!reader.blocking) non_blocking += reader.count;
  }
  for (const Disturb& spec : scenario_.disturb) {
    const bool reads = spec.action == DisturbKind::second_reader && !spec.blocking;
    if (reads && static_cast<std::size_t>(spec.socket) == socket) ++non_blocking;
  }
  return non_blocking > 1 ? kRetriesOfSeveral : -1;
}

void ExploredScenario::add_disturbances() {
  for (std::size_t i = 0; i < scenario_.disturb.size(); ++i) {
    const Disturb& spec = scenario_.disturb[i];
    if (is_trouble(spec.action)) continue;
    add_disturbance(spec, {ThreadOrigin::Part::disturbance, i});
  }
}

void ExploredScenario::add_disturbance(const Disturb& spec, ThreadOrigin origin) {
  const auto socket = static_cast<std::size_t>(spec.socket);
  Connection& connection = connections_.at(socket);
  std::function<void(sim::KernelOps&)> body;
  ReaderThread* second = nullptr;
  bool polls = false;
  switch (spec.action) {
    case DisturbKind::second_reader: {
      ReaderConfig config = ReaderConfig::from(spec);
      config.algorithm = algorithm_;
      if (config.max_reads < 0) config.max_reads = scenario_.explore.reads;
      config.max_retries = max_retries(socket);
      polls = !config.blocking || algorithm_->may_would_block;
      second =
          &connection.readers.emplace_back(*connection.so, std::move(config), &connection.troubles);
      body = [second](sim::KernelOps& k) { second->run(k); };
      break;
    }
    case DisturbKind::rst:
    case DisturbKind::fin:
      body = [&connection, &spec](sim::KernelOps& k) {
        Segment segment;
        segment.socket = spec.socket;
        segment.rst = spec.action == DisturbKind::rst;
        segment.fin = !segment.rst;
        tcp_input(k, *connection.so, segment);
      };
      break;
    case DisturbKind::signal:
      body = [this, &spec](sim::KernelOps& k) { send_signal(k, spec); };
      break;
    default:
      body = [&connection, &spec](sim::KernelOps& k) { perform(spec, k, *connection.so); };
      break;
  }
  if (spec.when && !scenario_.explore.at_any_moment) {
    if (!connection.gate) connection.gate = std::make_unique<Gate>();
    connection.gate->watch(event_of(spec.when->event));
    polls = true;
    body = [gate = connection.gate.get(), event = event_of(spec.when->event),
            then = std::move(body)](sim::KernelOps& k) {
      gate->wait(k, event);
      then(k);
    };
  }
  const std::string name(enum_name(spec.action));
  add_thread(name, origin, std::move(body), second, socket).polls = polls;
}

void ExploredScenario::send_signal(sim::KernelOps& k, const Disturb& spec) const {
  std::int64_t reader = 0;
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    const ExploredThread& thread = threads_[i];
    if (thread.reader == nullptr || thread.socket != static_cast<std::size_t>(spec.socket))
      continue;
    if (!spec.reader || *spec.reader == reader) k.signal(static_cast<std::uint32_t>(i));
    ++reader;
  }
}

void ExploredScenario::add_synthetic() {
  locks_.resize(scenario_.locks.size());
  for (std::size_t g = 0; g < scenario_.threads.size(); ++g) {
    const ThreadGroup& group = scenario_.threads[g];
    if (group.arrivals_per_s) continue;
    std::size_t lock = locks_.size();
    for (std::size_t i = 0; i < scenario_.locks.size(); ++i) {
      if (group.lock && scenario_.locks[i].name == *group.lock) lock = i;
    }
    for (int i = 0; i < group.count; ++i) {
      add_thread(fmt::format("{}.{}", group.name, i),
                 {ThreadOrigin::Part::synthetic, g, static_cast<std::size_t>(i)},
                 [this, lock, loops = group.loops.value_or(1)](sim::KernelOps& k) {
                   for (std::int64_t round = 0; round < loops; ++round) {
                     if (lock == locks_.size()) return;
                     k.lock(*locks_[lock], kSyntheticPoint);
                     k.unlock(*locks_[lock]);
                   }
                 });
    }
  }
}

// --- the initial state ---------------------------------------------------------------------------

void ExploredScenario::reset() {
  pool_.start_over();
  sim::Numbering numbering;
  tcp_.emplace(classes_[kTcp], *hardware_);
  numbering.add(tcp_->tcp);
  int index = 0;
  for (Connection& connection : connections_) make_socket(connection, index++, numbering);
  for (std::size_t i = 0; i < locks_.size(); ++i) {
    numbering.add(locks_[i].emplace(classes_[kSynthetic + i]));
  }
  pool_.number_from(numbering.memories() + 1);
  add_troubles();
  SetupKernel setup;
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    Connection& connection = connections_[i];
    TcpCb& tp = connection.so->tcb;
    for (int n = 0; n < scenario_.explore.buffered_segments; ++n) {
      const Segment segment = make_segment(static_cast<int>(i), tp.rcv_nxt);
      connection.so->so_rcv.sbappendstream(setup, segment.chain);
      tp.rcv_nxt += segment.len;
    }
    tp.rcv_adv = tp.rcv_nxt + std::max<std::int64_t>(connection.so->so_rcv.sbspace(), 0);
    connection.arriving.clear();
    for (int n = 0; n < scenario_.explore.segments; ++n) {
      connection.arriving.push_back(make_segment(static_cast<int>(i), 0));
    }
    for (ReaderThread& reader : connection.readers) reader.start_over();
  }
}

void ExploredScenario::make_socket(Connection& connection, int index, sim::Numbering& numbering) {
  const SocketLockClasses classes{classes_[kSoRcv], classes_[kSoRcvSx], classes_[kTcpinp]};
  const BufferLimits limits{connection.spec->receive_buffer_bytes,
                            std::min(connection.spec->low_water, explored_low_water(scenario_)),
                            scenario_.effective_sb_max_bytes()};
  Socket& so = connection.so.emplace(index, classes, limits, pool_, costs_, scenario_.receive.era,
                                     scenario_.receive.effective_sblock());
  adopt(so, *algorithm_);
  numbering.add(so.so_rcv.sb_mtx);
  numbering.add(so.so_rcv_sx);
  numbering.add(so.tcb.t_inp);
  numbering.add(so.so_rcv.sb_cc_channel);
  numbering.add(so.so_rcv.sb_flags_channel);
  numbering.add(so.so_rcv.memory);
  numbering.add(so.memory);
  numbering.add(so.descriptor);
  numbering.add(connection.troubles.memory());
  if (connection.gate) {
    connection.gate->start_over(numbering);
    so.so_rcv.observer = connection.gate.get();
  }
  tcp_attach(so, *tcp_, nullptr,
             {.maxseg = scenario_.nic.mss(), .delayed_ack = scenario_.traffic.delayed_ack});
}

void ExploredScenario::add_troubles() {
  for (Connection& connection : connections_) connection.troubles.clear();
  for (const Disturb& spec : scenario_.disturb) {
    if (spec.action != DisturbKind::copy_fault) continue;
    CopyTrouble trouble;
    trouble.offset = spec.offset_bytes;
    trouble.once = true;
    if (spec.probability || !spec.offset_bytes) {
      trouble.probability = spec.probability.value_or(0.5);
    }
    connections_.at(static_cast<std::size_t>(spec.socket)).troubles.add(trouble);
  }
}

Segment ExploredScenario::make_segment(int socket, std::int64_t offset) {
  const std::int32_t payload = segment_bytes(scenario_);
  const std::int32_t mbufs = std::min(scenario_.nic.mbufs_per_frame, payload);
  Segment segment;
  segment.socket = socket;
  segment.len = payload;
  Mbuf* tail = nullptr;
  for (std::int32_t i = 0; i < mbufs; ++i) {
    const std::int32_t len = payload / mbufs + (i < payload % mbufs ? 1 : 0);
    Mbuf* m = pool_.alloc(std::max(kMclbytes, len));
    m->m_len = len;
    m->stream_offset = offset;
    offset += len;
    (tail == nullptr ? segment.chain : tail->m_next) = m;
    tail = m;
  }
  return segment;
}

std::optional<sim::Finding> ExploredScenario::judge_end(std::span<const sim::ThreadEnd> ends) {
  return models::judge_end(ends, threads_, connections_, pool_);
}

std::uint64_t ExploredScenario::final_state(std::span<const sim::ThreadEnd> ends) const {
  return models::final_state(ends, threads_, connections_);
}

}  // namespace models
