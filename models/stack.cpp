// SPDX-License-Identifier: BSD-2-Clause
#include "models/stack.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "models/frame.hpp"
#include "models/receive/receive.hpp"
#include "sim/base/assert.hpp"
#include "sim/machine/violation.hpp"

namespace models {

/// Counters of one socket buffer for the timeline.
class NetworkStack::Probe final : public SockbufObserver {
 public:
  Probe(sim::Machine& machine, Socket& socket, bool alone)
      : machine_(machine),
        socket_(socket),
        name_(alone ? "so_rcv.sb_cc" : fmt::format("so_rcv.sb_cc of socket {}", socket.index)) {}
  void happened(sim::KernelOps&, Event event) override {
    if (event == Event::copied) return;
    machine_.counter(name_.c_str(), socket_.so_rcv.sb_cc);
  }

 private:
  sim::Machine& machine_;
  Socket& socket_;
  std::string name_;
};

NetworkStack::NetworkStack(sim::Machine& machine, const LoadedScenario& loaded,
                           std::uint32_t replication, SockbufObserver* listener)
    : machine_(machine),
      costs_(loaded.costs.net),
      algorithm_(find_algorithm(loaded.scenario.receive.algorithm)) {
  if (loaded.scenario.sockets.empty()) return;
  SIM_ASSERT(algorithm_ != nullptr, "a checked scenario names a registered algorithm");
  make_sockets(loaded, listener);
  make_network(loaded, replication);
  start_readers(loaded, replication);
  machine.on_warmup_end([this] { reset_stats(); });
}

NetworkStack::~NetworkStack() = default;

void NetworkStack::make_sockets(const LoadedScenario& loaded, SockbufObserver* listener) {
  const Scenario& scenario = loaded.scenario;
  sim::LockProfile& profile = machine_.lock_profile();
  const sim::LockKind discipline = scenario.machine.lock_discipline;
  const Wire wire{scenario.traffic.link_gbps, scenario.nic.timestamps};
  frame_ps_ = wire.frame_ps(scenario.traffic.payload_bytes.value_or(scenario.nic.mss()));
  tcp_ = std::make_unique<TcpShared>(profile.add_class("tcp", discipline), machine_);
  sim::LockClass& tcpinp = profile.add_class("tcpinp", discipline);
  sim::LockClass& so_rcv = profile.add_class("so_rcv", discipline);
  sim::LockClass& so_rcv_sx = profile.add_class("so_rcv_sx", sim::LockKind::sx);
  const SocketLockClasses classes{so_rcv, so_rcv_sx, tcpinp};
  for (const SocketSpec& spec : scenario.sockets) {
    for (int i = 0; i < spec.count; ++i) {
      sockets_.push_back(std::make_unique<Socket>(
          static_cast<int>(sockets_.size()), classes,
          BufferLimits{spec.receive_buffer_bytes, spec.low_water,
                       scenario.effective_sb_max_bytes()},
          pool_, costs_, scenario.receive.era, scenario.receive.effective_sblock()));
      adopt(*sockets_.back(), *algorithm_);
      troubles_.emplace_back();
    }
  }
  for (const auto& socket : sockets_) socket->so_rcv.observer = listener;
  if (!machine_.records_timeline()) return;
  SIM_ASSERT(listener == nullptr, "a run that is listened to records no timeline");
  for (const auto& socket : sockets_) {
    probes_.push_back(std::make_unique<Probe>(machine_, *socket, sockets_.size() == 1));
    socket->so_rcv.observer = probes_.back().get();
  }
}

void NetworkStack::make_network(const LoadedScenario& loaded, std::uint32_t replication) {
  const Scenario& scenario = loaded.scenario;
  std::vector<Socket*> sockets;
  for (const auto& socket : sockets_) sockets.push_back(socket.get());
  // With a core for every thread the interrupt threads bring their own.
  const int cores = std::max(1, static_cast<int>(loaded.topology.size()));
  driver_ = std::make_unique<Driver>(scenario.nic, costs_, sockets,
                                     queues_of_sockets(scenario.sockets, scenario.nic.queues),
                                     cores_of_queues(scenario.nic, cores), pool_, machine_);
  driver_->start();
  traffic_ = make_traffic(
      scenario.traffic, scenario.nic, static_cast<int>(sockets.size()), machine_, driver_->nic(),
      sim::Stream(static_cast<std::uint64_t>(scenario.seed), replication, "traffic"));
  std::size_t index = 0;
  for (const SocketSpec& spec : scenario.sockets) {
    const TcpOptions options{scenario.traffic.payload_bytes.value_or(scenario.nic.mss()),
                             scenario.traffic.delayed_ack, spec.autosize,
                             spec.autosize_increment_bytes, spec.autosize_max_bytes};
    for (int i = 0; i < spec.count; ++i, ++index) {
      Peer* peer = traffic_ ? &traffic_->peer(static_cast<int>(index)) : nullptr;
      tcp_attach(*sockets[index], *tcp_, peer, options);
    }
  }
  if (traffic_) traffic_->start();

  DisturbEnvironment environment;
  environment.hardware = &machine_;
  environment.sockets = std::move(sockets);
  for (CopyTroubles& troubles : troubles_) environment.troubles.push_back(&troubles);
  environment.inject = [this](int socket, bool rst) {
    if (traffic_) traffic_->inject(socket, rst);
  };
  environment.readers = [this](int socket) {
    std::vector<sim::ThreadId> threads;
    for (const RunningReader& reader : readers_) {
      if (reader.thread && reader.socket == socket) threads.push_back(reader.thread_id);
    }
    return threads;
  };
  environment.algorithm = algorithm_;
  disturbances_ = std::make_unique<Disturbances>(scenario.disturb, std::move(environment));
}

void NetworkStack::start_readers(const LoadedScenario& loaded, std::uint32_t replication) {
  const auto seed = static_cast<std::uint64_t>(loaded.scenario.seed);
  std::size_t total = 0;
  for (const SocketSpec& spec : loaded.scenario.sockets) {
    for (const Reader& reader : spec.readers) {
      total += static_cast<std::size_t>(spec.count) * static_cast<std::size_t>(reader.count);
    }
  }
  int socket = 0;
  for (const SocketSpec& spec : loaded.scenario.sockets) {
    for (int copy = 0; copy < spec.count; ++copy, ++socket) {
      for (const Reader& reader : spec.readers) {
        for (int i = 0; i < reader.count; ++i) {
          const std::string base = reader.name.empty() ? "reader" : reader.name;
          const bool own_name = !reader.name.empty() && spec.count == 1 && reader.count == 1;
          std::string name =
              own_name || total == 1 ? base : fmt::format("{}{}", base, readers_.size());
          sim::Stream stream(seed, replication, "process:" + name);
          start_reader(reader, std::move(name), socket, stream);
        }
      }
    }
  }
  for (ReaderThread* second : disturbances_->second_readers()) {
    RunningReader& reader = readers_.emplace_back();
    reader.name = "second_reader";
    reader.socket = second->socket().index;
    reader.observed = second;
  }
}

void NetworkStack::start_reader(const Reader& spec, std::string name, int socket,
                                const sim::Stream& stream) {
  RunningReader& reader = readers_.emplace_back();
  reader.name = name;
  reader.socket = socket;
  ReaderConfig config = ReaderConfig::from(spec);
  config.algorithm = algorithm_;
  if (!spec.process_ns.always_zero()) {
    config.process_ps = [draw = spec.process_ns.compile(), draws = stream]() mutable {
      return sim::from_ns(draw.sample(draws));
    };
  }
  const auto index = static_cast<std::size_t>(socket);
  reader.thread =
      std::make_unique<ReaderThread>(*sockets_[index], std::move(config), &troubles_[index]);
  reader.observed = reader.thread.get();
  sim::ThreadSpec thread{std::move(name), sim::kPriorityUser, spec.core.value_or(-1), true};
  reader.thread_id = machine_.spawn(std::move(thread),
                                    [body = reader.observed](sim::KernelOps& k) { body->run(k); });
}

void NetworkStack::reset_stats() {
  if (traffic_) traffic_->reset_stats();
  driver_->reset_stats();
  driver_->nic().reset_stats();
  for (auto& socket : sockets_) socket->tcb.stats = TcpStats{};
  const sim::Picoseconds fresh_from = machine_.now() + frame_ps_;
  for (RunningReader& reader : readers_) reader.observed->reset_stats(fresh_from);
}

std::int64_t NetworkStack::delivered_bytes() const {
  std::int64_t bytes = 0;
  for (const RunningReader& reader : readers_) bytes += reader.observed->stats().bytes;
  return bytes;
}

std::int64_t NetworkStack::delivered_bytes_ever() const {
  std::int64_t bytes = 0;
  for (const auto& socket : sockets_) bytes += socket->so_rcv.counters.copied;
  return bytes;
}

/// What a queue has; what threads had in hand when the run ended, they claimed (InHand).
void NetworkStack::claim_mbufs() const {
  driver_->claim_mbufs();
  for (const auto& socket : sockets_) socket->for_each_chain(MbufPool::claim);
}

void NetworkStack::look_for_leaks() const {
  constexpr std::size_t kMostNames = 8;
  const std::vector<const Mbuf*> lost = pool_.unclaimed();
  if (lost.empty()) return;
  std::string names;
  for (std::size_t i = 0; i < std::min(lost.size(), kMostNames); ++i) {
    names += fmt::format("{}#{} ({} bytes)", i > 0 ? ", " : "", lost[i]->id, lost[i]->m_len);
  }
  if (lost.size() > kMostNames) names += ", ...";
  throw sim::Violation("mbuf_leaked",
                       fmt::format("of {} mbufs in use no queue and no thread has {}: {}",
                                   pool_.live(), lost.size(), names));
}

void NetworkStack::check_conservation() {
  if (!present()) return;
  claim_mbufs();
  driver_->drain();
  for (const auto& socket : sockets_) {
    tcp_drain(*socket);
    const Sockbuf& so_rcv = socket->so_rcv;
    const bool somebody_works_on_it = so_rcv.sb_mtx.owner != nullptr || so_rcv.owned_by >= 0;
    const std::string error = somebody_works_on_it ? "" : so_rcv.accounting_error();
    if (!error.empty()) throw sim::Violation("sockbuf_accounting", "sblastmbufchk: " + error);
    models::check_conservation(*socket);
  }
  pool_.check_conservation();
  look_for_leaks();
}

}  // namespace models
