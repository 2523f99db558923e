// SPDX-License-Identifier: BSD-2-Clause
//
// The scheduler and the locks with scripted threads, followed by hand.
#include <functional>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/here.hpp"
#include "tests/support/machine_rig.hpp"

using sim::KernelOps;
using sim::kMicrosecond;
using sim::Picoseconds;
using sim::Work;
using test::Log;
using Rig = test::MachineRig;

TEST_CASE("an interrupt thread preempts a user thread, which then goes on", "[machine]") {
  Rig rig(1);
  rig.spawn("user", sim::kPriorityUser, 0, [&](KernelOps& k) {
    Rig::work(k, 10);
    rig.say(k, "user");
  });
  const auto irq = rig.spawn("irq", sim::kPriorityNet, 0, [&](KernelOps& k) {
    k.await_interrupt();
    Rig::work(k, 5);
    rig.say(k, "irq");
  });
  // The filter takes 1 us from the user thread as well.
  rig.machine->at(4 * kMicrosecond, [&] { rig.machine->interrupt(0, kMicrosecond, irq); });
  CHECK(rig.machine->run().verdict == sim::Verdict::completed);
  CHECK(rig.log == Log{"irq@10", "user@16"});
  CHECK(rig.machine->cpu_accounting().total_ps(0, Work::interrupt) == kMicrosecond);
  CHECK(rig.machine->cpu_accounting().total_ps(0, Work::application) == 15 * kMicrosecond);
}

TEST_CASE("without preemption the urgent thread waits its turn", "[machine]") {
  Rig rig(1, {}, false);
  rig.spawn("user", sim::kPriorityUser, 0, [&](KernelOps& k) {
    k.spend(Work::syscall, 10 * kMicrosecond);
    rig.say(k, "user");
  });
  const auto irq = rig.spawn("irq", sim::kPriorityNet, 0, [&](KernelOps& k) {
    k.await_interrupt();
    rig.say(k, "irq");
  });
  rig.machine->at(4 * kMicrosecond, [&] { rig.machine->schedule(irq); });
  rig.machine->run();
  CHECK(rig.log == Log{"user@10", "irq@10"});
}

TEST_CASE("equal threads take turns by time slice; switches cost time", "[machine]") {
  sim::MachineCosts costs;
  costs.time_slice_ps = 10 * kMicrosecond;
  costs.context_switch_ps = kMicrosecond;
  Rig rig(1, costs);
  for (const char* name : {"a", "b"}) {
    rig.spawn(name, sim::kPriorityUser, 0, [&, name](KernelOps& k) {
      Rig::work(k, 15);
      rig.say(k, name);
    });
  }
  rig.machine->run();
  // Switch 1, a 10, switch 1, b 10, switch 1, a 5, switch 1, b 5.
  CHECK(rig.log == Log{"a@28", "b@34"});
  CHECK(rig.machine->cpu_accounting().total_ps(0, Work::switching) == 4 * kMicrosecond);
}

TEST_CASE("an idle core takes work that may move, and leaves what is pinned", "[machine]") {
  Rig rig(2);
  for (const char* name : {"pinned-1", "pinned-2"}) {
    rig.spawn(name, sim::kPriorityUser, 0, [&, name](KernelOps& k) {
      Rig::work(k, 10);
      rig.say(k, name);
    });
  }
  rig.spawn("first", sim::kPriorityUser, 1, [&](KernelOps& k) { Rig::work(k, 4); });
  rig.spawn("free", sim::kPriorityUser, -1, [&](KernelOps& k) {
    Rig::work(k, 3);
    rig.say(k, "free on " + std::to_string(k.core()));
  });
  rig.machine->run();
  CHECK(rig.log == Log{"free on 1@7", "pinned-1@10", "pinned-2@20"});
}

TEST_CASE("a preempted thread that may move goes to an idle core", "[machine]") {
  sim::MachineCosts costs;
  costs.ipi_ps = 2 * kMicrosecond;
  costs.idle_exit_ps = kMicrosecond;
  Rig rig(2, costs);
  // "mover" is placed on core 0, as core 1 is busy then.
  rig.spawn("short", sim::kPriorityUser, 1, [&](KernelOps& k) { Rig::work(k, 4); });
  rig.spawn("mover", sim::kPriorityUser, -1, [&](KernelOps& k) {
    Rig::work(k, 20);
    k.now();
    rig.say(k, "mover on " + std::to_string(k.core()));
  });
  rig.spawn_at(10, "irq", sim::kPriorityNet, 0, [&](KernelOps& k) {
    Rig::work(k, 30);
    rig.say(k, "irq");
  });
  rig.machine->run();
  // 1 us to leave idleness; at 10 the mover has worked 9 and leaves for core 1, where it goes on at
  // 13: IPI and idle exit. Core 0 sends the IPI.
  CHECK(rig.log == Log{"mover on 1@24", "irq@42"});
}

TEST_CASE("a thread whose time slice ended goes to an idle core, if it may", "[machine]") {
  sim::MachineCosts costs;
  costs.time_slice_ps = 5 * kMicrosecond;
  Rig rig(2, costs);
  rig.spawn("short", sim::kPriorityUser, 1, [&](KernelOps& k) { Rig::work(k, 1); });
  rig.spawn("mover", sim::kPriorityUser, -1, [&](KernelOps& k) {
    Rig::work(k, 20);
    k.now();
    rig.say(k, "mover on " + std::to_string(k.core()));
  });
  rig.spawn_at(3, "pinned", sim::kPriorityUser, 0, [&](KernelOps& k) {
    Rig::work(k, 20);
    rig.say(k, "pinned");
  });
  rig.machine->run();
  CHECK(rig.log == Log{"mover on 1@20", "pinned@25"});
}

TEST_CASE("without preemption user mode is left at once, the kernel at its end", "[machine]") {
  // FreeBSD without option PREEMPTION: an AST takes a thread off its core on its way to user mode.
  Rig rig(1, {}, false);
  sim::Mutex mutex(rig.lock_class("m", sim::LockKind::adaptive));
  rig.spawn("user", sim::kPriorityUser, 0, [&](KernelOps& k) {
    Rig::work(k, 10);
    k.spend(Work::syscall, 10 * kMicrosecond);
    rig.say(k, "system call");
    Rig::work(k, 10);
    rig.say(k, "user");
    k.lock(mutex, test::kHere);
    Rig::work(k, 10);
    k.unlock(mutex);
    rig.say(k, "unlocked");
  });
  for (const int us : {4, 14, 36}) {
    rig.spawn_at(us, "irq", sim::kPriorityNet, 0, [&](KernelOps& k) {
      Rig::work(k, 1);
      rig.say(k, "irq");
    });
  }
  rig.machine->run();
  // 4: in user mode. 14: in the system call, until 21. 36: holds a mutex from 32 to 42.
  CHECK(rig.log == Log{"irq@5", "system call@21", "irq@22", "user@32", "unlocked@42", "irq@43"});
}

TEST_CASE("a thread that another core schedules takes an IPI to wake", "[machine]") {
  sim::MachineCosts costs;
  costs.ipi_ps = 2 * kMicrosecond;
  for (const int core : {0, 1}) {
    Rig rig(2, costs);
    const auto netisr = rig.spawn("swi_net", sim::kPrioritySoftNet, 1, [&](KernelOps& k) {
      k.await_interrupt();
      rig.say(k, "swi_net");
    });
    rig.spawn_at(5, "irq", sim::kPriorityNet, core, [&](KernelOps& k) {
      Rig::work(k, 1);
      k.now();
      rig.machine->schedule(netisr);
      Rig::work(k, 1);
    });
    rig.machine->run();
    CHECK(rig.log == (core == 0 ? Log{"swi_net@8"} : Log{"swi_net@7"}));
  }
}

TEST_CASE("a lock that is found free while its waiter prepares to block costs an atomic",
          "[machine]") {
  sim::MachineCosts costs;
  costs.mutex_acquire_ps = costs.sx_acquire_ps = kMicrosecond;
  costs.turnstile_block_ps = costs.sleepq_sleep_ps = 4 * kMicrosecond;
  for (const bool sleeps : {true, false}) {
    INFO((sleeps ? "sx" : "mutex"));
    Rig rig(2, costs);
    sim::Mutex mutex(rig.lock_class("m", sim::LockKind::sleep));
    sim::Sx sx(rig.lock_class("x", sim::LockKind::sx));
    const auto take = [&](KernelOps& k, int hold_us) {
      if (sleeps) {
        k.sx_xlock(sx, test::kHere, sim::Interruptible::no);
      } else {
        k.lock(mutex, test::kHere);
      }
      rig.say(k, "got");
      Rig::work(k, hold_us);
      if (sleeps) {
        k.sx_xunlock(sx);
      } else {
        k.unlock(mutex);
      }
    };
    rig.spawn("owner", sim::kPriorityUser, 0, [&](KernelOps& k) { take(k, 5); });
    rig.spawn_at(3, "waiter", sim::kPriorityUser, 1, [&](KernelOps& k) { take(k, 0); });
    rig.machine->run();
    // First attempt 3-4, then 4-8 to block; the lock is free from 6 on; the next attempt 8-9.
    CHECK(rig.log == Log{"got@1", "got@9"});
  }
}

TEST_CASE("a spinner that lost the race keeps its place among the spinners", "[machine]") {
  // The line comes to the spinners one after the other, first come first served. "late" begins to
  // spin while "first" has lost against the owner, which took the lock again.
  sim::MachineCosts costs;
  costs.line_transfer_package_ps = kMicrosecond;
  Rig rig(3, costs);
  sim::Mutex mutex(rig.lock_class("m", sim::LockKind::adaptive));
  rig.spawn("owner", sim::kPriorityUser, 0, [&](KernelOps& k) {
    for (int round = 0; round < 2; ++round) {
      k.lock(mutex, test::kHere);
      Rig::work(k, 10);
      k.unlock(mutex);
    }
  });
  for (const int core : {1, 2}) {
    rig.spawn_at(core == 1 ? 2 : 9, core == 1 ? "first" : "late", sim::kPriorityUser, core,
                 [&, core](KernelOps& k) {
                   k.lock(mutex, test::kHere);
                   rig.say(k, core == 1 ? "first" : "late");
                   k.unlock(mutex);
                 });
  }
  rig.machine->run();
  REQUIRE(rig.log.size() == 2);
  CHECK(rig.log[0].starts_with("first"));
}

TEST_CASE("an adaptive waiter spins while the owner runs", "[machine]") {
  Rig rig(2);
  sim::Mutex mutex(rig.lock_class("m", sim::LockKind::adaptive));
  rig.spawn("owner", sim::kPriorityUser, 0, [&](KernelOps& k) {
    k.lock(mutex, test::kHere);
    Rig::work(k, 10);
    k.unlock(mutex);
  });
  rig.spawn("waiter", sim::kPriorityUser, 1, [&](KernelOps& k) {
    Rig::work(k, 2);
    k.lock(mutex, test::kHere);
    rig.say(k, "got");
    k.unlock(mutex);
  });
  rig.machine->run();
  CHECK(rig.log == Log{"got@10"});
  const sim::LockFigures& figures = rig.machine->lock_profile().profile(0).figures;
  CHECK(figures.contended == 1);
  CHECK(figures.spin_ps == 8 * kMicrosecond);
  CHECK(figures.block_ps == 0);
  CHECK(rig.machine->cpu_accounting().total_ps(1, Work::spin) == 8 * kMicrosecond);
}

TEST_CASE("a waiter blocks when the owner lost its core, and lends it its priority", "[machine]") {
  // low holds the lock; middle, more urgent, would keep it from running until 40; high, on the same
  // core, wants the lock at 3 and lends its priority: low finishes its hold at once.
  Rig rig(1);
  sim::Mutex mutex(rig.lock_class("m", sim::LockKind::adaptive));
  rig.spawn("low", sim::kPriorityUser, 0, [&](KernelOps& k) {
    k.lock(mutex, test::kHere);
    Rig::work(k, 10);
    k.unlock(mutex);
    rig.say(k, "low");
  });
  const auto middle = rig.spawn("middle", 30, 0, [&](KernelOps& k) {
    k.await_interrupt();
    Rig::work(k, 30);
    rig.say(k, "middle");
  });
  const auto high = rig.spawn("high", sim::kPriorityNet, 0, [&](KernelOps& k) {
    k.await_interrupt();
    k.lock(mutex, test::kHere);
    rig.say(k, "high");
    k.unlock(mutex);
  });
  rig.machine->at(2 * kMicrosecond, [&] { rig.machine->schedule(middle); });
  rig.machine->at(3 * kMicrosecond, [&] { rig.machine->schedule(high); });
  rig.machine->run();
  // low worked 0-2, middle 2-3, low again 3-11 on loan.
  CHECK(rig.log == Log{"high@11", "middle@40", "low@40"});
  const sim::LockFigures& figures = rig.machine->lock_profile().profile(0).figures;
  CHECK(figures.spin_ps == 0);
  CHECK(figures.block_ps == 8 * kMicrosecond);
}

TEST_CASE("a wakeup between the check and the sleep is not lost", "[machine]") {
  Rig rig(2);
  sim::Mutex mutex(rig.lock_class("m", sim::LockKind::adaptive));
  sim::WaitChannel channel("data");
  bool data = false;
  rig.spawn("reader", sim::kPriorityUser, 0, [&](KernelOps& k) {
    k.lock(mutex, test::kHere);
    while (!data) {
      k.sleep(channel, mutex, test::kHere, sim::kPrioritySocket, sim::Interruptible::no);
    }
    k.unlock(mutex);
    rig.say(k, "data");
  });
  rig.spawn("writer", sim::kPriorityUser, 1, [&](KernelOps& k) {
    Rig::work(k, 7);
    k.lock(mutex, test::kHere);
    data = true;
    k.wakeup(channel);
    k.unlock(mutex);
  });
  CHECK(rig.machine->run().verdict == sim::Verdict::completed);
  CHECK(rig.log == Log{"data@7"});
}

TEST_CASE("two locks in opposite order are a deadlock with its cycle", "[machine]") {
  Rig rig(2);
  sim::Mutex a(rig.lock_class("a", sim::LockKind::sleep));
  sim::Mutex b(rig.lock_class("b", sim::LockKind::sleep));
  const auto both = [&](sim::Mutex& first, sim::Mutex& second) {
    return [&](KernelOps& k) {
      k.lock(first, test::kHere);
      Rig::work(k, 5);
      k.lock(second, test::kHere);
    };
  };
  rig.spawn("one", sim::kPriorityUser, 0, both(a, b));
  rig.spawn("two", sim::kPriorityUser, 1, both(b, a));
  const sim::RunResult result = rig.machine->run();
  REQUIRE(result.verdict == sim::Verdict::deadlock);
  CHECK(result.incidents.at(0).message ==
        "two waits for a, held by one, which waits for b, held by two");
  CHECK(result.end_ps == 5 * kMicrosecond);
}

TEST_CASE("a thread that nobody will wake is a deadlock", "[machine]") {
  Rig rig(1);
  sim::Mutex mutex(rig.lock_class("m", sim::LockKind::adaptive));
  sim::WaitChannel channel("never");
  rig.spawn("sleeper", sim::kPriorityUser, 0, [&](KernelOps& k) {
    k.lock(mutex, test::kHere);
    k.sleep(channel, mutex, test::kHere, sim::kPrioritySocket, sim::Interruptible::no);
  });
  const sim::RunResult result = rig.machine->run();
  REQUIRE(result.verdict == sim::Verdict::deadlock);
  CHECK(result.incidents.at(0).message.find("sleeper sleeps") != std::string::npos);
}

TEST_CASE("misuse of a lock is a panic that names it", "[machine]") {
  const auto panic = [](const std::function<void(KernelOps&, sim::Mutex&)>& misuse) {
    Rig rig(1);
    sim::Mutex mutex(rig.lock_class("so_rcv", sim::LockKind::adaptive));
    rig.spawn("culprit", sim::kPriorityUser, 0, [&](KernelOps& k) { misuse(k, mutex); });
    const sim::RunResult result = rig.machine->run();
    REQUIRE(result.verdict == sim::Verdict::violation);
    CHECK(result.incidents.at(0).thread == "culprit");
    CHECK(result.incidents.at(0).message.find("so_rcv") != std::string::npos);
    return result.incidents.at(0).kind;
  };
  CHECK(panic([](KernelOps& k, sim::Mutex& m) {
          k.destroy(m);
          k.lock(m, test::kHere);
        }) == "destroyed_lock");
  CHECK(panic([](KernelOps& k, sim::Mutex& m) {
          k.lock(m, test::kHere);
          k.lock(m, test::kHere);
        }) == "recursed_lock");
  CHECK(panic([](KernelOps& k, sim::Mutex& m) { k.unlock(m); }) == "not_owner");
  CHECK(panic([](KernelOps& k, sim::Mutex& m) {
          k.lock(m, test::kHere);
          k.copy_out(100, kMicrosecond);
        }) == "copyout_with_mutex");
}
