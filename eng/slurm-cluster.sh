#!/bin/bash
# A Slurm of its own with two nodes on this machine, for tests: eng/slurm-cluster.sh start FOLDER [LINE...] | stop FOLDER
# Each LINE goes to slurm.conf. A node has one processor and a GPU that is none; the partition main has both nodes, few has one.
# start prints nothing and returns when both nodes are idle; then SLURM_CONF=FOLDER/slurm.conf lets sbatch, squeue and scontrol find it.
# Needs root, and Debian's packages slurm-wlm and munge. Nothing outside FOLDER is written; its processes are ended by stop.
set -euo pipefail
action=$1 folder=$2
stop() {
    local pid
    # Their numbers are read before the first one ends, which takes its file along.
    for pid in $(cat "$folder"/*.pid 2>/dev/null); do
        kill "$pid" 2>/dev/null || continue
        for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || continue 2; sleep 0.1; done
        kill -9 "$pid" 2>/dev/null || true
    done
}
if [ "$action" = stop ]; then stop; exit; fi

mkdir -p "$folder/state" "$folder/spool-a" "$folder/spool-b" "$folder/munge"
host=$(hostname -s) memory=$(awk '/MemTotal/ { print int($2 / 1024 * 0.4) }' /proc/meminfo)
# Three ports beside one another by the folder's name, below those that the system gives to whoever asks.
port=$((20000 + $(cksum <<<"$folder" | cut -d ' ' -f 1) % 12000))
cat >"$folder/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
SlurmctldPort=$port
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool-%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd-%n.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SchedulerType=sched/backfill
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
GresTypes=gpu
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
MailProg=/bin/true
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=10000,bf_interval=1
KillWait=2
RequeueExit=137
ReturnToService=1
MinJobAge=300
SlurmdTimeout=20
SwitchType=switch/none
NodeName=a NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=1 RealMemory=$memory Gres=gpu:1 State=UNKNOWN
NodeName=b NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=1 RealMemory=$memory Gres=gpu:1 State=UNKNOWN
PartitionName=main Nodes=a,b Default=YES MaxTime=INFINITE State=UP
PartitionName=few Nodes=b MaxTime=30 State=UP
CONF
[ $# = 2 ] || printf '%s\n' "${@:3}" >>"$folder/slurm.conf"
printf 'NodeName=%s Name=gpu File=%s\n' a /dev/null b /dev/zero >"$folder/gres.conf"
export SLURM_CONF=$folder/slurm.conf
head -c 1024 /dev/urandom >"$folder/munge/key"
chmod 700 "$folder/munge/key"
chmod 755 "$folder/munge"
# Its own folders' owner is not munge's usual one: --force takes that.
munged --force --socket="$folder/munge/socket" --key-file="$folder/munge/key" --pid-file="$folder/munged.pid" \
    --log-file="$folder/munge/log" --seed-file="$folder/munge/seed" >"$folder/start.log" 2>&1
slurmctld >>"$folder/start.log" 2>&1
for node in a b; do slurmd -N $node >>"$folder/start.log" 2>&1; done
for _ in $(seq 100); do
    [ "$(sinfo --noheader --Node --partition=main --format=%t 2>/dev/null | grep -c idle)" = 2 ] && exit
    sleep 0.1
done
cat "$folder/start.log" >&2
tail -n 5 "$folder"/slurm*.log >&2
stop
exit 1
