#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# tidy.sh CLANG_TIDY BUILD_TREE FILE: clang-tidy on one source, or on one batch of tidy_batches.py,
# without its tally of suppressed warnings. A file that passed, in this checkout or another one, is not looked at again until it, a
# header of the project that it includes, the configuration, the tool or the libraries (LIBRARIES:
# their versions) change. Runs in the root of the sources.
set -eu
tool=$1
tree=$2
file=$3

# -MG: a header that is not found here is found by the real compile command.
inputs=$(g++ -std=c++20 -I. -MM -MG "$file" | sed -e 's/^[^:]*://' -e 's/\\$//')
key=$(
  {
    "$tool" --version
    # shellcheck disable=SC2086 # a list of files
    cat .clang-tidy tests/.clang-tidy scripts/tidy_batches.py CMakeLists.txt CMakePresets.json \
      cmake/*.cmake $inputs 2>/dev/null || true
    printf '%s %s\n' "$file" "${LIBRARIES:-}"
  } | sha256sum | cut -d ' ' -f 1
)
passed=${XDG_CACHE_HOME:-${HOME:-$tree}/.cache}/sockbufsim/tidy
stamp=$passed/$key
[ ! -f "$stamp" ] || exit 0

if output=$("$tool" --quiet -p "$tree" "$file" 2>&1); then
  mkdir -p "$passed"
  : >"$stamp"
  status=0
else
  status=1
fi
printf '%s\n' "$output" | sed -e '/^[0-9]* warnings.* generated\.$/d' -e '/^$/d'
exit "$status"
