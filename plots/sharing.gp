# SPDX-License-Identifier: MIT
# The ladder from a process, which shares nothing with its maker, to a thread, which shares everything: a row a rung, drawn as
# ladder.gp draws, whose columns these are, but that the third time is of the start alone.
NAME = "sharing"
THIRD = "start alone"
load "ladder.gp"
