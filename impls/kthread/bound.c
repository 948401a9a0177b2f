// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * One end of the section in which instances put their pointers; compiled twice and linked first and last. In a program
 * the linker makes these two symbols, but a module is linked relocatable, where it makes none.
 */
#include "harness/cell/impl.h"

__attribute__((section("impls"))) const struct impl *const BOUND[0] = {};
