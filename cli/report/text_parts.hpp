// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

#include "cli/report/table.hpp"
#include "models/report/report.hpp"

/// The sections of the text report. Each is empty when there is nothing to say.
namespace cli {

/// A blank line and a title.
std::string section(std::string_view title, const Style& style);

std::string throughput_text(const models::Report& report, const Style& style);
std::string nic_text(const models::Report& report, const Style& style);
/// Lock classes by total wait, the longest first, each with its acquisition points.
std::string locks_text(const models::Report& report, const Style& style);
/// The three worst waits, a sentence each.
std::string worst_waits_text(const models::Report& report, const Style& style);
std::string cpus_text(const models::Report& report, const Style& style);
std::string readers_text(const models::Report& report, const Style& style);
std::string threads_text(const models::Report& report, const Style& style);

}  // namespace cli
