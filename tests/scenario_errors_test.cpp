// SPDX-License-Identifier: BSD-2-Clause
#include "models/scenario/load.hpp"
#include "tests/support/bad_scenarios.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using Catch::Matchers::ContainsSubstring;
using models::ScenarioError;
using models::ScenarioErrors;

namespace {

std::vector<ScenarioError> errors_of(const std::string& path,
                                     const std::vector<std::string>& overrides = {}) {
  try {
    models::load_scenario(path, overrides);
  } catch (const ScenarioErrors& errors) {
    return errors.errors();
  }
  return {};
}

}  // namespace

TEST_CASE("The scenario that the bad ones extend is good", "[scenario]") {
  const tests::TempDir dir;
  CHECK_NOTHROW(models::load_scenario(dir.write("good.json", tests::good_scenario())));
}

TEST_CASE("A bad scenario is refused with file, pointer, what was found and what is allowed",
          "[scenario]") {
  const tests::TempDir dir;
  dir.write("good.json", tests::good_scenario());
  const std::vector<tests::BadScenario> cases = tests::bad_scenarios();
  REQUIRE(cases.size() >= 70);
  for (const tests::BadScenario& bad : cases) {
    const std::string path =
        dir.write("case.json",
                  bad.is_fragment ? "{\"extends\": \"good.json\",\n" + bad.text + "}" : bad.text);
    INFO("scenario: " << bad.text.substr(0, 200));
    const std::vector<ScenarioError> errors = errors_of(path);
    REQUIRE(!errors.empty());
    const ScenarioError& error = errors.front();
    INFO("error: " << error.text());
    // What an extending file takes away is missed where it stood, or by whoever needs it.
    if (error.file != path) CHECK(error.file == dir.file("good.json"));
    CHECK(error.pointer.starts_with(bad.pointer));
    if (bad.found.find("nesting") == std::string::npos) CHECK(error.pointer == bad.pointer);
    CHECK_THAT(error.found, ContainsSubstring(bad.found));
    CHECK_THAT(error.allowed, ContainsSubstring(bad.allowed));
    CHECK(!error.allowed.empty());
  }
}

TEST_CASE("An error says line and column of the value", "[scenario]") {
  const tests::TempDir dir;
  const std::string path =
      dir.write("a.json",
                "// a comment\n{ \"schema\": \"sockbufsim/scenario/1\", /* and\n another */\n"
                "  \"seed\": 1,\n  \"nic\": { \"mtu\": \"jumbo\" } }\n");
  const auto errors = errors_of(path);
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].line == 5);
  CHECK(errors[0].column == 19);
  CHECK(errors[0].text() == path +
                                ":5:19: /nic/mtu: found \"jumbo\" (a string); allowed: an integer "
                                "from 68 to 16110 bytes");
}

TEST_CASE("A syntax error says where", "[scenario]") {
  const tests::TempDir dir;
  const auto errors = errors_of(dir.write("a.json", "{\n  \"seed\": 1,\n  \"nic\": ]\n}"));
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].line == 3);
  CHECK(errors[0].pointer == "/nic");
}

TEST_CASE("The nearest name is offered", "[scenario]") {
  const tests::TempDir dir;
  const auto hint = [&](const std::string& fragment) {
    dir.write("good.json", tests::good_scenario());
    const auto errors =
        errors_of(dir.write("a.json", "{\"extends\": \"good.json\", " + fragment + "}"));
    return errors.empty() ? std::string() : errors.front().hint;
  };
  CHECK(hint(R"("nic": {"mtuu": 1})") == "Did you mean \"mtu\"?");
  CHECK(hint(R"("nic": {"coalesce": {"delay": 1}})") == "Did you mean \"delay_us\"?");
  CHECK(hint(R"("receive": {"algorithm": "stream_in_place"})") ==
        "Did you mean \"stream_inplace\"?");
  CHECK(hint(R"("machine": {"profile": "woodcrst-2007"})") == "Did you mean \"woodcrest-2007\"?");
  CHECK(hint(R"("machine": {"costs": {"mutex_aquire_cycles": 1}})") ==
        "Did you mean \"mutex_acquire_cycles\"?");
  CHECK(hint(R"("threads": [{"think_ns": {"exponental": 1}}])") == "Did you mean \"exponential\"?");
  CHECK(hint(R"("expect": [{"verdict": "violation", "kind": "bytes_lst"}])") ==
        "Did you mean \"bytes_lost\"?");
  CHECK(hint(R"("zzzzzzzzzzzzzzz": 1)").empty());
}

TEST_CASE("Several errors are shown together, twenty at most", "[scenario]") {
  const tests::TempDir dir;
  CHECK(errors_of(dir.write("a.json", R"({"schema": 1, "nic": {"mtu": 1, "rx_ring": 0}, "x": 1})"))
            .size() == 4);
  std::string many = "{";
  for (int i = 0; i < 50; ++i) many += "\"x" + std::to_string(i) + "\": 1,";
  const std::string path = dir.write("b.json", many + "\"schema\": \"sockbufsim/scenario/1\"}");
  CHECK(errors_of(path).size() == 20);
  CHECK_THROWS_WITH(models::load_scenario(path), ContainsSubstring("... and 30 more"));
}

TEST_CASE("A bad override names itself", "[scenario]") {
  const tests::TempDir dir;
  const std::string path = dir.write("good.json", tests::good_scenario());
  const auto text = [&](const std::string& assignment) {
    const auto errors = errors_of(path, {assignment});
    return errors.empty() ? std::string() : errors.front().text();
  };
  CHECK(text("nic.mtu=jumbo") ==
        "--set nic.mtu=jumbo: /nic/mtu: found \"jumbo\" (a string); allowed: an integer from 68 to "
        "16110 bytes");
  CHECK_THAT(text("nic.mtuu=9000"), ContainsSubstring("/nic/mtuu: found the unknown field") &&
                                        ContainsSubstring("Did you mean \"mtu\"?"));
  CHECK_THAT(text("nic.mtu"), ContainsSubstring("PATH=VALUE"));
  CHECK_THAT(text("=1"), ContainsSubstring("PATH=VALUE"));
  CHECK_THAT(text("nic..mtu=1"), ContainsSubstring("one dot between"));
  CHECK_THAT(text("sockets.1.count=1"), ContainsSubstring("an index from 0 to 0"));
  CHECK_THAT(text("sockets.x.count=1"), ContainsSubstring("an index from 0 to 0"));
  CHECK_THAT(text("disturb.0.do=close"), ContainsSubstring("an object"));
  CHECK_THAT(text("name.x=1"), ContainsSubstring("an object or array"));
  CHECK_THAT(text("sockets.0={\"count\":"), ContainsSubstring("end of the file"));
  CHECK_THAT(text("duration_ms=NaN"), ContainsSubstring("\"NaN\" (a string)"));
  CHECK_THAT(text("duration_ms=1e999"), ContainsSubstring("allowed: a number above 0"));
  CHECK_THAT(text("extends=x.json"), ContainsSubstring("extends in a file only"));
  CHECK_THAT(text("name=\xff"), ContainsSubstring("not UTF-8"));
  CHECK_THAT(text("sockets.0.readers.0.core=9"), ContainsSubstring("core 9"));
  CHECK_THAT(text("schema=null"), ContainsSubstring("/schema: found nothing"));
}

TEST_CASE("A file that cannot be read is refused", "[scenario]") {
  const tests::TempDir dir;
  CHECK_THROWS_WITH(models::load_scenario(dir.file("missing.json")),
                    ContainsSubstring("no such file"));
  CHECK_THROWS_WITH(models::load_scenario(dir.file("")), ContainsSubstring("a directory"));
  CHECK_THROWS_WITH(models::load_scenario(""), ContainsSubstring("no file name"));
  CHECK_THROWS_WITH(models::load_scenario(dir.write("big.json", std::string((16U << 20) + 1, ' '))),
                    ContainsSubstring("more than 16 MiB"));
}

TEST_CASE("No truncation and no single wrong byte makes the loader fail in another way",
          "[scenario][slow]") {
  const std::string good = models::scenario_example();
  std::size_t refused = 0;
  const auto load = [&](const std::string& text) {
    try {
      models::load_scenario_text(text, "text");
    } catch (const ScenarioErrors&) {
      ++refused;
    }
  };
  const std::size_t length = good.find_last_of('}');
  for (std::size_t i = 0; i < length; i += 3) load(good.substr(0, i));
  CHECK(refused == (length + 2) / 3);
  for (std::size_t i = 0; i < good.size(); i += 2) {
    for (const char wrong : {'\0', '"', '{', ']', '9', '\xff', '/'}) {
      std::string text = good;
      text[i] = wrong;
      load(text);
    }
  }
}
