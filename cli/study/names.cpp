// SPDX-License-Identifier: BSD-2-Clause
#include "cli/study/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "cli/study/settings.hpp"
#include "cli/study/study_values.hpp"
#include "models/scenario/field_writer.hpp"

namespace cli {
namespace {

using models::Document;
using models::ErrorList;
using models::Json;

std::optional<Value> scalar(const Json& node) {
  if (node.is_number()) return node.get<double>();
  if (node.is_string()) return node.get<std::string>();
  if (node.is_boolean()) return node.get<bool>();
  return std::nullopt;
}

void collect_scalars(const Json& node, const std::string& path,
                     std::map<std::string, Value>& into) {
  if (const std::optional<Value> value = scalar(node)) {
    into[path] = *value;
    return;
  }
  const std::string prefix = path.empty() ? "" : path + ".";
  if (node.is_object()) {
    for (const auto& [name, member] : node.items()) collect_scalars(member, prefix + name, into);
  } else if (node.is_array()) {
    for (std::size_t i = 0; i < node.size(); ++i) {
      collect_scalars(node[i], prefix + std::to_string(i), into);
    }
  }
}

Literal literal_of(const Value& value) {
  if (const double* const number = std::get_if<double>(&value)) {
    return {models::to_json(*number).dump()};
  }
  if (const std::string* const text = std::get_if<std::string>(&value)) return {Json(*text).dump()};
  return {Json(std::get<bool>(value)).dump()};
}

[[noreturn]] void rethrow(const ExpressionError& error, const Document& document,
                          const std::string& pointer, const Combination& combination,
                          const std::vector<Column>& columns) {
  throw models::ScenarioErrors(
      {document.error_at(pointer, error.found(), error.allowed(),
                         hint_of_point(error.hint(), settings_of(columns, combination)))});
}

}  // namespace

PointExpressions::PointExpressions(const StudyFile& study, const std::vector<Column>& columns,
                                   const std::optional<Json>& base, const Document& document,
                                   ErrorList& errors)
    : document_(document), columns_(columns) {
  if (base) collect_scalars(*base, "", base_);
  std::set<std::string> varied;
  for (const Column& column : columns) {
    known_.push_back(column.name);
    if (column.continuum) varied.insert(column.continuum->path);
    for (const Level& level : column.levels) {
      for (const Assigned& assigned : level.sets) varied.insert(assigned.path);
    }
  }
  known_.insert(known_.end(), varied.begin(), varied.end());
  for (std::size_t i = 0; i < study.dependent.size(); ++i) {
    const DependentSpec& spec = study.dependent[i];
    const std::string at = fmt::format("/dependent/{}", i);
    check_path(spec.path, at + "/path", document, errors);
    if (std::find(known_.begin(), known_.end(), spec.path) != known_.end()) {
      errors.add(document.error_at(at + "/path", models::quote(spec.path) + " again",
                                   "a field that neither a factor nor another expression sets"));
      continue;
    }
    known_.push_back(spec.path);
    if (auto parsed = parse(spec.expression, at + "/expression", errors)) {
      dependents_.push_back({spec.path, at + "/expression", std::move(*parsed)});
    }
  }
  for (const auto& [path, value] : base_) known_.push_back(path);
  if (!study.constraint.empty()) constraint_ = parse(study.constraint, "/constraint", errors);
  if (base) {
    for (const Dependent& dependent : dependents_) {
      check_names(dependent.expression, dependent.pointer, errors);
    }
    if (constraint_) check_names(*constraint_, "/constraint", errors);
  }
  sort_dependents(errors);
}

std::optional<Expression> PointExpressions::parse(const std::string& text,
                                                  const std::string& pointer,
                                                  ErrorList& errors) const {
  try {
    return Expression::parse(text);
  } catch (const ExpressionError& error) {
    errors.add(document_.error_at(pointer, error.found(), error.allowed(), error.hint()));
    return std::nullopt;
  }
}

void PointExpressions::check_names(const Expression& expression, const std::string& pointer,
                                   ErrorList& errors) const {
  for (const std::string& name : expression.names()) {
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    errors.add(document_.error_at(
        pointer, "the unknown name " + models::quote(name),
        "a column, a dependent field or a field of the base; a string stands between quotes",
        models::suggest(name, known_)));
  }
}

/// Puts each dependent field after those that it needs. Adds an error for a cycle.
void PointExpressions::sort_dependents(ErrorList& errors) {
  std::vector<Dependent> sorted;
  std::set<std::string> done;
  std::vector<Dependent> waiting = std::move(dependents_);
  const auto is_waiting_for = [&](const Dependent& dependent) -> const Dependent* {
    for (const std::string& name : dependent.expression.names()) {
      for (const Dependent& other : waiting) {
        if (other.path == name && !done.contains(name)) return &other;
      }
    }
    return nullptr;
  };
  while (sorted.size() < waiting.size()) {
    const std::size_t before = sorted.size();
    for (const Dependent& dependent : waiting) {
      if (done.contains(dependent.path) || is_waiting_for(dependent) != nullptr) continue;
      sorted.push_back(dependent);
      done.insert(dependent.path);
    }
    if (sorted.size() > before) continue;
    // Follow what the first one left waits for, until a path comes again.
    const Dependent* at = &*std::find_if(
        waiting.begin(), waiting.end(), [&](const Dependent& d) { return !done.contains(d.path); });
    std::vector<std::string> way;
    while (std::find(way.begin(), way.end(), at->path) == way.end()) {
      way.push_back(at->path);
      at = is_waiting_for(*at);
    }
    way.erase(way.begin(), std::find(way.begin(), way.end(), at->path));
    errors.add(document_.error_at(
        at->pointer, fmt::format("a cycle: {} -> {}", fmt::join(way, " -> "), at->path),
        "expressions that do not lead back to themselves"));
    return;
  }
  dependents_ = std::move(sorted);
}

PointExpressions::Values PointExpressions::values_of(const Combination& combination) const {
  Values values;
  for (const Level& level : combination) {
    for (const Assigned& assigned : level.sets) {
      if (const auto value = scalar(Json::parse(assigned.value.json)))
        values[assigned.path] = *value;
    }
  }
  for (std::size_t i = 0; i < combination.size(); ++i) {
    const Level& level = combination[i];
    if (values.contains(columns_[i].name)) continue;
    values[columns_[i].name] = level.number ? Value(*level.number) : Value(level.text);
  }
  return values;
}

Value PointExpressions::look_up(const Values& values, const std::string& name) const {
  const auto own = values.find(name);
  if (own != values.end()) return own->second;
  const auto base = base_.find(name);
  if (base != base_.end()) return base->second;
  throw ExpressionError(models::quote(name) + ", which has no value here",
                        "a field that has a number, a string or a truth value in every point");
}

std::vector<Assigned> PointExpressions::dependent_values(const Combination& combination) const {
  std::vector<Assigned> result;
  if (dependents_.empty()) return result;
  Values values = values_of(combination);
  result.reserve(dependents_.size());
  for (const Dependent& dependent : dependents_) {
    try {
      const Value value = dependent.expression.evaluate(
          [&](const std::string& name) { return look_up(values, name); });
      values[dependent.path] = value;
      result.push_back({dependent.path, literal_of(value), dependent.pointer});
    } catch (const ExpressionError& error) {
      rethrow(error, document_, dependent.pointer, combination, columns_);
    }
  }
  return result;
}

bool PointExpressions::admits(const Combination& combination) const {
  if (!constraint_) return true;
  Values values = values_of(combination);
  for (const Assigned& assigned : dependent_values(combination)) {
    values[assigned.path] = *scalar(Json::parse(assigned.value.json));
  }
  try {
    return constraint_->holds([&](const std::string& name) { return look_up(values, name); });
  } catch (const ExpressionError& error) {
    rethrow(error, document_, "/constraint", combination, columns_);
  }
}

}  // namespace cli
