// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "cli/study/names.hpp"
#include "models/scenario/load.hpp"

/// From a combination of values to a point. Only from .cpp files.
namespace cli {

/// A study's value as an override; paths relative to `directory`, the study's, become the current
/// directory's.
std::string override_text(const Assigned& assigned, const std::string& directory);

class PointMaker {
 public:
  /// `fixed`: overrides of all points, lowest first. References are kept.
  PointMaker(const StudyFile& study, const models::Document& document,
             const std::vector<Column>& columns, const PointExpressions& expressions,
             models::ScenarioSource& source, std::vector<Assigned> fixed,
             std::vector<std::string> command_line);

  /// The scenario of the point, loaded and checked. What is wrong with it goes to `errors`, at the
  /// place in the study that says so, once however many points have it.
  Point make(const Combination& combination, models::ErrorList& errors);

  /// `replications` of the base, once a point has been made.
  int base_replications() const { return base_replications_; }

  /// The profiles and captures that the points made so far name.
  std::vector<std::string> named_files() const;

 private:
  std::string content_hash(const std::string& path);
  std::string hash_of(const models::LoadedScenario& loaded);
  void report(const models::ScenarioErrors& failed, const Point& at,
              const std::vector<Assigned>& assigned, models::ErrorList& errors);

  const StudyFile& study_;
  const models::Document& document_;
  const std::vector<Column>& columns_;
  const PointExpressions& expressions_;
  models::ScenarioSource& source_;
  std::vector<Assigned> fixed_;
  std::vector<std::string> command_line_;
  std::string directory_;
  int base_replications_ = 1;
  std::map<std::string, std::string> content_hashes_;  ///< by path
  std::set<std::string> reported_;
};

}  // namespace cli
