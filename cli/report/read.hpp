// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

/// Reports as `run --out json:` writes them, and as stores keep them.
namespace cli {

/// Throws UsageError when the text is none; `source` names it there.
nlohmann::ordered_json parse_report(const std::string& text, const std::string& source);

/// Of a file. Throws UsageError when that cannot be read or is no report.
nlohmann::ordered_json read_report(const std::string& path);

/// For a report that lacks what this version's have: throws UsageError, which tells why.
[[noreturn]] void refuse_report(const std::string& source, const std::string& why);

}  // namespace cli
