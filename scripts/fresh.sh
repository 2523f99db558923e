#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# fresh.sh bookworm|trixie: does what the README tells a newcomer to do, in a Debian that holds
# nothing but its base system, git and ca-certificates. Needs root and debootstrap.
#
# The bare system is kept as build/fresh/NAME.tar.gz for the next time; the log is
# build/fresh/NAME.log. The chroot is removed after success and kept after a failure.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
name=${1:-}
case $name in
  bookworm | trixie) ;;
  *)
    echo "fresh: say which Debian: bookworm (12) or trixie (13)" >&2
    exit 2
    ;;
esac
[ "$(id -u)" -eq 0 ] || {
  echo "fresh: needs root, for chroot and mount" >&2
  exit 2
}

work=$root/build/fresh
tree=$work/$name
tarball=$work/$name.tar.gz
log=$work/$name.log
mkdir -p "$work"

say() { printf '%s\n' "fresh $name: $*"; }
# Ends what still runs in the chroot (nothing, unless interrupted), so that /proc can go.
stop_inside() {
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/root" 2>/dev/null)" != "$tree" ] ||
      kill -KILL "${process#/proc/}" 2>/dev/null || true
  done
}
unmount() {
  stop_inside
  for mounted in "$tree/dev/pts" "$tree/proc"; do
    while mountpoint -q "$mounted"; do umount "$mounted" || umount -l "$mounted"; done
  done
}
remove_tree() {
  unmount
  rm -rf --one-file-system "$tree"
}
child=
end_with_children() {
  for process in $(cat "/proc/$1/task/$1/children" 2>/dev/null || true); do
    (end_with_children "$process")
  done
  kill "$1" 2>/dev/null || true
}
stop() {
  [ -z "$child" ] || end_with_children "$child"
  exit "$1"
}
trap unmount EXIT
trap 'stop 130' INT
trap 'stop 143' TERM HUP

exec 9>"$work/$name.lock"
flock -n 9 || {
  say "another run is at work in $tree" >&2
  trap - EXIT
  exit 2
}

# The archive this machine's own apt uses: the first one that is Debian proper.
mirror() {
  # shellcheck disable=SC2016 # apt's variables, not the shell's
  apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' |
    while read -r uri codename component; do
      case $uri:$codename:$component in
        *-security/*) ;;
        http*:*-updates:* | http*:*-backports:* | http*:*-security:*) ;;
        http*:bookworm:main | http*:trixie:main | http*:sid:main | http*:forky:main)
          printf '%s\n' "$uri"
          break
          ;;
      esac
    done
}

# Proxies and the like; not the hooks and tools that only this machine has.
apt_settings() {
  apt-config dump | grep -E '^Acquire::(https?|ftp|Retries|Check-Valid-Until|Check-Date)\b' |
    grep -v -i -e 'Auto-\{0,1\}Detect' || true
}

# step LABEL COMMAND...: runs the command with its output in the log and reports.
failed=0
step() {
  label=$1
  shift
  began=$(date +%s)
  printf '\n=== %s\n' "$label" >>"$log"
  # In the background, for a shell acts on a signal only when it is not waiting for a command.
  "$@" >>"$log" 2>&1 </dev/null 9>&- &
  child=$!
  status=0
  wait "$child" || status=$?
  child=
  if [ "$status" -eq 0 ]; then
    say "passed  $label  ($(($(date +%s) - began)) s)"
  else
    say "FAILED  $label  (status $status, $(($(date +%s) - began)) s); the end of $log:"
    tail -n 40 "$log"
    failed=1
    return 1
  fi
}

inside() {
  chroot "$tree" /usr/bin/env -i HOME=/root TERM=dumb LC_ALL=C.UTF-8 \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    ${http_proxy:+"http_proxy=$http_proxy"} ${https_proxy:+"https_proxy=$https_proxy"} \
    /bin/sh -c "cd /root/sockbufsim && $1"
}

bootstrap() {
  uri=$(mirror)
  [ -n "$uri" ] || {
    echo "apt names no Debian archive here"
    return 1
  }
  remove_tree
  debootstrap --variant=minbase --include=git,ca-certificates "$name" "$tree" "$uri" || return 1
  apt_settings >"$tree/etc/apt/apt.conf.d/90fresh"
  unmount
  rm -f "$tree"/var/cache/apt/archives/*.deb
  tar -C "$tree" --one-file-system -czf "$tarball.part" . && mv "$tarball.part" "$tarball"
}

unpack() {
  remove_tree
  mkdir -p "$tree"
  tar -C "$tree" -xzf "$tarball"
  # The network may have changed since the tarball was made.
  cp -L /etc/resolv.conf /etc/hosts "$tree/etc/"
}

clone() {
  commit=$(git -c safe.directory='*' -C "$root" rev-parse HEAD)
  git -c safe.directory='*' clone --quiet --no-local "$root" "$tree/root/sockbufsim" &&
    git -C "$tree/root/sockbufsim" checkout --quiet --detach "$commit"
}

: >"$log"
[ -z "$(git -c safe.directory='*' -C "$root" status --porcelain)" ] ||
  say "note: the clone holds HEAD, not what is uncommitted here"
if [ ! -f "$tarball" ]; then step "debootstrap" bootstrap || exit 1; fi
step "unpack the bare system" unpack || exit 1
mount -t proc proc "$tree/proc"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$tree/dev/pts" # terminals, for a test
step "git clone" clone || exit 1
step "./dev run scenarios/10g-generic.json" inside './dev run scenarios/10g-generic.json' || true
step "./dev test" inside './dev test' || true
step "./dev run again" inside './dev run scenarios/10g-generic.json' || true
warnings=$(grep -c ': warning: ' "$log" || true)
[ "$warnings" -eq 0 ] || say "note: $warnings compiler warnings in the log"
sed -n '/^[0-9]*% tests passed/p;/^Total Test time/p' "$log" | sed "s/^/fresh $name: /"
[ "$failed" -eq 0 ] || exit 1
remove_tree
say "all passed"
