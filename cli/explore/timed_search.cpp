// SPDX-License-Identifier: BSD-2-Clause
#include "cli/explore/timed_search.hpp"

#include <fmt/format.h>

#include <vector>

#include "cli/errors.hpp"
#include "cli/explore/options.hpp"
#include "cli/explore/overrides.hpp"
#include "cli/explore/progress.hpp"
#include "cli/kept_files.hpp"
#include "cli/study/load.hpp"

namespace cli {

int timed_search(const ExploreOptions& options) {
  check_options(options);
  TimedSearch search;
  const std::vector<OutputFile> files =
      document_outputs(options.outputs, timed_search_formats(), search);
  const models::LoadedScenario loaded =
      load_no_study(options.scenarios.front(), all_overrides(options));
  search.scenario = &loaded;
  search.command = explore_command_line(options);
  check_outputs(files, files_kept(loaded));
  {
    Progress progress("timed search");
    models::TimedSearchRequest request;
    request.scenario = &loaded;
    request.steps = static_cast<int>(options.steps.value_or(request.steps));
    request.replications = static_cast<int>(options.replications.value_or(request.replications));
    request.progress = [&](int run, int runs) {
      progress.show(fmt::format("run {} of {}", run, runs));
    };
    search.result = models::timed_search(request);
  }
  write_outputs(files);
  return kFine;
}

}  // namespace cli
