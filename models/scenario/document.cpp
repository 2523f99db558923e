// SPDX-License-Identifier: BSD-2-Clause
#include "models/scenario/document.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <filesystem>

#include "models/scenario/field_kind.hpp"

namespace models {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxExtends = 32;

std::string directory_of_file(const std::string& path) {
  const std::string parent = fs::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

std::string resolve(const std::string& path, const std::string& directory) {
  if (path.empty() || path.front() == '/' || directory == ".") return path;
  return (fs::path(directory) / path).string();
}

std::string identity_of(const std::string& path) {
  std::error_code failed;
  const fs::path canonical = fs::weakly_canonical(path, failed);
  return failed ? path : canonical.string();
}

std::vector<std::string> steps_of(const std::string& pointer) {
  std::vector<std::string> steps;
  for (Json::json_pointer rest(pointer); !rest.empty(); rest.pop_back()) {
    steps.insert(steps.begin(), rest.back());
  }
  return steps;
}

}  // namespace

Document Document::from_file(const std::string& path) {
  Document document;
  const std::string text = read_text_file(path);
  std::vector<std::string> open_files{identity_of(path)};
  document.load(text, path, directory_of_file(path), open_files);
  document.files_.push_back(path);
  return document;
}

Document Document::from_text(const std::string& text, const std::string& label,
                             const std::string& directory) {
  Document document;
  std::vector<std::string> open_files;
  document.load(text, label, directory, open_files);
  return document;
}

Document Document::plain(const std::string& text, const std::string& label) {
  Document document;
  const ParsedJson parsed = parse_json(text, label);
  document.sources_.push_back({label, directory_of_file(label)});
  document.replace(document.tree_, parsed, parsed.tree, "", 0);
  return document;
}

void Document::load(const std::string& text, const std::string& label, const std::string& directory,
                    std::vector<std::string>& open_files) {
  const ParsedJson parsed = parse_json(text, label);
  const auto extends = parsed.tree.is_object() ? parsed.tree.find("extends") : parsed.tree.end();
  const bool has_base = parsed.tree.is_object() && extends != parsed.tree.end();
  if (has_base) {
    const TextPosition where =
        parsed.positions.contains("/extends") ? parsed.positions.at("/extends") : TextPosition{};
    ScenarioError error{label, "/extends", "",          "the name of a scenario file",
                        "",    where.line, where.column};
    if (!extends->is_string()) {
      error.found = describe_found(*extends);
      throw ScenarioErrors({error});
    }
    const std::string base = resolve(extends->get<std::string>(), directory);
    const std::string identity = identity_of(base);
    if (std::find(open_files.begin(), open_files.end(), identity) != open_files.end()) {
      error.found = quote(base) + ", which extends this file";
      error.allowed = "a scenario that does not lead back here";
      throw ScenarioErrors({error});
    }
    if (open_files.size() >= kMaxExtends) {
      error.found = fmt::format("a chain of more than {} files", kMaxExtends);
      throw ScenarioErrors({error});
    }
    open_files.push_back(identity);
    load(read_text_file(base, error), base, directory_of_file(base), open_files);
    open_files.pop_back();
    files_.push_back(base);
  }
  const int source = static_cast<int>(sources_.size());
  sources_.push_back({label, directory});
  if (!has_base) {
    replace(tree_, parsed, parsed.tree, "", source);
    return;
  }
  merge(tree_, parsed, parsed.tree, "", source);
  tree_.erase("extends");
}

void Document::forget_origins(const std::string& pointer) {
  origins_.erase(pointer);
  const std::string prefix = pointer + "/";
  auto it = origins_.lower_bound(prefix);
  while (it != origins_.end() && it->first.starts_with(prefix)) it = origins_.erase(it);
}

void Document::replace(Json& target, const ParsedJson& patch, const Json& value,
                       const std::string& pointer, int source) {
  forget_origins(pointer);
  target = value;
  const auto keep = [&](const std::string& at, TextPosition where) {
    origins_[at] = {source, where};
  };
  if (sources_[static_cast<std::size_t>(source)].is_override) {
    keep(pointer, {});  // positions inside an override help nobody
    return;
  }
  const auto self = patch.positions.find(pointer);
  if (self != patch.positions.end()) keep(pointer, self->second);
  const std::string prefix = pointer + "/";
  for (auto it = patch.positions.lower_bound(prefix);
       it != patch.positions.end() && it->first.starts_with(prefix); ++it) {
    keep(it->first, it->second);
  }
}

// RFC 7386, JSON Merge Patch.
void Document::merge(Json& target, const ParsedJson& patch, const Json& value,
                     const std::string& pointer, int source) {
  const bool merges =
      value.is_object() && scenario_field_kind(steps_of(pointer)) != FieldKind::distribution;
  if (!merges) {
    replace(target, patch, value, pointer, source);
    return;
  }
  if (!target.is_object()) {
    forget_origins(pointer);
    target = Json::object();
  }
  const auto self = patch.positions.find(pointer);
  if (self != patch.positions.end() && !origins_.contains(pointer)) {
    origins_[pointer] = {source, self->second};
  }
  for (const auto& [name, member] : value.items()) {
    const std::string at = child_pointer(pointer, name);
    if (member.is_null()) {
      target.erase(name);
      forget_origins(at);
    } else {
      merge(target[name], patch, member, at, source);
    }
  }
}

namespace {

/// `text` as an array index, -1 when it is none.
int as_index(const std::string& text) {
  int index = -1;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), index);
  return failed == std::errc{} && end == text.data() + text.size() && index >= 0 ? index : -1;
}

/// VALUE of an override: JSON, or else text. For a field that holds text only `null` and what is
/// quoted are JSON.
ParsedJson parse_override_value(const std::string& text, const std::string& label,
                                const std::string& pointer, FieldKind kind) {
  if (kind == FieldKind::text && text != "null" && !text.starts_with('"')) return {Json(text), {}};
  try {
    return parse_json(text, label);
  } catch (const ScenarioErrors& errors) {
    const bool meant_as_json =
        !text.empty() && std::string("{[\"").find(text.front()) != std::string::npos;
    if (meant_as_json) {
      ScenarioError error = errors.errors().front();
      error.pointer = pointer + error.pointer;
      error.line = error.column = 0;
      throw ScenarioErrors({error});
    }
  }
  return {Json(text), {}};
}

}  // namespace

void Document::override_with(const std::string& assignment) {
  const std::string label =
      "--set " +
      (is_valid_utf8(assignment) && assignment.size() <= 100 ? assignment : quote(assignment));
  const std::size_t equals = assignment.find('=');
  const auto fail = [&](std::string pointer, std::string found, std::string allowed) {
    throw ScenarioErrors(
        {{label, std::move(pointer), std::move(found), std::move(allowed), {}, 0, 0}});
  };
  if (!is_valid_utf8(assignment)) fail("", "bytes that are not UTF-8", "UTF-8 text");
  if (equals == std::string::npos || equals == 0)
    fail("", quote(assignment), "PATH=VALUE, like nic.mtu=9000");

  std::vector<std::string> steps(1);
  for (char c : assignment.substr(0, equals)) {
    if (c == '.') {
      steps.emplace_back();
    } else {
      steps.back() += c;
    }
  }
  if (steps.size() > static_cast<std::size_t>(kMaxDepth))
    fail("", "a path of too many steps", "at most 64 steps");
  if (steps.front() == "extends") fail("/extends", "an override", "extends in a file only");

  std::string pointer;
  for (const std::string& step : steps) {
    if (step.empty())
      fail("", quote(assignment.substr(0, equals)), "names and indices with one dot between");
    pointer = child_pointer(pointer, step);
  }
  const ParsedJson value = parse_override_value(assignment.substr(equals + 1), label, pointer,
                                                scenario_field_kind(steps));

  Json* node = &tree_;
  std::string at;
  for (const std::string& step : steps) {
    if (node->is_null()) *node = Json::object();
    if (node->is_array()) {
      const int index = as_index(step);
      if (index < 0 || static_cast<std::size_t>(index) >= node->size()) {
        fail(child_pointer(at, step), quote(step),
             node->empty() ? "nothing: the array is empty"
                           : fmt::format("an index from 0 to {}", node->size() - 1));
      }
      node = &(*node)[static_cast<std::size_t>(index)];
    } else if (node->is_object()) {
      node = &(*node)[step];
    } else {
      fail(at, describe_found(*node),
           "an object or array, for the path " + quote(assignment.substr(0, equals)));
    }
    at = child_pointer(at, step);
  }
  const int source = static_cast<int>(sources_.size());
  sources_.push_back({label, ".", true});
  if (!value.tree.is_null()) {
    // Members of an overriding object are merged like those of an extending file.
    ParsedJson patch{value.tree, {{pointer, {}}}};
    merge(*node, patch, value.tree, pointer, source);
    origins_[pointer] = {source, {}};
    return;
  }
  forget_origins(pointer);
  const Json::json_pointer parent = Json::json_pointer(pointer).parent_pointer();
  if (tree_.at(parent).is_object()) {
    tree_.at(parent).erase(steps.back());
  } else {
    *node = nullptr;
  }
}

const Document::Origin* Document::origin_of(std::string at) const {
  for (;;) {
    const auto it = origins_.find(at);
    if (it != origins_.end()) return &it->second;
    if (at.empty()) return nullptr;
    at.resize(at.rfind('/'));
  }
}

int Document::layer_of(const std::string& pointer) const {
  const Origin* const origin = origin_of(pointer);
  if (origin == nullptr) return -1;
  int source = origin->source;
  while (source > 0 && sources_[static_cast<std::size_t>(source)].is_override &&
         sources_[static_cast<std::size_t>(source - 1)].is_override) {
    --source;
  }
  return source;
}

std::string Document::directory_of(const std::string& pointer) const {
  const Origin* const origin = origin_of(pointer);
  return origin == nullptr ? "." : sources_[static_cast<std::size_t>(origin->source)].directory;
}

ScenarioError Document::error_at(const std::string& pointer, std::string found, std::string allowed,
                                 std::string hint) const {
  ScenarioError error{sources_.empty() ? "" : sources_.front().label,
                      pointer,
                      std::move(found),
                      std::move(allowed),
                      std::move(hint),
                      0,
                      0};
  if (const Origin* const origin = origin_of(pointer)) {
    error.file = sources_[static_cast<std::size_t>(origin->source)].label;
    error.line = origin->position.line;
    error.column = origin->position.column;
  }
  return error;
}

}  // namespace models
