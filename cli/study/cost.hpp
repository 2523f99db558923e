// SPDX-License-Identifier: BSD-2-Clause
#pragma once

namespace models {
struct LoadedScenario;
}

namespace cli {

/// About how long one replication takes, in seconds of one core of a machine of 2025: the events
/// that the scenario's rates and duration lead to expect, times what an event has been measured to
/// cost. Good for the order of points and for a rough sum, not for more.
double estimate_cost_s(const models::LoadedScenario& loaded);

}  // namespace cli
