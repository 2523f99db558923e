// SPDX-License-Identifier: BSD-2-Clause
#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/errors.hpp"
#include "cli/store/merge.hpp"

namespace cli {
namespace {

struct MergeOptions {
  std::vector<std::string> stores;
  std::string output;
};

}  // namespace

void add_merge_command(CLI::App& app, Action& action) {
  auto options = std::make_shared<MergeOptions>();
  CLI::App* command =
      app.add_subcommand("merge", "Put stores, of several shards or machines, into one");
  command->add_option("store", options->stores, "Stores to merge")->required();
  command->add_option("-o,--output", options->output, "The new store")->required();
  command->callback([options, &action] {
    action = [options] {
      merge_stores(options->stores, options->output);
      return static_cast<int>(kFine);
    };
  });
}

}  // namespace cli
