// SPDX-License-Identifier: BSD-2-Clause
#include "cli/explore/interleaving.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "sim/base/time.hpp"

namespace cli {
namespace {

constexpr const char* kRemark = "  . ";
constexpr sim::Picoseconds kStepPs = 1'000'000;  // 1 us

std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

/// Remarks are wrapped to the width of the operations above them, but not narrower than this.
constexpr std::size_t kLeastRemark = 28;

/// How wide each thread's column is.
std::vector<std::size_t> column_widths(const sim::Replayed& replayed,
                                       const std::vector<std::string>& threads) {
  std::vector<std::size_t> widths;
  widths.reserve(threads.size());
  for (std::size_t i = 0; i < threads.size(); ++i) {
    widths.push_back(width_of(letter_and_name(i, threads[i])));
  }
  for (const sim::ReplayedStep& step : replayed.steps) {
    std::size_t& width = widths.at(step.thread);
    width = std::max(width, width_of(step_text(step)));
    if (!step.notes.empty()) width = std::max(width, kLeastRemark);
  }
  return widths;
}

/// A remark in lines of at most `width` characters, if its words allow.
std::vector<std::string> wrapped(const std::string& note, std::size_t width) {
  std::vector<std::string> lines{kRemark};
  for (std::size_t at = 0; at < note.size();) {
    const std::size_t end = std::min(note.find(' ', at), note.size());
    const std::string word = note.substr(at, end - at);
    const bool begins = lines.back().back() == ' ';
    if (!begins && width_of(lines.back()) + 1 + width_of(word) > width) {
      lines.emplace_back("    ");
    } else if (!begins) {
      lines.back() += ' ';
    }
    lines.back() += word;
    at = end + 1;
  }
  return lines;
}

}  // namespace

std::string letter_and_name(std::size_t thread, const std::string& name) {
  return std::string(1, static_cast<char>('a' + thread)) + ' ' + name;
}

std::string step_text(const sim::ReplayedStep& step) {
  if (!step.choice) return step.operation;
  return step.operation + (step.outcome ? ": yes" : ": no");
}

std::string interleaving_table(const sim::Replayed& replayed,
                               const std::vector<std::string>& threads, const Style& style) {
  const std::vector<std::size_t> widths = column_widths(replayed, threads);
  std::vector<std::size_t> at{0};
  for (const std::size_t width : widths) at.push_back(at.back() + width + 2);
  std::string titles = "     step  ";
  for (std::size_t i = 0; i < threads.size(); ++i) {
    titles.resize(11 + at[i], ' ');
    titles += letter_and_name(i, threads[i]);
  }
  std::string text = style.dim(titles) + '\n';
  for (std::size_t i = 0; i < replayed.steps.size(); ++i) {
    const sim::ReplayedStep& step = replayed.steps[i];
    const std::string indent(at.at(step.thread), ' ');
    const std::string line = fmt::format("   {} {:>4}  {}", step.racing ? '*' : ' ', i + 1, indent);
    text += line + (step.racing ? style.warning(step_text(step)) : step_text(step)) + '\n';
    for (const std::string& note : step.notes) {
      for (const std::string& part : wrapped(note, widths[step.thread])) {
        text += std::string(11, ' ') + indent + style.dim(part) + '\n';
      }
    }
  }
  if (replayed.finding) {
    const bool judged = replayed.thread.empty() || replayed.steps.empty();
    const std::string indent(judged ? 0 : at.at(replayed.steps.back().thread), ' ');
    text += std::string(11, ' ') + indent + style.bad(replayed.finding->message) + '\n';
  }
  const bool racing = std::any_of(replayed.steps.begin(), replayed.steps.end(),
                                  [](const auto& step) { return step.racing; });
  if (racing)
    text +=
        "   * the racing pair: the violation, and the latest step before it that conflicts with "
        "it\n";
  return text;
}

std::vector<std::string> interleaving_lines(const sim::Replayed& replayed,
                                            const std::vector<std::string>& threads) {
  std::vector<std::string> lines;
  lines.reserve(replayed.steps.size());
  for (std::size_t i = 0; i < replayed.steps.size(); ++i) {
    const sim::ReplayedStep& step = replayed.steps[i];
    std::string line = fmt::format(
        "{} {}: {}", i + 1, letter_and_name(step.thread, threads.at(step.thread)), step_text(step));
    for (const std::string& note : step.notes) line += "; " + note;
    lines.push_back(std::move(line));
  }
  return lines;
}

void draw_interleaving(sim::Timeline& timeline, const sim::Replayed& replayed,
                       const std::vector<std::string>& threads) {
  std::vector<sim::Timeline::Track> tracks;
  tracks.reserve(threads.size());
  for (std::size_t i = 0; i < threads.size(); ++i) {
    tracks.push_back(timeline.add_track("threads", letter_and_name(i, threads[i])));
  }
  std::optional<std::size_t> racing;
  for (std::size_t i = 0; i < replayed.steps.size(); ++i) {
    const sim::ReplayedStep& step = replayed.steps[i];
    const sim::Picoseconds start = static_cast<sim::Picoseconds>(i) * kStepPs;
    const sim::Timeline::Track track = tracks.at(step.thread);
    timeline.slice(track, step_text(step), step.racing ? "race" : "step", start, start + kStepPs);
    for (const std::string& note : step.notes) timeline.instant(track, note, start);
    if (!step.racing) continue;
    if (racing) {
      timeline.flow(tracks.at(replayed.steps[*racing].thread),
                    static_cast<sim::Picoseconds>(*racing) * kStepPs, track, start, "race");
    }
    racing = i;
  }
  if (replayed.finding && !replayed.steps.empty()) {
    const auto last = static_cast<sim::Picoseconds>(replayed.steps.size() - 1) * kStepPs;
    timeline.instant(tracks.at(replayed.steps.back().thread), replayed.finding->message, last);
  }
}

}  // namespace cli
