#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# race_prices.sh: what each receive algorithm costs at 10 Gb/s, as a Markdown table. Five replications
# each; intervals are 95 %, Student's t. Needs sockbufsim in PATH; runs in the root of the sources.
set -eu

scenario=scenarios/10g-generic.json
# The latency of shutdown(SHUT_RD) under load, from runs of their own that end with it.
shutdown='disturb=[{"do":"shutdown_rd","core":2,"at_us":15000}]'

made=$(mktemp)
trap 'rm -f "$made"' EXIT
trap 'exit 2' HUP INT TERM

# measure ALGORITHM OPTION...: leaves the CSV of these runs in $made. A violation (status 3) is a
# result here; anything else that goes wrong ends the script.
measure() {
  algorithm=$1
  shift
  status=0
  sockbufsim run "$scenario" --set "receive.algorithm=$algorithm" --set 'expect=[]' \
    --replications 5 "$@" --out csv:- >"$made" || status=$?
  [ "$status" -eq 0 ] || [ "$status" -eq 3 ] || exit "$status"
}

row() {
  measure "$1"
  steady=$(cat "$made")
  measure "$1" --set "$shutdown" --set duration_ms=20
  {
    printf '%s\n' "$steady"
    sed -n 's/^disturb/shutdown.disturb/p' "$made"
  } | awk -F, -v algorithm="$1" '
    # A mean and its half-width, in units of `unit`.
    function cell(metric, unit, digits) {
      if (!(metric in mean)) return "-"
      return sprintf("%.*f ± %.*f", digits, mean[metric] / unit, digits, half[metric] / unit)
    }
    function busy(core,   metric) {
      metric = "cpus." core ".idle"
      return sprintf("%.1f ± %.1f", 100 * (1 - mean[metric]), 100 * half[metric])
    }
    { mean[$1] = $2; half[$1] = $3 }
    # Of five runs that end 5 ms after the call, the last ones may not see its end.
    function latency(   name, text) {
      name = "shutdown.disturb.shutdown_rd"
      text = cell(name ".latency_ns", 1000, 1)
      if (mean[name ".finished"] >= 1) return text
      return sprintf("at least %s; %d of 5 returned", text, 5 * mean[name ".finished"] + 0.5)
    }
    END {
      printf "| `%s` | %s | %s | %s | %s | %s | %s |\n", algorithm,
        cell("throughput.goodput_gbps", 1, 2), busy(1), busy(0),
        cell("locks.so_rcv.contended_fraction", 0.01, 2),
        cell("locks.so_rcv.wait_ns.total", 1000000, 3), latency()
    }'
}

echo '| algorithm | goodput, Gb/s | reader core busy, % | interrupt core busy, % | so_rcv contended, % | waited for so_rcv, ms | shutdown(SHUT_RD), µs |'
echo '|---|---|---|---|---|---|---|'
list=$(sockbufsim list algorithms)
for algorithm in $(printf '%s\n' "$list" | awk '/^  [a-z_]+ / { print $1 }'); do
  row "$algorithm"
done
