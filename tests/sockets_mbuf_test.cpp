// SPDX-License-Identifier: BSD-2-Clause
#include "models/mbuf.hpp"
#include "models/stream_identity.hpp"
#include "sim/base/assert.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/socket_rig.hpp"

using models::Mbuf;
using models::MbufPool;
using models::MbufRef;
using test::violation_of;

TEST_CASE("an mbuf pool reuses memory and counts", "[sockets]") {
  MbufPool pool;
  for (int round = 0; round < 10000; ++round) {
    Mbuf* a = pool.alloc(2048);
    Mbuf* b = pool.alloc(0);
    a->m_next = b;
    REQUIRE(a->charge() == 256 + 2048);
    REQUIRE(b->charge() == 256);
    pool.release_chain(a);
  }
  CHECK(pool.allocated() == 20000);
  CHECK(pool.freed() == 20000);
  CHECK(pool.live() == 0);
  CHECK(pool.peak() <= 256);
  pool.check_conservation();
}

TEST_CASE("a double free and a use after free are violations", "[sockets]") {
  MbufPool pool;
  test::ScriptedKernel k;
  const models::NetCosts costs;
  Mbuf* m = pool.alloc(2048);
  const MbufRef ref(m);
  CHECK(&ref.use(k, "test") == m);
  models::m_free(k, pool, costs, m);
  CHECK(violation_of([&] { models::m_free(k, pool, costs, m); }) == "mbuf_double_free");
  CHECK(violation_of([&] { pool.release(m); }) == "mbuf_double_free");
  CHECK(violation_of([&] { ref.use(k, "test"); }) == "mbuf_use_after_free");
  REQUIRE(pool.alloc(2048) == m);  // recycled: alive, but another one
  CHECK(violation_of([&] { ref.use(k, "test"); }) == "mbuf_use_after_free");
}

TEST_CASE("trailing space ends where the storage ends", "[sockets]") {
  MbufPool pool;
  Mbuf* m = pool.alloc(2048);
  m->m_len = 1448;
  CHECK(m->trailing_space() == 600);
  m->data_start = 100;
  CHECK(m->trailing_space() == 500);
  m->shared = true;
  CHECK(m->trailing_space() == 0);
  Mbuf* small = pool.alloc(0);
  CHECK(small->trailing_space() == models::kMlen);
}

TEST_CASE("each byte of a stream is delivered once", "[sockets]") {
  test::ScriptedKernel k;
  models::StreamIdentity identity;
  identity.deliver(k, 0, 100, true);
  CHECK(violation_of([&] { identity.deliver(k, 200, 50, true); }) == "bytes_lost");
  identity.deliver(k, 200, 50, false);
  identity.deliver(k, 300, 50, false);
  CHECK(identity.next() == 100);
  CHECK(identity.bytes_ahead() == 100);
  CHECK(violation_of([&] { identity.deliver(k, 240, 5, false); }) == "bytes_duplicated");
  CHECK(violation_of([&] { identity.deliver(k, 190, 11, false); }) == "bytes_duplicated");
  CHECK(violation_of([&] { identity.deliver(k, 99, 1, false); }) == "bytes_duplicated");
  identity.skip(k, 100, 100);
  CHECK(identity.next() == 250);
  identity.deliver(k, 250, 50, false);
  CHECK(identity.next() == 350);
  CHECK(identity.contiguous());
}
