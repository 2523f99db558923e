#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Makes a capture for traffic.kind "pcap": two network namespaces, a veth pair between them, iperf3 from one
# to the other, tcpdump on the receiving side. Needs root, iproute2, ethtool, iperf3 and tcpdump.
#
# usage: make-capture.sh OUTPUT.pcap [RATE [BYTES]]
#   RATE   what iperf3 is told to send, default 2G (bits a second)
#   BYTES  how much of it, default 8M
set -eu

out=${1:?usage: make-capture.sh OUTPUT.pcap [RATE [BYTES]]}
rate=${2:-2G}
bytes=${3:-8M}
sender=cap_tx_$$
receiver=cap_rx_$$
server_pid=
dump_pid=

cleanup() {
  [ -z "$dump_pid" ] || kill "$dump_pid" 2>/dev/null || true
  [ -z "$server_pid" ] || kill "$server_pid" 2>/dev/null || true
  ip netns del "$sender" 2>/dev/null || true
  ip netns del "$receiver" 2>/dev/null || true
}
trap cleanup EXIT
trap 'exit 1' HUP INT TERM

ip netns add "$sender"
ip netns add "$receiver"
ip link add tx0 netns "$sender" type veth peer name rx0 netns "$receiver"
ip -n "$sender" address add 192.0.2.1/24 dev tx0
ip -n "$receiver" address add 192.0.2.2/24 dev rx0
ip -n "$sender" link set tx0 up
ip -n "$receiver" link set rx0 up

# One frame must be one packet of the wire's size: no segmentation or receive offload.
ip netns exec "$sender" ethtool -K tx0 tso off gso off gro off >/dev/null
ip netns exec "$receiver" ethtool -K rx0 tso off gso off gro off >/dev/null

ip netns exec "$receiver" iperf3 --server --one-off >/dev/null 2>&1 &
server_pid=$!
ip netns exec "$receiver" tcpdump -i rx0 -s 96 -B 16384 --time-stamp-precision=nano -w "$out" \
  'tcp and dst host 192.0.2.2' 2>/dev/null &
dump_pid=$!
sleep 2

ip netns exec "$sender" iperf3 --client 192.0.2.2 --bitrate "$rate" --bytes "$bytes" >/dev/null
sleep 1
kill -INT "$dump_pid"
wait "$dump_pid" || true
dump_pid=
ls -l "$out"
