#!/bin/sh
# SPDX-License-Identifier: MIT
# plots/gallery.sh [DIR]: redraws the gallery, every figure from the committed results, into DIR (default plots/gallery).
# What only counters give comes from an emulated machine, whose counts are exact and whose times mean nothing; the fleet is
# made up, and says so.
set -e
root=$(cd "$(dirname "$0")/.." && pwd)
out=${1:-$root/plots/gallery}
draw=$root/build/ctxbench
[ -x "$draw" ] || {
	echo "plots/gallery.sh: build/ctxbench is not built: make" >&2
	exit 69
}
aside=$out.$$
trap 'rm -rf "$aside"' EXIT
cd "$root"
"$draw" figure all results/vm/full.txt -o "$aside"
"$draw" figure counters results/arm64-emulated/switch.txt -o "$aside"
plots/made-up-fleet.sh "$aside/fleet"
"$draw" figure fleet "$aside/fleet" -o "$aside"
mkdir -p "$out"
mv "$aside"/*.svg "$aside"/*.png "$out"
