// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "models/scenario/field_writer.hpp"
#include "models/scenario/fields_profile.hpp"

/// Reference pages from a field table. Include after the tables. Only from .cpp files.
namespace models {

inline std::string escape_cell(std::string text) {
  for (std::size_t i = 0; (i = text.find('|', i)) != std::string::npos; i += 2)
    text.insert(i, "\\");
  return text;
}

/// The archive that documents a struct: a table of its fields, then its enumerations, then a
/// section for each struct inside.
class MarkdownWriter {
 public:
  explicit MarkdownWriter(std::string path) : path_(std::move(path)) {}

  template <class T>
  void field(std::string_view name, const T& value, const Field& f) {
    std::string meaning(f.doc);
    if (!f.applies_when.empty()) meaning += fmt::format(" Only when {}.", f.applies_when);
    add_row(name, type_text(static_cast<const T*>(nullptr), name, f), default_text(value, f),
            meaning);
    add_details(static_cast<const T*>(nullptr), name, f);
  }

  void directive(std::string_view name, std::string_view doc) {
    add_row(name, "a string", "none", std::string(doc));
  }

  /// The section's text under `title`, and those of the structs inside.
  std::string take(const std::string& title, std::string_view doc) const {
    std::string text = fmt::format("\n## {}\n\n", title);
    if (!doc.empty()) text += fmt::format("{}\n\n", doc);
    text += "| field | allowed | default | meaning |\n|---|---|---|---|\n" + rows_;
    if (!enumerations_.empty()) text += "\n" + enumerations_;
    return text + sections_;
  }

 private:
  void add_row(std::string_view name, const std::string& type, const std::string& default_value,
               const std::string& meaning) {
    rows_ += fmt::format("| `{}` | {} | {} | {} |\n", name, escape_cell(type),
                         escape_cell(default_value), escape_cell(meaning));
  }

  std::string child_path(std::string_view name) const {
    return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
  }

  template <class T>
  static std::string default_text(const T& value, const Field& f) {
    if (f.required) return "required";
    if constexpr (IsOptional<T>::value) {
      return std::string(f.absent);
    } else if constexpr (Struct<T>) {
      return "as there";
    } else if constexpr (IsMap<T>::value) {
      return "`{}`";
    } else {
      return "`" + to_json(value).dump() + "`";
    }
  }

  template <class T>
  std::string type_text(const T*, std::string_view, const Field& f) const {
    if constexpr (std::same_as<T, DistributionSpec> ||
                  std::same_as<T, std::optional<DistributionSpec>>) {
      return "a distribution of values" + range_text(f);
    } else {
      return allowed_text<T>(f);
    }
  }

  template <Enumeration E>
  void add_details(const E*, std::string_view name, const Field&) {
    enumerations_ += fmt::format("`{}`:\n\n", name);
    for (const EnumEntry<E>& entry : enum_entries(E{})) {
      enumerations_ += fmt::format("* `{}`: {}\n", entry.name, entry.doc);
    }
    enumerations_ += "\n";
  }
  template <class T>
  void add_details(const std::optional<T>*, std::string_view name, const Field& f) {
    add_details(static_cast<const T*>(nullptr), name, f);
  }
  template <class T>
  void add_details(const std::vector<T>*, std::string_view name, const Field& f) {
    add_details(static_cast<const T*>(nullptr), std::string(name) + "[]", f);
  }
  template <Struct T>
  void add_details(const T*, std::string_view name, const Field& f) {
    T value{};
    MarkdownWriter section(child_path(name));
    describe(section, value);
    sections_ += section.take("`" + child_path(name) + "`", f.doc);
  }
  void add_details(const std::map<std::string, double>*, std::string_view name, const Field& f) {
    MarkdownWriter section(child_path(name));
    for (const ConstantInfo& constant : profile_constants()) {
      Field described = constant_field(constant);
      described.absent = "the profile's";
      section.field(constant.name, std::optional<double>(), described);
    }
    sections_ += section.take("`" + child_path(name) + "`", f.doc);
  }
  template <SelfDescribed T>
  void add_details(const T*, std::string_view, const Field&) {}
  void add_details(const bool*, std::string_view, const Field&) {}
  void add_details(const double*, std::string_view, const Field&) {}
  void add_details(const std::string*, std::string_view, const Field&) {}
  void add_details(const DistributionSpec*, std::string_view, const Field&) {}
  template <Integer T>
  void add_details(const T*, std::string_view, const Field&) {}

  std::string path_;
  std::string rows_;
  std::string enumerations_;
  std::string sections_;
};

}  // namespace models
