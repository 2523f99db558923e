#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# tidy.sh CLANG_TIDY BUILD_TREE FILE: clang-tidy without its tally of suppressed warnings.
set -eu
if output=$("$1" --quiet -p "$2" "$3" 2>&1); then
  status=0
else
  status=1
fi
printf '%s\n' "$output" | sed -e '/^[0-9]* warnings\{0,1\} generated\.$/d' -e '/^$/d'
exit "$status"
