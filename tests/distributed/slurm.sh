#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# slurm.sh PROGRAM STUDY: a sweep as an array job of a real Slurm (munged, slurmctld and slurmd of
# this machine alone, all state in a directory of their own) gives the rows of one process.
. "$(dirname "$0")/common.sh"

end_daemons() {
  for daemon in slurmd slurmctld munged; do
    pid=$(cat "$here/$daemon.pid" 2>/dev/null) || continue
    kill "$pid" 2>/dev/null || continue
    tries=50
    while kill -0 "$pid" 2>/dev/null && [ "$tries" -gt 0 ]; do
      sleep 0.1
      tries=$((tries - 1))
    done
    kill -9 "$pid" 2>/dev/null || true
  done
}

finish() {
  status=$?
  end_daemons
  if [ "$status" -ne 0 ] && [ "$status" -ne 77 ]; then
    tail -n 20 "$here"/*.log >&2 || true
  fi
  rm -rf "$here"
  exit "$status"
}
trap finish EXIT

need munged slurmctld slurmd sbatch sinfo scancel
[ "$(id -u)" -eq 0 ] || {
  echo "skipped: slurmd needs root" >&2
  exit 77
}

write_config() {
  node=$(hostname -s)
  port=$((20000 + $$ % 20000))
  mkdir "$here/state" "$here/spool"
  cat >"$here/slurm.conf" <<END
ClusterName=sockbufsim
SlurmctldHost=$node(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$here/munge.socket
CredType=cred/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SwitchType=switch/none
StateSaveLocation=$here/state
SlurmdSpoolDir=$here/spool
SlurmctldPidFile=$here/slurmctld.pid
SlurmdPidFile=$here/slurmd.pid
SlurmctldLogFile=$here/slurmctld.log
SlurmdLogFile=$here/slurmd.log
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/none
ReturnToService=2
SlurmdParameters=config_overrides
NodeName=$node NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=test Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
  export SLURM_CONF="$here/slurm.conf"
  # None of this uses control groups, which a container may not have: newer releases (Debian 13)
  # can be told so, older ones stop only where they have to find out which kind there is.
  release=$(slurmd -V | sed 's/^[^ ]* //')
  if [ "${release%%.*}" -ge 24 ]; then
    echo 'CgroupPlugin=disabled' >"$here/cgroup.conf"
  else
    echo 'CgroupPlugin=cgroup/v1' >"$here/cgroup.conf"
  fi
}

start_daemons() {
  dd if=/dev/urandom of="$here/munge.key" bs=128 count=1 2>/dev/null
  chmod 600 "$here/munge.key"
  munged --force --key-file="$here/munge.key" --socket="$here/munge.socket" \
    --pid-file="$here/munged.pid" --log-file="$here/munged.log" --seed-file="$here/munge.seed"
  slurmctld -f "$here/slurm.conf"
  slurmd -f "$here/slurm.conf" -N "$node"
  tries=100
  until sinfo -h -t idle -o %D 2>/dev/null | grep -q 1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || {
      echo "slurmd did not come up" >&2
      exit 1
    }
    sleep 0.2
  done
}

sweep_whole
write_config
start_daemons
"$program" sweep study.json --store spread.db --jobs 1 --emit slurm --shards 3 >spread.sbatch
sh -n spread.sbatch
sbatch --wait spread.sbatch
cat spread-*.log
"$program" merge spread.db.1-of-3 spread.db.2-of-3 spread.db.3-of-3 --into spread.db
compare spread.db
# Once more: the tasks find that there is nothing left to do.
sbatch --wait spread.sbatch
compare spread.db
