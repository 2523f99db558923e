#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# figures.sh PROGRAM [--check] PAGE...: makes the figures of pages anew, or checks that they are what
# their commands print now. A figure in a page:
#
#     <!-- figure: sockbufsim list algorithms -->
#     whatever the command printed
#     <!-- end of figure -->
#
# The commands run in the root of the sources, with PROGRAM's folder first in PATH. --check leaves the
# pages alone and ends with status 1 when one differs.
set -eu

[ $# -ge 2 ] || {
  echo 'usage: figures.sh PROGRAM [--check] PAGE...' >&2
  exit 2
}
PATH=$(CDPATH='' cd -- "$(dirname -- "$1")" && pwd -P):$PATH
export PATH
shift
check=
if [ "$1" = --check ]; then
  check=1
  shift
fi
cd "$(dirname -- "$0")/.."

made=$(mktemp)
trap 'rm -f "$made"' EXIT
trap 'exit 2' HUP INT TERM
differs=0
for page; do
  : >"$made"
  inside=
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      '<!-- figure: '*' -->')
        command=${line#'<!-- figure: '}
        command=${command%' -->'}
        printf '%s\n' "$line" >>"$made"
        sh -c "$command" >>"$made" </dev/null || {
          printf 'figures.sh: %s: this command failed: %s\n' "$page" "$command" >&2
          exit 2
        }
        inside=1
        ;;
      '<!-- end of figure -->')
        inside=
        printf '%s\n' "$line" >>"$made"
        ;;
      *) [ -n "$inside" ] || printf '%s\n' "$line" >>"$made" ;;
    esac
  done <"$page"
  cmp -s "$made" "$page" && continue
  if [ -n "$check" ]; then
    diff -u "$page" "$made" >&2 || true
    differs=1
  else
    cat "$made" >"$page"
    printf 'figures.sh: %s is new\n' "$page" >&2
  fi
done
exit "$differs"
