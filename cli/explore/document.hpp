// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/output.hpp"
#include "cli/output_request.hpp"
#include "cli/standard_output.hpp"

/// What the documents of `explore` have in common: an exploration, a matrix, a timed search.
namespace cli {

/// A format in which a T can be written.
template <class T>
struct DocumentFormat {
  std::string_view name;
  std::string_view doc;
  void (*write)(std::ostream& out, const T& document);
};

/// The outputs that `--out` asks for, to be written when `document` is complete; its `colour` is
/// set for each. Throws UsageError for a format that is none of `formats`.
template <class T>
std::vector<OutputFile> document_outputs(const std::vector<std::string>& outputs,
                                         std::span<const DocumentFormat<T>> formats, T& document) {
  std::vector<std::string> names;
  names.reserve(formats.size());
  for (const DocumentFormat<T>& format : formats) names.emplace_back(format.name);
  std::vector<OutputFile> files;
  for (OutputRequest& request : parse_output_requests(outputs, names)) {
    const auto format = std::find_if(formats.begin(), formats.end(), [&](const auto& candidate) {
      return candidate.name == request.format;
    });
    const bool colour = request.file.path == "-" && standard_output_has_colour();
    request.file.write = [&document, colour, write = format->write](std::ostream& out) {
      document.colour = colour;
      write(out, document);
    };
    files.push_back(std::move(request.file));
  }
  return files;
}

}  // namespace cli
