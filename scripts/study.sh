#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# study.sh [--draw] NAME METRIC...: runs scenarios/studies/NAME.json with the sockbufsim in PATH and
# prints each METRIC as a table: a row a point, the variants side by side, means with the half-width
# of their 95 % interval (Student's t). --draw also makes docs/studies/NAME.svg: METRIC (the first)
# along the study's last factor. Runs in the root of the sources.
set -eu
export LC_ALL=C
draw=
[ "${1:-}" != --draw ] || {
  draw=1
  shift
}
[ $# -ge 2 ] || {
  echo 'usage: study.sh [--draw] NAME METRIC...' >&2
  exit 2
}
name=$1
shift
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
trap 'exit 2' HUP INT TERM
store=$directory/store.db
sockbufsim sweep "scenarios/studies/$name.json" --store "$store" --jobs 2 >"$directory/log" 2>&1 || {
  cat "$directory/log" >&2
  exit 2
}
if [ -n "$draw" ]; then
  mkdir -p docs/studies
  sockbufsim plot "$store" --figure line --metric "$1" -o "docs/studies/$name.svg"
fi
# No field that is used here has a comma or a quote in it; what follows the metrics may.
sockbufsim export "$store" | awk -F, -v wanted="$*" '
  NR == 1 {
    for (i = 1; i <= NF; i++) column[$i] = i
    metrics = split(wanted, metric, " ")
    for (m = 1; m <= metrics; m++) if (!(metric[m] in column)) {
      print "study.sh: no run has " metric[m] | "cat >&2"
      failed = 1
      exit 2
    }
    last = column["replication"] - 1
    for (i = 2; i <= last; i++) if ($i != "variant") factor[++factors] = $i
    next
  }
  {
    key = ""
    for (f = 1; f <= factors; f++) key = key "| " $(column[factor[f]]) " "
    variant = $(column["variant"])
    if (!(key in known)) { known[key] = 1; row[++rows] = key }
    if (!(variant in seen)) { seen[variant] = 1; name[++names] = variant }
    for (m = 1; m <= metrics; m++) {
      if ($(column[metric[m]]) == "") continue
      id = key SUBSEP variant SUBSEP m
      value = $(column[metric[m]])
      n[id]++; sum[id] += value; values[id, n[id]] = value
    }
  }
  function cell(id,    i, mean, squares) {
    if (!n[id]) return "none"
    mean = sum[id] / n[id]
    for (i = 1; i <= n[id]; i++) squares += (values[id, i] - mean) ^ 2
    if (n[id] < 2 || n[id] > 10) return sprintf("%.3g", mean)
    return sprintf("%.3g ± %.1g", mean, t[n[id]] * sqrt(squares / (n[id] - 1) / n[id]))
  }
  END {
    if (failed) exit 2
    split("0 12.706 4.303 3.182 2.776 2.571 2.447 2.365 2.306 2.262", t, " ")
    line = ""; rule = ""
    for (f = 1; f <= factors; f++) { line = line "| " factor[f] " "; rule = rule "|---" }
    for (m = 1; m <= metrics; m++) for (v = 1; v <= names; v++) {
      line = line "| `" metric[m] "` " name[v] " "; rule = rule "|---:"
    }
    print "\n" line "|\n" rule "|"
    for (r = 1; r <= rows; r++) {
      line = row[r]
      for (m = 1; m <= metrics; m++) for (v = 1; v <= names; v++)
        line = line "| " cell(row[r] SUBSEP name[v] SUBSEP m) " "
      print line "|"
    }
    print ""
  }'
