// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/scenario/json_text.hpp"

namespace models {

/// A JSON document put together from a file, the files that it extends and overrides from the
/// command line, which remembers where each value came from.
class Document {
 public:
  /// Where a value stands.
  struct Origin {
    int source = -1;  ///< index of the file or override; later ones override earlier ones
    TextPosition position;
  };

  /// Reads `path` and what it extends.
  static Document from_file(const std::string& path);
  /// As from_file, for text; a relative `extends` starts at `directory`.
  static Document from_text(const std::string& text, const std::string& label,
                            const std::string& directory);
  /// One file, without `extends`.
  static Document plain(const std::string& text, const std::string& label);

  /// Applies `a.b.0.c=VALUE`. VALUE is read by the type of the scenario field: text for a field
  /// that holds text, else JSON, or text when it is none. A distribution replaces the old one,
  /// other objects are merged. All overrides form one layer, above the files.
  void override_with(const std::string& assignment);

  const Json& tree() const { return tree_; }
  /// The files that it was read from: those that are extended first, then the file itself; not what
  /// came as text.
  const std::vector<std::string>& files() const { return files_; }
  /// Directory that relative paths in the value at `pointer` start from.
  std::string directory_of(const std::string& pointer) const;
  /// The layer that the value at `pointer` comes from: higher ones override lower ones.
  int layer_of(const std::string& pointer) const;
  /// A ScenarioError that stands at `pointer`, or at its nearest ancestor that was given.
  ScenarioError error_at(const std::string& pointer, std::string found, std::string allowed,
                         std::string hint = {}) const;

 private:
  struct Source {
    std::string label;
    std::string directory;
    bool is_override = false;
  };

  void load(const std::string& text, const std::string& label, const std::string& directory,
            std::vector<std::string>& open_files);
  void merge(Json& target, const ParsedJson& patch, const Json& value, const std::string& pointer,
             int source);
  /// Of the value at `at`, or of the nearest value around it that has one.
  const Origin* origin_of(std::string at) const;
  void forget_origins(const std::string& pointer);
  void replace(Json& target, const ParsedJson& patch, const Json& value, const std::string& pointer,
               int source);

  Json tree_;
  std::map<std::string, Origin> origins_;
  std::vector<Source> sources_;
  std::vector<std::string> files_;
};

}  // namespace models
