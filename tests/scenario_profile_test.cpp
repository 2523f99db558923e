// SPDX-License-Identifier: BSD-2-Clause
#include <set>

#include "models/scenario/load.hpp"
#include "models/scenario/nearest.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using Catch::Matchers::ContainsSubstring;
using models::Machine;
using models::Profile;

namespace {

/// The text of a profile whose constants are all the same, with one member of one of them changed.
std::string profile_text(const std::string& changed = "", const std::string& constant_text = "",
                         const std::string& head = "\"clock_ghz\": 2") {
  std::string text =
      "{\"schema\": \"sockbufsim/machine/1\", \"name\": \"mine\", " + head + ", \"constants\": {";
  bool first = true;
  for (const models::ConstantInfo& info : models::profile_constants()) {
    if (changed == info.name && constant_text.empty()) continue;
    text += first ? "\"" : ", \"";
    first = false;
    text += std::string(info.name) + "\": ";
    text +=
        changed == info.name
            ? constant_text
            : "{\"value\": 10, \"range\": [5, 20], \"kind\": \"assumed\", \"source\": \"test\", "
              "\"unit\": \"" +
                  std::string(models::enum_name(info.unit)) + "\"}";
  }
  return text + "}}";
}

std::string error_of(const std::string& text) {
  const tests::TempDir dir;
  try {
    models::load_profile(dir.write("p.json", text));
  } catch (const models::ScenarioErrors& errors) {
    return errors.what();
  }
  return {};
}

}  // namespace

TEST_CASE("The four shipped profiles load", "[scenario][profile]") {
  CHECK(models::profile_names() ==
        std::vector<std::string>{"athlon64-x2-2007", "ideal", "modern-x86", "woodcrest-2007"});
  for (const std::string& name : models::profile_names()) {
    const Profile profile = models::load_profile(name);
    CHECK(profile.name == name);
    for (const auto& [constant, value] : profile.constants) {
      INFO(name << " " << constant);
      CHECK(!value.source.empty());
      CHECK((name == "ideal" || value.range[0] < value.range[1]));
    }
  }
}

TEST_CASE("Each constant goes to one cost of its own", "[scenario][profile]") {
  std::set<const void*> targets;
  models::Costs costs;
  for (const models::ConstantInfo& info : models::profile_constants()) {
    INFO(info.name);
    CHECK((info.machine != nullptr) + (info.net != nullptr) + (info.net_per_byte != nullptr) == 1);
    const void* target =
        info.machine != nullptr ? static_cast<const void*>(&(costs.machine.*info.machine))
        : info.net != nullptr   ? static_cast<const void*>(&(costs.net.*info.net))
                                : static_cast<const void*>(&(costs.net.*info.net_per_byte));
    CHECK(targets.insert(target).second);
    CHECK(info.name.ends_with(info.unit == models::CostUnit::cycles ? "_cycles"
                              : info.unit == models::CostUnit::ns   ? "_ns"
                                                                    : "_ns_per_byte"));
  }
  // Every cost has a constant: all members of both structs are 8 bytes wide.
  CHECK(targets.size() * 8 == sizeof(sim::MachineCosts) + sizeof(models::NetCosts));
}

TEST_CASE("The ideal machine is free and has a core for every thread", "[scenario][profile]") {
  const Profile ideal = models::load_profile("ideal");
  const models::Costs costs = models::compile_costs(ideal, Machine{});
  for (const models::ConstantInfo& info : models::profile_constants()) {
    if (info.machine != nullptr) CHECK(costs.machine.*info.machine == 0);
    if (info.net != nullptr) CHECK(costs.net.*info.net == 0);
    if (info.net_per_byte != nullptr) CHECK(costs.net.*info.net_per_byte == 0.0);
  }
  CHECK(models::compile_topology(ideal, Machine{}).empty());
  Machine two;
  two.cores = 2;
  CHECK(models::compile_topology(ideal, two).size() == 2);
}

TEST_CASE("Cycles become picoseconds by the clock, and overrides replace constants",
          "[scenario][profile]") {
  CHECK(models::cycles_to_picoseconds(20, 2.0) == 10000);
  CHECK(models::cycles_to_picoseconds(1, 3.0) == 333);
  const Profile woodcrest = models::load_profile("woodcrest-2007");
  Machine machine;
  machine.costs = {{"syscall_cycles", 3.0}, {"copy_cold_ns_per_byte", 0.25}};
  machine.time_slice_ms = 2;
  const models::Costs costs = models::compile_costs(woodcrest, machine);
  CHECK(costs.net.syscall_ps == 1000);
  CHECK(costs.net.copy_cold_ps_per_byte == 250.0);
  CHECK(costs.machine.time_slice_ps == 2 * sim::kMillisecond);
  CHECK(models::compile_costs(woodcrest, Machine{}).machine.mutex_acquire_ps == 6667);
}

TEST_CASE("The topology repeats the profile's", "[scenario][profile]") {
  const Profile woodcrest = models::load_profile("woodcrest-2007");
  Machine machine;
  machine.cores = 6;
  const auto places = models::compile_topology(woodcrest, machine);
  REQUIRE(places.size() == 6);
  CHECK(places[1].cache == places[0].cache);
  CHECK(places[2].package == 1);
  CHECK(places[5].package == 2);
  machine.cores.reset();
  CHECK(models::compile_topology(woodcrest, machine).size() == 4);
}

TEST_CASE("The calibrated machine spends a 9 KB frame's time as published", "[scenario][profile]") {
  // A. Gallatin, cvs-src, May 2007: about 8.2 Gb/s, that is 8729 ns for the 8948 bytes of a frame.
  // The reader's core is the bottleneck: per mbuf a copy, a lock cycle with a line transfer, one
  // for the mbuf and m_free; per 64 KiB read the call, two lock cycles and a window update.
  const models::Costs costs =
      models::compile_costs(models::load_profile("athlon64-x2-2007"), Machine{});
  const models::NetCosts& net = costs.net;
  const sim::MachineCosts& machine = costs.machine;
  const auto lock_cycle = static_cast<double>(machine.mutex_acquire_ps + machine.mutex_release_ps +
                                              machine.line_transfer_package_ps);
  const double per_mbuf = 8948 * net.copy_cold_ps_per_byte + lock_cycle +
                          static_cast<double>(machine.line_transfer_package_ps + net.mbuf_free_ps +
                                              net.mbuf_step_ps + net.uiomove_setup_ps);
  const double per_read =
      2 * lock_cycle + static_cast<double>(net.syscall_ps + net.soreceive_setup_ps +
                                           net.pru_rcvd_ps + net.window_update_ps);
  const double frame_ns = (per_mbuf + per_read * 8948 / 65536) / 1000.0;
  CHECK(frame_ns == Catch::Approx(8729).epsilon(0.02));
}

TEST_CASE("A profile of one's own is checked like a scenario", "[scenario][profile]") {
  CHECK(error_of(profile_text()).empty());
  CHECK_THAT(error_of(profile_text("syscall_cycles")),
             ContainsSubstring("/constants/syscall_cycles: found nothing"));
  CHECK_THAT(error_of(profile_text("syscall_cycles", "7")),
             ContainsSubstring("/constants/syscall_cycles: found 7"));
  const auto constant = [](const char* members) {
    return error_of(
        profile_text("syscall_cycles", std::string("{\"source\": \"s\", ") + members + "}"));
  };
  CHECK_THAT(constant(R"("value": 1, "unit": "ns", "range": [1, 1], "kind": "assumed")"),
             ContainsSubstring("/constants/syscall_cycles/unit"));
  CHECK_THAT(constant(R"("value": 9, "unit": "cycles", "range": [1, 2], "kind": "assumed")"),
             ContainsSubstring("/constants/syscall_cycles/range"));
  CHECK_THAT(constant(R"("value": 1, "unit": "cycles", "range": [1], "kind": "assumed")"),
             ContainsSubstring("/constants/syscall_cycles/range"));
  CHECK_THAT(constant(R"("value": 1, "unit": "cycles", "range": [1, 2], "kind": "guessed")"),
             ContainsSubstring("measured, published"));
  CHECK_THAT(constant(R"("value": 1e8, "unit": "cycles", "range": [1, 1e9], "kind": "assumed")"),
             ContainsSubstring("/constants/syscall_cycles/value"));
  CHECK_THAT(error_of(profile_text("", "", "\"clock_ghz\": 0")), ContainsSubstring("/clock_ghz"));
  CHECK_THAT(error_of(profile_text(
                 "", "", "\"clock_ghz\": 1, \"cores_per_package\": 3, \"cores_per_cache\": 2")),
             ContainsSubstring("a divisor of cores_per_package"));
  CHECK_THAT(error_of(profile_text("", "", "\"clock_ghz\": 1, \"cpus\": 3")),
             ContainsSubstring("\"cpus\""));
  CHECK_THROWS_WITH(models::load_profile("woodcrest"), ContainsSubstring("woodcrest-2007"));
}

TEST_CASE("A scenario may bring its own profile, beside it", "[scenario][profile]") {
  const tests::TempDir dir;
  dir.write("sub/mine.json", profile_text());
  const std::string path = dir.write("sub/s.json", R"({"schema": "sockbufsim/scenario/1",
      "machine": {"profile": "mine.json"}, "threads": [{"think_ns": 1}]})");
  const models::LoadedScenario loaded = models::load_scenario(path);
  CHECK(loaded.profile.name == "mine");
  CHECK(loaded.costs.net.syscall_ps == 5000);
}

TEST_CASE("Edit distance counts swaps as one", "[scenario]") {
  CHECK(models::edit_distance("", "abc") == 3);
  CHECK(models::edit_distance("mtu", "MTU") == 0);
  CHECK(models::edit_distance("mut", "mtu") == 1);
  CHECK(models::edit_distance("kitten", "sitting") == 3);
  CHECK(models::nearest_name("thread", {"threads", "traffic"}) == "threads");
  CHECK(models::nearest_name("x", {"y"}).empty());
}
