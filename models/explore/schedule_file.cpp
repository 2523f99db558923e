// SPDX-License-Identifier: BSD-2-Clause
#include "models/explore/schedule_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "models/report/json_object.hpp"
#include "models/scenario/document.hpp"
#include "models/scenario/json_text.hpp"
#include "models/scenario/load.hpp"
#include "models/scenario/profile.hpp"
#include "sim/base/build_info.hpp"

namespace models {
namespace {

constexpr std::size_t kMaxTextBytes = std::size_t{64} * 1024;
constexpr std::size_t kMaxScheduleBytes = std::size_t{1} << 20;

/// Reads the members of one object, and complains of those that are missing, wrong or unknown.
class Members {
 public:
  Members(const Document& document, ErrorList& errors, const Json& object, std::string pointer)
      : document_(document), errors_(errors), object_(object), pointer_(std::move(pointer)) {}

  std::string text(const char* name, std::size_t most = kMaxTextBytes) {
    const Json* value = member(name, "a string");
    if (value == nullptr) return {};
    if (!value->is_string() || value->get_ref<const std::string&>().size() > most) {
      fail(name, describe_found(*value), fmt::format("a string of at most {} bytes", most));
      return {};
    }
    return value->get<std::string>();
  }

  std::vector<std::string> texts(const char* name, std::size_t most) {
    std::vector<std::string> result;
    const Json* value = member(name, "an array of strings");
    if (value == nullptr) return result;
    const bool good = value->is_array() && !value->empty() && value->size() <= most &&
                      std::all_of(value->begin(), value->end(),
                                  [](const Json& item) { return item.is_string(); });
    if (!good) {
      fail(name, describe_found(*value), fmt::format("an array of 1 to {} strings", most));
      return result;
    }
    result.reserve(value->size());
    for (const Json& item : *value) result.push_back(item.get<std::string>());
    return result;
  }

  const Json* object(const char* name) {
    const Json* value = member(name, "an object");
    if (value == nullptr || value->is_object()) return value;
    fail(name, describe_found(*value), "an object");
    return nullptr;
  }

  void finish() {
    for (const auto& [name, value] : object_.items()) {
      if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
      std::string allowed;
      for (const std::string& known : known_) allowed += (allowed.empty() ? "" : ", ") + known;
      fail(name.c_str(), "the unknown field " + quote(name), allowed);
    }
  }

  void fail(const char* name, std::string found, std::string allowed, std::string hint = {}) {
    errors_.add(document_.error_at(child_pointer(pointer_, name), std::move(found),
                                   std::move(allowed), std::move(hint)));
  }

 private:
  const Json* member(const char* name, const char* allowed) {
    known_.emplace_back(name);
    const auto at = object_.find(name);
    if (at != object_.end()) return &*at;
    fail(name, "nothing", allowed, "This field is required.");
    return nullptr;
  }

  const Document& document_;
  ErrorList& errors_;
  const Json& object_;
  std::string pointer_;
  std::vector<std::string> known_;
};

/// Errors of the scenario inside, as errors of the file around it.
[[noreturn]] void rethrow_inside(const ScenarioErrors& inside, const std::string& path) {
  std::vector<ScenarioError> errors = inside.errors();
  for (ScenarioError& error : errors) {
    error.file = path;
    error.pointer = "/scenario" + error.pointer;
    error.line = error.column = 0;  // of the text inside
  }
  throw ScenarioErrors(std::move(errors));
}

/// More than this cannot be explored, and must not be built in order to find out.
void check_size(const Scenario& scenario, const Document& document, ErrorList& errors) {
  std::int64_t sockets = 0;
  auto threads = static_cast<std::int64_t>(scenario.disturb.size());
  for (const SocketSpec& spec : scenario.sockets) {
    sockets += spec.count;
    std::int64_t readers = 0;
    for (const Reader& reader : spec.readers) readers += reader.count;
    threads += readers * spec.count;
  }
  for (const ThreadGroup& group : scenario.threads) {
    if (!group.arrivals_per_s) threads += group.count;
  }
  const auto most = static_cast<std::int64_t>(sim::kMaxExploredThreads);
  if (sockets > most) {
    errors.add(document.error_at("/scenario/sockets", fmt::format("{} sockets", sockets),
                                 fmt::format("at most {} to explore", most)));
  }
  if (threads > 2 * most) {  // some disturbances are no threads
    errors.add(document.error_at("/scenario", fmt::format("{} threads", threads),
                                 fmt::format("at most {} to explore", most)));
  }
}

Scenario read_scenario(const Json& object, const std::string& path) {
  try {
    if (object.contains("extends")) {
      throw ScenarioErrors({{path, "/extends", describe_found(object.at("extends")),
                             "nothing: a schedule file holds the effective scenario", ""}});
    }
    const std::string directory = std::filesystem::path(path).parent_path().string();
    return load_scenario_text(object.dump(), path, directory.empty() ? "." : directory).scenario;
  } catch (const ScenarioErrors& errors) {
    rethrow_inside(errors, path);
  }
}

std::string absolute(const std::string& path) {
  std::error_code error;
  const auto result = std::filesystem::absolute(path, error);
  return error ? path : result.lexically_normal().string();
}

Json effective_scenario(const ScheduleFile& file) {
  Scenario scenario = file.scenario;
  if (!scenario.traffic.file.empty()) {
    scenario.traffic.file_as_written = absolute(scenario.traffic.file);
  }
  return Json::parse(dump_scenario(scenario));
}

/// That of scenario files, as a part: nothing is left to look up.
Json effective_scenario_schema() {
  Json schema = Json::parse(scenario_json_schema());
  for (const char* of_files : {"$schema", "title"}) schema.erase(of_files);
  schema["properties"].erase("extends");
  return schema;
}

JsonObject<ScheduleFile> schedule_expected_members() {
  using From = ScheduleFile;
  JsonObject<From> object;
  object
      .member("kind", "Stable name of the violation.",
              [](const From& f) { return f.expected.kind; })
      .member("message", "What the console would show.",
              [](const From& f) { return f.expected.message; })
      .member("thread", "Who meets it; empty: it is seen when nothing can go on.",
              [](const From& f) { return f.thread; })
      .closed();
  return object;
}

/// What parse_schedule_file() reads again.
JsonObject<ScheduleFile> schedule_file_members() {
  using From = ScheduleFile;
  const Json threads{{"type", "array"},
                     {"items", {{"type", "string"}}},
                     {"minItems", 1},
                     {"maxItems", sim::kMaxExploredThreads}};
  const Json schedule{{"type", "string"}, {"pattern", "^([a-p]!?(0*[1-9][0-9]*)?)*$"}};
  JsonObject<From> object;
  object.constant("schema", kScheduleSchema, "Version of this format.")
      .member("version", "Version of the sockbufsim that wrote it.",
              [](const From& f) { return f.version; })
      .member("commit", "Commit that was built from; may be empty.",
              [](const From& f) { return f.commit; })
      .member("strategy", "How it was found, as `explore --strategy` says it.",
              [](const From& f) { return f.strategy; })
      .described("threads", threads, "Names of the threads: `a`, `b`, ... of `schedule`.",
                 [](const From& f) { return f.threads; })
      .described("schedule", schedule,
                 "Threads as letters from `a`, `!` after a choice that is answered with yes, "
                 "repetitions as counts; at most 100,000 steps.",
                 [](const From& f) { return sim::to_string(f.schedule); })
      .object("expected", "The violation that the schedule leads to.", schedule_expected_members(),
              [](const From& f) -> const From& { return f; })
      .described("scenario", effective_scenario_schema(),
                 "The effective scenario (docs/scenario.md); files have absolute paths.",
                 effective_scenario)
      .closed();
  return object;
}

}  // namespace

std::string dump_schedule_file(const ScheduleFile& file) {
  return schedule_file_members().json(file).dump(2, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

std::string schedule_json_schema() {
  return schedule_file_members().schema_text("sockbufsim schedule");
}

ScheduleFile parse_schedule_file(const std::string& text, const std::string& path) {
  const Document document = Document::plain(text, path);
  ErrorList errors;
  ScheduleFile file;
  if (!document.tree().is_object()) {
    errors.add(document.error_at("", describe_found(document.tree()), "an object"));
    errors.throw_if_any();
  }
  Members members(document, errors, document.tree(), "");
  const std::string schema = members.text("schema");
  if (errors.empty() && schema != kScheduleSchema) {
    members.fail("schema", quote(schema), quote(kScheduleSchema),
                 fmt::format("This is sockbufsim {}.", sim::version()));
    errors.throw_if_any();  // the rest would mean something else
  }
  file.version = members.text("version");
  file.commit = members.text("commit");
  file.strategy = members.text("strategy");
  file.threads = members.texts("threads", sim::kMaxExploredThreads);
  const std::string schedule = members.text("schedule", kMaxScheduleBytes);
  if (auto parsed = sim::parse_schedule(schedule)) {
    file.schedule = std::move(*parsed);
  } else {
    members.fail("schedule", quote(schedule),
                 "threads as letters a to p, each with ! after a step in which nature says yes and "
                 "a count of repetitions: a5b2a!3c7; at most 100,000 steps");
  }
  if (const Json* expected = members.object("expected")) {
    Members inner(document, errors, *expected, "/expected");
    file.expected.kind = inner.text("kind");
    file.expected.message = inner.text("message");
    file.thread = inner.text("thread");
    inner.finish();
  }
  const Json* scenario = members.object("scenario");
  members.finish();
  errors.throw_if_any();
  file.scenario = read_scenario(*scenario, path);
  check_size(file.scenario, document, errors);
  errors.throw_if_any();
  return file;
}

}  // namespace models
