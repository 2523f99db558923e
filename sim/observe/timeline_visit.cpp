// SPDX-License-Identifier: BSD-2-Clause
#include <map>

#include "sim/observe/timeline.hpp"

namespace sim {

void Timeline::visit(const std::function<void(const Slice&)>& slice,
                     const std::function<void(const Arrow&)>& arrow) const {
  for (const Event& event : finished_events()) {
    if (event.kind != Kind::slice) continue;
    const TrackInfo& track = tracks_[event.track];
    slice({processes_[track.process].name, names_[track.name], names_[event.name],
           names_[event.category], event.at, event.end});
  }
  std::map<std::int64_t, const Event*> starts;
  for (const Event& event : events_) {
    if (event.kind == Kind::flow_start) starts.emplace(event.value, &event);
    if (event.kind != Kind::flow_end) continue;
    const Event& start = *starts.at(event.value);
    const TrackInfo& to = tracks_[event.track];
    arrow({names_[tracks_[start.track].name], processes_[to.process].name, names_[to.name],
           start.at, event.at});
    starts.erase(event.value);
  }
}

}  // namespace sim
