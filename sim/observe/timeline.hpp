// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/time.hpp"

namespace sim {

/// Records a run for the trace viewers (Perfetto, chrome://tracing) and writes it as Chrome
/// trace-event JSON: what each core and each thread was doing, levels over time, arrows from the
/// holder of a lock to whoever waited for it.
///
/// A track is one line of the viewer and belongs to a process, one heading of it. Slices on one
/// track must nest; write() checks that. Events may come in any order of time, except that the
/// begin() and end() of one track are in order. Meant for short windows: viewers choke on more
/// than a few million events, hence the limits. Not recording is simply having no Timeline.
class Timeline {
 public:
  struct Options {
    Picoseconds from = 0;  ///< slices are clipped to [from, to), other events outside dropped
    Picoseconds to = std::numeric_limits<Picoseconds>::max();
    std::size_t max_events = 1'000'000;  ///< those beyond are dropped, and the file says so
  };

  /// What add_track() returned.
  using Track = std::uint32_t;

  Timeline() : Timeline(Options{}) {}
  explicit Timeline(const Options& options);

  /// Processes and tracks appear in the order of their registration.
  Track add_track(std::string_view process, std::string_view name);

  /// Opens a slice; the matching end() closes the innermost open one of the track. A slice still
  /// open when writing ends at the last date seen.
  void begin(Track track, std::string_view name, Picoseconds at, std::string_view category = "");
  void end(Track track, Picoseconds at);

  /// A slice whose end is known. start <= end.
  void slice(Track track, std::string_view name, std::string_view category, Picoseconds start,
             Picoseconds end);

  /// An arrow, attached to the slices that enclose its ends (the date at which a slice ends lies
  /// outside it). from_time <= to_time.
  void flow(Track from_track, Picoseconds from_time, Track to_track, Picoseconds to_time,
            std::string_view name);

  /// The value of a level from `at` on. The last value before the window is shown at its start.
  void counter(std::string_view name, Picoseconds at, std::int64_t value);

  void instant(Track track, std::string_view name, Picoseconds at);

  /// A pair for the file's `otherData` (scenario, seed, version). A later value replaces. The key
  /// "timeline" is taken: window, limit, how many events were dropped.
  void set_metadata(std::string_view key, std::string_view value);

  /// A slice as write() shows it: complete, and clipped to the window.
  struct Slice {
    std::string_view process;
    std::string_view track;
    std::string_view name;
    std::string_view category;
    Picoseconds start;
    Picoseconds end;
  };

  struct Arrow {
    std::string_view from_track;
    std::string_view to_process;
    std::string_view to_track;
    Picoseconds from;
    Picoseconds to;
  };

  /// The slices of all tracks by their start, and the arrows in the order of recording.
  void visit(const std::function<void(const Slice&)>& slice,
             const std::function<void(const Arrow&)>& arrow) const;

  /// Events kept, and events dropped because of max_events.
  std::size_t events() const { return events_.size(); }
  std::uint64_t dropped() const { return dropped_; }

  /// Writes the whole file: JSON, ordered by time; dates in microseconds, exact to the picosecond.
  /// InternalError when slices of a track overlap without nesting. May be called again.
  void write(std::ostream& out) const;

 private:
  using Name = std::uint32_t;  // index into names_
  enum class Kind : std::uint8_t { slice, flow_start, flow_end, counter, instant };

  struct Event {
    Picoseconds at;
    Picoseconds end;     // slice: its end, kOpen until known
    std::int64_t value;  // counter: the value; flow: its id
    Track track;
    Name name;
    Name category;
    Kind kind;
    std::uint64_t sequence;  // order of recording; a slice counts from its begin
  };

  struct OpenSlice {
    Event event;
    std::optional<std::size_t> kept_at;  // index into events_, unless dropped or not yet kept
  };

  struct TrackInfo {
    std::uint32_t process;    // index into processes_
    std::uint32_t thread_id;  // from 1 within the process
    Name name;
    std::vector<OpenSlice> open;
  };

  struct Process {
    std::string name;
    std::uint32_t tracks = 0;
  };

  struct Level {
    Picoseconds at;
    std::int64_t value;
  };

  static constexpr Picoseconds kOpen = std::numeric_limits<Picoseconds>::min();
  static constexpr std::size_t kCounterProcess = 1;  // its pid; 0 means the idle task to viewers
  static constexpr std::size_t kFirstProcess = 2;

  Name intern(std::string_view text);
  TrackInfo& track_info(Track track);
  bool in_window(Picoseconds at) const { return at >= options_.from && at < options_.to; }
  Event make(Kind kind, Track track, Name name, Picoseconds at);
  bool keep(const Event& event);
  void see(Picoseconds at) { last_seen_ = at > last_seen_ ? at : last_seen_; }

  std::vector<Event> finished_events() const;
  void add_late_events(std::vector<Event>& events) const;
  void check_nesting(const std::vector<Event>& sorted) const;
  void write_names(std::ostream& out) const;
  void write_event(std::ostream& out, const Event& event) const;
  void write_metadata(std::ostream& out) const;

  Options options_;
  std::vector<Process> processes_;
  std::vector<TrackInfo> tracks_;
  std::vector<Event> events_;
  std::vector<std::string> names_;
  std::map<std::string, Name, std::less<>> name_index_;
  std::map<Name, Level> before_window_;  // counters
  std::map<std::string, std::string, std::less<>> metadata_;
  Picoseconds last_seen_ = 0;
  std::int64_t flows_ = 0;
  std::uint64_t recorded_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace sim
