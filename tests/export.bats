#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Result files for other programs: all that a file says arrives, whatever bytes it is made of; and one that tells nobody
# whose it was.

setup() {
	root=$BATS_TEST_DIRNAME/..
	ctxbench=$root/build/ctxbench
	cd "$BATS_TEST_TMPDIR" || return
	printf '%s\n' 'ctxbench: 1' 'complete: yes' 'host: box7.lab.example.org' 'kernel: 6.1' \
		'note: a "quoted", comma-ed \ text' 'Unit ns/op better=lower' \
		'BenchmarkMode/impl=null/wait=none/policy=batch/place=same-pu/call=null 1000 1.25 ns/op 0.1 min-ns 1e+100 big' \
		'Samples/Mode/impl=null/wait=none/policy=batch/place=same-pu/call=null 10 1.5 ns/op 1.25 ns/op' \
		'Invalid/Mode/impl=lwp 5 2 ns/op reason="killed by \"SIGSEGV\", twice"' \
		'Missing/Wake/impl=lwp reason="one CPU"' \
		'Histogram/Latency/impl=lwp unit=ns sub=128 tick=1 n=3 sum=7 min=2 max=3 2:2 3:1' >a.txt
	printf 'ctxbench: 1\nkernel: 6.2\nbytes: \303\251 \377 \355\240\200 "\\\n' >b.txt
	printf 'BenchmarkMode/impl=n\377l 1 2 ns/op\n' >>b.txt
}

# Perl's own JSON reader takes only what is valid, and UTF-8.
from_json() {
	perl -MJSON::PP -0777 -e 'binmode STDIN; my $d = decode_json(<STDIN>); binmode STDOUT, ":utf8"; '"$1" <"$2"
}

has_json() {
	perl -MJSON::PP -e 1 2>/dev/null || skip "no JSON::PP (comes with perl)"
}

@test "JSON has every key, unit and line" {
	has_json
	"$ctxbench" export --json a.txt b.txt >out.json
	run from_json 'my ($a, $b) = @{$d->{machines}}; my @r = @{$a->{results}};
		print join("|", $a->{keys}{note}, $a->{units}{"ns/op"}, scalar(@r), map({$_->{kind}} @r)), "\n";
		print join("|", @{$r[0]}{qw(name bench impl wait policy place points row n)}, $r[0]{values}{"min-ns"}, $r[0]{values}{big}), "\n";
		print join("|", map({@$_} @{$r[1]{samples}}), $r[2]{reason}, $r[3]{reason}, map({@$_} @{$r[4]{bars}}), $r[4]{sum}), "\n";
		print $b->{machine}, $b->{file}, $b->{keys}{kernel}, "\n"' out.json
	echo "$output"
	[ "${lines[0]}" = 'a "quoted", comma-ed \ text|better=lower|5|trial|samples|invalid|missing|histogram' ]
	[ "${lines[1]}" = 'Mode/impl=null/wait=none/policy=batch/place=same-pu/call=null|mode|null|none|batch|same-pu|call=null|7|1000|0.1|1e+100' ]
	[ "${lines[2]}" = '1.5|ns/op|1.25|ns/op|killed by "SIGSEGV", twice|one CPU|2|2|3|1|7' ]
	[ "${lines[3]}" = 2b.txt6.2 ]
}

@test "JSON is valid for any bytes: what is no text becomes the replacement character" {
	has_json
	"$ctxbench" export --json b.txt >out.json
	run from_json 'my $m = $d->{machines}[0]; print join(",", map { sprintf "%x", ord } split //, $m->{keys}{bytes}), "\n";
		print sprintf("%x", ord(substr($m->{results}[0]{impl}, 1, 1)))' out.json
	echo "$output"
	[ "${lines[0]}" = e9,20,fffd,20,fffd,fffd,fffd,20,22,5c ]
	[ "${lines[1]}" = fffd ]
}

@test "CSV: one line a key and value, quoted where RFC 4180 wants it" {
	"$ctxbench" export --csv a.txt -o out.csv
	[ "$(wc -l <out.csv)" -eq "$(grep -c $'\r$' out.csv)" ]
	# head, 5 keys, a unit, 3 values, 2 samples, an invalid one, a missing one, 2 bars
	[ "$(wc -l <out.csv)" -eq 16 ]
	grep -qxF $'1,a.txt,key,note,,,,,,,,,,,"a ""quoted"", comma-ed \\ text"\r' out.csv
	grep -qxF $'1,a.txt,invalid,Mode/impl=lwp,mode,lwp,,,,,9,5,2,ns/op,"killed by ""SIGSEGV"", twice"\r' out.csv
	grep -qxF $'1,a.txt,missing,Wake/impl=lwp,wake,lwp,,,,,10,0,,,one CPU\r' out.csv
	grep -qxF $'1,a.txt,histogram,Latency/impl=lwp,latency,lwp,,,,,11,2,2,ns,\r' out.csv
}

@test "SQLite: machines and results, joined" {
	run "$ctxbench" export --sqlite a.txt b.txt -o out.db
	if [ "$status" -eq 69 ]; then
		[[ $output == *"not built with sqlite"* ]]
		[ ! -e out.db ]
		skip "built without libsqlite3"
	fi
	[ "$status" -eq 0 ]
	[ "$(head -c 15 out.db)" = "SQLite format 3" ]
	command -v sqlite3 >/dev/null || skip "no sqlite3 to ask"
	[ "$(sqlite3 out.db 'SELECT count(*) FROM machines')" -eq 8 ]
	[ "$(sqlite3 out.db 'SELECT count(*) FROM results')" -eq 10 ]
	[ "$(sqlite3 out.db "SELECT m.value, r.value, r.points FROM results r JOIN machines m USING (machine)
		WHERE m.key = 'kernel' AND r.unit = 'ns/op' AND r.kind = 'trial' ORDER BY 1" | head -n 1)" = "6.1|1.25|call=null" ]
	[ "$(sqlite3 out.db "SELECT reason, value IS NULL FROM results WHERE kind = 'missing'")" = "one CPU|1" ]
}

@test "a real file: as many results as lines, in all forms" {
	file=$(ls "$root"/results/*/full.txt | head -n 1)
	[ -n "$file" ] || skip "no full run is committed"
	values=$(awk '/^(Benchmark|Invalid)/ { sub(/ reason=".*/, ""); n += NF > 2 ? int((NF - 2) / 2) : 1 }
		/^Missing/ { n++ } /^Histogram/ { for (i = 3; i <= NF; i++) n += $i ~ /^[0-9.e+]+:/ } END { print n }' "$file")
	[ "$("$ctxbench" export --csv "$file" | grep -cvE '^1,[^,]*,(key|unit),|^machine,')" -eq "$values" ]
	has_json
	"$ctxbench" export --json "$file" >out.json
	run from_json 'print scalar @{$d->{machines}[0]{results}}' out.json
	[ "$output" -le "$(grep -cE '^(Benchmark|Invalid|Missing|Histogram)' "$file")" ]
	[ "$output" -ge "$(grep -cE '^(Benchmark|Invalid|Missing)' "$file")" ]
}

@test "what is wrong is said before anything is written" {
	echo old >out
	is_refused() {
		run "$ctxbench" "${@:3}"
		echo "$output"
		[ "$status" -eq "$1" ]
		[ "$output" = "ctxbench: $2" ]
		[ "$(cat out)" = old ]
	}
	is_refused 2 "export: one of --json, --csv and --sqlite was expected" export a.txt
	is_refused 2 "export: one of --json, --csv and --sqlite was expected" export --sqlite --csv a.txt
	is_refused 2 "export: result files were expected" export --json
	is_refused 2 "absent: cannot be read: No such file or directory, expected a result file" export --json a.txt absent -o out
	is_refused 2 "--out absent/x: No such file or directory" export --json a.txt -o absent/x
	is_refused 2 "anonymise: one result file was expected" anonymise -o out
	is_refused 2 "anonymise: -o FILE was expected" anonymise a.txt
	echo cut >cut.txt
	run "$ctxbench" anonymise cut.txt -o out
	[ "$status" -eq 2 ]
	[ "$(cat out)" = old ]
	[ -z "$(ls ./*.tmp 2>/dev/null)" ]
}

# -- anonymise

personal() {
	sed -e 's|^kernel: .*|&\ncgroup: v2 /user.slice/user-1000.slice cpu:/\ncmdline: root=/dev/mapper/box7-root quiet vm.box7.x=1|' \
		-e 's|^note: .*|note: -I/home/jane/inc -L~/lib by jane@box7.lab.example.org on box7, not box70; janet, jane. /proc/1 /sys/x|' \
		-e 's|reason="one CPU"|reason="123e4567-e89b-12d3-a456-426614174000 00:1a:2b:3c:4d:5e 192.168.1.20 1.2.3 of switches/op"|' a.txt
}

@test "anonymise takes hosts, users, paths, serial numbers and addresses out, says so, and nothing else" {
	personal >p.txt
	"$ctxbench" anonymise p.txt -o q.txt 2>said
	cat said q.txt
	! grep -E 'box7\.lab|jane[@ .]|/home|/user|/dev|192\.168|123e4567|00:1a' q.txt
	grep -qx 'host: anonymous' q.txt
	grep -qx 'cgroup: v2 PATH cpu:/' q.txt
	grep -qx 'cmdline: root=PATH quiet vm.box7.x=1' q.txt
	grep -qxF 'note: -IPATH -LPATH by anonymous on anonymous, not box70; janet, anonymous. /proc/1 /sys/x' q.txt
	grep -qxF 'Missing/Wake/impl=lwp reason="anonymous anonymous anonymous 1.2.3 of switches/op"' q.txt
	grep -qx "removed: host 'box7.lab.example.org'" said
	grep -qx "removed: path '/home/jane/inc'" said
	[ "$(grep -c '^removed: ' said)" -eq 11 ]
	diff <(grep -E '^(Bench|Samples|Hist|Unit|Invalid|kernel)' p.txt) <(grep -E '^(Bench|Samples|Hist|Unit|Invalid|kernel)' q.txt)
}

# becomes KEY BEFORE AFTER: such a line, in a file of web01's.
becomes() {
	printf 'ctxbench: 1\nhost: web01.dc.example.net\nhomes: /home/alice/x ~bob/x\nboard-serial: XK99\n%s: %s\n' "$1" "$2" >p.txt
	"$ctxbench" anonymise p.txt -o q.txt 2>/dev/null
	tail -n 1 q.txt
	[ "$(tail -n 1 q.txt)" = "$1: $3" ]
	"$ctxbench" anonymise q.txt -o r.txt 2>said
	[ "$(cat said)" = "removed: nothing, there was nothing to remove" ]
	cmp q.txt r.txt
}

@test "anonymise finds names in longer words, in other case and with a domain" {
	becomes kernel "6.1.0-web01" "6.1.0-anonymous"
	becomes kernel "6.1.0-web01-lts" "6.1.0-anonymous-lts"
	becomes note "WEB01, ALICE's, Bob and XK99" "anonymous, anonymous's, anonymous and anonymous"
	becomes note "on WEB01.corp.example.com." "on anonymous."
	becomes note "of dc.example.net" "of anonymous"
}

@test "anonymise finds addresses of every form, identities of machines, and paths of every kind" {
	becomes note "fe80::1ff:fe23:4567:890a%eth0, [2001:db8::7]:22" "anonymous, [anonymous]:22"
	becomes note "2001:db8:0:0:0:0:0:9/64." "anonymous/64."
	becomes note "00-1a-2b-3c-4d-5e" anonymous
	becomes note "0123456789abcdef0123456789abcdef" anonymous
	becomes note '~bob/x C:\Users\dave\x, Dave' "PATH PATH, anonymous"
}

@test "anonymise takes the values of keys whose last part speaks of who it is" {
	becomes board.baseboard-serial 12 anonymous
	becomes login-name carol anonymous
	becomes machine-uuid 7 anonymous
}

@test "anonymise leaves what is nobody's" {
	for line in "-O2 -g1 -std=gnu11 -D_GNU_SOURCE -falign-functions=64" "glibc 2.36" 0x1000065 d411752963ae-dirty \
		0123456789abcdef0123456789abcdef01234567 "6.1.0-56-cloud-amd64" "vm.max_map_count=1 web01.max_x=1 web012 malice" \
		"::1 :: std::bad 12:30:00 0000:00:1f.3 2026-01-01T00:00:00Z" "10-11-12 0,1-3 ~5/x a \\ b"; do
		becomes x "$line" "$line"
	done
	becomes users-most 5 5
	becomes serialised yes yes
}

@test "anonymised twice is the same, and there was nothing left to remove" {
	personal >p.txt
	"$ctxbench" anonymise p.txt -o q.txt 2>/dev/null
	run "$ctxbench" anonymise q.txt -o r.txt
	echo "$output"
	[ "$output" = "removed: nothing, there was nothing to remove" ]
	cmp q.txt r.txt
}

@test "a real file without its owner still reads and compares" {
	file=$(ls "$root"/results/*/full.txt | head -n 1)
	[ -n "$file" ] || skip "no full run is committed"
	for each in "$root"/results/*/*.txt "$file"; do
		"$ctxbench" anonymise "$each" -o q.txt 2>/dev/null
		[ "$(diff "$each" q.txt | grep '^>')" = "> host: anonymous" ]
	done
	diff <("$ctxbench" table "$file" | sed 1s/^[^:]*//) <("$ctxbench" table q.txt | sed 1s/^[^:]*//)
	run "$ctxbench" compare "$file" q.txt
	[ "$status" -eq 0 ]
}
