// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "models/driver.hpp"
#include "models/socket.hpp"
#include "models/tcp.hpp"
#include "models/traffic/traffic.hpp"
#include "tests/support/fake_hardware.hpp"
#include "tests/support/network_fake_kernel.hpp"

namespace test {

/// Wire, NIC, driver, TCP and sockets on hardware where nothing costs time.
struct NetworkRig {
  struct Options {
    models::Traffic traffic;
    models::Nic nic;
    int sockets = 1;
    std::int64_t buffer_bytes = 65536;
    models::TcpOptions tcp;
    models::Era era = models::Era::y2007_03;
    models::NetCosts costs;
  };

  explicit NetworkRig(Options o) : options(std::move(o)), k(hw) {
    for (int i = 0; i < options.sockets; ++i) {
      sockets.push_back(std::make_unique<models::Socket>(
          i, models::SocketLockClasses{so_rcv, so_rcv_sx, tcpinp},
          models::BufferLimits{
              options.buffer_bytes, 1,
              std::max(models::kSbMax, models::least_sb_max(options.buffer_bytes))},
          pool, options.costs, options.era, models::Sblock::sx));
    }
    std::vector<models::Socket*> pointers;
    std::vector<int> queues;
    for (const auto& so : sockets) {
      pointers.push_back(so.get());
      queues.push_back(so->index % options.nic.queues);
    }
    driver = std::make_unique<models::Driver>(options.nic, options.costs, pointers, queues,
                                              models::cores_of_queues(options.nic, 4), pool, hw);
    driver->start();
    hw.on_interrupt = [this](sim::ThreadId thread) {
      hw.at(hw.now(), [this, thread] { driver->service(k, static_cast<int>(thread)); });
    };
    source = models::make_traffic(options.traffic, options.nic, options.sockets, hw, driver->nic(),
                                  sim::Stream(1, 0, "traffic"));
    for (const auto& so : sockets) {
      models::tcp_attach(*so, shared, source ? &source->peer(so->index) : nullptr, options.tcp);
    }
    if (source) source->start();
  }

  models::Socket& so(int i = 0) { return *sockets.at(static_cast<std::size_t>(i)); }

  /// An application that takes everything there is, every `period_ps`.
  void read_every(sim::Picoseconds period_ps) {
    hw.at(hw.now() + period_ps, [this, period_ps] {
      for (const auto& s : sockets) read_all(*s);
      read_every(period_ps);
    });
  }
  void read_all(models::Socket& s) {
    k.lock(s.so_rcv.sb_mtx, models::points::kSoreceiveEntry);
    const std::int64_t bytes = s.so_rcv.sb_cc;
    if (bytes > 0) s.so_rcv.sbdrop(k, bytes);
    s.so_rcv.counters.copied += bytes;
    k.unlock(s.so_rcv.sb_mtx);
    if (bytes > 0) models::tcp_usr_rcvd(k, s);
  }

  Options options;
  FakeHardware hw;
  FakeKernel k;
  sim::LockClass tcp{.name = "tcp"};
  sim::LockClass tcpinp{.name = "tcpinp"};
  sim::LockClass so_rcv{.name = "so_rcv"};
  sim::LockClass so_rcv_sx{.name = "so_rcv_sx", .kind = sim::LockKind::sx};
  models::MbufPool pool;
  models::TcpShared shared{tcp, hw};
  std::vector<std::unique_ptr<models::Socket>> sockets;
  std::unique_ptr<models::Driver> driver;
  std::unique_ptr<models::TrafficSource> source;
};

}  // namespace test
