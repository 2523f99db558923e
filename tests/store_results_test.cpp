// SPDX-License-Identifier: BSD-2-Clause
#include <sqlite3.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "cli/errors.hpp"
#include "cli/store/merge.hpp"
#include "cli/store/sqlite.hpp"
#include "cli/store/store.hpp"
#include "tests/support/bytes_of.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_study.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using tests::bytes_of;

void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

cli::StoredRun sample_run(const std::string& point, int replication, double value) {
  cli::StoredRun run;
  run.point = point;
  run.seed = 7;
  run.replication = replication;
  run.status = "ok";
  run.fingerprint = "00000000000000ff";
  run.wall_s = 0.5;
  run.metrics = {{"throughput.goodput_gbps", "Gb/s", value}, {"nic.interrupts", "1", 3.0}};
  const std::string json = "{\"verdict\": \"completed\"}\n";
  run.report = cli::compress_report(json);
  run.report_bytes = json.size();
  return run;
}

/// A store with the sample study and one run of its first point.
void make_store(const std::string& path) {
  const cli::Study study = test::sample_study();
  cli::Store store(path);
  store.define(study, "1", std::vector<std::string>(study.points.size(), "again"));
  store.add({sample_run(study.points[0].hash, 0, 9.25)}, "1");
}

std::size_t files_in(const std::string& directory) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(directory)) ++count;
  return count;
}

}  // namespace

TEST_CASE("a store gives back what was put in", "[store]") {
  const tests::TempDir directory;
  const std::string path = directory.file("a.db");
  make_store(path);
  CHECK(files_in(directory.file("")) == 1);

  const cli::Study study = test::sample_study();
  const cli::Results results = cli::read_results(path);
  CHECK(results.study == study.name);
  CHECK(results.version == "1");
  CHECK(results.factors == study.factors);
  REQUIRE(results.runs.size() == 1);
  const cli::Run& run = results.runs[0];
  CHECK(run.point == study.points[0].hash);
  CHECK(run.settings == study.points[0].settings);
  CHECK(run.seed == 7);
  CHECK(run.status == "ok");
  CHECK(run.has_results());
  CHECK(run.rerun == "again --replication 0");
  CHECK(run.metric("throughput.goodput_gbps") == 9.25);
  CHECK(run.metric("nic.interrupts") == 3.0);
  CHECK_FALSE(run.metric("nic"));
  CHECK(cli::study_names(path) == std::vector<std::string>{study.name});
  CHECK(cli::read_scenarios(path).at(study.points[1].hash) == study.points[1].scenario);
  std::vector<std::string> reports;
  cli::read_reports(path, "",
                    [&](const cli::Run&, const std::string& json) { reports.push_back(json); });
  CHECK(reports == std::vector<std::string>{"{\"verdict\": \"completed\"}\n"});
}

TEST_CASE("a result stays, a failed run gives way", "[store]") {
  const tests::TempDir directory;
  const std::string path = directory.file("a.db");
  const cli::Study study = test::sample_study();
  make_store(path);
  {
    cli::Store store(path);
    cli::StoredRun failed = sample_run(study.points[1].hash, 0, 0.0);
    failed.status = "crashed";
    failed.reason = "signal 11";
    failed.fingerprint.clear();
    failed.metrics = {};
    store.add({sample_run(study.points[0].hash, 0, 1.0), failed}, "1");
  }
  CHECK(cli::read_results(path).runs.at(0).metric("throughput.goodput_gbps") == 9.25);
  CHECK(cli::read_results(path).runs.at(1).reason == "signal 11");
  {
    cli::Store store(path);
    store.add({sample_run(study.points[1].hash, 0, 2.0)}, "1");
    CHECK(store.statuses("1").size() == 2);
    CHECK(store.statuses("2").empty());
  }
  CHECK(cli::read_results(path).runs.at(1).metric("throughput.goodput_gbps") == 2.0);
}

TEST_CASE("runs of another version of the model are other runs", "[store]") {
  const tests::TempDir directory;
  const std::string path = directory.file("a.db");
  const cli::Study study = test::sample_study();
  make_store(path);
  {
    cli::Store store(path);
    store.define(study, "2", std::vector<std::string>(study.points.size(), "again"));
    store.add({sample_run(study.points[0].hash, 0, 4.0)}, "2");
  }
  const cli::Results results = cli::read_results(path);
  CHECK(results.version == "2");
  REQUIRE(results.runs.size() == 1);
  CHECK(results.runs[0].metric("throughput.goodput_gbps") == 4.0);
}

TEST_CASE("a second writer is refused, a reader is not", "[store]") {
  const tests::TempDir directory;
  const std::string path = directory.file("a.db");
  make_store(path);
  const cli::Store store(path);
  CHECK_THROWS_WITH(cli::Store(path), ContainsSubstring("another sweep is writing to it"));
  CHECK(cli::read_results(path).runs.size() == 1);
}

TEST_CASE("what is no store, or a damaged one, is refused and left untouched", "[store]") {
  const tests::TempDir directory;
  const std::string good = directory.file("good.db");
  make_store(good);
  const std::string image = bytes_of(good);
  const auto digit = [&](std::size_t at) {
    return std::size_t{static_cast<unsigned char>(image[at])};
  };
  const std::size_t page = digit(16) << 8U | digit(17);
  REQUIRE(image.size() > page);

  std::string other_program = image;
  other_program[70] = 'X';
  std::string newer = image;
  newer[63] = 9;
  std::string older = image;
  older[63] = 0;
  std::string garbled = image;
  for (std::size_t i = page; i < page + 300; ++i) garbled[i] = '\x5a';
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"", "an empty file"},
      {"study: mtu\n", "a file of another kind"},
      {image.substr(0, 50), "cut off"},
      {image.substr(0, image.size() - page), "damaged"},
      {garbled, "damaged"},
      {other_program, "another program"},
      {newer, "newer sockbufsim"},
      {older, "older sockbufsim"}};
  for (std::size_t i = 0; i < bad.size(); ++i) {
    INFO(i << ": " << bad[i].second);
    const tests::TempDir place;
    const std::string path = place.file("bad.db");
    write_bytes(path, bad[i].first);
    CHECK_THROWS_WITH(cli::read_results(path), ContainsSubstring(bad[i].second));
    CHECK_THROWS_WITH(cli::Store(path), ContainsSubstring(bad[i].second));
    CHECK_THROWS_AS(cli::Store(path), cli::UsageError);
    CHECK(bytes_of(path) == bad[i].first);
    CHECK(files_in(place.file("")) == 1);
  }
  CHECK_THROWS_AS(cli::read_results(directory.file("none.db")), cli::UsageError);
  CHECK_THROWS_AS(cli::read_results(directory.file("")), cli::UsageError);
  CHECK_THROWS_AS(cli::Store(directory.file("nowhere/a.db")), cli::UsageError);
}

TEST_CASE("a store whose tables or rows no sweep wrote is refused and left untouched", "[store]") {
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"DROP TABLE metric", "there is no table metric"},
      {"DROP TABLE setting", "there is no table setting"},
      {"DROP VIEW measurement", "there is no view measurement"},
      {"ALTER TABLE run RENAME COLUMN wall_s TO seconds", "table run: there is no column wall_s"},
      {"UPDATE run SET metrics = '{\"1\":9.25,'", "table run, row 1: metrics"},
      {"UPDATE run SET metrics = 'nonsense'", "table run, row 1: metrics"},
      {"UPDATE run SET metrics = ''", "table run, row 1: metrics"},
      {"DELETE FROM metric WHERE id = 2", "table run, row 1: metric 2"},
      {"DELETE FROM setting WHERE position = 3", "table setting, study 1, position 3"},
      {"UPDATE setting SET factor = 7 WHERE factor = 1", "table setting, study 1, position 0"}};
  for (const auto& [sql, message] : bad) {
    INFO(sql);
    const tests::TempDir directory;
    const std::string path = directory.file("bad.db");
    make_store(path);
    cli::sqlite::Database(path, SQLITE_OPEN_READWRITE).execute(sql);
    const std::string before = bytes_of(path);
    const auto refused = ContainsSubstring("found a damaged store (" + message);
    CHECK_THROWS_WITH(cli::read_results(path), refused);
    CHECK_THROWS_AS(cli::read_results(path), cli::UsageError);
    CHECK_THROWS_WITH(cli::merge_stores({path}, directory.file("out.db")), refused);
    if (message.find("setting, study") == std::string::npos) {
      CHECK_THROWS_WITH(cli::Store(path), refused);
      CHECK_THROWS_WITH(cli::merge_into({path}, directory.file("out.db")), refused);
    }
    CHECK(bytes_of(path) == before);
    CHECK(files_in(directory.file("")) == 1);
  }
}

TEST_CASE("a report that cannot be unpacked is refused", "[store]") {
  for (const char* sql :
       {"UPDATE run SET report = x'00112233'", "UPDATE run SET report_bytes = 7",
        "UPDATE run SET report_bytes = -1", "UPDATE run SET report_bytes = 1000000000000000"}) {
    INFO(sql);
    const tests::TempDir directory;
    const std::string path = directory.file("bad.db");
    make_store(path);
    cli::sqlite::Database(path, SQLITE_OPEN_READWRITE).execute(sql);
    CHECK_THROWS_WITH(cli::read_reports(path, "", [](const cli::Run&, const std::string&) {}),
                      ContainsSubstring("found a damaged store (table run, row 1: a report"));
  }
}

TEST_CASE("a study that is not in the store is named with those that are", "[store]") {
  const tests::TempDir directory;
  const std::string path = directory.file("a.db");
  make_store(path);
  CHECK_THROWS_WITH(cli::read_results(path, "sampel"),
                    ContainsSubstring("found no study \"sampel\"; allowed: sample. Did you mean"));
}

TEST_CASE("the numbers of a run keep their names, and what is no finite number is left out",
          "[store]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const cli::StoredMetrics metrics({{"a,b", "Gb/s", 0.1}, {"none", "", nan}, {"c", "", -3.0}});
  CHECK(metrics.values() == "0.1,-3");
  CHECK(metrics.value("a,b") == 0.1);
  CHECK(metrics.value("c") == -3.0);
  CHECK_FALSE(metrics.value("none").has_value());
  CHECK_FALSE(metrics.value("a").has_value());
  CHECK_FALSE(cli::StoredMetrics().value("c").has_value());
  std::vector<std::string> names;
  cli::StoredMetrics::for_each_name(metrics.names(),
                                    [&](std::string_view path, std::string_view unit) {
                                      names.push_back(std::string(path) + '|' + std::string(unit));
                                    });
  CHECK(names == std::vector<std::string>{"a,b|Gb/s", "c|"});
}
