// SPDX-License-Identifier: BSD-2-Clause
//
// Writing a Timeline as Chrome trace-event JSON ("Trace Event Format", the JSON object form).
#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <tuple>

#include "sim/base/assert.hpp"
#include "sim/base/time_text.hpp"
#include "sim/observe/json_text.hpp"
#include "sim/observe/timeline.hpp"

namespace sim {

void Timeline::write(std::ostream& out) const {
  const std::vector<Event> events = finished_events();
  check_nesting(events);
  out << "{\"displayTimeUnit\":\"ns\",\n\"traceEvents\":[";
  write_names(out);
  for (const Event& event : events) {
    out << ",\n";
    write_event(out, event);
  }
  out << "\n],\n\"otherData\":";
  write_metadata(out);
  out << "}\n";
}

/// All events as they will appear: complete, clipped to the window, in order.
std::vector<Timeline::Event> Timeline::finished_events() const {
  std::vector<Event> events = events_;
  add_late_events(events);
  const Picoseconds last = std::min(last_seen_, options_.to);
  for (Event& event : events) {
    if (event.kind == Kind::slice) {
      event.at = std::max(event.at, options_.from);
      event.end = std::min(event.end == kOpen ? last : event.end, options_.to);
    }
  }
  // A parent before its children, and slices before the arrows and marks that lie in them.
  const auto key = [](const Event& e) {
    return std::tuple(e.at, e.kind == Kind::slice ? 0 : 1, e.at - e.end, e.sequence, e.name);
  };
  std::stable_sort(events.begin(), events.end(),
                   [&](const Event& a, const Event& b) { return key(a) < key(b); });
  return events;
}

/// What reaches into the window from before it without having ended or changed since.
void Timeline::add_late_events(std::vector<Event>& events) const {
  if (last_seen_ > options_.from) {
    for (const TrackInfo& track : tracks_) {
      for (const OpenSlice& open : track.open) {
        if (open.event.at < options_.from) {
          events.push_back(open.event);
        }
      }
    }
  }
  for (const auto& [name, level] : before_window_) {
    events.push_back({options_.from, options_.from, level.value, 0, name, 0, Kind::counter, 0});
  }
}

void Timeline::check_nesting(const std::vector<Event>& sorted) const {
  std::vector<std::vector<Picoseconds>> ends(tracks_.size());
  for (const Event& event : sorted) {
    if (event.kind != Kind::slice) {
      continue;
    }
    std::vector<Picoseconds>& open = ends[event.track];
    while (!open.empty() && open.back() <= event.at) {
      open.pop_back();
    }
    SIM_ASSERT(
        open.empty() || event.end <= open.back(),
        fmt::format("slice {} on track {} overlaps another without nesting in it, at {} us",
                    names_[event.name], names_[tracks_[event.track].name], us_text(event.at)));
    open.push_back(event.end);
  }
}

/// Names and places of processes and tracks.
void Timeline::write_names(std::ostream& out) const {
  const char* separator = "\n";
  const auto label = [&](std::string_view kind, std::size_t pid, std::size_t tid,
                         std::string_view name, std::size_t position) {
    out << separator
        << fmt::format(R"({{"ph":"M","pid":{},"tid":{},"name":"{}_name","args":{{"name":{}}}}})",
                       pid, tid, kind, json_string(name))
        << ",\n"
        << fmt::format(R"({{"ph":"M","pid":{},"tid":{},"name":"{}_sort_index",)"
                       R"("args":{{"sort_index":{}}}}})",
                       pid, tid, kind, position);
    separator = ",\n";
  };
  label("process", kCounterProcess, 0, "counters", processes_.size() + 1);
  for (std::size_t i = 0; i < processes_.size(); ++i) {
    label("process", i + kFirstProcess, 0, processes_[i].name, i + 1);
  }
  for (const TrackInfo& track : tracks_) {
    label("thread", track.process + kFirstProcess, track.thread_id, names_[track.name],
          track.thread_id);
  }
}

void Timeline::write_event(std::ostream& out, const Event& event) const {
  const auto put = [&](const char* phase, std::size_t pid, std::size_t tid, std::string_view rest) {
    out << fmt::format(R"({{"ph":"{}","pid":{},"tid":{},"ts":{},"name":{}{}}})", phase, pid, tid,
                       us_text(event.at), json_string(names_[event.name]), rest);
  };
  if (event.kind == Kind::counter) {
    put("C", kCounterProcess, 0, fmt::format(R"(,"args":{{"value":{}}})", event.value));
    return;
  }
  const TrackInfo& track = tracks_[event.track];
  const std::size_t pid = track.process + kFirstProcess;
  const std::size_t tid = track.thread_id;
  switch (event.kind) {
    case Kind::slice: {
      std::string rest = R"(,"dur":)" + us_text(event.end - event.at);
      if (event.category != 0) {
        rest += R"(,"cat":)" + json_string(names_[event.category]);
      }
      put("X", pid, tid, rest);
      break;
    }
    case Kind::flow_start:
      put("s", pid, tid, fmt::format(R"(,"cat":"flow","id":{})", event.value));
      break;
    case Kind::flow_end:
      put("f", pid, tid, fmt::format(R"(,"cat":"flow","id":{},"bp":"e")", event.value));
      break;
    case Kind::instant:
      put("i", pid, tid, R"(,"s":"t")");
      break;
    case Kind::counter:
      break;
  }
}

void Timeline::write_metadata(std::ostream& out) const {
  const bool bounded = options_.to != std::numeric_limits<Picoseconds>::max();
  out << fmt::format(R"({{"timeline":{{"window_from_us":{},"window_to_us":{})",
                     us_text(options_.from), bounded ? us_text(options_.to) : "null");
  out << fmt::format(R"(,"max_events":{},"dropped_events":{},"truncated":{}}})",
                     options_.max_events, dropped_, dropped_ > 0);
  for (const auto& [key, value] : metadata_) {
    out << ',' << json_string(key) << ':' << json_string(value);
  }
  out << '}';
}

}  // namespace sim
