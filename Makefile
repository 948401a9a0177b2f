# SPDX-License-Identifier: MIT
# make            builds build/ctxbench and build/cell        make test      sets itself up and runs every test
# make listings   what the compiler made of each hot loop     make deps      brings what is missing, as make test does
# make bench-self the suite's own speed, side by side         make install   PREFIX=/usr/local  DESTDIR=
# make kthread    the kernel module, into build/kthread       KDIR=/lib/modules/$(uname -r)/build  ARCH=  CROSS_COMPILE=
# make test-machines boots two emulated machines and tests there; make deps-all brings all that is optional
# make IMPL=/path/x.c   with one more impl, from outside the tree          make RUNTIME=/path/x   with one more runtime
CC ?= cc
ifeq ($(origin CC),default)
CC := $(shell command -v gcc || command -v cc || command -v clang || echo cc)
endif
ifneq ($(filter default undefined,$(origin CXX)),) # the one that comes with the C compiler, also where that is a cross compiler
CXX    := $(subst clang,clang++,$(patsubst cc,c++,$(subst gcc,g++,$(CC))))
endif
PREFIX ?= /usr/local
OPT    ?= -O2 -g
B      := build

WARN    := -Wall -Wextra -Wshadow -Wstrict-prototypes
# loops and functions aligned alike: where one happens to lie must not decide what it costs
ALIGN   := -falign-functions=64 $(shell $(CC) -falign-loops=64 -x c -c /dev/null -o /dev/null 2>/dev/null && echo -falign-loops=64)
FLAGS   := $(OPT) -std=gnu11 -D_GNU_SOURCE $(WARN) $(CFLAGS)
CXXFLAGS := $(OPT) -std=gnu++20 -D_GNU_SOURCE $(filter-out -Wstrict-prototypes,$(WARN)) $(CFLAGS)
say      = $(if $(V)$(findstring s,$(firstword -$(MAKEFLAGS))),,@echo '  $@';)
DEPEND   = -MMD -MP -MF $(@:.o=.d)

# -- the CPU: a file each, and none.* where there is none
CPU     := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine 2>/dev/null)))
CPU     := $(if $(filter amd64,$(CPU)),x86_64,$(CPU))
PORT    := $(firstword $(wildcard impls/arch/$(CPU).S) impls/arch/none.c)
INLINE  := $(firstword $(wildcard impls/arch/inline/$(CPU).h) impls/arch/inline/none.h)
TRAP    := $(firstword $(wildcard harness/cell/trap/$(CPU).h) harness/cell/trap/none.h)

# -- what there is, by wildcard. An impl whose head says `// waits: *` is built with every wait, all are with none.
IMPLS   := $(wildcard impls/*.c) $(IMPL)
BENCHES := $(basename $(notdir $(wildcard bench/*.c)))
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

CELL_SRC := $(filter-out harness/cell/instance.c harness/cell/absent.c harness/cell/conform.c,$(wildcard harness/cell/*.c))
COMMON   := $(CELL_SRC:%.c=$(B)/%.o) $(B)/port.o
CELL_OBJ := $(COMMON) $(call objects_of,$(filter-out $(APART),$(IMPLS))) $(patsubst %.c,$(B)/%.o,$(wildcard bench/probes/*.c)) \
	$(foreach r,$(RUNTIMES),$(B)/instance/$(notdir $(r)).own.o)
MAIN_OBJ := $(patsubst %.c,$(B)/%.o,$(wildcard harness/*.c harness/run/*.c harness/analyse/*.c))

PKG      := pkg-config
HWLOC    := $(shell $(PKG) --cflags --libs hwloc 2>/dev/null)
PFM      := $(shell echo 'int main(void){return 0;}' | $(CC) -include perfmon/pfmlib.h -x c - -lpfm -o /dev/null 2>/dev/null && echo -DHAVE_LIBPFM)
REVISION := $(shell git describe --always --dirty --abbrev=12 2>/dev/null || echo unknown)
VERSION  := 1.0.0

.DELETE_ON_ERROR:
.PHONY: all test test-machines deps deps-all listings bench-self kthread install clean
all: $(B)/ctxbench $(CELLS) $(PROGRAMS:=/made)

$(B)/cell: $(CELL_OBJ) $(B)/made-with
	$(say)$(CC) $(LDFLAGS) -o $@ $(CELL_OBJ) -pthread
$(B)/ctxbench: $(MAIN_OBJ)
	$(say)$(CC) $(LDFLAGS) -o $@ $^ $(filter -l% -L%,$(HWLOC)) $(PFM:-DHAVE_LIBPFM=-lpfm) -lm

$(B)/port.o: $(PORT) impls/arch/arch.h $(B)/made-with
	@mkdir -p $(@D)
	$(say)$(CC) $(FLAGS) $(ALIGN) -c -o $@ $<
$(B)/harness/cell/%.o: harness/cell/%.c Makefile $(B)/made-with
	@mkdir -p $(@D)
	$(say)$(CC) $(FLAGS) $(ALIGN) $(DEPEND) -DTRAP_SOURCE='"../../$(TRAP)"' -c -o $@ $<
$(B)/bench/probes/%.o: bench/probes/%.c Makefile $(B)/made-with
	@mkdir -p $(@D)
	$(say)$(CC) $(FLAGS) $(ALIGN) $(DEPEND) -c -o $@ $<
$(B)/harness/%.o: harness/%.c Makefile $(B)/build.h $(B)/made-with
	@mkdir -p $(@D)
	$(say)$(CC) $(FLAGS) $(DEPEND) -include $(B)/build.h $(PFM) $(filter-out -l% -L%,$(HWLOC)) -c -o $@ $<

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
	$$(say)$(if $(call cc_of,$(1)),$(CXX),$(CC)) $$(LDFLAGS) -o $$@ $$^ $(call head,links,$(1)) -pthread
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

# every bench as an include and as a member of BENCHES; rewritten only when the list changes
$(B)/benches.h: FORCE
	@mkdir -p $(@D)
	@{ $(foreach b,$(BENCHES),echo '#include "bench/$(b).c"';) \
	   echo '#define BENCHES $(foreach b,$(BENCHES),BENCH($(subst -,_,$(b))))'; } > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
$(B)/build.h: FORCE
	@mkdir -p $(@D)
	@{ echo '#define BUILD_VERSION "$(VERSION)"'; echo '#define BUILD_REVISION "$(REVISION)"'; \
	   echo '#define BUILD_FLAGS "$(FLAGS) $(ALIGN)"'; echo "//$(PFM)"; } > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
# what every object depends on beside its sources: another compiler, flag, port or list of instances builds anew
$(B)/made-with: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(FLAGS) $(CXX) $(CXXFLAGS) $(ALIGN) $(LDFLAGS) $(PORT) $(INLINE) $(TRAP) $(CELLS) $(CELL_OBJ)' > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
FORCE:

deps:
	@bench/setup test
deps-all:
	@bench/setup all
test: deps
	@$(MAKE) --no-print-directory all $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/*.c))
	@prove --timer --failures $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/*.c)) $(wildcard tests/*.bats)
$(B)/tests/%: tests/%.c tests/tap.h $(filter-out $(B)/harness/main.o,$(MAIN_OBJ)) $(B)/port.o
	@mkdir -p $(@D)
	$(say)$(CC) $(FLAGS) -MMD -MP -MF $@.d -o $@ $(filter-out %.h,$^) $(filter -l% -L%,$(HWLOC)) $(PFM:-DHAVE_LIBPFM=-lpfm) -lm -pthread
test-machines:
	@tests/machines/run
listings: $(CELLS)
	@bench/listings $(B)
bench-self: all
	@CC="$(CC)" bench/self/run.sh

kthread: $(B)/benches.h
	@$(MAKE) --no-print-directory -f impls/kthread/Makefile B=$(B) REVISION=$(REVISION)

install: all
	install -D -t $(DESTDIR)$(PREFIX)/bin $(B)/ctxbench
	install -D -t $(DESTDIR)$(PREFIX)/libexec/ctxbench $(CELLS)
	$(if $(RUNTIMES),cp -R $(B)/runtimes $(DESTDIR)$(PREFIX)/libexec/ctxbench)
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/ctxbench/plots $(wildcard plots/*.gp)
clean:
	rm -rf $(B)

-include $(shell find $(B) -path $(B)/machines -prune -o -type f -name '*.d' -print 2>/dev/null)
