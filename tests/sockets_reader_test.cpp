// SPDX-License-Identifier: BSD-2-Clause
#include "models/disturb.hpp"
#include "models/reader.hpp"
#include "sim/base/assert.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_hardware.hpp"
#include "tests/support/socket_rig.hpp"

using models::Disturb;
using models::DisturbKind;
using models::Errno;
using models::ReaderConfig;
using models::ReaderEnd;
using models::ReaderThread;
using models::TriggerEvent;
using test::ScriptedHardware;
using test::SocketRig;
using test::violation_of;

namespace {

ReaderConfig config(const std::string& algorithm, std::int64_t bytes = 65536) {
  ReaderConfig c;
  c.algorithm = models::find_algorithm(algorithm);
  c.read_bytes = bytes;
  return c;
}

/// Ends the stream when the reader first sleeps.
void fin_at_sleep(SocketRig& rig) {
  rig.meanwhile("sleep:sbwait", 1,
                [&] { models::socantrcvmore(rig.k, rig.so, models::points::kSocantrcvmore); });
}

/// Disturbances on the rig's socket.
struct Disturbed {
  Disturbed(SocketRig& rig, const std::vector<Disturb>& specs) : hw(rig.k) {
    models::DisturbEnvironment env;
    env.hardware = &hw;
    env.sockets = {&rig.so};
    env.troubles = {&rig.troubles};
    env.algorithm = models::find_algorithm("generic");
    env.inject = [this](int, bool rst) { injected.push_back(rst ? "rst" : "fin"); };
    disturbances = std::make_unique<models::Disturbances>(specs, env);
  }
  ScriptedHardware hw;
  std::vector<std::string> injected;
  std::unique_ptr<models::Disturbances> disturbances;
};

Disturb disturb(DisturbKind kind) {
  Disturb d;
  d.action = kind;
  return d;
}

Disturb disturb_when(DisturbKind kind, TriggerEvent event, std::int64_t n = 1) {
  Disturb d = disturb(kind);
  d.when = models::Trigger{event, n, 0.0, 0.0};
  d.core = 3;
  return d;
}

}  // namespace

TEST_CASE("a reader reads to the end of the stream", "[sockets]") {
  const std::string algorithm = GENERATE("generic", "stream_inplace", "stream_putback");
  SocketRig rig;
  rig.append(20, 1448);
  fin_at_sleep(rig);
  ReaderThread reader(rig.so, config(algorithm, 10000), &rig.troubles);
  reader.run(rig.k);
  CHECK(reader.end() == ReaderEnd::eof);
  CHECK(reader.stats().reads == 3);
  CHECK(reader.stats().bytes == 20 * 1448);
  CHECK(rig.so.delivered.next() == 20 * 1448);
  CHECK(rig.so.f_count == 1);
  rig.check_books();
  models::check_conservation(rig.so);
}

TEST_CASE("the books of a socket are compared with its readers'", "[sockets]") {
  SocketRig rig;
  rig.append(4, 1448);
  ReaderConfig c = config("generic", 1448);
  c.max_reads = 2;
  ReaderThread reader(rig.so, c, nullptr);
  reader.run(rig.k);
  models::check_conservation(rig.so);
  SECTION("a read that nobody accounts for") {
    rig.receive("generic", 1448);
    CHECK_THROWS_AS(models::check_conservation(rig.so), sim::InternalError);
  }
  SECTION("a gap that no call in progress can close") {
    rig.so.delivered.deliver(rig.k, 3 * 1448, 1448, false);
    rig.so.so_rcv.counters.copied += 1448;
    rig.so.so_rcv.counters.appended += 1448;
    CHECK(violation_of([&] { models::check_conservation(rig.so); }) == "bytes_lost");
  }
}

TEST_CASE("a reader's options", "[sockets]") {
  SocketRig rig;
  rig.append(4, 1000);
  ReaderConfig c = config("generic", 2000);
  SECTION("peek, then consume") {
    c.peek = true;
    fin_at_sleep(rig);
    ReaderThread reader(rig.so, c, nullptr);
    reader.run(rig.k);
    CHECK(reader.stats().peeks == 2);
    CHECK(reader.stats().peeked_bytes == 4000);
    CHECK(reader.stats().bytes == 4000);
  }
  SECTION("non-blocking polls") {
    c.blocking = false;
    c.poll_ps = 7000000;
    rig.k.before("pause", 3,
                 [&] { models::socantrcvmore(rig.k, rig.so, models::points::kSocantrcvmore); });
    ReaderThread reader(rig.so, c, nullptr);
    reader.run(rig.k);
    CHECK(reader.stats().would_block == 3);
    CHECK(reader.stats().bytes == 4000);
    CHECK(rig.k.now() >= 21000000);
  }
  SECTION("max_reads") {
    c.max_reads = 1;
    ReaderThread reader(rig.so, c, nullptr);
    reader.run(rig.k);
    CHECK(reader.end() == ReaderEnd::max_reads);
    CHECK(reader.stats().bytes == 2000);
  }
  SECTION("processing time") {
    c.max_reads = 2;
    c.process_ps_per_byte = 100.0;
    c.process_ps = [] { return sim::Picoseconds{5000}; };
    rig.costs.mbuf_free_ps = 0;
    ReaderThread reader(rig.so, c, nullptr);
    const sim::Picoseconds start = rig.k.now();
    reader.run(rig.k);
    CHECK(rig.k.now() - start == 2 * (5000 + 200000));
  }
  SECTION("a closed descriptor ends it") {
    models::close_descriptor(rig.k, rig.so);
    ReaderThread reader(rig.so, c, nullptr);
    reader.run(rig.k);
    CHECK(reader.end() == ReaderEnd::bad_descriptor);
  }
  SECTION("an in-kernel user holds no file reference, and looks at its own mark") {
    c.file_ref = false;
    int references = -1;
    rig.meanwhile("copy_out", 1, [&] {
      references = rig.so.f_count;
      rig.so.kernel_closing = true;
    });
    ReaderThread reader(rig.so, c, nullptr);
    reader.run(rig.k);
    CHECK(references == 1);
    CHECK(reader.end() == ReaderEnd::closing);
    CHECK(reader.stats().reads == 1);
  }
  SECTION("a reset ends it, after the data") {
    models::so_drop(rig.k, rig.so, Errno::econnreset);
    ReaderThread reader(rig.so, c, nullptr);
    reader.run(rig.k);
    CHECK(reader.end() == ReaderEnd::reset);
    CHECK(reader.stats().bytes == 4000);
  }
}

TEST_CASE("delivery latency runs from the wire to the return of the read", "[sockets]") {
  SocketRig rig;
  rig.costs.mbuf_free_ps = 0;
  rig.costs.syscall_ps = 3001;
  rig.k.pause(1000000);
  rig.append(2, 1448);
  rig.so.so_rcv.sb_mb->wire_at = 400000;
  rig.so.so_rcv.sb_mbtail->wire_at = 900000;
  ReaderConfig c = config("generic");
  c.max_reads = 1;
  ReaderThread reader(rig.so, c, nullptr);
  const sim::Picoseconds start = rig.k.now();
  reader.run(rig.k);
  const auto& latency = reader.stats().delivery_latency_ps;
  CHECK(latency.count() == 2);
  CHECK(latency.max() == start + 3001 - 400000);
  CHECK(latency.min() == start + 3001 - 900000);
  reader.reset_stats(0);
  CHECK(reader.stats().reads == 0);
  CHECK(reader.stats().delivery_latency_ps.count() == 0);
}

TEST_CASE("a reader finds bytes that are missing or come twice", "[sockets]") {
  SocketRig rig;
  rig.append(4, 1448);
  ReaderThread reader(rig.so, config("generic", 1448), nullptr);
  SECTION("between reads") {
    rig.so.delivered.start_at(5);
    CHECK(violation_of([&] { reader.run(rig.k); }) == "bytes_duplicated");
  }
  SECTION("a hole") {
    rig.k.before("sx_xlock", 2, [&] {
      static constexpr sim::LockPoint kThief{"thief"};
      rig.k.lock(rig.so.so_rcv.sb_mtx, kThief);
      rig.so.so_rcv.sbdrop(rig.k, 100);
      rig.k.unlock(rig.so.so_rcv.sb_mtx);
    });
    CHECK(violation_of([&] { reader.run(rig.k); }) == "bytes_lost");
  }
  SECTION("within a read") {
    ReaderThread large(rig.so, config("stream_inplace"), nullptr);
    rig.so.so_rcv.sb_mb->m_next->stream_offset += 7;
    CHECK(violation_of([&] { large.run(rig.k); }) == "stream_reordered");
  }
}

TEST_CASE("copy faults are counted and survived", "[sockets]") {
  const std::string algorithm = GENERATE("generic", "stream_inplace", "stream_putback");
  SocketRig rig;
  rig.append(20, 1448);
  Disturb fault = disturb(DisturbKind::copy_fault);
  fault.offset_bytes = 5000;
  Disturbed disturbed(rig, {fault});
  fin_at_sleep(rig);
  ReaderThread reader(rig.so, config(algorithm), &rig.troubles);
  reader.run(rig.k);
  CHECK(reader.end() == ReaderEnd::eof);
  CHECK(reader.stats().faults == 1);
  const std::int64_t lost = algorithm == "generic" ? 3 * 1448 : 0;
  CHECK(reader.stats().lost_bytes == lost);
  CHECK(reader.stats().bytes == 20 * 1448 - lost);
  CHECK(rig.so.delivered.next() == 20 * 1448);
  rig.check_books();
  models::check_conservation(rig.so);
}

TEST_CASE("a fault's probability is nature's choice", "[sockets]") {
  SocketRig rig;
  rig.append(4, 1448);
  Disturb fault = disturb(DisturbKind::copy_fault);
  fault.probability = 0.25;
  Disturbed disturbed(rig, {fault});
  int draws = 0;
  rig.k.dice = [&](double p) {
    CHECK(p == 0.25);
    return ++draws == 3;
  };
  CHECK(rig.receive("generic", 65536).error == Errno::efault);
  CHECK(draws == 3);
  CHECK(rig.receive("generic", 65536).bytes == 2 * 1448);
}

TEST_CASE("a disturbance at a date", "[sockets]") {
  SocketRig rig;
  Disturb rst = disturb(DisturbKind::rst);
  rst.at_us = 3.0;
  Disturb fin = disturb(DisturbKind::fin);
  fin.at_us = 2.0;
  Disturb close = disturb(DisturbKind::close);
  close.at_us = 5.0;
  close.core = 2;
  Disturbed disturbed(rig, {rst, fin, close});
  disturbed.hw.run_until(1999999);
  CHECK(disturbed.injected.empty());
  disturbed.hw.run_until(4000000);
  CHECK(disturbed.injected == std::vector<std::string>{"fin", "rst"});
  CHECK(rig.so.descriptor_open);
  disturbed.hw.run_until(5000000);
  CHECK_FALSE(rig.so.descriptor_open);
  REQUIRE(disturbed.hw.spawned.size() == 1);
  CHECK(disturbed.hw.spawned[0].core == 2);
  CHECK(disturbed.disturbances->fired() == 3);
}

TEST_CASE("a disturbance at a condition", "[sockets]") {
  SocketRig rig;
  rig.append(4, 1448);
  SECTION("the first copyout") {
    Disturbed disturbed(rig,
                        {disturb_when(DisturbKind::kernel_close, TriggerEvent::first_copyout)});
    ReaderConfig c = config("stream_putback");
    c.file_ref = false;
    ReaderThread reader(rig.so, c, &rig.troubles);
    CHECK(violation_of([&] { reader.run(rig.k); }) == "destroyed_lock");
  }
  SECTION("the third copyout: what is left is put back onto nothing") {
    Disturbed disturbed(rig,
                        {disturb_when(DisturbKind::shutdown_rd, TriggerEvent::nth_copyout, 3)});
    CHECK(violation_of([&] { rig.receive("stream_putback", 65536); }) == "putback_flushed");
    CHECK(rig.k.count("copy_out") == 3);
  }
  SECTION("with a delay, or not before a date") {
    Disturb late = disturb_when(DisturbKind::fin, TriggerEvent::first_read);
    late.when->delay_ns = 100.0;
    Disturb never = disturb_when(DisturbKind::rst, TriggerEvent::first_read);
    never.when->after_us = 1000.0;
    Disturbed disturbed(rig, {late, never});
    ReaderConfig c = config("generic");
    c.max_reads = 1;
    ReaderThread reader(rig.so, c, nullptr);
    reader.run(rig.k);
    CHECK(disturbed.injected.empty());
    disturbed.hw.run_until(rig.k.now() + 100000);
    CHECK(disturbed.injected == std::vector<std::string>{"fin"});
    CHECK(rig.so.so_rcv.observer != nullptr);  // one still waits
  }
  SECTION("an append arms a fault for the next copyout") {
    Disturbed disturbed(rig, {disturb_when(DisturbKind::copy_fault, TriggerEvent::nth_append, 2)});
    CHECK(rig.receive("generic", 1448).error == Errno::ok);
    rig.append(1, 1448);
    CHECK(rig.receive("generic", 1448).error == Errno::ok);
    rig.append(1, 1448);
    CHECK(rig.receive("generic", 1448).error == Errno::efault);
    CHECK(rig.receive("generic", 1448).error == Errno::ok);
    CHECK(rig.so.so_rcv.observer == nullptr);  // nothing waits any more
  }
}

TEST_CASE("a second reader shares the stream", "[sockets]") {
  SocketRig rig;
  rig.append(4, 1448);
  Disturb second = disturb_when(DisturbKind::second_reader, TriggerEvent::nth_read, 2);
  second.read_bytes = 1448;
  second.max_reads = 1;
  Disturbed disturbed(rig, {second});
  ReaderConfig c = config("generic", 1448);
  c.max_reads = 3;
  ReaderThread reader(rig.so, c, nullptr);
  reader.run(rig.k);
  REQUIRE(disturbed.disturbances->second_readers().size() == 1);
  CHECK(disturbed.disturbances->second_readers()[0]->stats().bytes == 1448);
  CHECK(reader.stats().bytes == 3 * 1448);
  CHECK(rig.so.delivered.next() == 4 * 1448);
  CHECK(rig.so.delivered.contiguous());
}
