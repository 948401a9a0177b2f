# SPDX-License-Identifier: MIT
# Wakes on another CPU, drawn as latency.gp draws switches, with which they never share an axis.
NAME = "wakes"
load "latency.gp"
