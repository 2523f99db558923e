// SPDX-License-Identifier: BSD-2-Clause
#include <vector>

#include "models/lro.hpp"
#include "models/mbuf.hpp"
#include "tests/support/catch.hpp"

namespace {

struct Maker {
  models::MbufPool pool;
  models::Segment operator()(int socket, std::int64_t seq, std::int32_t len = 1448) {
    models::Mbuf* m = pool.alloc(2048);
    m->m_len = len;
    m->stream_offset = seq;
    return {.seq = seq, .len = len, .chain = m, .socket = socket, .wire_at = seq};
  }
};

models::Lro enabled(int entries = 8, int max_bytes = 65535) {
  models::Lro lro;
  lro.enabled = true;
  lro.entries = entries;
  lro.max_bytes = max_bytes;
  return lro;
}

}  // namespace

TEST_CASE("network: LRO merges what is in order into one segment with a longer chain") {
  Maker make;
  models::LroEngine lro(enabled(), 1500);
  std::vector<models::Segment> up;
  for (int i = 0; i < 5; ++i) lro.offer(make(0, i * 1448), up);
  CHECK(up.empty());
  lro.flush(up);
  REQUIRE(up.size() == 1);
  CHECK(up[0].seq == 0);
  CHECK(up[0].len == 5 * 1448);
  CHECK(up[0].frames == 5);
  CHECK(up[0].wire_at == 4 * 1448);
  CHECK(models::chain_length(up[0].chain) == 5 * 1448);
  CHECK(up[0].chain->m_next->stream_offset == 1448);
  CHECK(lro.frames_merged() == 5);
}

TEST_CASE("network: an aggregate stays within max_bytes less one MTU") {
  Maker make;
  models::LroEngine lro(enabled(), 1500);
  std::vector<models::Segment> up;
  for (int i = 0; i < 100; ++i) lro.offer(make(0, i * 1448), up);
  lro.flush(up);
  REQUIRE(up.size() == 3);
  CHECK(up[0].frames == 44);  // (65535 - 1500) / 1448 = 44.2
  CHECK(up[1].frames == 44);
  CHECK(up[2].frames == 12);
  CHECK(up[1].seq == up[0].len);
}

TEST_CASE("network: LRO keeps the order of a connection over holes, FIN and RST") {
  Maker make;
  models::LroEngine lro(enabled(), 1500);
  std::vector<models::Segment> up;
  lro.offer(make(0, 0), up);
  lro.offer(make(0, 2 * 1448), up);  // a hole: the aggregate goes up, a new one starts
  REQUIRE(up.size() == 1);
  models::Segment fin = make(0, 3 * 1448);
  fin.fin = true;
  lro.offer(fin, up);
  REQUIRE(up.size() == 3);
  CHECK(up[1].seq == 2 * 1448);
  CHECK(up[2].fin);
  lro.flush(up);
  CHECK(up.size() == 3);
  CHECK(lro.frames_merged() == 0);
}

TEST_CASE("network: connections beyond LRO's entries go up alone") {
  Maker make;
  models::LroEngine lro(enabled(2), 1500);
  std::vector<models::Segment> up;
  for (int round = 0; round < 2; ++round) {
    for (int socket = 0; socket < 3; ++socket) lro.offer(make(socket, round * 1448), up);
  }
  REQUIRE(up.size() == 2);
  CHECK(up[0].socket == 2);
  CHECK(up[1].socket == 2);
  lro.flush(up);
  REQUIRE(up.size() == 4);
  CHECK(up[2].socket == 0);
  CHECK(up[2].frames == 2);
  CHECK(up[3].socket == 1);
}

TEST_CASE("network: unsequenced segments always continue each other") {
  Maker make;
  models::LroEngine lro(enabled(), 1500);
  std::vector<models::Segment> up;
  for (int i = 0; i < 3; ++i) lro.offer(make(0, models::kUnsequenced), up);
  lro.flush(up);
  REQUIRE(up.size() == 1);
  CHECK(up[0].seq == models::kUnsequenced);
  CHECK(up[0].len == 3 * 1448);
}
