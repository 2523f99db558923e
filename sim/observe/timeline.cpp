// SPDX-License-Identifier: BSD-2-Clause
#include "sim/observe/timeline.hpp"

#include <algorithm>

#include "sim/base/assert.hpp"

namespace sim {

Timeline::Timeline(const Options& options) : options_(options), last_seen_(options.from) {
  SIM_ASSERT(options.from <= options.to, "a timeline window that ends before it starts");
  intern("");  // name 0: no category
}

Timeline::Track Timeline::add_track(std::string_view process, std::string_view name) {
  auto found = std::find_if(processes_.begin(), processes_.end(),
                            [&](const Process& p) { return p.name == process; });
  if (found == processes_.end()) {
    found = processes_.insert(processes_.end(), Process{std::string(process)});
  }
  ++found->tracks;
  const auto index = static_cast<std::uint32_t>(found - processes_.begin());
  tracks_.push_back({index, found->tracks, intern(name), {}});
  return static_cast<Track>(tracks_.size() - 1);
}

void Timeline::begin(Track track, std::string_view name, Picoseconds at,
                     std::string_view category) {
  TrackInfo& info = track_info(track);
  see(at);
  OpenSlice open{make(Kind::slice, track, intern(name), at), std::nullopt};
  open.event.end = kOpen;
  open.event.category = intern(category);
  // Takes its place at once, so that long slices are not the first victims of max_events.
  // Whether a slice from before the window reaches into it shows at its end only.
  if (in_window(at) && keep(open.event)) {
    open.kept_at = events_.size() - 1;
  }
  info.open.push_back(open);
}

void Timeline::end(Track track, Picoseconds at) {
  TrackInfo& info = track_info(track);
  SIM_ASSERT(!info.open.empty(), "end of a slice that was not begun on " + names_[info.name]);
  OpenSlice open = info.open.back();
  SIM_ASSERT(at >= open.event.at, "end of a slice before its start on " + names_[info.name]);
  see(at);
  info.open.pop_back();
  if (open.kept_at) {
    events_[*open.kept_at].end = at;
  } else if (open.event.at < options_.from && at > options_.from) {
    open.event.end = at;
    keep(open.event);
  }
}

void Timeline::slice(Track track, std::string_view name, std::string_view category,
                     Picoseconds start, Picoseconds end) {
  SIM_ASSERT(start <= end, "end of a slice before its start on " + names_[track_info(track).name]);
  see(end);
  if (in_window(start) || (start < options_.from && end > options_.from)) {
    Event event = make(Kind::slice, track, intern(name), start);
    event.end = end;
    event.category = intern(category);
    keep(event);
  }
}

void Timeline::flow(Track from_track, Picoseconds from_time, Track to_track, Picoseconds to_time,
                    std::string_view name) {
  track_info(from_track);
  track_info(to_track);
  SIM_ASSERT(from_time <= to_time, "a flow that ends before it starts");
  see(to_time);
  if (!in_window(from_time) || !in_window(to_time)) {
    return;
  }
  if (events_.size() + 2 > options_.max_events) {  // half an arrow is worse than none
    dropped_ += 2;
    return;
  }
  ++flows_;
  for (const bool start : {true, false}) {
    Event event = make(start ? Kind::flow_start : Kind::flow_end, start ? from_track : to_track,
                       intern(name), start ? from_time : to_time);
    event.value = flows_;
    keep(event);
  }
}

void Timeline::counter(std::string_view name, Picoseconds at, std::int64_t value) {
  see(at);
  const Name label = intern(name);
  if (at < options_.from) {
    Level& level = before_window_.try_emplace(label, Level{at, value}).first->second;
    if (at >= level.at) {
      level = {at, value};
    }
  } else if (at < options_.to) {
    Event event = make(Kind::counter, 0, label, at);
    event.value = value;
    keep(event);
  }
}

void Timeline::instant(Track track, std::string_view name, Picoseconds at) {
  track_info(track);
  see(at);
  if (in_window(at)) {
    keep(make(Kind::instant, track, intern(name), at));
  }
}

void Timeline::set_metadata(std::string_view key, std::string_view value) {
  SIM_ASSERT(key != "timeline", "the timeline's own metadata cannot be replaced");
  metadata_.insert_or_assign(std::string(key), std::string(value));
}

Timeline::Name Timeline::intern(std::string_view text) {
  const auto found = name_index_.find(text);
  if (found != name_index_.end()) {
    return found->second;
  }
  const auto name = static_cast<Name>(names_.size());
  names_.emplace_back(text);
  name_index_.emplace(names_.back(), name);
  return name;
}

Timeline::TrackInfo& Timeline::track_info(Track track) {
  SIM_ASSERT(track < tracks_.size(), "event on a track that was not added");
  return tracks_[track];
}

Timeline::Event Timeline::make(Kind kind, Track track, Name name, Picoseconds at) {
  return {at, at, 0, track, name, 0, kind, ++recorded_};
}

bool Timeline::keep(const Event& event) {
  if (events_.size() >= options_.max_events) {
    ++dropped_;
    return false;
  }
  events_.push_back(event);
  return true;
}

}  // namespace sim
