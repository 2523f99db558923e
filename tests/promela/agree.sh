#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# agree.sh PROGRAM [MATRIX]: do SPIN and `sockbufsim explore` judge alike?
#
# PROGRAM is sockbufsim; MATRIX the CSV that `PROGRAM explore --matrix --out csv:MATRIX` has
# written, which is made if it is not given. SPIN's side is verdicts.csv, which run.sh checks.
# Compares the verdict of every algorithm there under P1 and P2, in both forms of sblock and
# sorflush. Names of violations may differ, as they depend on which interleaving is found first; an
# explorer's name that SPIN does not know is printed. A verdict of the explorer that is neither
# clean nor a violation (a bounded search) counts as disagreement. Ends with 1 on any disagreement
# or missing cell.
set -eu

models=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
[ $# -ge 1 ] || {
  echo 'usage: agree.sh PROGRAM [MATRIX]' >&2
  exit 2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
if [ $# -ge 2 ]; then
  matrix=$2
else
  matrix=$work/matrix.csv
  "$1" explore --matrix --out "csv:$matrix" >"$work/log" 2>&1 || true
  [ -s "$matrix" ] || {
    cat "$work/log" >&2
    echo 'agree.sh: explore --matrix has written no matrix' >&2
    exit 2
  }
fi

awk -F, '
  function complain(text) { print "agree.sh: " text; failed = 1 }
  # What stands in column `name`, without quotes.
  function field(name,   text) {
    text = (name in column) ? $column[name] : ""
    gsub(/^"|"$/, "", text)
    return text
  }
  { sub(/\r$/, "") }
  FNR == 1 {
    file++
    delete column
    for (i = 1; i <= NF; i++) {
      name = $i
      gsub(/^"|"$/, "", name)
      column[name] = i
    }
    count = split("algorithm disturbance verdict", needed, " ")
    for (i = 1; i <= count; i++) {
      if (!(needed[i] in column)) {
        complain(FILENAME " has no column " needed[i])
        broken = 1
        exit
      }
    }
    next
  }
  { cell = field("algorithm") " " field("disturbance"); verdict = field("verdict") }
  file == 1 && field("options") == "" && field("sblock") != "NO_SBLOCK" &&
    (field("disturbance") == "P1" || field("disturbance") == "P2") {
    if ((cell in spin) && spin[cell] != verdict) {
      complain(cell ": SPIN judges the two forms of sblock differently")
    }
    spin[cell] = verdict
    names[cell] = " " field("violations") " "
    cells++
  }
  file == 2 && (cell in spin) {
    seen[cell] = 1
    compared++
    said = verdict ~ /^clean/ ? "clean" : (verdict ~ /^violat/ ? "violation" : verdict)
    if (said != spin[cell]) {
      complain(cell ": SPIN says " spin[cell] names[cell] ", explore " verdict " " \
               field("violation"))
    } else if (said == "violation" && index(names[cell], " " field("violation") " ") == 0) {
      print "note: " cell ": explore meets " field("violation") ", SPIN" names[cell]
    }
  }
  END {
    if (broken) exit 1
    if (cells < 28) complain("verdicts.csv has only " cells + 0 " of the 28 cells")
    for (cell in spin) if (!(cell in seen)) complain(cell ": not in the matrix")
    if (!failed) print "agreement on " compared " cells"
    exit failed
  }
' "$models/verdicts.csv" "$matrix"
