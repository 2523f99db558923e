// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include "models/scenario/field_writer.hpp"
#include "models/scenario/fields_load.hpp"
#include "models/scenario/fields_profile.hpp"

namespace models {
namespace {

constexpr std::string_view kIntroduction = R"(# Scenario files

<!-- Generated from the field table, models/scenario/fields*.hpp. A test compares; do not edit. -->

A scenario is a JSON file (RFC 8259, UTF-8) in which `//` and `/* */` comments are allowed. It says what machine
there is, what arrives, who reads, and what is expected. Units are part of the names. An unknown field, a wrong
type, a value out of range or a contradiction is an error (exit code 2) that names the file, the place, what was
found and what is allowed.

```json
)";

constexpr std::string_view kRules = R"(```

* **`extends`** names a base file, relative to the file that says it. Objects are merged, `null` removes a field,
  arrays and all else are replaced (RFC 7386). Where the upper file changes a `kind`, fields of the base that the
  new kind does not have are dropped.
* **`--set a.b.0.c=VALUE`** on the command line does the same for one value, `0` being an index. `VALUE` is text
  for a field that holds text (`--set receive.era=2006`), else JSON (`--set nic.mtu=9000`), or text when it is none.
* A distribution is a value: another one replaces it, in a file that extends as in `--set`.
* **A distribution** is a number (constant), `{"exponential": mean}`, `{"uniform": [a, b]}`,
  `{"lognormal": {"mean": m, "cv": c}}` or `{"choice": [[value, weight], ...]}`, in the field's unit.
* A scenario may have synthetic threads alone, without NIC and sockets.
)";

std::string escape_cell(std::string text) {
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

}  // namespace

std::string scenario_example() {
  return R"({
  "schema": "sockbufsim/scenario/1",
  "name": "10g-generic",
  "seed": 1, "duration_ms": 50, "warmup_ms": 5,
  "machine": { "profile": "woodcrest-2007", "cores": 4 },
  "nic": { "mtu": 1500, "rx_ring": 1024, "mbufs_per_frame": 1, "interrupt_core": 0,
           "coalesce": { "kind": "timer", "delay_us": 30 } },
  "traffic": { "kind": "tcp", "rtt_us": 100 },
  "sockets": [ { "receive_buffer_bytes": 65536,
                 "readers": [ { "core": 1, "read_bytes": 65536 } ] } ],
  "receive": { "algorithm": "generic" },
  // The reader's process closes the socket while data is copied.
  "disturb": [ { "do": "close", "when": { "event": "first_copyout", "after_us": 20000 } } ],
  // Eight threads that contend for a lock of their own, on whatever core is free.
  "locks": [ { "name": "L", "kind": "fifo" } ],
  "threads": [ { "name": "background", "count": 8, "lock": "L",
                 "think_ns": { "exponential": 100000 }, "hold_ns": { "exponential": 250 } } ],
  "expect": [ { "verdict": "completed" },
              { "metric": "locks.L.contended_fraction", "max": 0.1 } ]
}
)";
}

std::string scenario_markdown() {
  std::string text(kIntroduction);
  text += scenario_example();
  text += kRules;
  Scenario defaults;
  MarkdownWriter writer("");
  describe(writer, defaults);
  return text + writer.take("The scenario", "");
}

}  // namespace models
