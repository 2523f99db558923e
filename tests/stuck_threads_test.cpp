// SPDX-License-Identifier: BSD-2-Clause
//
// A thread that waits for a lock behind a thread that nobody wakes is found at the end of the run,
// although timers and traffic go on.
#include <string>
#include <vector>

#include "models/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/here.hpp"
#include "tests/support/machine_rig.hpp"

using sim::KernelOps;
using sim::kMicrosecond;
using test::MachineRig;

namespace {

/// A reader that wants all of 100000 bytes, more than the buffer, and gets 30 segments; then a
/// shutdown(SHUT_RD).
const char* const kHang = R"({
  "schema": "sockbufsim/scenario/1", "name": "hang", "duration_ms": 5,
  "machine": {"profile": "woodcrest-2007", "cores": 4},
  "traffic": {"kind": "line_rate", "rate_pps": 100000, "stop_us": 300},
  "sockets": [{"readers": [{"core": 1, "read_bytes": 100000, "waitall": true}]}],
  "receive": {"algorithm": "generic", "era": "2007_03"},
  "disturb": [{"do": "shutdown_rd", "at_us": 2000}]})";

models::Report run_stuck(const std::vector<std::string>& overrides) {
  const models::LoadedScenario loaded =
      models::load_scenario_text(kHang, "hang.json", ".", overrides);
  return models::simulate({&loaded}).report;
}

/// One thread holds `sx` and sleeps from 1 us on, another wants it from `us` on. With `wakeup_us`
/// >= 0 somebody wakes the sleeper then. With `more_to_come` a device has something to do after the
/// end.
sim::RunResult run_sleeping_holder(int us, int wakeup_us, bool more_to_come) {
  MachineRig rig(3);
  sim::Sx sx(rig.lock_class("x", sim::LockKind::sx));
  sim::Mutex mutex(rig.lock_class("m", sim::LockKind::adaptive));
  sim::WaitChannel channel("data");
  rig.spawn("holder", sim::kPriorityUser, 0, [&](KernelOps& k) {
    k.sx_xlock(sx, test::kHere, sim::Interruptible::no);
    MachineRig::work(k, 1);
    for (;;) {
      k.lock(mutex, test::kHere);
      k.sleep(channel, mutex, test::kHere, sim::kPrioritySocket, sim::Interruptible::no);
      k.unlock(mutex);
    }
  });
  rig.spawn_at(us, "waiter", sim::kPriorityUser, 1,
               [&](KernelOps& k) { k.sx_xlock(sx, test::kHere, sim::Interruptible::no); });
  if (wakeup_us >= 0) {
    rig.spawn_at(wakeup_us, "waker", sim::kPriorityUser, 2,
                 [&](KernelOps& k) { k.wakeup(channel); });
  }
  if (more_to_come) rig.machine->at(MachineRig::kHorizon + kMicrosecond, [] {});
  return rig.machine->run();
}

}  // namespace

TEST_CASE("shutdown(SHUT_RD) behind a sleeping MSG_WAITALL reader ends as a deadlock",
          "[machine][stuck]") {
  for (const char* sblock : {"flag", "sx"}) {
    INFO(sblock);
    const models::Report report = run_stuck({std::string("receive.sblock=") + sblock});
    REQUIRE(report.verdict == models::Verdict::deadlock);
    REQUIRE(report.violations.size() == 1);
    const std::string& message = report.violations[0].message;
    INFO(message);
    CHECK(report.violations[0].kind == "deadlock");
    CHECK(report.violations[0].thread == "shutdown");
    CHECK(message.find("shutdown waits for s") == 0);
    CHECK(message.find(", held by reader, which sleeps on sbwait since ") != std::string::npos);
  }
}

TEST_CASE("a shutdown that gets through, or may yet get through, is no deadlock",
          "[machine][stuck]") {
  // In the tree of May 2007 the mark comes first, and wakes the reader.
  CHECK(run_stuck({"receive.era=2007_05"}).verdict == models::Verdict::completed);
  // A FIN wakes it, too.
  CHECK(run_stuck(
            {"disturb=[{\"do\":\"shutdown_rd\",\"at_us\":2000},{\"do\":\"fin\",\"at_us\":4500}]"})
            .verdict == models::Verdict::completed);
  // Traffic that goes on may wake it after the end of the run.
  const models::Report late =
      run_stuck({"traffic.stop_us=null", "traffic.rate_pps=9000", "disturb.0.at_us=4990"});
  CHECK(late.verdict == models::Verdict::completed);
}

TEST_CASE("how long a thread hangs decides, where something may still happen", "[machine][stuck]") {
  // The run takes 1000 us: from a quarter on it is a deadlock, before that a warning.
  const sim::RunResult deadlock = run_sleeping_holder(100, -1, true);
  REQUIRE(deadlock.verdict == sim::Verdict::deadlock);
  CHECK(deadlock.incidents.at(0).message ==
        "waiter waits for x since 100 us, held by holder, which sleeps on data since 1 us: nobody "
        "woke it to the end of the run");
  CHECK(deadlock.warnings.empty());

  const sim::RunResult late = run_sleeping_holder(800, -1, true);
  CHECK(late.verdict == sim::Verdict::completed);
  REQUIRE(late.warnings.size() == 1);
  CHECK(late.warnings[0].find("waiter waits for x since 800 us") == 0);

  // Where nothing may happen any more, it need not be long.
  CHECK(run_sleeping_holder(999, -1, false).verdict == sim::Verdict::deadlock);

  // A holder that was woken in between is not stuck, as far as anybody can tell.
  CHECK(run_sleeping_holder(100, 900, true).verdict == sim::Verdict::completed);
}
