# SPDX-License-Identifier: MIT
# Which impls there are, by wildcard, and what each is built into; included by the Makefile.

# An impl whose head says `// waits: *` is built with every wait, all are with none.
IMPLS   := $(wildcard impls/*.c) $(IMPL)
WAITS   := $(filter-out none,$(basename $(notdir $(wildcard impls/waits/*.c))))
# Its head may also say `// needs: foo.h`, without which it is not built but listed as missing; `// links: -lfoo`: it gets a
# cell program of its own, and so it does where there is a foo.cc beside foo.c; `// jobs: own`: not through instance.c.
name     = $(basename $(notdir $(1)))
HEADS   := $(shell awk 'FNR < 8 && sub("^// ", "") && sub(/^(waits|needs|links|kind|jobs):/, "& ") { \
	for (i = 2; i <= NF; i++) print FILENAME ":" $$1 $$i }' $(IMPLS))
head     = $(patsubst $(2):$(1):%,%,$(filter $(2):$(1):%,$(HEADS)))
waits_of = none $(foreach w,$(call head,waits,$(1)),$(if $(filter %*,$(w)),$(WAITS),$(w)))
cc_of    = $(wildcard $(1:.c=.cc))
hash    := \#
has      = $(shell printf '$(foreach h,$(2),$(hash)if !__has_include(<$(h)>)\n$(hash)error\n$(hash)endif\n)' | \
	$(if $(call cc_of,$(1)),$(CXX) -x c++,$(CC) -x c) $(CFLAGS) -shared -nostdlib -o /dev/null - $(3) 2>/dev/null && echo yes)
lacks    = $(if $(call has,$(1),$(call head,needs,$(1)),$(call head,links,$(1))),,$(1))
ABSENT  := $(foreach i,$(IMPLS),$(if $(call head,needs,$(i)),$(call lacks,$(i))))
BUILT   := $(filter-out $(ABSENT),$(IMPLS))
OWN     := $(foreach i,$(BUILT),$(if $(call head,jobs,$(i)),$(i)))
APART   := $(foreach i,$(BUILT),$(if $(call head,links,$(i))$(call cc_of,$(i)),$(i)))
instances_of = $(if $(filter $(1),$(ABSENT)),$(call name,$(1)).absent,$(if $(filter $(1),$(OWN)),$(call name,$(1)).own,\
	$(foreach w,$(call waits_of,$(1)),$(call name,$(1)).$(w))))
objects_of = $(foreach i,$(1),$(foreach n,$(call instances_of,$(i)),$(B)/instance/$(n).o))
# Other languages: a folder each, whose `build` makes run in $(B)/runtimes/NAME, or says in one line why not.
RUNTIMES := $(patsubst %/runtime.h,%,$(wildcard impls/runtimes/*/runtime.h)) $(RUNTIME)
PROGRAMS := $(foreach r,$(RUNTIMES),$(B)/runtimes/$(notdir $(r)))
FOREIGN  := $(filter-out $(patsubst armv%,arm,$(shell uname -m)),$(CPU))
CELLS   := $(B)/cell $(foreach i,$(APART),$(B)/cell-$(call name,$(i)))

CELL_SRC := $(filter-out $(addprefix harness/cell/,instance.c absent.c conform.c once.c),$(wildcard harness/cell/*.c))
COMMON   := $(CELL_SRC:%.c=$(B)/%.o) $(B)/port.o $(B)/state.o
CELL_OBJ := $(COMMON) $(call objects_of,$(filter-out $(APART),$(IMPLS))) $(patsubst %.c,$(B)/%.o,$(wildcard bench/probes/*.c bench/probes/*/*.c)) \
	$(foreach r,$(RUNTIMES),$(B)/instance/$(notdir $(r)).own.o)

# instance.c once for every impl and wait: the rule is made from the pair's name
INSTANCE = $(CC) $(FLAGS) $(ALIGN) $(DEPEND) -I$(B) -I. -Iimpls -c -o $@ $<
define instance_rule
$(B)/instance/$(2).$(3).o: harness/cell/instance.c $(1) impls/waits/$(3).c $(B)/benches.h $(B)/made-with
	@mkdir -p $$(@D)
	$$(say)$$(INSTANCE) -DIMPL_NAME='"$(2)"' -DWAIT_NAME='"$(3)"' -DIMPL_SOURCE='"$(1)"' -DWAIT_SOURCE='"impls/waits/$(3).c"' \
		-DINLINE_SOURCE='"$(INLINE)"'
endef
define special_rules
$(B)/instance/$(2).own.o: $(1) $(B)/benches.h $(B)/made-with
	@mkdir -p $$(@D)
	$$(say)$$(INSTANCE) -DIMPL_NAME='"$(2)"'
$(B)/instance/$(2).absent.o: harness/cell/absent.c $(1) $(B)/made-with
	@mkdir -p $$(@D)
	$$(say)$$(INSTANCE) -DIMPL_NAME='"$(2)"' -DIMPL_KIND='"$(call head,kind,$(1))"' \
		-DIMPL_NEEDS='"$(if $(call cc_of,$(1)),a C++ compiler with )$(call head,needs,$(1)) $(call head,links,$(1))"'
$(B)/instance/$(2).cc.o: $(call cc_of,$(1)) $(B)/made-with
	@mkdir -p $$(@D)
	$$(say)$$(CXX) $$(CXXFLAGS) $$(ALIGN) $$(DEPEND) -I. -Iimpls -c -o $$@ $$<
$(B)/cell-$(2): $(COMMON) $(call objects_of,$(1)) $(if $(call cc_of,$(1)),$(B)/instance/$(2).cc.o)
	$$(say)$(if $(call cc_of,$(1)),$(CXX),$(CC)) $$(LDFLAGS) $$(TRAVEL) -o $$@ $$^ $(call head,links,$(1)) -pthread
endef
$(foreach i,$(BUILT),$(foreach w,$(call waits_of,$(i)),$(eval $(call instance_rule,$(i),$(call name,$(i)),$(w)))))
$(foreach i,$(sort $(OWN) $(ABSENT) $(APART)),$(eval $(call special_rules,$(i),$(call name,$(i)))))

# what could not be made is tried again each time: its compiler may have come
define runtime_rules
$(B)/instance/$(2).own.o: impls/runtimes/runtime.c $(1)/runtime.h $(B)/benches.h $(B)/made-with
	@mkdir -p $$(@D)
	$$(say)$$(INSTANCE) -DIMPL_NAME='"$(2)"' -DTRAITS_SOURCE='"$(1)/runtime.h"'
$(B)/runtimes/$(2)/made: $(wildcard $(1)/*) $(if $(FOREIGN)$(wildcard $(B)/runtimes/$(2)/missing),FORCE)
	@rm -rf $$(@D) && mkdir -p $$(@D)
	$(if $(wildcard $(B)/runtimes/$(2)/missing),@,$$(say))if $(if $(FOREIGN),! echo "built for another CPU",$(1)/build $$(@D)) \
		>$$(@D)/missing; then rm $$(@D)/missing; fi; touch $$@
endef
$(foreach r,$(RUNTIMES),$(eval $(call runtime_rules,$(r),$(notdir $(r)))))
