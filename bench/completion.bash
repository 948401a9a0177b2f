# SPDX-License-Identifier: MIT
# For bash: what can follow `ctxbench` on a command line. Verbs and options are read from --help, impls, waits, benches and places from
# `ctxbench list`, cells from `ctxbench plan` or the result files that were named; nothing is written down here twice.

_ctxbench_verbs() {
	"$1" --help 2>/dev/null | awk '/^options of/ { exit } /^  [a-z]/ { print $1 }'
}

# Of all verbs: which verb takes which, --help does not tell word by word.
_ctxbench_options() {
	"$1" --help 2>/dev/null | grep -oE '(^|[^[:alnum:]-])--?[a-z][a-z-]*' | grep -oE -- '-.*' | sort -u
}

_ctxbench_cells() {
	program=$1
	shift
	for word in "$@"; do
		case $word in
		*.txt) [ ! -f "$word" ] || set -- "$@" "//$word" ;;
		esac
	done
	files=()
	for word in "$@"; do
		case $word in
		//*) files+=("${word#//}") ;;
		esac
	done
	if [ ${#files[@]} -gt 0 ]; then
		grep -ahoE '^Benchmark[^ ]+' "${files[@]}" | sed 's/^Benchmark//' | sort -u
	else
		"$program" plan --full --counters none 2>/dev/null | awk '/^[A-Z]/ { print $1 }'
	fi
}

# The values of one key of --only. What a bench's own axes hold is in the cells' names.
_ctxbench_values() {
	case $2 in
	bench) "$1" list benches ;;
	impl) "$1" list impls | grep '^[^ ]' ;;
	kind) "$1" list impls | awk '/^[^ ]/ { print $2 }' ;;
	wait) "$1" list waits ;;
	place) "$1" list places ;;
	*) _ctxbench_cells "$1" | grep -oE "/$2=[^/]+" | cut -d= -f2 ;;
	esac 2>/dev/null | awk '{ print $1 }' | sort -u
}

_ctxbench_keys() {
	printf '%s\n' bench kind
	_ctxbench_cells "$1" | grep -oE '/[a-z-]+=' | tr -d '/=' | sort -u
}

# An expression: 'KEY=VALUE,VALUE KEY=...'; the last word of it is completed, what is before it stays.
_ctxbench_expression() {
	before='' last=$2
	case $last in
	*' '*) before="${last% *} " last=${last##* } ;;
	esac
	case $last in
	*=*,*) before=$before${last%,*}, ;;
	*=*) before=$before${last%%=*}= ;;
	esac
	case $last in
	*=*) _ctxbench_values "$1" "${last%%=*}" | sed "s|^|$before|" ;;
	*) _ctxbench_keys "$1" | sed "s|^|$before|; s|\$|=|" ;;
	esac
}

# What a wrong name is answered with has the right ones: "all, or one of ladder, sharing ... was expected".
_ctxbench_names() {
	case $2 in
	table) "$1" table 2>&1 | sed -n 's/.* or \(.*\) and a result file$/\1/p' ;;
	figure) "$1" figure ' ' none 2>&1 | sed -n 's/.*: all, or one of \(.*\) was expected$/all, \1/p' ;;
	esac | tr -s ', ' '\n'
}

# Prints every word that may stand where word number $2 is, of the line $3...
_ctxbench_words() {
	local program=$1 at=$2 before='' last='' word files
	shift 2
	local current=${!at} previous=
	[ "$at" -le 1 ] || { local i=$((at - 1)) && previous=${!i}; }
	case $previous in
	--only) _ctxbench_expression "$program" "$current" ;;
	--explain) _ctxbench_cells "$program" "$@" ;;
	list) "$program" --help | sed -n '/^  list/,/^  plan/p' | grep -oE '\[[a-z|]+\]|list [a-z-]+$' | tr -d '[]' | sed 's/^list //' | tr '|' '\n' ;;
	--counters) "$program" --help | sed -n '/^  --counters/,/^  --cpus/p' | tr -s ' \n' ' ' | grep -oE '\(.*\)' | tr -d '()' | tr ' ' '\n' ;;
	*)
		if [ "$at" -eq 1 ]; then
			_ctxbench_verbs "$program"
		fi
		[ "$at" -ne 2 ] || _ctxbench_names "$program" "$previous"
		case $current in
		-*) _ctxbench_options "$program" ;;
		esac
		;;
	esac
}

_ctxbench() {
	local current previous words cword IFS=$'\n'
	if declare -F _get_comp_words_by_ref >/dev/null; then
		_get_comp_words_by_ref -n '=:' cur prev words cword # from the package bash-completion
	else
		words=("${COMP_WORDS[@]}") cword=$COMP_CWORD
	fi
	local name=${words[0]##*/}
	case $name in
	ctxbench-*) # the verb of that name
		words=("${words[0]%-*}" "${name#ctxbench-}" "${words[@]:1}")
		cword=$((cword + 1))
		;;
	esac
	current=${words[cword]}
	local quote=${current%%[!\'\"]*}
	words[cword]=${current#"$quote"}
	COMPREPLY=()
	mapfile -t COMPREPLY < <(compgen -W "$(_ctxbench_words "${words[0]}" "$cword" "${words[@]:1}")" -- "${words[cword]}")
	case ${COMPREPLY[0]-} in
	*=) compopt -o nospace ;;
	esac
}

complete -o default -F _ctxbench ctxbench ctxbench-run ctxbench-compare ctxbench-report ctxbench-fleet
