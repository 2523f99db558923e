// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "models/scenario/document.hpp"
#include "models/scenario/load.hpp"

namespace models {

/// Adds an error for everything in `loaded` that is well formed, field by field, and yet
/// contradicts itself. `document` knows where things stand.
void check_scenario(const Document& document, const LoadedScenario& loaded, ErrorList& errors);

/// The part of it for disturbances, locks, synthetic threads, expectations and observation.
void check_threads_and_goals(const Document& document, const LoadedScenario& loaded,
                             ErrorList& errors);

/// Bytes that a frame with `payload_bytes` occupies on the wire: headers, Ethernet framing,
/// preamble and gap, at least 84.
std::int64_t wire_bytes(const Nic& nic, std::int64_t payload_bytes);

/// Adds an error when `core` is none of the machine's.
void check_core(const Document& document, const LoadedScenario& loaded, const std::string& at,
                const std::optional<int>& core, ErrorList& errors);

/// All sockets, replicated ones included.
int socket_count(const Scenario& scenario);

}  // namespace models
