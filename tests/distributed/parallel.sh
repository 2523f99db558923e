#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# parallel.sh PROGRAM STUDY: a sweep spread by GNU parallel gives the rows of one process.
. "$(dirname "$0")/common.sh"
trap 'rm -rf "$here"' EXIT
need parallel
sweep_whole
"$program" sweep study.json --store spread.db --jobs 1 --emit parallel --shards 5 >spread.sh
sh -n spread.sh
sh spread.sh --jobs 2
compare spread.db
# Again: nothing to run, nothing changed.
sh spread.sh --jobs 2 2>&1 | tee again.log
if grep -q ' [1-9][0-9]* runs made' again.log; then
  echo 'the second time made runs again' >&2
  exit 1
fi
compare spread.db
