// SPDX-License-Identifier: BSD-2-Clause
//
// Bad studies: each error says where, what was found, what is allowed, and what to do.
#include <string>
#include <vector>

#include "models/scenario/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/study_file.hpp"

using Catch::Matchers::ContainsSubstring;
using test::errors_of_rest;

namespace {

struct BadStudy {
  std::string rest;
  std::vector<std::string> parts;  ///< of the message
};

void check(const std::vector<BadStudy>& studies) {
  for (const BadStudy& bad : studies) {
    INFO(bad.rest);
    const std::string text = errors_of_rest(bad.rest);
    for (const std::string& part : bad.parts) CHECK_THAT(text, ContainsSubstring(part));
  }
}

std::string factors(const std::string& items) { return ", \"factors\": [" + items + "]"; }

const std::string kMtu = R"({"path": "nic.mtu", "values": [1500, 9000]})";
const std::string kVariants =
    R"({"variants": [{"name": "a"}, {"name": "b", "set": {"nic.queues": 2}}]})";

}  // namespace

TEST_CASE("bad factors by path", "[study]") {
  check({
      {R"(, "factors": {"nic.mtuu": [1500]})",
       {"/factors/nic.mtuu/0:", "unknown field \"mtuu\"", "Did you mean \"mtu\"?"}},
      {R"(, "factors": {"nic..mtu": [1500]})", {"/factors/nic..mtu:", "one dot between"}},
      {R"(, "factors": {"nic.mtu": []})", {"/factors/nic.mtu:", "an empty list"}},
      {R"(, "factors": {"nic.mtu": [1500, 1500]})", {"/factors/nic.mtu/1:", "\"1500\" again"}},
      {R"(, "factors": {"nic.mtu": {"from": 2, "to": 1, "steps": 2}})",
       {"/factors/nic.mtu:", "an empty range from 2 to 1"}},
      {R"(, "factors": {"nic.mtu": {"from": 100, "to": 200, "step": 2}})",
       {"/factors/nic.mtu/step:", "Did you mean \"steps\"?"}},
      {R"(, "factors": {"nic.mtu": 1500})",
       {"/factors/nic.mtu:", "found 1500 (a number)", "an array of values, a range"}},
      {R"(, "factors": {"v": {"variants": [{"name": "a"}], "path": "nic.mtu"}})",
       {"/factors/v:", "no path beside variants"}},
      {R"(, "factors": 3)", {"/factors:", "an array", "or an object"}},
  });
}

TEST_CASE("bad factors", "[study]") {
  check({
      {factors(R"({"path": "nic.mtuu", "values": [1500]})"),
       {"study.json:", "/factors/0/values/0", "unknown field \"mtuu\"", "Did you mean \"mtu\"?"}},
      {factors(R"({"path": "nic.mtu", "values": [1500, 70000]})"),
       {"/factors/0/values/1", "found 70000 (a number) for /nic/mtu", "from 68 to 16110",
        "In the point"}},
      {factors(R"({"path": "receive.algorithm", "values": ["generic", "stream_inplce"]})"),
       {"/factors/0/values/1", "\"stream_inplce\"", "Did you mean \"stream_inplace\"?"}},
      {factors(R"({"path": "nic.mtu", "values": []})"), {"/factors/0/values", "an empty list"}},
      {factors(R"({"path": "nic.mtu", "values": [1500, 1500]})"),
       {"/factors/0/values/1", "\"1500\" again"}},
      {factors(R"({"path": "nic.mtu", "range": {"from": 9000, "to": 1500, "steps": 3}})"),
       {"/factors/0/range", "an empty range from 9000 to 1500", "`to` above `from`"}},
      {factors(R"({"path": "nic.mtu", "range": {"from": 1500, "to": 9000}})"),
       {"/factors/0/range", "no steps"}},
      {factors(R"({"path": "nic.mtu", "range": {"from": 1500, "to": 1502, "steps": 9}})"),
       {"/factors/0/range/steps", "1500 comes twice"}},
      {factors(
           R"({"path": "nic.rx_ring", "range": {"from": 0, "to": 9, "steps": 3, "scale": "log"}})"),
       {"/factors/0/range/from", "found 0", "above 0"}},
      {factors(R"({"values": [1]})"), {"/factors/0", "no path"}},
      {factors(R"({"path": "nic.mtu"})"), {"/factors/0", "no values", "one of values, range"}},
      {factors(R"({"path": "nic..mtu", "values": [1]})"), {"/factors/0/path", "one dot between"}},
      {factors(R"({"path": "seed", "values": [1]})"), {"/factors/0/path", "The study itself"}},
      {factors(R"({"path": "expect.0.min", "values": [1]})"), {"/factors/0/path"}},
      {factors(kMtu + "," + kMtu),
       {"/factors/1", "\"nic.mtu\" again", "Give the factor a `name`."}},
      {factors(kMtu + R"(, {"name": "x", "path": "nic.mtu", "values": [1]})"),
       {"/factors/1", "no other factor sets: \"nic.mtu\" does"}},
      {factors(R"({"variants": []})"), {"/factors/0/variants", "an empty list"}},
      {factors(R"({"variants": [{"name": "a"}, {"name": "a"}]})"),
       {"/factors/0/variants/1/name", "\"a\" again"}},
      {factors(R"({"variants": [{"name": "a", "set": {"nic.mtu": 1}}]})"),
       {"/factors/0/variants/0/set/nic.mtu", "found 1 (a number) for /nic/mtu"}},
      {factors(R"({"together": []})"), {"/factors/0/together", "an empty list"}},
      {factors(R"({"together": [{"path": "nic.mtu", "values": [1500]},
                                {"path": "nic.queues", "values": [1, 2]}]})"),
       {"/factors/0/together/1", "found 2 values", "allowed: 1, as many"}},
      {factors(R"({"path": "nic.mtu", "values": [1500], "variants": [{"name": "a"}]})"),
       {"/factors/0", "values and variants"}},
      {factors(R"({"path": "nic.mtu", "value": [1500]})"),
       {"/factors/0/value", "Did you mean \"values\"?"}},
  });
}

TEST_CASE("points that contradict themselves, or are the same", "[study]") {
  check({
      // A range of the traffic that another kind does not have.
      {factors(R"({"path": "traffic.rate_pps", "values": [5]})"),
       {"traffic", "In the point traffic.rate_pps=5."}},
      {factors(R"({"path": "nic.interrupt_core", "values": [0, 200]})"),
       {"/factors/0/values/1", "found core 200"}},
      {factors(R"({"variants": [{"name": "a"}, {"name": "b", "set": {"nic.mtu": 1500}}]})"),
       {"/factors", "the same scenario in two points: variant=a; and variant=b"}},
  });
}

TEST_CASE("bad expressions and constraints", "[study]") {
  const std::string mtu = factors(kMtu);
  check({
      {mtu + R"(, "constraint": "nic.mtu > 10000")", {"/constraint", "which no point meets"}},
      {mtu + R"(, "constraint": "nic.mtu > 3 && nic.mtu < 3")", {"/constraint", "no point meets"}},
      {mtu + R"(, "constraint": "nic.mut > 3")",
       {"/constraint", "the unknown name \"nic.mut\"", "Did you mean \"nic.mtu\"?"}},
      {mtu + R"(, "constraint": "nic.mtu >")", {"/constraint", "the end of the expression"}},
      {mtu + R"(, "constraint": "nic.mtu == \"1500\"")",
       {"/constraint", "the string \"1500\"", "In the point nic.mtu=1500."}},
      {mtu + R"(, "constraint": "nic.mtu + 1")", {"/constraint", "the number 1501", "a condition"}},
      {mtu + R"(, "dependent": [{"path": "nic.queues", "expression": "nic.rx_ring / 1000"},
                                {"path": "nic.rx_ring", "expression": "nic.queues * 2"}])",
       {"/dependent/0/expression", "a cycle: nic.queues -> nic.rx_ring -> nic.queues"}},
      {mtu + R"(, "dependent": [{"path": "nic.queues", "expression": "nic.queues + 1"}])",
       {"/dependent/0/expression", "a cycle: nic.queues -> nic.queues"}},
      {mtu + R"(, "dependent": [{"path": "nic.mtu", "expression": "3"}])",
       {"/dependent/0/path", "\"nic.mtu\" again"}},
      {mtu + R"(, "dependent": [{"path": "nic.queues", "expression": "1"},
                                {"path": "nic.queues", "expression": "1"}])",
       {"/dependent/1/path", "\"nic.queues\" again"}},
      {mtu + R"(, "dependent": [{"path": "nic.rx_ring", "expression": "nic.mtu / 7"}])",
       {"/dependent/0/expression", "for /nic/rx_ring", "an integer"}},
      {mtu + R"x(, "dependent": [{"path": "nic.rx_ring", "expression": "1 / (nic.mtu - 1500)"}])x",
       {"/dependent/0/expression", "a division by zero", "In the point nic.mtu=1500."}},
  });
}

TEST_CASE("too many points, and samples that cannot be", "[study]") {
  const std::string thousand =
      R"({"path": "nic.rx_ring", "range": {"from": 1, "to": 1000, "steps": 1000}})";
  const std::string hundred =
      R"({"path": "traffic.rtt_us", "range": {"from": 1, "to": 100, "steps": 100}})";
  const std::string million =
      factors(thousand + "," + hundred +
              R"(, {"path": "traffic.rto_ms", "range": {"from": 200, "to": 300, "steps": 10}})");
  const std::string more =
      factors(thousand + "," + hundred +
              R"(, {"path": "traffic.rto_ms", "range": {"from": 200, "to": 300, "steps": 11}})");
  check({
      {factors(thousand + "," + hundred),
       {"/factors", "found 100000 points", "at most 10000", "Say --yes"}},
      {million, {"/factors", "found 1000000 points", "Say --yes for up to 1000000"}},
      {more, {"/factors", "found 1100000 points", "or split the study"}},
      {factors(thousand) + R"(, "sample": {"count": 20000})", {"/sample/count", "20000 points"}},
      {factors(kMtu) + R"(, "sample": {"count": 3})", {"/sample/count", "at most 2"}},
      {factors(thousand) + R"(, "sample": {"method": "sobol", "count": 3})",
       {"/sample/method", "random or latin_hypercube"}},
      {R"(, "sample": {"method": "random"})", {"/sample/count", "This field is required."}},
  });
}

TEST_CASE("bad replications, precision and expectations", "[study]") {
  const std::string mtu = factors(kMtu + "," + kVariants);
  const auto expect = [&](const std::string& item) { return mtu + ", \"expect\": [" + item + "]"; };
  const std::string metric = R"("metric": "throughput.goodput_gbps")";
  check({
      {R"(, "replications": 0)", {"/replications", "from 1 to 10000"}},
      {R"(, "replications": 3, "precision": {)" + metric + R"(, "half_width_rel": 0.1})",
       {"/replications", "beside `precision`"}},
      {R"(, "precision": {"metric": "throughput.goodput", "half_width_rel": 0.1})",
       {"/precision/metric", "Did you mean"}},
      {R"(, "precision": {)" + metric + R"(, "half_width_rel": 0.1, "min": 9, "max": 5})",
       {"/precision/min", "at most `max`, 5"}},
      {R"(, "precision": {)" + metric + R"(, "half_width_rel": 0})",
       {"/precision/half_width_rel", "above 0 up to 1"}},
      {expect("{" + metric + "}"), {"/expect/0", "no bound"}},
      {expect("{" + metric + R"(, "min": 3, "max": 1})"), {"/expect/0/min", "at most `max`, 1"}},
      {expect(R"({"metric": "locks.so_rcv.contendd", "min": 1})"), {"/expect/0/metric"}},
      {expect("{" + metric + R"(, "min": 1, "where": "mtu > 3"})"),
       {"/expect/0/where", "the unknown column \"mtu\"", "nic.mtu or variant"}},
      {expect("{" + metric + R"(, "min": 1, "where": "nic.mtu > 9000"})"),
       {"/expect/0/where", "which no point meets"}},
      {expect("{" + metric + R"(, "min": 1, "where": "nic.mtu == '9000'"})"),
       {"/expect/0/where", "the string \"9000\""}},
      {expect("{" + metric + R"(, "of": "ratio", "factor": "variant", "from": "a", "to": "b",
              "max": 1, "where": "variant == 'a'"})"),
       {"/expect/0", "no points to compare: none differ in \"variant\" alone"}},
      {expect("{" + metric + R"(, "of": "ratio", "factor": "variants", "max": 1})"),
       {"/expect/0/factor", "Did you mean \"variant\"?"}},
      {expect("{" + metric + R"(, "of": "ratio", "factor": "variant", "from": "a", "max": 1})"),
       {"/expect/0/to", "This field is required."}},
      {expect("{" + metric +
              R"(, "of": "ratio", "factor": "variant", "from": "a", "to": "c", "max": 1})"),
       {"/expect/0/to", "\"c\"", "a or b"}},
      {expect("{" + metric +
              R"(, "of": "difference", "factor": "variant", "from": "a", "to": "a", "max": 1})"),
       {"/expect/0/to", "the same as `from`"}},
      {expect("{" + metric + R"(, "of": "slope", "factor": "variant", "max": 1})"),
       {"/expect/0/factor", "\"a\" among the values", "a column of numbers"}},
      {expect(
           "{" + metric +
           R"(, "of": "crossover", "factor": "variant", "from": "a", "to": "b", "over": "variant"})"),
       {"/expect/0/over", "the same column as `factor`"}},
      {expect("{" + metric + R"(, "from": "a", "max": 1})"),
       {"/expect/0/from", "this field only when `of` compares two values"}},
  });
}

TEST_CASE("bad bases, overrides and files", "[study]") {
  const tests::TempDir dir;
  const auto errors_of = [&](const std::string& text) -> std::string {
    try {
      cli::load_study(dir.write("study.json", text));
      return {};
    } catch (const models::ScenarioErrors& errors) {
      return errors.what();
    }
  };
  CHECK_THAT(
      errors_of(R"({"schema": "sockbufsim/study/1", "base": "no-such.json"})"),
      ContainsSubstring("study.json:1:42: /base: found") && ContainsSubstring("no-such.json"));
  CHECK_THAT(errors_of(R"({"schema": "sockbufsim/study/1"})"),
             ContainsSubstring("/base: found nothing"));
  CHECK_THAT(errors_of(R"({"schema": "sockbufsim/study/1", "base": ""})"),
             ContainsSubstring("the name of a scenario file, or a scenario"));
  CHECK_THAT(
      errors_of(
          R"({"schema": "sockbufsim/study/1", "base": {"schema": "sockbufsim/scenario/1", "nick": 1}})"),
      ContainsSubstring("study.json (base)") && ContainsSubstring("/nick"));
  CHECK_THAT(errors_of(R"({"schema": "sockbufsim/study/2", "base": {}})"),
             ContainsSubstring("/schema: found \"sockbufsim/study/2\""));
  CHECK_THAT(errors_of("[]"), ContainsSubstring("an object"));
  CHECK_THAT(errors_of("{"), ContainsSubstring("the end of the file, too early"));
  CHECK_THAT(errors_of_rest(factors(kMtu), {"nic.mtu=1500"}),
             ContainsSubstring("which the study varies") && ContainsSubstring("--set"));
  CHECK_THAT(errors_of_rest(factors(kMtu), {"seed=3"}), ContainsSubstring("\"seed\""));
  CHECK_THAT(errors_of_rest(factors(kMtu), {"nic.queues=x"}),
             ContainsSubstring("--set nic.queues=x: /nic/queues"));
}

TEST_CASE("several errors are reported at once", "[study]") {
  const std::string text = errors_of_rest(
      factors(R"({"path": "nic.mtu", "values": []}, {"path": "seed", "values": [1]})"));
  CHECK_THAT(text, ContainsSubstring("/factors/0/values") && ContainsSubstring("/factors/1/path"));
}
