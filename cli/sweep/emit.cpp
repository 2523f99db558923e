// SPDX-License-Identifier: BSD-2-Clause
#include "cli/sweep/emit.hpp"

#include <fmt/format.h>

#include "cli/shell.hpp"

namespace cli {
namespace {

/// Slurm takes the name from a comment: one plain word.
std::string job_name(const std::string& study) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
  std::string name = study;
  for (char& c : name) {
    if (kPlain.find(c) == std::string_view::npos) c = '-';
  }
  return name.empty() ? "study" : name;
}

/// The stores of all shards, for a command line.
std::string part_list(const EmitRequest& request) {
  std::string list;
  for (std::size_t i = 1; i <= request.shards; ++i) {
    list += ' ' + shell_word(fmt::format("{}.{}-of-{}", request.store, i, request.shards));
  }
  return list;
}

/// The options every shard has, before --shard and --store.
std::string sweep_words(const EmitRequest& request) {
  std::string words = "sweep " + shell_word(request.study);
  if (!request.options.empty()) words += ' ' + request.options;
  return words;
}

}  // namespace

std::string slurm_script(const EmitRequest& request) {
  const std::string name = job_name(request.name);
  std::string text = "#!/bin/sh\n";
  text += fmt::format("#SBATCH --job-name={}\n", name);
  text += fmt::format("#SBATCH --array=1-{}\n", request.shards);
  text += fmt::format("#SBATCH --ntasks=1\n#SBATCH --cpus-per-task={}\n", request.jobs);
  text += fmt::format("#SBATCH --output={}-%a.log\n", name);
  text +=
      "# Submit with sbatch, in the directory that the paths below start from. A task that was\n"
      "# stopped goes on where it was when it is submitted again: scontrol requeue, or sbatch\n"
      "# --array=I. When all tasks are done (both commands can be given again):\n";
  text += fmt::format("#   sockbufsim merge{} --into {}\n", part_list(request),
                      shell_word(request.store));
  text += fmt::format("#   sockbufsim {} --store {}   (nothing is left to run: it judges)\n",
                      sweep_words(request), shell_word(request.store));
  text += "set -eu\n";
  text += fmt::format("program=${{SOCKBUFSIM:-{}}}\n", shell_word(request.program));
  text += "shard=$SLURM_ARRAY_TASK_ID\n";
  text += fmt::format(
      "exec \"$program\" {} --shard \"$shard/{}\" \\\n  --store {}\".$shard-of-{}\" --jobs "
      "\"${{SLURM_CPUS_PER_TASK:-{}}}\"\n",
      sweep_words(request), request.shards, shell_word(request.store), request.shards,
      request.jobs);
  return text;
}

std::string parallel_script(const EmitRequest& request) {
  std::string text = "#!/bin/sh\n";
  text +=
      "# Runs the shards of a study under GNU parallel, then adds their stores to the whole one.\n"
      "# Arguments go to parallel, for instance --jobs 4, or --sshlogin with a shared directory.\n"
      "# Start it again to go on after an interruption.\n";
  text += "set -eu\n";
  text += fmt::format("program=${{SOCKBUFSIM:-{}}}\nexport program\n", shell_word(request.program));
  text += "status=0\n";
  // parallel gives its command to a shell: the variables are for that one.
  const std::string command = fmt::format(
      "\"$program\" {} --shard {{}}/{} --store {}.{{}}-of-{} --jobs {}", sweep_words(request),
      request.shards, shell_word(request.store), request.shards, request.jobs);
  text += fmt::format("seq {} | parallel --env program \"$@\" {} || status=$?\n", request.shards,
                      shell_word(command));
  text += fmt::format(
      "[ \"$status\" -eq 0 ] ||\n  echo \"$status shards failed, or had runs that "
      "failed\" >&2\n");
  text += fmt::format("\"$program\" merge{} --into {}\n", part_list(request),
                      shell_word(request.store));
  text += "# Nothing is left to run: this judges the whole.\n";
  text += fmt::format("exec \"$program\" {} --store {}\n", sweep_words(request),
                      shell_word(request.store));
  return text;
}

}  // namespace cli
