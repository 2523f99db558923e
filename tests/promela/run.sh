#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# run.sh [PATTERN]: has SPIN decide the cells of verdicts.csv and compares.
#
# A cell is a line of verdicts.csv; PATTERN (an extended regular expression, default: all) selects
# lines. Prints a line for each cell,
#     ALGORITHM DISTURBANCE SBLOCK ERA OPTIONS: VERDICT [VIOLATIONS], N states
# and under it what verdicts.csv expects, if that is something else. Every search is exhaustive:
# `clean` means that no violation is reachable, and the violations are all that are. Ends with 1
# when a cell differs, with 2 when a search could not be made or was cut short.
#
# OPTIONS are macro definitions, joined by +. Needs spin and a C compiler ($CC, default cc).
set -eu

models=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
pattern=${1:-.}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
: >"$work/log"
cc=${CC:-cc}
if command -v ccache >/dev/null 2>&1; then cc="ccache $cc"; fi

give_up() {
  printf '%s\n' "run.sh: $*" >&2
  cat "$work/log" >&2
  exit 2
}

# search ALGORITHM DEFINITION...: leaves SPIN's output in $work/log, and sets violations and states.
search() {
  model=$models/$1.pml
  cell=$*
  shift
  : >"$work/log"
  rm -f "$work/pan"*
  (cd "$work" && spin -a "$@" "$model") >"$work/log" 2>&1 || give_up "spin rejects $cell"
  # Compiling costs more than searching: -O0 halves the total. Reduction does not go with `provided`
  # clauses. Invalid end states are the watcher's business, hence -E.
  # shellcheck disable=SC2086 # a command with its arguments
  (cd "$work" && $cc -O0 -w -DSAFETY -DNOREDUCE -c pan.c && $cc -o pan pan.o) >"$work/log" 2>&1 ||
    give_up "cannot compile $cell"
  # -c0 goes on after a violation; the processes of that run stand still, so none is a consequence.
  (cd "$work" && ./pan -c0 -E -n -m20000 -w20) >"$work/log" 2>&1 || true
  grep -q '^Full statespace search' "$work/log" || give_up "no full search of $cell"
  if grep -qE 'Search not completed|max search depth too small|out of memory' "$work/log"; then
    give_up "the search of $cell was cut short"
  fi
  states=$(sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p' "$work/log")
  [ -n "$states" ] || give_up "no states of $cell"
  violations=$(sed -n 's/^pan:[0-9]*: \(.*\) (at depth [0-9]*)$/\1/p' "$work/log" |
    sed 's/^assertion violated //' | LC_ALL=C sort -u | tr '\n' ' ')
  violations=${violations% }
  if [ -z "$violations" ] && ! grep -q 'errors: 0$' "$work/log"; then
    give_up "errors without a name in $cell"
  fi
}

grep -v '^algorithm,' "$models/verdicts.csv" | grep -E -e "$pattern" >"$work/cells" ||
  give_up "no cell matches '$pattern'"

status=0
while IFS=, read -r algorithm disturbance sblock era options expected expected_violations <&3; do
  set -- "-DDISTURB=$disturbance" "-DSBLOCK=$sblock" "-DERA=$era"
  for option in $(printf '%s\n' "$options" | tr '+' ' '); do set -- "$@" "-D$option"; done
  search "$algorithm" "$@"
  verdict=${violations:+violation}
  verdict=${verdict:-clean}
  printf '%s\n' "$algorithm $disturbance $sblock $era${options:+ $options}:" \
    "$verdict${violations:+ $violations}, $states states" | paste -s -d ' ' -
  if [ "$verdict" != "$expected" ] || [ "$violations" != "$expected_violations" ]; then
    printf '%s\n' "  expected: $expected${expected_violations:+ $expected_violations}"
    status=1
  fi
done 3<"$work/cells"
exit "$status"
