// SPDX-License-Identifier: BSD-2-Clause
#include "models/scenario/field_reader.hpp"

#include "models/scenario/fields_profile.hpp"

namespace models {
namespace {

bool is_identifier(const std::string& text) {
  bool only_digits = true;
  for (char c : text) {
    if (c == '.' || static_cast<unsigned char>(c) < 0x20) return false;
    only_digits = only_digits && c >= '0' && c <= '9';
  }
  return !only_digits && text.size() <= 64;  // no character at all counts as only digits
}

std::vector<std::string> constant_names() {
  std::vector<std::string> names;
  for (const ConstantInfo& constant : profile_constants()) names.emplace_back(constant.name);
  return names;
}

const ConstantInfo* find_constant(const std::string& name) {
  for (const ConstantInfo& constant : profile_constants()) {
    if (constant.name == name) return &constant;
  }
  return nullptr;
}

/// The numbers of an array of exactly two of them.
bool read_pair(const Json& node, double& first, double& second) {
  if (!node.is_array() || node.size() != 2 || !node[0].is_number() || !node[1].is_number())
    return false;
  first = node[0].get<double>();
  second = node[1].get<double>();
  return true;
}

bool read_choices(const Json& node, std::vector<DistributionSpec::Choice>& choices) {
  constexpr std::size_t kMostChoices = 1024;
  if (!node.is_array() || node.empty() || node.size() > kMostChoices) return false;
  for (const Json& item : node) {
    DistributionSpec::Choice choice;
    if (!read_pair(item, choice.value, choice.weight)) return false;
    if (!(choice.weight > 0.0) || choice.weight > 1e12) return false;
    choices.push_back(choice);
  }
  return true;
}

/// The shape alone; ranges are checked by the caller.
bool read_distribution(const Json& node, DistributionSpec& value) {
  using Kind = DistributionSpec::Kind;
  if (node.is_number()) {
    value = DistributionSpec(node.get<double>());
    return true;
  }
  if (!node.is_object() || node.size() != 1) return false;
  const auto member = node.begin();
  const std::string& kind = member.key();
  const Json& parameters = member.value();
  if (kind == "exponential") {
    value.kind = Kind::exponential;
    if (!parameters.is_number()) return false;
    value.a = parameters.get<double>();
    return true;
  }
  if (kind == "uniform") {
    value.kind = Kind::uniform;
    return read_pair(parameters, value.a, value.b) && value.a <= value.b;
  }
  if (kind == "lognormal") {
    constexpr double kLargestCv = 100.0;
    value.kind = Kind::lognormal;
    if (!parameters.is_object() || parameters.size() != 2 || !parameters.contains("mean") ||
        !parameters.contains("cv") || !parameters["mean"].is_number() ||
        !parameters["cv"].is_number()) {
      return false;
    }
    value.a = parameters["mean"].get<double>();
    value.b = parameters["cv"].get<double>();
    return value.a > 0.0 && value.b >= 0.0 && value.b <= kLargestCv;
  }
  value.kind = Kind::choice;
  return kind == "choice" && read_choices(parameters, value.choices);
}

}  // namespace

void FieldReader::read(const std::string& at, const Json& node, std::string& value,
                       const Field& f) {
  if (!node.is_string()) return mismatch<std::string>(at, node, f);
  const auto& text = node.get_ref<const std::string&>();
  bool allowed = f.pattern != kIdentifier || is_identifier(text) || (text.empty() && !f.required);
  if (!f.choices.empty()) {
    allowed = false;
    for (const std::string& choice : f.choices) allowed = allowed || choice == text;
  }
  if (!allowed) return mismatch<std::string>(at, node, f, suggest(text, f.choices));
  value = text;
}

void FieldReader::read(const std::string& at, const Json& node, DistributionSpec& value,
                       const Field& f) {
  DistributionSpec read_value;
  bool allowed = read_distribution(node, read_value);
  if (allowed) {
    switch (read_value.kind) {
      case DistributionSpec::Kind::choice:
        for (const auto& choice : read_value.choices)
          allowed = allowed && in_range(choice.value, f);
        break;
      case DistributionSpec::Kind::uniform:
        allowed = in_range(read_value.a, f) && in_range(read_value.b, f);
        break;
      default:
        allowed = in_range(read_value.a, f);
    }
  }
  if (!allowed) {
    std::string hint;
    if (node.is_object() && !node.empty()) {
      hint = suggest(node.begin().key(), {"exponential", "uniform", "lognormal", "choice"});
      if (hint == "Did you mean \"" + node.begin().key() + "\"?") hint.clear();
    }
    return mismatch<DistributionSpec>(at, node, f, hint);
  }
  value = std::move(read_value);
}

void FieldReader::read(const std::string& at, const Json& node,
                       std::map<std::string, double>& value, const Field& f) {
  if (!node.is_object()) return mismatch<std::map<std::string, double>>(at, node, f);
  for (const auto& [name, member] : node.items()) {
    const ConstantInfo* const constant = find_constant(name);
    const std::string member_at = child_pointer(at, name);
    if (constant == nullptr) {
      fail(member_at, "the unknown constant " + quote(name), join_names(constant_names(), "and"),
           suggest(name, constant_names()));
      continue;
    }
    read(member_at, member, value[name], constant_field(*constant));
  }
}

void FieldReader::read(const std::string& at, const Json& node,
                       std::map<std::string, Constant>& value, const Field& f) {
  if (!node.is_object()) return mismatch<std::map<std::string, Constant>>(at, node, f);
  FieldReader members(document_, errors_, node, at);
  for (const ConstantInfo& constant : profile_constants()) {
    Field required;
    required.required = true;
    members.field(constant.name, value[std::string(constant.name)], required);
  }
  members.finish();
}

}  // namespace models
