#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# smoke.sh PROGRAM: a small study as docs/ci/ runs it: a sweep with expectations, JUnit and report, again
# to see that nothing is left to do, and a comparison with the store that came out.
set -eu
[ $# -eq 1 ] || {
  echo 'usage: smoke.sh PROGRAM' >&2
  exit 2
}
cd "$(dirname -- "$0")/.."
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
trap 'exit 2' HUP INT TERM
"$1" sweep docs/ci/smoke.json --store "$made/smoke.db" --junit "$made/sweep.xml" \
  --out "html:$made/sweep.html"
"$1" sweep docs/ci/smoke.json --store "$made/smoke.db" 2>"$made/again.txt"
grep -F '0 runs made, 12 were there' "$made/again.txt"
"$1" compare "$made/smoke.db" "$made/smoke.db" --junit "$made/compare.xml" >"$made/compare.txt"
for file in sweep.xml sweep.html compare.xml compare.txt; do test -s "$made/$file"; done
