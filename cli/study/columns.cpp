// SPDX-License-Identifier: BSD-2-Clause
#include "cli/study/columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <set>
#include <string_view>
#include <utility>

#include "cli/study/study_values.hpp"
#include "models/scenario/field_kind.hpp"
#include "models/scenario/field_writer.hpp"
#include "sim/base/portable_math.hpp"

namespace cli {
namespace {

using models::Document;
using models::ErrorList;
using models::Json;

/// To 12 digits, so that 8192.000000000002 reads 8192.
double rounded(double value) { return std::strtod(fmt::format("{:.12g}", value).c_str(), nullptr); }

/// `fraction` of the way through the range.
double value_at(const RangeSpec& range, double fraction) {
  if (fraction == 0.0) return range.from;
  if (fraction == 1.0) return range.to;
  if (range.scale == Scale::linear) return rounded(range.from + (range.to - range.from) * fraction);
  const double ratio = range.to / range.from;
  return rounded(range.from * sim::portable_exp(sim::portable_log(ratio) * fraction));
}

bool holds_integers(const std::string& path) {
  return models::scenario_field_kind(steps_of_path(path)) == models::FieldKind::integer;
}

Literal literal_of(double value) { return {models::to_json(value).dump()}; }

/// The values of one field, of a factor or of a member of one.
class FieldValues {
 public:
  FieldValues(const Document& document, ErrorList& errors, models::Place place)
      : document_(document), errors_(errors), place_(std::move(place)) {}

  std::vector<Assigned> from_values(const std::string& path, const std::vector<Literal>& values) {
    const std::string at = place_.of("values");
    if (values.empty()) fail(at, "an empty list", "at least one value");
    std::vector<Assigned> result;
    result.reserve(values.size());
    std::set<std::string> seen;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string here = fmt::format("{}/{}", at, i);
      if (!seen.insert(values[i].json).second) {
        fail(here, models::quote(values[i].text()) + " again", "each value once");
      }
      result.push_back({path, values[i], here});
    }
    return result;
  }

  std::vector<Assigned> from_range(const std::string& path, const RangeSpec& range) {
    if (!check(range)) return {};
    const int steps = *range.steps;
    const bool integer = holds_integers(path);
    std::vector<Assigned> result;
    result.reserve(static_cast<std::size_t>(steps));
    for (int i = 0; i < steps; ++i) {
      const double value = value_at(range, static_cast<double>(i) / (steps - 1));
      const Literal literal = literal_of(integer ? std::round(value) : value);
      if (!result.empty() && result.back().value == literal) {
        fail(place_.of("range") + "/steps", fmt::format("{}", steps),
             fmt::format("as many as there are different values: {} comes twice", literal.json));
        return result;
      }
      result.push_back({path, literal, place_.of("range")});
    }
    return result;
  }

  /// Everything but `steps`.
  bool check(const RangeSpec& range) {
    const std::string at = place_.of("range");
    if (!(range.from < range.to)) {
      fail(at,
           fmt::format("an empty range from {} to {}", models::number_text(range.from),
                       models::number_text(range.to)),
           "`to` above `from`");
      return false;
    }
    if (range.scale == Scale::log && !(range.from > 0.0)) {
      fail(at + "/from", models::number_text(range.from), "a number above 0, for a log scale");
      return false;
    }
    return true;
  }

  void fail(const std::string& at, std::string found, std::string allowed, std::string hint = {}) {
    errors_.add(document_.error_at(at, std::move(found), std::move(allowed), std::move(hint)));
  }

 private:
  const Document& document_;
  ErrorList& errors_;
  models::Place place_;
};

/// Turns one factor into a column.
class ColumnMaker {
 public:
  ColumnMaker(const StudyFile& study, const Document& document, ErrorList& errors,
              std::size_t index)
      : study_(study),
        document_(document),
        errors_(errors),
        factor_(study.factors[index]),
        pointer_(factor_.place.pointer),
        node_(Json::parse(factor_.place.given)) {}

  Column make() {
    Column column;
    column.pointer = pointer_;
    if (!has_one_form()) return column;
    if (node_.contains("variants")) {
      column.name = "variant";
      column.levels = variants();
    } else if (node_.contains("together")) {
      column.levels = together(column.name);
    } else {
      single_field(column);
    }
    if (!factor_.name.empty()) column.name = factor_.name;
    return column;
  }

 private:
  void fail(const std::string& at, std::string found, std::string allowed, std::string hint = {}) {
    errors_.add(document_.error_at(at, std::move(found), std::move(allowed), std::move(hint)));
  }

  /// In the short form the path is the key.
  std::string path_pointer() const {
    return factor_.place.by_key ? pointer_ : factor_.place.of("path");
  }

  bool has_one_form() {
    constexpr std::array<std::string_view, 4> kForms{"values", "range", "together", "variants"};
    std::vector<std::string> given;
    for (const std::string_view form : kForms) {
      if (node_.contains(std::string(form))) given.emplace_back(form);
    }
    if (given.size() != 1) {
      fail(pointer_, given.empty() ? "no values" : models::join_names(given, "and"),
           "one of values, range, together or variants");
      return false;
    }
    const bool wants_path = given.front() == "values" || given.front() == "range";
    if (wants_path && factor_.path.empty()) {
      fail(pointer_, "no path", "the dotted path of a scenario field, like nic.mtu");
      return false;
    }
    if (!wants_path && !factor_.path.empty()) {
      fail(path_pointer(), models::quote(factor_.path), "no path beside " + given.front());
      return false;
    }
    return true;
  }

  std::vector<Assigned> member_values(const MemberSpec& member, const std::string& at,
                                      const Json& node) {
    FieldValues values(document_, errors_, {at, {}, false, {}});
    check_path(member.path, at + "/path", document_, errors_);
    if (node.contains("values") == node.contains("range")) {
      fail(at, node.contains("values") ? "values and range" : "no values",
           "one of values and range");
      return {};
    }
    if (!member.range) return values.from_values(member.path, member.values);
    if (!member.range->steps) {
      fail(at + "/range", "no steps", "the number of values");
      return {};
    }
    return values.from_range(member.path, *member.range);
  }

  void single_field(Column& column) {
    column.name = factor_.path;
    check_path(factor_.path, path_pointer(), document_, errors_);
    FieldValues values(document_, errors_, factor_.place);
    if (!factor_.range) {
      column.levels = levels_of({values.from_values(factor_.path, factor_.values)});
    } else if (factor_.range->steps) {
      column.levels = levels_of({values.from_range(factor_.path, *factor_.range)});
    } else if (!study_.sample) {
      fail(factor_.place.of("range"), "no steps",
           "the number of values, unless the study is a `sample`");
    } else if (values.check(*factor_.range)) {
      column.continuum = {factor_.path, *factor_.range, holds_integers(factor_.path),
                          factor_.place.of("range")};
    }
  }

  std::vector<Level> together(std::string& name) {
    if (factor_.together.empty()) {
      fail(pointer_ + "/together", "an empty list", "at least one field");
      return {};
    }
    name = factor_.together.front().path;
    std::vector<std::vector<Assigned>> members;
    members.reserve(factor_.together.size());
    for (std::size_t i = 0; i < factor_.together.size(); ++i) {
      const std::string at = fmt::format("{}/together/{}", pointer_, i);
      members.push_back(member_values(factor_.together[i], at, node_["together"][i]));
      if (members.back().size() != members.front().size()) {
        fail(at, fmt::format("{} values", members.back().size()),
             fmt::format("{}, as many as the first field of the group", members.front().size()));
        return {};
      }
    }
    return levels_of(members);
  }

  std::vector<Level> variants() {
    const std::string at = pointer_ + "/variants";
    if (factor_.variants.empty()) fail(at, "an empty list", "at least one variant");
    std::vector<Level> levels;
    levels.reserve(factor_.variants.size());
    std::set<std::string> seen;
    for (std::size_t i = 0; i < factor_.variants.size(); ++i) {
      const VariantSpec& variant = factor_.variants[i];
      const std::string here = fmt::format("{}/{}", at, i);
      if (variant.name.empty()) fail(here + "/name", "an empty name", "a name");
      if (!seen.insert(variant.name).second) {
        fail(here + "/name", models::quote(variant.name) + " again", "each variant once");
      }
      Level level{variant.name, {}, {}};
      level.sets.reserve(variant.set.items.size());
      for (const Assignments::Item& item : variant.set.items) {
        const std::string place = models::child_pointer(here + "/set", item.path);
        check_path(item.path, place, document_, errors_);
        level.sets.push_back({item.path, item.value, place});
      }
      levels.push_back(std::move(level));
    }
    return levels;
  }

  /// One level for each position in the members' lists, which are equally long.
  static std::vector<Level> levels_of(const std::vector<std::vector<Assigned>>& members) {
    std::vector<Level> levels;
    levels.reserve(members.front().size());
    for (std::size_t i = 0; i < members.front().size(); ++i) {
      const Literal& shown = members.front()[i].value;
      Level level{shown.text(), shown.number(), {}};
      for (const auto& member : members) level.sets.push_back(member[i]);
      levels.push_back(std::move(level));
    }
    return levels;
  }

  const StudyFile& study_;
  const Document& document_;
  ErrorList& errors_;
  const FactorSpec& factor_;
  std::string pointer_;
  const Json node_;  ///< the factor, spelled out
};

/// The paths that a column sets, each once.
std::set<std::string> paths_of(const Column& column) {
  std::set<std::string> paths;
  if (column.continuum) paths.insert(column.continuum->path);
  for (const Level& level : column.levels) {
    for (const Assigned& assigned : level.sets) paths.insert(assigned.path);
  }
  return paths;
}

void check_columns(const std::vector<Column>& columns, const Document& document,
                   ErrorList& errors) {
  std::set<std::string> names;
  std::map<std::string, std::string> varied;  // path: column
  for (const Column& column : columns) {
    if (!names.insert(column.name).second) {
      errors.add(document.error_at(column.pointer,
                                   "the column " + models::quote(column.name) + " again",
                                   "columns of different names", "Give the factor a `name`."));
    }
    for (const std::string& path : paths_of(column)) {
      const auto [other, fresh] = varied.emplace(path, column.name);
      if (!fresh) {
        errors.add(document.error_at(
            column.pointer, models::quote(path) + " again",
            "a field that no other factor sets: " + models::quote(other->second) + " does"));
      }
    }
  }
}

}  // namespace

Level level_between(const Column& column, double u) {
  const Continuum& continuum = *column.continuum;
  const double value = value_at(continuum.range, u);
  const Literal literal = literal_of(continuum.integer ? std::round(value) : value);
  return {literal.text(), literal.number(), {{continuum.path, literal, continuum.pointer}}};
}

std::string unit_of_field(const std::string& path) {
  return std::string(models::scenario_field(steps_of_path(path)).unit);
}

std::string unit_of(const Column& column) {
  const bool has_names = std::any_of(column.levels.begin(), column.levels.end(),
                                     [](const Level& level) { return !level.number; });
  std::set<std::string> units;
  for (const std::string& path : paths_of(column)) units.insert(unit_of_field(path));
  return has_names || units.size() != 1 ? "" : *units.begin();
}

std::vector<Column> columns_of(const StudyFile& study, const Document& document,
                               ErrorList& errors) {
  std::vector<Column> columns;
  columns.reserve(study.factors.size());
  const std::size_t before = errors.size();
  for (std::size_t i = 0; i < study.factors.size(); ++i) {
    columns.push_back(ColumnMaker(study, document, errors, i).make());
  }
  if (errors.size() == before) check_columns(columns, document, errors);
  return columns;
}

void check_path(const std::string& path, const std::string& pointer, const Document& document,
                ErrorList& errors) {
  const std::vector<std::string> steps = steps_of_path(path);
  for (const std::string& step : steps) {
    if (!step.empty()) continue;
    errors.add(document.error_at(pointer, models::quote(path),
                                 "names and indices with one dot between, like nic.mtu"));
    return;
  }
  constexpr std::array<std::string_view, 8> kNotVaried{
      "schema", "$schema", "extends", "name", "description", "seed", "replications", "expect"};
  const std::string& first = steps.front();
  if (std::find(kNotVaried.begin(), kNotVaried.end(), first) == kNotVaried.end()) return;
  const bool studys = first == "seed" || first == "replications" || first == "expect";
  errors.add(document.error_at(
      pointer, models::quote(path), "a field that changes what is simulated",
      studys ? "The study itself has the field \"" + first + "\"." : std::string()));
}

std::vector<std::string> steps_of_path(const std::string& path) {
  std::vector<std::string> steps(1);
  for (const char c : path) {
    if (c == '.') {
      steps.emplace_back();
    } else {
      steps.back() += c;
    }
  }
  return steps;
}

std::string pointer_of_path(const std::string& path) {
  std::string pointer;
  for (const std::string& step : steps_of_path(path)) {
    pointer = models::child_pointer(pointer, step);
  }
  return pointer;
}

}  // namespace cli
