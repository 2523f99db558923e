#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# rules.sh: checks the project's own rules that no compiler knows. Runs in the root of the sources;
# prints each breach as file:line:text and ends with status 1 if there is any.
set -eu
breaches=0

# forbid REASON PATTERN PATH...: no line of the C++ files under PATH may match the extended regular
# expression. Paths that do not exist count as empty.
forbid() {
  reason=$1
  pattern=$2
  shift 2
  found=$(grep -rnE --include='*.?pp' -e "$pattern" "$@" 2>/dev/null || true)
  report "$reason" "$found"
}

report() {
  [ -n "$2" ] || return 0
  printf '%s\n' "$2" | sed "s|\$|   <- $1|"
  breaches=1
}

# CONTRIBUTING.md, Layers
forbid 'sim/ includes nothing above itself' '^#include "(models|cli|tests)/' sim
forbid 'models/ includes only sim/ and itself' '^#include "(cli|tests)/' models
forbid 'no test code in the program' '^#include "tests/' cli
simgrid=$(grep -rnE --include='*.?pp' '^#include [<"](simgrid|xbt)/' sim models cli 2>/dev/null |
  grep -v '^sim/engine/' || true)
report 'SimGrid stays in sim/engine/' "$simgrid"
boost_context=$(grep -rnE --include='*.?pp' '^#include <boost/context/' sim models cli 2>/dev/null |
  grep -v '^sim/engine/' || true)
report 'Boost.Context stays in sim/engine/' "$boost_context"
catch2=$(grep -rn --include='*.?pp' '^#include <catch2/' tests 2>/dev/null |
  grep -v '^tests/support/' || true)
report 'include tests/support/catch.hpp' "$catch2"

forbid 'use SIM_ASSERT, std::string and using: clang-tidy does not look for these' \
  '\b(assert|mem(cmp|set)|str(cmp|ncmp|cpy|ncpy|cat|ncat))\(|\btypedef\b' sim models cli tests bench

# Results must be the same on every machine: no library-defined sequences, rounding or clocks.
portable=$(grep -rnE --include='*.?pp' \
  -e '\bstd::[a-z_]+_distribution\b|\bstd::(mt19937|random_device|default_random_engine)' \
  -e '\bstd::(log|log2|log10|log1p|exp|exp2|expm1|cos|sin|tan|pow|lgamma|tgamma)\(' \
  sim models 2>/dev/null | grep -vE '^sim/base/portable_math\.|//.*std::' || true)
report 'use sim::Stream and sim/base/portable_math.hpp' "$portable"
forbid 'no wall clock in the simulation' \
  '\b(system_clock|steady_clock|high_resolution_clock|gettimeofday|clock_gettime)\b' sim models

# Two types of one name in one namespace: their constructors and destructors have one symbol, and the
# linker takes whichever it meets first.
for layer in sim models cli; do
  twice=$(grep -rhoE --include='*.hpp' '^(struct|class|enum class) [A-Za-z]+( final)?( :.*)? *\{' "$layer" |
    sed -E 's/^(struct|class|enum class) ([A-Za-z]+).*/\2/' | LC_ALL=C sort | uniq -d)
  for name in $twice; do
    places=$(grep -rnE --include='*.hpp' "^(struct|class|enum class) $name( final)?( :.*)? *\{" "$layer")
    report 'another type of this name in the same layer' "$places"
  done
done

for file in $(find sim models cli tests bench -name '*.?pp' 2>/dev/null | LC_ALL=C sort); do
  read -r first <"$file" || true
  [ "$first" = '// SPDX-License-Identifier: BSD-2-Clause' ] ||
    report 'the first line is the licence' "$file:1:$first"
done
exit "$breaches"
