// SPDX-License-Identifier: GPL-2.0 OR MIT
/* What harness/cell/impl.h asks of the C library's header of this name, where there is no C library. */
#include <linux/types.h>
