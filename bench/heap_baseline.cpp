// SPDX-License-Identifier: BSD-2-Clause
#include "bench/heap_baseline.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <vector>

#include "sim/base/random.hpp"
#include "sim/base/time.hpp"

namespace bench {
namespace {

using sim::Picoseconds;

struct Looper;

class Loop {
 public:
  using Callback = void (Loop::*)(Looper&);

  void at(Picoseconds date_ps, Callback callback, Looper& looper) {
    heap_.push_back({date_ps, order_++, callback, &looper});
    std::push_heap(heap_.begin(), heap_.end());
  }

  void think(Looper& looper);
  void want(Looper& looper);
  void hold(Looper& looper);
  void release(Looper& looper);

  void run(std::int64_t rounds) {
    while (rounds_ < rounds) {
      std::pop_heap(heap_.begin(), heap_.end());
      const Event event = heap_.back();
      heap_.pop_back();
      now_ps_ = event.date_ps;
      (this->*event.callback)(*event.looper);
    }
  }

 private:
  struct Event {
    Picoseconds date_ps;
    std::uint64_t order;
    Callback callback;
    Looper* looper;
    bool operator<(const Event& other) const {
      return date_ps != other.date_ps ? date_ps > other.date_ps : order > other.order;
    }
  };

  Picoseconds now_ps_ = 0;
  std::uint64_t order_ = 0;
  std::int64_t rounds_ = 0;
  bool locked_ = false;
  std::deque<Looper*> waiting_;
  std::vector<Event> heap_;
};

struct Looper {
  sim::Stream stream;
};

void Loop::think(Looper& looper) {
  at(now_ps_ + sim::from_ns(looper.stream.exponential(1000.0)), &Loop::want, looper);
}

void Loop::want(Looper& looper) {
  if (locked_) {
    waiting_.push_back(&looper);
  } else {
    hold(looper);
  }
}

void Loop::hold(Looper& looper) {
  locked_ = true;
  at(now_ps_ + sim::from_ns(looper.stream.exponential(250.0)), &Loop::release, looper);
}

void Loop::release(Looper& looper) {
  ++rounds_;
  locked_ = false;
  if (!waiting_.empty()) {
    Looper& next = *waiting_.front();
    waiting_.pop_front();
    hold(next);
  }
  think(looper);
}

}  // namespace

double heap_lock_loop_ns(std::int64_t rounds) {
  std::array<Looper, 2> loopers = {Looper{sim::Stream(3, 0, "synthetic:loop-0")},
                                   Looper{sim::Stream(3, 0, "synthetic:loop-1")}};
  Loop loop;
  const auto start = std::chrono::steady_clock::now();
  for (Looper& looper : loopers) loop.think(looper);
  loop.run(rounds);
  const std::chrono::duration<double, std::nano> wall = std::chrono::steady_clock::now() - start;
  return wall.count();
}

}  // namespace bench
