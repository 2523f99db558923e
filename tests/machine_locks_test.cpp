// SPDX-License-Identifier: BSD-2-Clause
//
// The lock disciplines and the wait channels: scripts of a few threads, followed by hand.
#include <functional>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/here.hpp"
#include "tests/support/machine_rig.hpp"

using sim::KernelOps;
using sim::kMicrosecond;
using sim::LockKind;
using sim::Work;
using test::Log;
using test::MachineRig;

namespace {

constexpr sim::LockPoint kRelock{"machine_locks_test.cpp:relock"};

/// A thread on `core` that from `us` on wants the lock, holds it for `hold_us` and says so.
void taker(MachineRig& rig, sim::Mutex& mutex, const std::string& name, int core, int us,
           int hold_us) {
  rig.spawn_at(us, name, sim::kPriorityUser, core, [&rig, &mutex, name, hold_us](KernelOps& k) {
    k.lock(mutex, test::kHere);
    rig.say(k, name);
    MachineRig::work(k, hold_us);
    k.unlock(mutex);
  });
}

}  // namespace

TEST_CASE("an adaptive waiter blocks when the owner loses its core", "[machine]") {
  MachineRig rig(2);
  sim::Mutex mutex(rig.lock_class("m", LockKind::adaptive));
  rig.spawn("owner", sim::kPriorityUser, 0, [&](KernelOps& k) {
    k.lock(mutex, test::kHere);
    MachineRig::work(k, 10);
    k.unlock(mutex);
  });
  taker(rig, mutex, "waiter", 1, 2, 1);
  rig.spawn_at(4, "irq", sim::kPriorityNet, 0, [](KernelOps& k) { MachineRig::work(k, 5); });
  rig.machine->run();
  CHECK(rig.log == Log{"waiter@15"});
  CHECK(rig.figures().spin_ps == 2 * kMicrosecond);
  CHECK(rig.figures().block_ps == 11 * kMicrosecond);
  CHECK(rig.us_of(1, Work::spin) == 2);
  CHECK(rig.us_of(1, Work::application) == 1);
}

TEST_CASE("only fifo and ticket keep the owner from taking the lock again before its waiters",
          "[machine]") {
  for (const LockKind kind :
       {LockKind::adaptive, LockKind::sleep, LockKind::spin, LockKind::ticket, LockKind::fifo}) {
    INFO("discipline " << static_cast<int>(kind));
    MachineRig rig(2);
    sim::Mutex mutex(rig.lock_class("m", kind));
    rig.spawn("owner", sim::kPriorityUser, 0, [&](KernelOps& k) {
      for (const char* name : {"owner", "owner again"}) {
        k.lock(mutex, test::kHere);
        rig.say(k, name);
        MachineRig::work(k, 10);
        k.unlock(mutex);
      }
    });
    taker(rig, mutex, "waiter", 1, 5, 3);
    CHECK(rig.machine->run().verdict == sim::Verdict::completed);
    if (kind == LockKind::ticket || kind == LockKind::fifo) {
      CHECK(rig.log == Log{"owner@0", "waiter@10", "owner again@13"});
      CHECK(rig.figures().contended == 2);
    } else {
      CHECK(rig.log == Log{"owner@0", "owner again@10", "waiter@20"});
      CHECK(rig.figures().contended == 1);
    }
    CHECK(rig.figures().acquisitions == 3);
    // Only those that spin burn their core.
    const bool spins = kind != LockKind::sleep && kind != LockKind::fifo;
    CHECK((rig.us_of(1, Work::spin) > 0) == spins);
    CHECK((rig.figures().spin_ps > 0) == spins);
    CHECK((rig.figures().block_ps > 0) == !spins);
  }
}

TEST_CASE("a lock's line goes on from where it was asked for, not before it is there",
          "[machine]") {
  sim::MachineCosts costs;
  costs.line_transfer_remote_ps = 6 * kMicrosecond;
  costs.line_transfer_shared_cache_ps = kMicrosecond;
  MachineRig rig({{0, 0}, {1, 1}, {1, 1}}, costs);
  sim::Mutex mutex(rig.lock_class("m", LockKind::adaptive));
  taker(rig, mutex, "near", 0, 0, 1);
  taker(rig, mutex, "far", 1, 2, 0);
  taker(rig, mutex, "beside", 2, 3, 0);
  rig.machine->run();
  // The line is on core 1 at 8, and at 9 on core 2, which wanted it at 3. "far" needs it back to
  // let go: until 10. So "beside" finds the lock owned at 9, and has the line again at 11.
  CHECK(rig.log == Log{"near@0", "far@8", "beside@11"});
  CHECK(rig.us_of(2, Work::lock) == 6);
}

TEST_CASE("ticket and fifo serve in the order of arrival", "[machine]") {
  for (const LockKind kind : {LockKind::ticket, LockKind::fifo}) {
    INFO("discipline " << static_cast<int>(kind));
    MachineRig rig(4);
    sim::Mutex mutex(rig.lock_class("m", kind));
    taker(rig, mutex, "first", 0, 0, 10);
    taker(rig, mutex, "fourth", 1, 7, 1);
    taker(rig, mutex, "second", 2, 3, 1);
    taker(rig, mutex, "third", 3, 5, 1);
    rig.machine->run();
    CHECK(rig.log == Log{"first@0", "second@10", "third@11", "fourth@12"});
  }
}

TEST_CASE("an unlock wakes all who block, and one of them gets the lock", "[machine]") {
  sim::MachineCosts costs;
  costs.turnstile_wake_ps = kMicrosecond;
  MachineRig rig(3, costs);
  sim::Mutex mutex(rig.lock_class("m", LockKind::sleep));
  taker(rig, mutex, "owner", 0, 0, 10);
  taker(rig, mutex, "w1", 1, 2, 4);
  taker(rig, mutex, "w2", 2, 3, 1);
  rig.machine->run();
  // The unlock at 10 pays for two wakeups, that at 16 for the one who blocked anew.
  CHECK(rig.log == Log{"owner@0", "w1@12", "w2@17"});
  CHECK(rig.figures().contended == 2);
  CHECK(rig.us_of(0, Work::lock) == 2);
  CHECK(rig.us_of(1, Work::lock) == 1);
}

TEST_CASE("a lent priority goes along the chain of waiters", "[machine]") {
  MachineRig rig(1);
  sim::Mutex a(rig.lock_class("a", LockKind::adaptive));
  sim::Mutex b(rig.lock_class("b", LockKind::adaptive));
  rig.spawn("low", sim::kPriorityUser, 0, [&](KernelOps& k) {
    k.lock(a, test::kHere);
    MachineRig::work(k, 10);
    k.unlock(a);
    rig.say(k, "low");
  });
  rig.spawn_at(1, "mid", 60, 0, [&](KernelOps& k) {
    k.lock(b, test::kHere);
    k.lock(a, test::kHere);
    k.unlock(a);
    k.unlock(b);
    rig.say(k, "mid");
  });
  rig.spawn_at(3, "noise", 50, 0, [&](KernelOps& k) {
    MachineRig::work(k, 30);
    rig.say(k, "noise");
  });
  rig.spawn_at(4, "high", sim::kPriorityNet, 0, [&](KernelOps& k) {
    k.lock(b, test::kHere);
    rig.say(k, "high");
    k.unlock(b);
  });
  rig.machine->run();
  // low worked 0-3, noise 3-4; high waits for mid, mid for low: low works on 4-11 for high.
  // Without lending, high would have to wait for noise: until 40.
  CHECK(rig.log == Log{"high@11", "noise@40", "mid@40", "low@40"});
}

TEST_CASE("sleep locks lend no priority", "[machine]") {
  // Whoever sleeps on an sx waits; its owner keeps its own priority, also when a mutex that it
  // releases gives back what was lent.
  MachineRig rig(1);
  sim::Sx sx(rig.lock_class("x", LockKind::sx));
  sim::Mutex mutex(rig.lock_class("m", LockKind::adaptive));
  rig.spawn("low", sim::kPriorityUser, 0, [&](KernelOps& k) {
    k.sx_xlock(sx, test::kHere, sim::Interruptible::no);
    k.lock(mutex, test::kHere);
    MachineRig::work(k, 10);
    k.unlock(mutex);
    MachineRig::work(k, 10);
    k.sx_xunlock(sx);
    rig.say(k, "low");
  });
  rig.spawn_at(2, "sx", sim::kPriorityNet, 0, [&](KernelOps& k) {
    k.sx_xlock(sx, test::kHere, sim::Interruptible::no);
    rig.say(k, "sx");
    k.sx_xunlock(sx);
  });
  rig.spawn_at(4, "mutex", 40, 0, [&](KernelOps& k) {
    k.lock(mutex, test::kHere);
    rig.say(k, "mutex");
    k.unlock(mutex);
  });
  rig.spawn_at(15, "noise", 50, 0, [&](KernelOps& k) {
    MachineRig::work(k, 30);
    rig.say(k, "noise");
  });
  rig.machine->run();
  CHECK(rig.log == Log{"mutex@10", "noise@45", "sx@50", "low@50"});
}

TEST_CASE("an sx may be held across a sleep; its waiters sleep, too", "[machine]") {
  MachineRig rig(2);
  sim::Sx sx(rig.lock_class("x", LockKind::sx));
  rig.spawn("owner", sim::kPriorityUser, 0, [&](KernelOps& k) {
    k.sx_xlock(sx, test::kHere, sim::Interruptible::no);
    MachineRig::work(k, 5);
    k.pause(5 * kMicrosecond);
    k.sx_xunlock(sx);
  });
  rig.spawn_at(2, "waiter", sim::kPriorityUser, 1, [&](KernelOps& k) {
    CHECK_FALSE(k.sx_try_xlock(sx, test::kHere));
    k.sx_xlock(sx, test::kHere, sim::Interruptible::no);
    rig.say(k, "waiter");
    k.sx_xunlock(sx);
  });
  rig.machine->run();
  CHECK(rig.log == Log{"waiter@10"});
  CHECK(rig.figures().spin_ps == 0);
  CHECK(rig.figures().block_ps == 8 * kMicrosecond);
  CHECK(rig.us_of(1, Work::idle) == 10);
}

TEST_CASE("a wait channel wakes in the order in which its threads went to sleep", "[machine]") {
  for (const bool one_by_one : {true, false}) {
    INFO((one_by_one ? "wakeup_one" : "wakeup"));
    MachineRig rig(4);
    sim::Mutex mutex(rig.lock_class("m", LockKind::adaptive));
    sim::WaitChannel channel("data");
    int core = 1;
    for (const int us : {5, 1, 3}) {
      rig.spawn_at(us, "at-" + std::to_string(us), sim::kPriorityUser, core++,
                   [&, us](KernelOps& k) {
                     k.lock(mutex, test::kHere);
                     k.sleep(channel, mutex, kRelock, sim::kPrioritySocket, sim::Interruptible::no);
                     rig.say(k, "from-" + std::to_string(us));
                     k.unlock(mutex);
                   });
    }
    rig.spawn_at(10, "waker", sim::kPriorityUser, 0, [&](KernelOps& k) {
      for (int i = 0; one_by_one && i < 3; ++i) {
        k.wakeup_one(channel);
        MachineRig::work(k, 1);
      }
      if (!one_by_one) k.wakeup(channel);
      k.wakeup(channel);  // nobody sleeps there any more
    });
    CHECK(rig.machine->run().verdict == sim::Verdict::completed);
    CHECK(rig.log == (one_by_one ? Log{"from-1@10", "from-3@11", "from-5@12"}
                                 : Log{"from-1@10", "from-3@10", "from-5@10"}));
    const auto& points = rig.machine->lock_profile().profile(0).points;
    REQUIRE(points.size() == 2);
    CHECK(points[1]->point->name == kRelock.name);
    CHECK(points[1]->figures.acquisitions == 3);
  }
}

TEST_CASE("a wakeup while the sleeper lets go of the interlock is not lost", "[machine]") {
  // The sleeper is on the channel before it drops the mutex; the waker gets the mutex at that very
  // date, on another core, while the unlock is still being paid for or the switch is under way.
  for (const int release_us : {0, 1}) {
    sim::MachineCosts costs;
    costs.mutex_release_ps = release_us * kMicrosecond;
    costs.context_switch_ps = 3 * kMicrosecond;
    MachineRig rig(2, costs);
    sim::Mutex mutex(rig.lock_class("m", LockKind::adaptive));
    sim::WaitChannel channel("data");
    int items = 0;
    rig.spawn("consumer", sim::kPriorityUser, 0, [&](KernelOps& k) {
      for (int i = 0; i < 50; ++i) {
        k.lock(mutex, test::kHere);
        while (items == 0) {
          k.sleep(channel, mutex, kRelock, sim::kPrioritySocket, sim::Interruptible::no);
        }
        --items;
        k.unlock(mutex);
      }
      rig.say(k, "consumed");
    });
    rig.spawn("producer", sim::kPriorityUser, 1, [&](KernelOps& k) {
      for (int i = 0; i < 50; ++i) {
        k.lock(mutex, test::kHere);
        ++items;
        k.wakeup(channel);
        k.unlock(mutex);
        if (i % 3 == 0) MachineRig::work(k, i % 7);
      }
    });
    CHECK(rig.machine->run().verdict == sim::Verdict::completed);
    CHECK(rig.log.size() == 1);
    CHECK(items == 0);
  }
}

TEST_CASE("three locks in a circle are a deadlock, whether the waiters spin or sleep",
          "[machine]") {
  for (const LockKind kind : {LockKind::adaptive, LockKind::spin, LockKind::fifo}) {
    INFO("discipline " << static_cast<int>(kind));
    MachineRig rig(3);
    sim::Mutex a(rig.lock_class("a", kind));
    sim::Mutex b(rig.lock_class("b", kind));
    sim::Mutex c(rig.lock_class("c", kind));
    const auto both = [&](const char* name, int core, sim::Mutex& first, sim::Mutex& second) {
      rig.spawn(name, sim::kPriorityUser, core, [&first, &second, core](KernelOps& k) {
        k.lock(first, test::kHere);
        MachineRig::work(k, 5 + core);
        k.lock(second, test::kHere);
      });
    };
    both("one", 0, a, b);
    both("two", 1, b, c);
    both("three", 2, c, a);
    const sim::RunResult result = rig.machine->run();
    REQUIRE(result.verdict == sim::Verdict::deadlock);
    CHECK(result.incidents.at(0).message ==
          "three waits for a, held by one, which waits for b, held by two, which waits for c, "
          "held by three");
    CHECK(result.end_ps == 7 * kMicrosecond);
  }
}

TEST_CASE("a mutex destroyed under its waiter is a panic of the waiter", "[machine]") {
  for (const LockKind kind : {LockKind::adaptive, LockKind::sleep, LockKind::spin}) {
    INFO("discipline " << static_cast<int>(kind));
    MachineRig rig(2);
    sim::Mutex mutex(rig.lock_class("so_rcv", kind));
    rig.spawn("closer", sim::kPriorityUser, 0, [&](KernelOps& k) {
      k.lock(mutex, test::kHere);
      MachineRig::work(k, 10);
      k.now();  // not before the work is done
      k.destroy(mutex);
      k.unlock(mutex);
    });
    taker(rig, mutex, "reader", 1, 3, 1);
    const sim::RunResult result = rig.machine->run();
    REQUIRE(result.verdict == sim::Verdict::violation);
    CHECK(result.incidents.at(0).kind == "destroyed_lock");
    CHECK(result.incidents.at(0).thread == "reader");
    CHECK(result.incidents.at(0).at_ps == 10 * kMicrosecond);
    CHECK(result.incidents.at(0).message ==
          "panic: mtx_lock() of destroyed mutex so_rcv @ test.cpp:1");
  }
}

TEST_CASE("misuse of locks that others own, and of an sx, is a panic", "[machine]") {
  const auto panic = [](const std::function<void(KernelOps&, sim::Mutex&, sim::Sx&)>& misuse) {
    MachineRig rig(2);
    sim::Mutex mutex(rig.lock_class("m", LockKind::adaptive));
    sim::Sx sx(rig.lock_class("x", LockKind::sx));
    rig.spawn("owner", sim::kPriorityUser, 0, [&](KernelOps& k) {
      k.sx_xlock(sx, test::kHere, sim::Interruptible::no);
      k.lock(mutex, test::kHere);
      MachineRig::work(k, 20);
    });
    rig.spawn_at(5, "culprit", sim::kPriorityUser, 1, [&](KernelOps& k) { misuse(k, mutex, sx); });
    const sim::RunResult result = rig.machine->run();
    REQUIRE(result.verdict == sim::Verdict::violation);
    CHECK(result.incidents.at(0).thread == "culprit");
    return result.incidents.at(0).kind;
  };
  CHECK(panic([](KernelOps& k, sim::Mutex& m, sim::Sx&) { k.unlock(m); }) == "not_owner");
  CHECK(panic([](KernelOps& k, sim::Mutex&, sim::Sx& x) { k.sx_xunlock(x); }) == "not_owner");
  CHECK(panic([](KernelOps& k, sim::Mutex&, sim::Sx& x) {
          k.sx_destroy(x);
          k.sx_xlock(x, test::kHere, sim::Interruptible::no);
        }) == "destroyed_lock");
}

TEST_CASE("an sx does not recurse, neither when it is only tried", "[machine]") {
  for (const bool tries : {true, false}) {
    MachineRig rig(1);
    sim::Sx sx(rig.lock_class("x", LockKind::sx));
    rig.spawn("culprit", sim::kPriorityUser, 0, [&](KernelOps& k) {
      CHECK(k.sx_try_xlock(sx, test::kHere));
      if (tries) {
        k.sx_try_xlock(sx, test::kHere);
      } else {
        k.sx_xlock(sx, test::kHere, sim::Interruptible::no);
      }
    });
    const sim::RunResult result = rig.machine->run();
    REQUIRE(result.verdict == sim::Verdict::violation);
    CHECK(result.incidents.at(0).kind == "recursed_lock");
  }
}

TEST_CASE("a wakeup pays for those who went to sleep during the work before it", "[machine]") {
  sim::MachineCosts costs;
  costs.sleepq_wake_ps = kMicrosecond;
  MachineRig rig(2, costs);
  sim::Mutex mutex(rig.lock_class("m", LockKind::adaptive));
  sim::WaitChannel channel("data");
  rig.spawn("waker", sim::kPriorityUser, 0, [&](KernelOps& k) {
    MachineRig::work(k, 10);
    k.wakeup(channel);
  });
  rig.spawn_at(5, "sleeper", sim::kPriorityUser, 1, [&](KernelOps& k) {
    k.lock(mutex, test::kHere);
    k.sleep(channel, mutex, kRelock, sim::kPrioritySocket, sim::Interruptible::no);
    k.unlock(mutex);
    rig.say(k, "awake");
  });
  rig.machine->run();
  CHECK(rig.log == Log{"awake@11"});
  CHECK(rig.us_of(0, Work::wakeup) == 1);
}

TEST_CASE("a signal ends interruptible sleeps only", "[machine][signal]") {
  for (const auto catches : {sim::Interruptible::no, sim::Interruptible::yes}) {
    MachineRig rig(2);
    sim::Mutex mutex(rig.lock_class("m", LockKind::adaptive));
    sim::WaitChannel channel("data");
    const sim::ThreadId sleeper = rig.spawn("sleeper", sim::kPriorityUser, 0, [&](KernelOps& k) {
      k.lock(mutex, test::kHere);
      const sim::WakeReason reason =
          k.sleep(channel, mutex, kRelock, sim::kPrioritySocket, catches);
      CHECK(k.owns(mutex));
      k.unlock(mutex);
      rig.say(k, reason == sim::WakeReason::woken ? "woken" : "EINTR");
    });
    rig.machine->at(5 * kMicrosecond, [&] { rig.machine->interrupt_sleep(sleeper); });
    rig.spawn_at(9, "waker", sim::kPriorityUser, 1, [&](KernelOps& k) { k.wakeup(channel); });
    CHECK(rig.machine->run().verdict == sim::Verdict::completed);
    CHECK(rig.log == (catches == sim::Interruptible::yes ? Log{"EINTR@5"} : Log{"woken@9"}));
    CHECK(channel.sleepers.empty());
  }
}

TEST_CASE("a thread signals another", "[machine][signal]") {
  MachineRig rig(2);
  sim::Mutex mutex(rig.lock_class("m", LockKind::adaptive));
  sim::WaitChannel channel("data");
  const sim::ThreadId sleeper = rig.spawn("sleeper", sim::kPriorityUser, 0, [&](KernelOps& k) {
    k.lock(mutex, test::kHere);
    const sim::WakeReason reason =
        k.sleep(channel, mutex, kRelock, sim::kPrioritySocket, sim::Interruptible::yes);
    k.unlock(mutex);
    rig.say(k, reason == sim::WakeReason::woken ? "woken" : "EINTR");
  });
  rig.spawn("sender", sim::kPriorityUser, 1, [&](KernelOps& k) {
    k.spend(Work::syscall, 20 * kMicrosecond);
    k.signal(sleeper);
    MachineRig::work(k, 5);
    rig.say(k, "sent");
  });
  CHECK(rig.machine->run().verdict == sim::Verdict::completed);
  CHECK(rig.log == std::vector<std::string>{"EINTR@20", "sent@25"});
}

TEST_CASE("a signal that comes inside the kernel ends the next interruptible sleep at once",
          "[machine][signal]") {
  // Until the thread returns to user mode: there its handler runs. In user mode it runs at once.
  struct Case {
    int us;
    const char* first;
  };
  for (const Case& one : {Case{5, "EINTR@10"}, Case{25, "woken@40"}}) {
    MachineRig rig(2);
    sim::Mutex mutex(rig.lock_class("m", LockKind::adaptive));
    sim::WaitChannel channel("data");
    const sim::ThreadId sleeper = rig.spawn("sleeper", sim::kPriorityUser, 0, [&](KernelOps& k) {
      const auto sleep = [&] {
        k.lock(mutex, test::kHere);
        const sim::WakeReason reason =
            k.sleep(channel, mutex, kRelock, sim::kPrioritySocket, sim::Interruptible::yes);
        k.unlock(mutex);
        rig.say(k, reason == sim::WakeReason::woken ? "woken" : "EINTR");
      };
      if (one.us < 20) {
        k.spend(Work::syscall, 10 * kMicrosecond);
        sleep();
        k.user_return();
      }
      MachineRig::work(k, 30);
      k.now();
      sleep();
    });
    rig.machine->at(one.us * kMicrosecond, [&] { rig.machine->interrupt_sleep(sleeper); });
    rig.machine->at(7 * kMicrosecond, [&] {
      if (one.us < 20) rig.machine->interrupt_sleep(sleeper);
    });
    rig.spawn_at(40, "waker", sim::kPriorityUser, 1, [&](KernelOps& k) {
      k.spend(Work::syscall, 0);
      k.wakeup(channel);
    });
    CHECK(rig.machine->run().verdict != sim::Verdict::violation);
    REQUIRE_FALSE(rig.log.empty());
    CHECK(rig.log[0] == one.first);
    CHECK(rig.log.back().starts_with("woken"));
  }
}

TEST_CASE("a signal ends the wait for an sx that may be interrupted", "[machine][signal]") {
  MachineRig rig(2);
  sim::Sx sx(rig.lock_class("x", LockKind::sx));
  rig.spawn("owner", sim::kPriorityUser, 0, [&](KernelOps& k) {
    k.sx_xlock(sx, test::kHere, sim::Interruptible::no);
    MachineRig::work(k, 20);
    k.sx_xunlock(sx);
  });
  sim::ThreadId waiter = 0;
  waiter = rig.spawn("waiter", sim::kPriorityUser, 1, [&](KernelOps& k) {
    MachineRig::work(k, 2);
    CHECK(k.sx_xlock(sx, test::kHere, sim::Interruptible::yes) == sim::WakeReason::interrupted);
    rig.say(k, "EINTR");
    CHECK(k.sx_xlock(sx, test::kHere, sim::Interruptible::yes) == sim::WakeReason::woken);
    rig.say(k, "got");
    k.sx_xunlock(sx);
  });
  rig.machine->at(8 * kMicrosecond, [&] { rig.machine->interrupt_sleep(waiter); });
  CHECK(rig.machine->run().verdict == sim::Verdict::completed);
  CHECK(rig.log == Log{"EINTR@8", "got@20"});
  CHECK(rig.figures().acquisitions == 2);
}
