// SPDX-License-Identifier: BSD-2-Clause
#include <array>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/engine/fiber.hpp"
#include "tests/support/catch.hpp"

using sim::Fiber;

namespace {

/// A body written as a lambda.
struct Body {
  std::function<void(Fiber&)> work;
  Fiber fiber;

  void start() {
    fiber.start(
        [](void* self) {
          auto& body = *static_cast<Body*>(self);
          body.work(body.fiber);
        },
        this);
  }
};

}  // namespace

TEST_CASE("a fiber takes turns with whoever resumes it", "[engine][fiber]") {
  std::string log;
  Body body{[&](Fiber& self) {
              log += 'a';
              self.suspend();
              log += 'b';
            },
            Fiber()};
  CHECK(body.fiber.finished());
  for (int round = 0; round < 3; ++round) {
    body.start();
    CHECK_FALSE(body.fiber.finished());
    body.fiber.resume();
    log += '1';
    CHECK_FALSE(body.fiber.finished());
    body.fiber.resume();
    log += '2';
    CHECK(body.fiber.finished());
  }
  CHECK(log == "a1b2a1b2a1b2");
  CHECK_THROWS_AS(body.fiber.resume(), sim::InternalError);
}

TEST_CASE("fibers nest, and hand over whom to go back to", "[engine][fiber]") {
  std::string log;
  std::array<std::unique_ptr<Body>, 3> ring;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    ring[i] = std::make_unique<Body>();
    ring[i]->work = [&, i](Fiber& self) {
      for (int round = 0; round < 2; ++round) {
        log += static_cast<char>('a' + i);
        Fiber& next = ring[(i + 1) % ring.size()]->fiber;
        if (!next.finished()) self.hand_over(next);
      }
      log += static_cast<char>('A' + i);
    };
    ring[i]->start();
  }
  Body outer;
  outer.work = [&](Fiber& self) {
    ring[0]->fiber.resume();  // c ends the second round and goes on with a, which ends
    log += '1';
    self.suspend();
    ring[1]->fiber.resume();
    log += '2';
    ring[2]->fiber.resume();
  };
  outer.start();
  outer.fiber.resume();
  CHECK(log == "abcabcA1");
  outer.fiber.resume();
  CHECK(log == "abcabcA1B2C");
  CHECK(outer.fiber.finished());
}

TEST_CASE("each fiber keeps its own exceptions across switches", "[engine][fiber]") {
  std::vector<std::string> caught;
  std::vector<int> uncaught;
  struct SuspendsWhenUnwound {
    Fiber* fiber;
    std::vector<int>* counts;
    ~SuspendsWhenUnwound() {
      fiber->suspend();
      counts->push_back(std::uncaught_exceptions());
    }
  };
  const auto work = [&](const char* name) {
    return [&, name](Fiber& self) {
      try {
        const SuspendsWhenUnwound guard{&self, &uncaught};
        throw std::runtime_error(name);
      } catch (const std::exception&) {
        self.suspend();
        try {
          throw;
        } catch (const std::exception& error) {
          caught.emplace_back(error.what());
        }
      }
    };
  };
  Body first{work("first"), Fiber()};
  Body second{work("second"), Fiber()};
  first.start();
  second.start();
  for (int turn = 0; turn < 3; ++turn) {
    first.fiber.resume();
    CHECK(std::uncaught_exceptions() == 0);
    second.fiber.resume();
  }
  CHECK(caught == std::vector<std::string>{"first", "second"});
  CHECK(uncaught == std::vector<int>{1, 1});
  CHECK((first.fiber.finished() && second.fiber.finished()));
}

TEST_CASE("an abandoned body leaves a fiber as good as new", "[engine][fiber]") {
  int begun = 0;
  std::uint64_t sum = 0;
  Body body{[&](Fiber& self) {
              ++begun;
              std::array<std::uint64_t, 512> deep;
              deep.fill(static_cast<std::uint64_t>(begun));
              if (begun < 5) self.suspend();
              sum = std::accumulate(deep.begin(), deep.end(), std::uint64_t{0});
            },
            Fiber()};
  while (begun < 5) {
    body.start();
    body.fiber.resume();
    CHECK(body.fiber.finished() == (begun == 5));
    body.fiber.abandon();
    CHECK(body.fiber.finished());
  }
  CHECK(sum == 5 * 512);
}
