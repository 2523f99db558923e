// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "models/report/report.hpp"

namespace models {

/// The report as JSON, in the order of the field table. Numbers are the shortest text that reads
/// back to the same double, whole ones without a fraction; what is not a number is null. Bytes that
/// are not UTF-8 become U+FFFD.
std::string report_json(const Report& report);

/// 16 hexadecimal digits: FNV-1a of report_json() without `simulator`, `provenance`, `expectations`
/// and the scenario's name, description and count of replications. Equal fingerprints mean equal
/// results, whatever they are called and whatever was expected.
std::string report_fingerprint(const Report& report);

/// JSON Schema (2020-12) of reports.
std::string report_json_schema();

}  // namespace models
