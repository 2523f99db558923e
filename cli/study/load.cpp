// SPDX-License-Identifier: BSD-2-Clause
#include "cli/study/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <utility>

#include "cli/errors.hpp"
#include "cli/store/schema.hpp"
#include "cli/study/point_maker.hpp"
#include "cli/study/settings.hpp"
#include "cli/study/study_check.hpp"
#include "cli/study/study_fields.hpp"
#include "models/scenario/field_reader.hpp"

namespace cli {
namespace {

using models::Document;
using models::ErrorList;

/// A study file on its way to a study.
class Loader {
 public:
  Loader(const std::string& path, const std::vector<std::string>& overrides,
         bool any_number_of_points)
      : path_(path),
        overrides_(overrides),
        limit_(any_number_of_points ? kMostPointsEver : kMostPoints),
        document_(Document::plain(models::read_text_file(path), path)) {}

  Study load() {
    refuse_scenario();
    models::read_struct(document_, errors_, file_);
    errors_.throw_if_any();
    open_base();
    columns_ = columns_of(file_, document_, errors_);
    for (const Assignments::Item& item : file_.set.items) {
      fixed_.push_back({item.path, item.value, models::child_pointer("/set", item.path)});
      check_path(item.path, fixed_.back().pointer, document_, errors_);
    }
    check_overrides();
    errors_.throw_if_any();
    const PointExpressions expressions(file_, columns_, base_tree(), document_, errors_);
    check_goals(file_, columns_, document_, errors_);
    check_size();
    errors_.throw_if_any();
    return study_of(combinations(expressions), expressions);
  }

 private:
  void fail(const std::string& pointer, std::string found, std::string allowed,
            std::string hint = {}) {
    errors_.add(document_.error_at(pointer, std::move(found), std::move(allowed), std::move(hint)));
  }

  /// Told by its schema, or by `extends`, which makes a schema needless.
  void refuse_scenario() {
    const models::Json& tree = document_.tree();
    if (!tree.is_object()) return;
    const std::string pointer = tree.contains("schema") ? "/schema" : "";
    const models::Json schema = tree.value("schema", models::Json());
    const bool is_scenario = schema.is_string()
                                 ? schema.get<std::string>().starts_with("sockbufsim/scenario/")
                                 : schema.is_null() && tree.contains("extends");
    if (!is_scenario) return;
    fail(pointer, "a scenario", "a study",
         "`sockbufsim run` (without --point) and `explore` take a scenario.");
    errors_.throw_if_any();
  }

  void open_base() {
    const std::string directory = document_.directory_of("/base");
    if (!file_.base.inline_scenario.empty()) {
      source_ = models::ScenarioSource::from_text(file_.base.inline_scenario, path_ + " (base)",
                                                  directory);
      return;
    }
    base_path_ = file_.base.file;
    if (base_path_.front() != '/' && directory != ".") {
      base_path_ = (std::filesystem::path(directory) / base_path_).string();
    }
    // A missing file is the study's fault.
    models::read_text_file(base_path_, document_.error_at("/base", "", "a scenario file"));
    source_ = models::ScenarioSource::from_file(base_path_);
  }

  /// Overrides of the command line must not undo what the study varies.
  void check_overrides() {
    for (const std::string& assignment : overrides_) {
      const std::string path = assignment.substr(0, assignment.find('='));
      const std::string label = "--set " + models::quote(assignment);
      ErrorList own;
      check_path(path, "", document_, own);
      if (!own.empty()) {
        errors_.add({label, "", models::quote(path), "a field of the scenario that is simulated",
                     "", 0, 0});
      }
      for (const Column& column : columns_) {
        if (!sets(column, path)) continue;
        errors_.add({label, "", models::quote(path) + ", which the study varies",
                     "a field that is no factor",
                     "Change the factor " + models::quote(column.name) + " in " + path_ + ".", 0,
                     0});
      }
    }
  }

  static bool sets(const Column& column, const std::string& path) {
    if (column.continuum) return column.continuum->path == path;
    return std::any_of(column.levels.begin(), column.levels.end(), [&](const Level& level) {
      return std::any_of(level.sets.begin(), level.sets.end(),
                         [&](const Assigned& assigned) { return assigned.path == path; });
    });
  }

  /// The effective scenario with all that holds in every point. Where the base is none by itself,
  /// that of the factors' first values; nothing when that is none either.
  std::optional<models::Json> base_tree() const {
    std::vector<std::string> overrides;
    for (const Assigned& assigned : fixed_) {
      overrides.push_back(override_text(assigned, document_.directory_of("")));
    }
    if (auto tree = tree_with(overrides)) return tree;
    for (const Column& column : columns_) {
      if (column.levels.empty()) continue;
      for (const Assigned& assigned : column.levels.front().sets) {
        overrides.push_back(override_text(assigned, document_.directory_of("")));
      }
    }
    return tree_with(overrides);
  }

  std::optional<models::Json> tree_with(std::vector<std::string> overrides) const {
    overrides.insert(overrides.end(), overrides_.begin(), overrides_.end());
    try {
      return models::Json::parse(source_->load(overrides).canonical());
    } catch (const models::ScenarioErrors&) {
      return std::nullopt;
    }
  }

  void check_size() {
    if (file_.sample) {
      const auto count = static_cast<std::size_t>(file_.sample->count);
      if (count > limit_) too_many("/sample/count", count);
      return;
    }
    if (!errors_.empty()) return;  // the columns may be incomplete
    const std::uint64_t count = count_combinations(columns_);
    if (count > limit_) too_many("/factors", count);
  }

  void too_many(const std::string& pointer, std::uint64_t count) {
    const bool more_allowed = limit_ == kMostPoints && count <= kMostPointsEver;
    fail(pointer, fmt::format("{} points", count), fmt::format("at most {}", limit_),
         more_allowed
             ? fmt::format("Say --yes for up to {}, or choose some by `sample`.", kMostPointsEver)
             : "Choose some of them by `sample`, or split the study.");
  }

  std::vector<Combination> combinations(const PointExpressions& expressions) {
    const auto admits = [&](const Combination& combination) {
      return expressions.admits(combination);
    };
    std::vector<Combination> chosen = file_.sample
                                          ? sample_combinations(columns_, *file_.sample, admits)
                                          : all_combinations(columns_, admits);
    if (chosen.empty()) {
      fail("/constraint", models::quote(file_.constraint) + ", which no point meets",
           "a condition that some point meets");
    } else if (file_.sample && file_.sample->method == SampleMethod::random &&
               chosen.size() < static_cast<std::size_t>(file_.sample->count)) {
      fail("/sample/count", fmt::format("{}", file_.sample->count),
           fmt::format("at most {}: no more different points were found", chosen.size()));
    }
    errors_.throw_if_any();
    return chosen;
  }

  Study study_of(const std::vector<Combination>& chosen, const PointExpressions& expressions) {
    Study study;
    study.path = path_;
    study.name = file_.name.empty() ? std::filesystem::path(path_).stem().string() : file_.name;
    study.description = file_.description;
    study.base = base_path_;
    study.directory = ".";
    study.factors.reserve(columns_.size());
    study.units.reserve(columns_.size());
    for (const Column& column : columns_) {
      study.factors.push_back(column.name);
      study.units.push_back(unit_of(column));
    }
    study.precision = file_.precision;
    study.seed_policy = file_.seed_policy;
    study.expect = file_.expect;
    PointMaker maker(file_, document_, columns_, expressions, *source_, fixed_, overrides_);
    study.points.reserve(chosen.size());
    for (const Combination& combination : chosen) {
      study.points.push_back(maker.make(combination, errors_));
      if (errors_.size() >= models::ScenarioErrors::kMaxErrors) break;
    }
    errors_.throw_if_any();
    study.files = source_->files();
    const std::vector<std::string> named = maker.named_files();
    study.files.insert(study.files.end(), named.begin(), named.end());
    check_duplicates(study);
    check_places(study, document_, errors_);
    errors_.throw_if_any();
    study.replications = file_.replications.value_or(maker.base_replications());
    return study;
  }

  void check_duplicates(const Study& study) {
    std::map<std::string, const Point*> by_hash;
    for (const Point& point : study.points) {
      const auto [other, fresh] = by_hash.emplace(point.hash, &point);
      if (fresh) continue;
      fail("/factors",
           fmt::format("the same scenario in two points: {}; and {}",
                       settings_text(other->second->settings), settings_text(point.settings)),
           "points that differ in what is simulated",
           "Leave one out by `constraint`, or drop the value that changes nothing.");
    }
  }

  std::string path_;
  std::vector<std::string> overrides_;
  std::size_t limit_;
  Document document_;
  ErrorList errors_;
  StudyFile file_;
  std::string base_path_;
  std::optional<models::ScenarioSource> source_;
  std::vector<Column> columns_;
  std::vector<Assigned> fixed_;
};

}  // namespace

Study load_study(const std::string& path, const std::vector<std::string>& overrides,
                 bool any_number_of_points) {
  refuse_store(path, "a study");
  return Loader(path, overrides, any_number_of_points).load();
}

bool is_study_file(const std::string& path) {
  try {
    const models::ParsedJson parsed = models::parse_json(models::read_text_file(path), path);
    if (!parsed.tree.is_object() || !parsed.tree.contains("schema")) return false;
    const models::Json& schema = parsed.tree["schema"];
    return schema.is_string() &&
           schema.get_ref<const std::string&>().starts_with("sockbufsim/study/");
  } catch (const models::ScenarioErrors&) {
    return false;
  }
}

models::LoadedScenario load_no_study(const std::string& path,
                                     const std::vector<std::string>& overrides) {
  refuse_store(path, "a scenario");
  try {
    return models::load_scenario(path, overrides);
  } catch (const models::ScenarioErrors&) {
    if (!is_study_file(path)) throw;
    throw UsageError(fmt::format(
        "{}: found a study; allowed: a scenario. `sockbufsim sweep` runs a study's points, and "
        "`run --point HASH` one of them",
        path));
  }
}

}  // namespace cli
