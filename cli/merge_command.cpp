// SPDX-License-Identifier: BSD-2-Clause
#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/errors.hpp"
#include "cli/file_name.hpp"
#include "cli/kept_files.hpp"
#include "cli/store/merge.hpp"

namespace cli {
namespace {

struct MergeOptions {
  std::vector<std::string> stores;
  std::string output;
  std::string target;
};

int merge(const MergeOptions& options) {
  const bool adds = !options.target.empty();
  if (adds != options.output.empty()) {
    throw UsageError(
        "merge: allowed: one of -o NEW, for a new store, and --into STORE, to add to one");
  }
  const std::string& path = adds ? options.target : options.output;
  std::vector<KeptFile> kept;
  for (const std::string& store : options.stores) {
    kept = joined(std::move(kept), store_kept(store, "a store to merge"));
  }
  check_kept({(adds ? "--into " : "-o ") + path, path, {}}, kept);
  (adds ? merge_into : merge_stores)(options.stores, path);
  return kFine;
}

}  // namespace

void add_merge_command(CLI::App& app, Action& action) {
  auto options = std::make_shared<MergeOptions>();
  CLI::App* command =
      app.add_subcommand("merge", "Put stores, of several shards or machines, into one");
  command->add_option("store", options->stores, "Stores to merge")->required();
  command->add_option("-o,--output", options->output, "The new store")
      ->type_name("NEW")
      ->check(file_name());
  command
      ->add_option("--into", options->target,
                   "Add to this store instead, which is made when there is none")
      ->type_name("STORE")
      ->check(file_name());
  command->footer(
      help_end("Examples: sockbufsim merge a.db b.db -o mtu.db\n"
               "          sockbufsim merge mtu.db.1-of-2 mtu.db.2-of-2 --into mtu.db"));
  command->callback([options, &action] { action = [options] { return merge(*options); }; });
}

}  // namespace cli
