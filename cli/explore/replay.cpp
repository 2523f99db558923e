// SPDX-License-Identifier: BSD-2-Clause
#include "cli/explore/replay.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/errors.hpp"
#include "cli/explore/interleaving.hpp"
#include "cli/explore/json.hpp"
#include "cli/output_request.hpp"
#include "cli/report/table.hpp"
#include "cli/standard_output.hpp"
#include "cli/store/schema.hpp"
#include "models/explore/explored_scenario.hpp"
#include "models/scenario/errors.hpp"
#include "models/scenario/json_text.hpp"
#include "sim/base/build_info.hpp"
#include "sim/explore/engine_turns.hpp"

namespace cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kStale =
    "The code or the scenario has changed since it was written: explore again with --schedule to "
    "record a new one.";

[[noreturn]] void no_longer_fits(const models::ScheduleFile& file, const std::string& path,
                                 const char* pointer, const std::string& what,
                                 const std::string& allowed) {
  throw models::ScenarioErrors(
      {{path, pointer,
        fmt::format("a schedule of sockbufsim {} that no longer fits the program: {}", file.version,
                    what),
        allowed, kStale}});
}

void check_threads(const models::ScheduleFile& file, const std::string& path,
                   const sim::Program& program) {
  std::string present;
  bool same = program.threads() == file.threads.size();
  for (std::size_t i = 0; i < program.threads(); ++i) {
    const std::string name(program.thread_name(i));
    same = same && file.threads[i] == name;
    present += (i == 0 ? "" : ", ") + letter_and_name(i, name);
  }
  if (same) return;
  std::string recorded;
  for (std::size_t i = 0; i < file.threads.size(); ++i) {
    recorded += (i == 0 ? "" : ", ") + letter_and_name(i, file.threads[i]);
  }
  no_longer_fits(file, path, "/threads", "it has the threads " + recorded,
                 "the threads " + present);
}

std::string outcome_text(const ReplayResult& result) {
  const sim::Finding& expected = result.file.expected;
  const auto& found = result.replayed.finding;
  if (!found) return fmt::format("not reproduced: no violation, expected {}", expected.kind);
  if (!result.reproduced) {
    return fmt::format("not reproduced: {}, expected {}", found->kind, expected.kind);
  }
  if (found->message == expected.message) return "reproduced: " + found->kind;
  return fmt::format("reproduced: {}, with another message than recorded ({})", found->kind,
                     expected.message);
}

void write_text(std::ostream& out, const ReplayResult& result, bool colour) {
  const Style style(colour);
  const models::Scenario& scenario = result.file.scenario;
  std::string text = style.bold(scenario.name) + '\n';
  if (!scenario.sockets.empty()) text += "  receive   " + scenario.receive.algorithm + '\n';
  text += fmt::format("  schedule  {}\n  found by  {}, sockbufsim {}\n  engine    {}\n\n",
                      sim::to_string(result.file.schedule), result.file.strategy,
                      result.file.version, result.engine);
  text += interleaving_table(result.replayed, result.file.threads, style);
  const std::string outcome = outcome_text(result);
  text += '\n' + (result.reproduced ? style.good(outcome) : style.bad(outcome)) + '\n';
  out << text;
}

Json json_of(const sim::Finding& finding, const std::string& thread) {
  return {{"kind", finding.kind}, {"message", finding.message}, {"thread", thread}};
}

void write_json(std::ostream& out, const ReplayResult& result) {
  Json json{{"schema", "sockbufsim/replay/1"},
            {"scenario", result.file.scenario.name},
            {"algorithm", algorithm_of(result.file.scenario)},
            {"engine", result.engine},
            {"schedule", sim::to_string(result.file.schedule)},
            {"reproduced", result.reproduced},
            {"expected", json_of(result.file.expected, result.file.thread)}};
  json["found"] = result.replayed.finding
                      ? json_of(*result.replayed.finding, result.replayed.thread)
                      : Json(nullptr);
  json["threads"] = result.file.threads;
  json["trail"] = interleaving_lines(result.replayed, result.file.threads);
  json["steps"] = json_of_steps(result.replayed, result.file.threads);
  json["version"] = std::string(sim::version());
  out << json_text(json);
}

void write_trace(std::ostream& out, const ReplayResult& result) {
  sim::Timeline timeline;
  timeline.set_metadata("scenario", result.file.scenario.name);
  timeline.set_metadata("schedule", sim::to_string(result.file.schedule));
  timeline.set_metadata("outcome", outcome_text(result));
  timeline.set_metadata("time", "none: a step is drawn as 1 us");
  draw_interleaving(timeline, result.replayed, result.file.threads);
  timeline.write(out);
}

void write(const std::string& format, std::ostream& out, const ReplayResult& result, bool colour) {
  if (format == "json") return write_json(out, result);
  if (format == "trace") return write_trace(out, result);
  write_text(out, result, colour);
}

}  // namespace

ReplayResult replay_file(const models::ScheduleFile& file, const std::string& path,
                         sim::EngineKind kind) {
  models::ExploredScenario program(file.scenario, path);
  check_threads(file, path, program);
  ReplayResult result;
  result.file = file;
  const auto engine = sim::make_engine(kind, {});
  result.engine = engine->name();
  sim::conduct_on(*engine, [&](sim::Turns& turns) {
    result.replayed = sim::replay(program, turns, file.schedule);
  });
  if (result.replayed.misfit) {
    no_longer_fits(
        file, path, "/schedule", *result.replayed.misfit,
        "a schedule in which each step's thread can go on, and the last one meets the violation");
  }
  result.reproduced =
      result.replayed.finding && result.replayed.finding->kind == file.expected.kind;
  return result;
}

int replay(const ReplayOptions& options) {
  std::vector<OutputRequest> requests =
      parse_output_requests(options.outputs, {"text", "json", "trace"});
  refuse_store(options.file, "a schedule");
  const models::ScheduleFile file =
      models::parse_schedule_file(models::read_text_file(options.file), options.file);
  ReplayResult result;
  std::vector<OutputFile> files;
  files.reserve(requests.size());
  for (OutputRequest& item : requests) {
    const bool colour = item.file.path == "-" && standard_output_has_colour();
    item.file.write = [&result, colour, format = item.format](std::ostream& out) {
      write(format, out, result, colour);
    };
    files.push_back(item.file);
  }
  check_outputs(files, {{"the schedule file", options.file}});
  const bool fiber = options.engine == "fiber";
  result =
      replay_file(file, options.file, fiber ? sim::EngineKind::fiber : sim::EngineKind::simgrid);
  write_outputs(files);
  return result.reproduced ? kFine : kExpectationFailed;
}

}  // namespace cli
