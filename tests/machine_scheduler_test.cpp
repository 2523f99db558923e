// SPDX-License-Identifier: BSD-2-Clause
//
// Who gets a core, when, and what it costs: scripts of a few threads, followed by hand.
#include <stdexcept>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/here.hpp"
#include "tests/support/machine_rig.hpp"

using sim::KernelOps;
using sim::kMicrosecond;
using sim::Work;
using test::Log;
using test::MachineRig;

namespace {

/// A thread that works for so long and says when it is done.
void worker(MachineRig& rig, const std::string& name, int priority, int us) {
  rig.spawn(name, priority, 0, [&rig, name, us](KernelOps& k) {
    MachineRig::work(k, us);
    rig.say(k, name);
  });
}

}  // namespace

TEST_CASE("a run queue goes by priority, then by arrival", "[machine]") {
  MachineRig rig(1);
  worker(rig, "urgent", sim::kPriorityNet, 10);
  worker(rig, "user-1", sim::kPriorityUser, 1);
  worker(rig, "kernel-90", 90, 1);
  worker(rig, "user-2", sim::kPriorityUser, 1);
  worker(rig, "kernel-88", sim::kPrioritySocket, 1);
  CHECK(rig.machine->run().verdict == sim::Verdict::completed);
  CHECK(rig.log == Log{"urgent@10", "kernel-88@11", "kernel-90@12", "user-1@13", "user-2@14"});
}

TEST_CASE("who was preempted goes on before its equals", "[machine]") {
  MachineRig rig(1);
  worker(rig, "first", sim::kPriorityUser, 10);
  worker(rig, "second", sim::kPriorityUser, 5);
  rig.spawn_at(4, "irq", sim::kPriorityNet, 0, [&](KernelOps& k) {
    MachineRig::work(k, 3);
    rig.say(k, "irq");
  });
  rig.machine->run();
  CHECK(rig.log == Log{"irq@7", "first@13", "second@18"});
}

TEST_CASE("a woken thread waits for the end of another one's system call", "[machine]") {
  // FreeBSD with PREEMPTION, without FULL_PREEMPTION: only interrupt threads preempt the kernel.
  // [user mode until 10) [system call until 20) [user mode until 30)
  for (const int woken_us : {4, 14, 24}) {
    for (const int priority : {sim::kPrioritySocket, sim::kPriorityNet}) {
      MachineRig rig(1);
      rig.spawn("user", sim::kPriorityUser, 0, [&](KernelOps& k) {
        MachineRig::work(k, 10);
        k.spend(Work::syscall, 10 * kMicrosecond);
        k.user_return();
        rig.say(k, "system call");
        MachineRig::work(k, 10);
        rig.say(k, "user");
      });
      rig.spawn_at(woken_us, "woken", priority, 0, [&](KernelOps& k) {
        MachineRig::work(k, 1);
        rig.say(k, "woken");
      });
      rig.machine->run();
      CAPTURE(woken_us, priority);
      if (woken_us == 4) CHECK(rig.log == Log{"woken@5", "system call@21", "user@31"});
      if (woken_us == 14 && priority == sim::kPriorityNet) {
        CHECK(rig.log == Log{"woken@15", "system call@21", "user@31"});
      }
      if (woken_us == 14 && priority == sim::kPrioritySocket) {
        CHECK(rig.log == Log{"woken@21", "system call@21", "user@31"});
      }
      if (woken_us == 24) CHECK(rig.log == Log{"system call@20", "woken@25", "user@31"});
    }
  }
}

TEST_CASE("a slice that ends in a system call lasts until its end", "[machine]") {
  sim::MachineCosts costs;
  costs.time_slice_ps = 5 * kMicrosecond;
  MachineRig rig(1, costs);
  for (const char* name : {"a", "b"}) {
    rig.spawn(name, sim::kPriorityUser, 0, [&rig, name](KernelOps& k) {
      k.spend(Work::syscall, 8 * kMicrosecond);
      rig.say(k, std::string(name) + " in the kernel");
      k.user_return();
      MachineRig::work(k, 2);
      rig.say(k, name);
    });
  }
  rig.machine->run();
  CHECK(rig.log == Log{"a in the kernel@8", "b in the kernel@16", "a@18", "b@20"});
}

TEST_CASE("a kernel priority preempts user threads but not kernel threads", "[machine]") {
  for (const int running : {sim::kPriorityUser, 90}) {
    MachineRig rig(1);
    worker(rig, "running", running, 10);
    rig.spawn_at(4, "socket", sim::kPrioritySocket, 0, [&](KernelOps& k) {
      MachineRig::work(k, 1);
      rig.say(k, "socket");
    });
    rig.machine->run();
    if (running == sim::kPriorityUser) {
      CHECK(rig.log == Log{"socket@5", "running@11"});
    } else {
      CHECK(rig.log == Log{"running@10", "socket@11"});
    }
  }
}

TEST_CASE("an interrupt's filter steals from the thread, and from idleness", "[machine]") {
  MachineRig rig(2);
  worker(rig, "user", sim::kPriorityUser, 10);
  const sim::ThreadId other = rig.spawn("irq", sim::kPriorityNet, 1, [&](KernelOps& k) {
    k.await_interrupt();
    rig.say(k, "irq");
  });
  // Two filters one after the other on core 0, the second before the first is through.
  for (const int us : {2, 3}) {
    rig.machine->at(us * kMicrosecond, [&] { rig.machine->interrupt(0, 2 * kMicrosecond, other); });
  }
  rig.machine->at(8 * kMicrosecond, [&] { rig.machine->interrupt(1, kMicrosecond, other); });
  rig.machine->run();
  CHECK(rig.log == Log{"irq@4", "user@14"});
  CHECK(rig.work_of("user") == Log{"application@0-2", "interrupt@2-6", "application@6-14"});
  CHECK(rig.us_of(0, Work::interrupt) == 4);
  CHECK(rig.us_of(0, Work::application) == 10);
  CHECK(rig.us_of(1, Work::interrupt) == 1);
}

TEST_CASE("a spin lock keeps interrupts and preemption off its core", "[machine]") {
  MachineRig rig(1);
  sim::Mutex mutex(rig.lock_class("m", sim::LockKind::spin));
  rig.spawn("user", sim::kPriorityUser, 0, [&](KernelOps& k) {
    k.lock(mutex, test::kHere);
    MachineRig::work(k, 10);
    rig.say(k, "held");
    k.unlock(mutex);
    MachineRig::work(k, 5);
    rig.say(k, "user");
  });
  const sim::ThreadId irq = rig.spawn("irq", sim::kPriorityNet, 0, [&](KernelOps& k) {
    k.await_interrupt();
    MachineRig::work(k, 3);
    rig.say(k, "irq");
  });
  rig.machine->at(4 * kMicrosecond, [&] { rig.machine->interrupt(0, kMicrosecond, irq); });
  rig.machine->run();
  CHECK(rig.log == Log{"held@10", "irq@14", "user@19"});
}

TEST_CASE("a wakeup on an idle core takes the IPI, the way out of idleness and the switch",
          "[machine]") {
  sim::MachineCosts costs;
  costs.ipi_ps = 2 * kMicrosecond;
  costs.idle_exit_ps = 3 * kMicrosecond;
  costs.context_switch_ps = kMicrosecond;
  MachineRig rig(2, costs);
  sim::Mutex mutex(rig.lock_class("m", sim::LockKind::adaptive));
  sim::WaitChannel channel("data");
  rig.spawn("waker", sim::kPriorityUser, 0, [&](KernelOps& k) {
    MachineRig::work(k, 20);
    rig.say(k, "wakeup");
    k.wakeup(channel);
    rig.say(k, "sent");
  });
  rig.spawn("sleeper", sim::kPriorityUser, 1, [&](KernelOps& k) {
    k.lock(mutex, test::kHere);
    k.sleep(channel, mutex, test::kHere, sim::kPrioritySocket, sim::Interruptible::no);
    k.unlock(mutex);
    rig.say(k, "awake");
  });
  rig.machine->run();
  // Both start at 4: out of idleness 3, switch 1. The sleeper's core ran nobody else since: no
  // switch the second time.
  CHECK(rig.log == Log{"wakeup@24", "sent@26", "awake@29"});
  CHECK(rig.us_of(0, Work::switching) == 4);
  CHECK(rig.us_of(0, Work::wakeup) == 2);
  CHECK(rig.us_of(1, Work::switching) == 4 + 3);
  CHECK(rig.us_of(1, Work::idle) == 20 + 2);
}

TEST_CASE("who wakes several sends one IPI after the other, to busy cores too", "[machine]") {
  sim::MachineCosts costs;
  costs.ipi_ps = 2 * kMicrosecond;
  MachineRig rig(3, costs);
  const auto waits = [&](const char* name, int core) {
    return rig.spawn(name, sim::kPriorityNet, core, [&rig, name](KernelOps& k) {
      k.await_interrupt();
      rig.say(k, name);
      MachineRig::work(k, 1);
    });
  };
  const sim::ThreadId idle = waits("on an idle core", 1);
  const sim::ThreadId busy = waits("on a busy core", 2);
  rig.spawn_at(1, "user", sim::kPriorityUser, 2, [&](KernelOps& k) {
    k.spend(Work::syscall, 20 * kMicrosecond);
    rig.say(k, "user");
  });
  rig.spawn_at(5, "waker", sim::kPriorityUser, 0, [&](KernelOps& k) {
    rig.machine->schedule(idle);
    rig.machine->schedule(busy);
    MachineRig::work(k, 1);
    rig.say(k, "waker");
  });
  rig.machine->run();
  CHECK(rig.log == Log{"on an idle core@7", "on a busy core@9", "waker@10", "user@22"});
  CHECK(rig.us_of(0, Work::wakeup) == 4);
  CHECK(rig.us_of(1, Work::wakeup) + rig.us_of(2, Work::wakeup) == 0);
}

TEST_CASE("an idle core takes work that may move from the longest queue first", "[machine]") {
  MachineRig rig(3);
  worker(rig, "busy-0", sim::kPriorityUser, 100);
  rig.spawn("busy-1", sim::kPriorityUser, 1, [](KernelOps& k) { MachineRig::work(k, 100); });
  rig.spawn("short-2", sim::kPriorityUser, 2, [](KernelOps& k) { MachineRig::work(k, 10); });
  worker(rig, "pinned", sim::kPriorityUser, 1);  // first in core 0's queue, but may not move
  for (const char* name : {"a", "b"}) {
    rig.spawn(name, sim::kPriorityUser, -1, [&rig, name](KernelOps& k) {
      MachineRig::work(k, 4);
      rig.say(k, std::string(name) + " on " + std::to_string(k.core()));
    });
  }
  rig.machine->run();
  REQUIRE(rig.log.size() == 4);
  CHECK(rig.log[0] == "a on 2@14");
  CHECK(rig.log[1] == "b on 2@18");
}

TEST_CASE("a time slice rotates equals, never less urgent threads", "[machine]") {
  sim::MachineCosts costs;
  costs.time_slice_ps = 10 * kMicrosecond;
  MachineRig rig(1, costs);
  worker(rig, "urgent", 90, 25);
  worker(rig, "user", sim::kPriorityUser, 5);
  worker(rig, "equal", 90, 15);
  rig.machine->run();
  // urgent 0-10, equal 10-20, urgent 20-30, equal 30-35, urgent 35-40, user 40-45.
  CHECK(rig.log == Log{"equal@35", "urgent@40", "user@45"});
}

TEST_CASE("every core's time adds up to the run", "[machine]") {
  sim::MachineCosts costs;
  costs.context_switch_ps = 700'001;
  costs.ipi_ps = 300'007;
  costs.sched_tick_ps = 123'457;
  costs.time_slice_ps = 3 * kMicrosecond;
  MachineRig rig(2, costs);
  sim::Mutex mutex(rig.lock_class("m", sim::LockKind::adaptive));
  for (const int core : {0, 1, -1, -1}) {
    rig.spawn("t" + std::to_string(rig.machine->thread_names().size()), sim::kPriorityUser, core,
              [&mutex](KernelOps& k) {
                for (int round = 0; round < 60; ++round) {
                  MachineRig::work(k, 2);
                  k.lock(mutex, test::kHere);
                  MachineRig::work(k, 1);
                  k.unlock(mutex);
                  if (round % 7 == 0) k.pause(kMicrosecond);
                }
              });
  }
  const sim::RunResult result = rig.machine->run();
  CHECK(result.verdict == sim::Verdict::completed);
  CHECK(rig.figures().contended > 0);
  for (int core = 0; core < 2; ++core) {
    sim::Picoseconds sum = 0;
    for (std::size_t work = 0; work < sim::kWorkCount; ++work) {
      sum += rig.machine->cpu_accounting().total_ps(core, static_cast<Work>(work));
    }
    CHECK(sum == result.end_ps);
  }
  // Nobody's work is lost or done twice, however often it was interrupted.
  CHECK(rig.us_of(0, Work::application) + rig.us_of(1, Work::application) == 4 * 60 * 3);
}

TEST_CASE("an exception in a thread comes out of the run", "[machine]") {
  MachineRig rig(2);
  rig.spawn("bystander", sim::kPriorityUser, 0, [](KernelOps& k) { MachineRig::work(k, 50); });
  rig.spawn("culprit", sim::kPriorityUser, 1, [](KernelOps& k) {
    MachineRig::work(k, 5);
    throw std::runtime_error("culprit gave up");
  });
  CHECK_THROWS_WITH(rig.machine->run(), "culprit gave up");
}
