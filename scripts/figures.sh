#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# figures.sh PROGRAM [--check] PAGE...: makes the figures of pages anew, or checks that they are what
# their commands print now. A figure in a page:
#
#     <!-- figure: scripts/race_prices.sh -->
#     | whatever | the command printed |
#     <!-- end of figure -->
#
# With `listing` for the first `figure`, what is printed stands between ``` and is shown as it is. The
# commands run in the root of the sources, with PROGRAM's folder first in PATH. --check leaves the
# pages alone and ends with status 1 when one differs.
set -eu

[ $# -ge 2 ] || {
  echo 'usage: figures.sh PROGRAM [--check] PAGE...' >&2
  exit 2
}
PATH=$(CDPATH='' cd -- "$(dirname -- "$1")" && pwd -P):$PATH
export PATH
shift
give_up() {
  printf 'figures.sh: %s\n' "$*" >&2
  exit 2
}
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
      '<!-- figure: '*' -->' | '<!-- listing: '*' -->')
        [ -z "$inside" ] || give_up "$page: no end of figure before: $line"
        inside=$line
        command=${line#'<!-- '*': '}
        command=${command%' -->'}
        fence=
        case $line in '<!-- listing: '*) fence='```' ;; esac
        printf '%s\n' "$line" ${fence:+"$fence"} >>"$made"
        sh -c "$command" >>"$made" </dev/null || give_up "$page: this command failed: $command"
        [ -z "$fence" ] || printf '%s\n' "$fence" >>"$made"
        ;;
      '<!-- end of figure -->')
        [ -n "$inside" ] || give_up "$page: an end of figure without its beginning"
        inside=
        printf '%s\n' "$line" >>"$made"
        ;;
      *) [ -n "$inside" ] || printf '%s\n' "$line" >>"$made" ;;
    esac
  done <"$page"
  [ -z "$inside" ] || give_up "$page: no end of figure after: $inside"
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
