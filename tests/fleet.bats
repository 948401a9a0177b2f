#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bench/fleet for real: through Slurm, whose daemons all run on this machine, and through sshd on loopback. Everything lives in
# a directory of its own, on ports of its own, and ends with the test. What is asserted is who answered, never what.

load helper

short=(--only 'impl=uthread-jmp bench=switch' --trials 1 --quiet)

setup() {
	[ -x "$root/build/ctxbench" ] || skip "build/ctxbench is not built"
	work=$BATS_TEST_TMPDIR
	made_run_sshd=
}

teardown() {
	for file in "$work"/*.pid; do
		[ ! -s "$file" ] || kill "$(cat "$file")" 2>/dev/null || true
	done
	for file in "$work"/*.pid; do
		for _ in {1..50}; do
			kill -0 "$(cat "$file" 2>/dev/null)" 2>/dev/null || break
			sleep 0.1
		done
		kill -9 "$(cat "$file" 2>/dev/null)" 2>/dev/null || true
	done
	[ -z "$made_run_sshd" ] || rmdir /run/sshd || true
}

needs_root() {
	[ "$(id -u)" -eq 0 ] || skip "daemons of other nodes are started by root only"
}

# Ports that nobody listens on: found all at once, so that they are different.
free_ports() {
	perl -MIO::Socket::INET -e 'print join(" ", map { $_->sockport } map { IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") } 1 .. shift)' "$1"
}

# eventually SECONDS COMMAND...: until it holds.
eventually() {
	for ((i = 0; i < 20 * $1; i++)); do
		! "${@:2}" || return 0
		sleep 0.05
	done
	echo "in vain: ${*:2}"
	return 1
}

# -- Slurm

start_slurm() {
	host=$(uname -n | cut -d . -f 1)
	read -r controller first second <<<"$(free_ports 3)"
	mkdir "$work/state" "$work/spool-n1" "$work/spool-n2"
	(umask 077 && head -c 128 /dev/urandom >"$work/munge.key")
	munged --force --key-file "$work/munge.key" --socket "$work/munge" --pid-file "$work/munge.pid" --log-file "$work/munge.log" \
		--seed-file "$work/munge.seed" --num-threads 2 2>/dev/null
	cat >"$work/slurm.conf" <<-END
		ClusterName=ctxbench
		SlurmctldHost=$host(127.0.0.1)
		SlurmctldPort=$controller
		SlurmUser=root
		AuthType=auth/munge
		CredType=cred/munge
		AuthInfo=socket=$work/munge
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		MpiDefault=none
		SelectType=select/linear
		ReturnToService=2
		SlurmdTimeout=2
		MessageTimeout=2
		TCPTimeout=1
		SchedulerParameters=sched_min_interval=1
		KillWait=1
		StateSaveLocation=$work/state
		SlurmdSpoolDir=$work/spool-%n
		SlurmdPidFile=$work/%n.pid
		SlurmctldPidFile=$work/slurmctld.pid
		SlurmctldLogFile=$work/slurmctld.log
		SlurmdLogFile=$work/%n.log
		AccountingStorageType=accounting_storage/none
		JobCompType=jobcomp/none
		NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$first CPUs=$(nproc) State=UNKNOWN
		NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$second CPUs=$(nproc) State=UNKNOWN
		PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
	END
	export SLURM_CONF=$work/slurm.conf
	unset SLURM_JOB_ID
	slurmctld -f "$SLURM_CONF"
	slurmd -N n1 -f "$SLURM_CONF"
	slurmd -N n2 -f "$SLURM_CONF"
	eventually 15 idle n1 n2
}

idle() {
	for node in "$@"; do
		[ "$(sinfo --noheader --Node --nodes="$node" --format %t 2>/dev/null)" = idle ] || return 1
	done
}

# The tasks of a node, by what Slurm has told them.
tasks_of() {
	grep -lz "^SLURMD_NODENAME=$1\$" /proc/[0-9]*/environ 2>/dev/null | cut -d / -f 3
}

measures_on() {
	for task in $(tasks_of "$1"); do
		[ "$(cat "/proc/$task/comm" 2>/dev/null)" != ctxbench ] || return 0
	done
	return 1
}

# As when its power goes: slurmd, its steps (they have its log open) and what they run, all at once.
lose() {
	logging=$(find /proc/[0-9]*/fd -lname "$work/$1.log" 2>/dev/null | cut -d / -f 3 | sort -u)
	# shellcheck disable=SC2046,SC2086
	kill -9 $logging $(tasks_of "$1") 2>/dev/null || true
	rm -f "$work/$1.pid"
}

@test "through Slurm: a node that is lost is missing, is not tried again unasked, and comes back with --resume" {
	needs munged slurmctld slurmd srun sinfo
	needs_root
	start_slurm
	"$root/bench/fleet" --out "$work/out" --node-dir "$work" --slurm --partition=all -- "${short[@]}" --trials 6 >"$work/said" 2>"$work/progress" &
	fleet=$!
	eventually 20 measures_on n2
	lose n2
	scontrol update nodename=n2 state=down reason="lost its power" # slurmctld finds that out itself, ten seconds later
	status=0
	wait $fleet || status=$?
	cat "$work/said" "$work/progress"
	[ "$status" -eq 1 ]
	[ "$(head -n 1 "$work/said")" = "2 nodes asked: 1 whole, 1 silent (n2)" ]
	[ "$(key complete "$work/out/n1.txt")" = yes ]
	[ ! -e "$work/out/n2.txt" ]
	[ -s "$work/out/n2.log" ]
	grep -qF '[2/2] ' "$work/progress"
	grep -qE '^\[./2\] n1: whole, ' "$work/progress"
	grep -qE '^\[./2\] n2: lost: ' "$work/progress"
	[ "$(wc -l <"$work/out/fleet.log")" -eq 2 ]
	grep -qE "^-	n2	1	-	-	-	-	-	-	silent: no result came	not whole$" "$work/out/fleet.tsv"

	slurmd -N n2 -f "$SLURM_CONF"
	eventually 15 idle n2
	cp "$work/out/n1.txt" "$work/n1.before"
	run "$root/bench/fleet" --resume "$work/out"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"2 nodes asked: 2 whole"* ]]
	cmp "$work/out/n1.txt" "$work/n1.before"
	[ -s "$work/out/n2.try1.log" ]
	[ "$(cut -f 2 "$work/out/fleet.log" | sort | uniq -c | tr -s ' \n' ' ')" = " 1 n1 2 n2 " ]
	# what was unpacked on the nodes is gone from there, but for what a node that lost its power could not remove
	[ "$(find "$work" -maxdepth 1 -name 'ctxbench.*' | wc -l)" -eq 1 ]
}

# -- ssh

start_sshd() {
	if [ ! -d /run/sshd ]; then
		mkdir /run/sshd
		made_run_sshd=yes
	fi
	read -r port <<<"$(free_ports 1)"
	ssh-keygen -q -t ed25519 -N '' -f "$work/host"
	ssh-keygen -q -t ed25519 -N '' -f "$work/key"
	"$(command -v sshd)" -f /dev/null -h "$work/host" -p "$port" -E "$work/sshd.log" -o ListenAddress=127.0.0.1 -o UsePAM=no \
		-o AuthorizedKeysFile="$work/key.pub" -o PidFile="$work/sshd.pid" -o StrictModes=no -o PermitRootLogin=yes
	cat >"$work/ssh_config" <<-END
		Host gone
		Port 1
		Host *
		HostName 127.0.0.1
		Port $port
		IdentityFile $work/key
		IdentitiesOnly yes
		BatchMode yes
		StrictHostKeyChecking no
		UserKnownHostsFile $work/known
		LogLevel ERROR
	END
	eventually 5 test -s "$work/sshd.pid"
	ssh -F "$work/ssh_config" n1 true || skip "root may not log in here: $(tail -n 1 "$work/sshd.log")"
}

@test "through ssh and GNU parallel: a host that does not answer is missing, and the programs travel with their libraries" {
	needs sshd ssh ssh-keygen parallel
	needs_root
	start_sshd
	printf '# three hosts\nssh -F %s n1\n\n1/ssh -F %s n2 # by the same sshd\nssh -F %s gone\n' "$work/ssh_config"{,,} >"$work/hosts"
	run "$root/bench/fleet" --out "$work/out" --node-dir "$work" --ssh "$work/hosts" -- "${short[@]}"
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"3 nodes asked: 2 whole, 1 silent (gone)"* ]]
	[[ $output == *"gone: lost: "* ]]
	[[ $output == *"/fleet --resume $work/out"* ]]
	[ "$(key complete "$work/out/n1.txt")" = yes ]
	[ "$(key complete "$work/out/n2.txt")" = yes ]
	[ -z "$(find "$work" -maxdepth 1 -name 'ctxbench.*')" ]
	# every library but libc's own is in the bundle, and found there
	mkdir "$work/bundle"
	tar xzf "$work/out/bundle.tar.gz" -C "$work/bundle"
	ldd "$work/bundle/ctxbench" | grep -F "libhwloc.so" | grep -qF "$work/bundle/lib/"
	[ -z "$(find "$work/bundle/lib" -name 'libc.so*')" ]
}
