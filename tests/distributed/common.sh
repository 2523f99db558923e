# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# Sourced by the tests of sweeps that somebody else's queue spreads. PROGRAM and STUDY come from
# the command line; the working directory becomes a fresh one, which goes when the test ends.
set -eu
program=$1
study=$2
here=$(mktemp -d)
chmod 755 "$here"
export SOCKBUFSIM="$program"

# need PROGRAM...: skips the test (status 77) when one is missing.
need() {
  for tool; do
    command -v "$tool" >/dev/null 2>&1 && continue
    echo "skipped: $tool is not installed" >&2
    exit 77
  done
}

# The study within one process, to compare with.
sweep_whole() {
  cp "$study" "$here/study.json"
  cd "$here"
  "$program" sweep study.json --store whole.db --jobs 1
  "$program" export whole.db --out csv:whole.csv --out jsonl:whole.jsonl
}

# compare STORE: the same bytes as the whole.
compare() {
  "$program" export "$1" --out csv:spread.csv --out jsonl:spread.jsonl
  cmp whole.csv spread.csv
  cmp whole.jsonl spread.jsonl
  rows=$(wc -l <spread.csv)
  [ "$rows" -eq 37 ] || {
    echo "expected 36 runs and a header, found $rows lines" >&2
    exit 1
  }
}
