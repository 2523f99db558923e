// SPDX-License-Identifier: BSD-2-Clause
#include "cli/output_request.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/errors.hpp"
#include "models/scenario/json_text.hpp"
#include "models/scenario/nearest.hpp"

namespace cli {
namespace {

OutputRequest parse_one(const std::string& text, const std::vector<std::string>& formats) {
  const std::size_t colon = text.find(':');
  const std::string name = text.substr(0, colon);
  if (std::find(formats.begin(), formats.end(), name) == formats.end()) {
    throw UsageError(fmt::format("--out: found format {}; allowed: {}{}", models::quote(name),
                                 models::join_names(formats), models::suggestion(name, formats)));
  }
  if (colon == std::string::npos) {
    throw UsageError(
        fmt::format("--out: found {} without a file; allowed: {}:FILE, or {}:- for standard output",
                    models::quote(text), name, name));
  }
  return {name, {"--out " + text, text.substr(colon + 1), {}}};
}

}  // namespace

std::vector<OutputRequest> parse_output_requests(const std::vector<std::string>& texts,
                                                 const std::vector<std::string>& formats) {
  std::vector<OutputRequest> requests;
  requests.reserve(texts.size() + 1);
  for (const std::string& text : texts) requests.push_back(parse_one(text, formats));
  const bool stdout_taken = std::any_of(requests.begin(), requests.end(),
                                        [](const auto& item) { return item.file.path == "-"; });
  const bool has_text = std::find(formats.begin(), formats.end(), "text") != formats.end();
  if (!stdout_taken && has_text) requests.push_back({"text", {"the report", "-", {}}});
  return requests;
}

}  // namespace cli
