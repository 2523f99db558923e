// SPDX-License-Identifier: BSD-2-Clause
#include "cli/store/merge.hpp"

#include <fmt/format.h>
#include <stdlib.h>  // NOLINT: mkdtemp is POSIX
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include "cli/errors.hpp"
#include "cli/store/queries.hpp"
#include "cli/store/schema.hpp"
#include "cli/store/store.hpp"

namespace cli {
namespace {

struct Input {
  std::string path;
  std::unique_ptr<sqlite::Database> database;
};

/// A run of one of the inputs.
struct Candidate {
  std::size_t input = 0;
  std::int64_t id = 0;
  std::string status;
  std::string reason;
  std::string fingerprint;
  /// Results first; else by text, so that the order of the inputs does not matter.
  auto rank() const { return std::tuple(fingerprint.empty(), status, reason); }
};

using Key = std::pair<std::string, RunKey>;  ///< version of the model, run

class Merger {
 public:
  explicit Merger(const std::vector<std::string>& paths) {
    inputs_.reserve(paths.size());
    for (const std::string& path : paths) inputs_.push_back({path, open_store_to_read(path)});
  }

  void read() {
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      guarded(i, [&] {
        inputs_[i].database->execute("BEGIN");
        check_runs(*inputs_[i].database);
        read_studies(i);
        read_points(i);
        read_runs(i);
      });
    }
    refuse_conflicts();
  }

  /// Takes away what the store at `path` has already, results that contradict it being conflicts.
  void leave_out(const std::string& path) {
    inputs_.push_back({path, open_store_to_read(path)});
    const std::size_t input = inputs_.size() - 1;
    guarded(input, [&] {
      for_each_run(input, [&](const Key& key, const Candidate& there) {
        const auto known = runs_.find(key);
        if (known == runs_.end()) return;
        if (contradict(known->second, there)) add_conflict(key, there, known->second);
        if (there.rank() <= known->second.rank()) runs_.erase(known);
      });
    });
    inputs_[input].database.reset();  // to write it takes being alone with it
    refuse_conflicts();
  }

  void write(const std::string& path) {
    Store store(path);
    for (const auto& [name, entry] : studies_) {
      store.define(entry.stored.study, entry.stored.version, entry.stored.commands);
    }
    for (const auto& [hash, scenario] : points_) store.add_point(hash, scenario);
    constexpr std::size_t kAtOnce = 200;
    std::vector<StoredRun> runs;
    std::string version;
    for (const auto& [key, run] : runs_) {
      if (runs.size() >= kAtOnce || key.first != version) {
        store.add(runs, version);
        runs.clear();
      }
      version = key.first;
      const Candidate& chosen = run;
      guarded(chosen.input,
              [&] { runs.push_back(query_run(*inputs_[chosen.input].database, chosen.id)); });
    }
    store.add(runs, version);
  }

 private:
  struct StudyEntry {
    StoredStudy stored;
    std::size_t input;
  };

  /// Runs `action`, and says of SQLite's failures in an input what they mean.
  template <class Action>
  void guarded(std::size_t input, Action action) {
    try {
      action();
    } catch (const sqlite::Error& error) {
      throw_store_failure(inputs_[input].path, error, false);
    }
  }

  static bool contradict(const Candidate& a, const Candidate& b) {
    return !a.fingerprint.empty() && !b.fingerprint.empty() && a.fingerprint != b.fingerprint;
  }

  void read_studies(std::size_t input) {
    for (StoredStudy& stored : query_studies(*inputs_[input].database)) {
      const auto known = studies_.find(stored.study.name);
      if (known == studies_.end()) {
        const std::string name = stored.study.name;
        studies_.emplace(name, StudyEntry{std::move(stored), input});
        continue;
      }
      StudyEntry& other = known->second;
      compare(other, stored, input);
      // A store of before does not know them.
      other.stored.study.units = std::max(other.stored.study.units, stored.study.units);
      // They may have been called from different directories.
      if (std::tie(stored.study.path, stored.commands) <
          std::tie(other.stored.study.path, other.stored.commands)) {
        other.stored.study.path = stored.study.path;
        other.stored.commands = stored.commands;
      }
    }
  }

  void compare(const StudyEntry& a, const StoredStudy& b, std::size_t input) const {
    const std::string& path_a = inputs_[a.input].path;
    const std::string& path_b = inputs_[input].path;
    const Study& one = a.stored.study;
    const Study& two = b.study;
    if (a.stored.version != b.version) {
      throw UsageError(fmt::format(
          "study {}: found versions {} of the model in {} and {} in {}; allowed: stores of one "
          "version. Sweep again what the older one made",
          one.name, a.stored.version, path_a, b.version, path_b));
    }
    bool same = one.factors == two.factors && one.points.size() == two.points.size();
    for (std::size_t i = 0; same && i < one.points.size(); ++i) {
      same = one.points[i].hash == two.points[i].hash && one.points[i].seed == two.points[i].seed &&
             one.points[i].settings == two.points[i].settings;
    }
    if (!same) {
      throw UsageError(fmt::format(
          "study {}: found different factors or points in {} and {}; allowed: stores of one study "
          "file. Sweep with the present one into both stores, then merge them",
          one.name, path_a, path_b));
    }
  }

  void read_points(std::size_t input) {
    sqlite::Statement rows(*inputs_[input].database, "SELECT hash, scenario FROM point");
    while (rows.step()) {
      const auto [known, is_new] = points_.emplace(rows.text(0), rows.text(1));
      // Only names may differ; the hash covers the rest.
      if (!is_new) known->second = std::min(known->second, rows.text(1));
    }
  }

  template <class Use>
  void for_each_run(std::size_t input, Use use) {
    sqlite::Statement rows(*inputs_[input].database,
                           "SELECT hash, seed, replication, version, run.id, status, reason, "
                           "fingerprint FROM run JOIN point ON point.id = run.point");
    while (rows.step()) {
      use(Key{rows.text(3), {rows.text(0), rows.integer(1), static_cast<int>(rows.integer(2))}},
          Candidate{input, rows.integer(4), rows.text(5), rows.text(6), rows.text(7)});
    }
  }

  void read_runs(std::size_t input) {
    for_each_run(input, [&](const Key& key, const Candidate& run) {
      const auto [known, is_new] = runs_.try_emplace(key, run);
      if (is_new) return;
      Candidate& other = known->second;
      if (contradict(run, other)) add_conflict(key, other, run);
      if (run.rank() < other.rank()) other = run;
    });
  }

  void add_conflict(const Key& key, const Candidate& a, const Candidate& b) {
    const auto& [hash, seed, replication] = key.second;
    conflicts_.push_back(fmt::format("point {}, seed {}, replication {}: {} in {}, {} in {}", hash,
                                     seed, replication, a.fingerprint, inputs_[a.input].path,
                                     b.fingerprint, inputs_[b.input].path));
  }

  void refuse_conflicts() const {
    if (conflicts_.empty()) return;
    constexpr std::size_t kMostTold = 20;
    std::string text =
        "one run has two results; allowed: equal fingerprints. A store was changed, "
        "or one of the machines computes wrongly: make the runs again to see which";
    for (std::size_t i = 0; i < std::min(conflicts_.size(), kMostTold); ++i) {
      text += "\n  " + conflicts_[i];
    }
    if (conflicts_.size() > kMostTold) {
      text += fmt::format("\n  and {} more", conflicts_.size() - kMostTold);
    }
    throw UsageError(text);
  }

  std::vector<Input> inputs_;
  std::map<std::string, StudyEntry> studies_;
  std::map<std::string, std::string> points_;  ///< scenario by hash
  std::map<Key, Candidate> runs_;
  std::vector<std::string> conflicts_;
};

/// A directory beside the output, gone with the object.
class ScratchDirectory {
 public:
  explicit ScratchDirectory(const std::string& output) : path_(output + ".XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) {
      throw UsageError(fmt::format("store {}: cannot create it: {}", output, std::strerror(errno)));
    }
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string file() const { return path_ + "/store"; }

 private:
  std::string path_;
};

[[noreturn]] void refuse_existing(const std::string& output) {
  throw UsageError(fmt::format(
      "-o {}: found a file of that name; allowed: a new file. To add to a store, name it among the "
      "stores to merge",
      output));
}

}  // namespace

void merge_stores(const std::vector<std::string>& inputs, const std::string& output) {
  std::error_code error;
  if (std::filesystem::exists(std::filesystem::symlink_status(output, error))) {
    refuse_existing(output);
  }
  Merger merger(inputs);
  merger.read();
  const ScratchDirectory scratch(output);
  merger.write(scratch.file());
  if (::link(scratch.file().c_str(), output.c_str()) == 0) return;
  if (errno == EEXIST) refuse_existing(output);
  throw UsageError(fmt::format("store {}: cannot create it: {}", output, std::strerror(errno)));
}

void merge_into(const std::vector<std::string>& inputs, const std::string& target) {
  std::error_code error;
  const bool is_there = std::filesystem::exists(std::filesystem::symlink_status(target, error));
  Merger merger(inputs);
  merger.read();
  if (is_there) merger.leave_out(target);
  merger.write(target);
}

}  // namespace cli
