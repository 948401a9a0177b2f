# SPDX-License-Identifier: MIT
# make            builds build/ctxbench and build/cell        make test      sets itself up and runs every test
# make listings   what the compiler made of each hot loop     make deps      brings what is missing, as make test does
# make gallery    every figure anew, into plots/gallery
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
OPT    ?= -O2 -g1
B      := build

WARN    := -Wall -Wextra -Wshadow -Wstrict-prototypes
# loops and functions aligned alike: where one happens to lie must not decide what it costs
ALIGN   := -falign-functions=64 $(shell $(CC) -falign-loops=64 -x c -c /dev/null -o /dev/null 2>/dev/null && echo -falign-loops=64)
FLAGS   := $(OPT) -std=gnu11 -D_GNU_SOURCE $(WARN) $(CFLAGS)
CXXFLAGS := $(OPT) -std=gnu++20 -D_GNU_SOURCE $(filter-out -Wstrict-prototypes,$(WARN)) $(CFLAGS)
# where a bundle of bench/fleet has its libraries; not in the cell that is libc's alone: to look there costs an exec time
TRAVEL   := -Wl,--disable-new-dtags,-rpath,'$$ORIGIN/lib'
say      = $(if $(V)$(findstring s,$(firstword -$(MAKEFLAGS))),,@echo '  $@';)
DEPEND   = -MMD -MP -MF $(@:.o=.d)

# -- the CPU: a file each, and none.* where there is none
CPU     := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine 2>/dev/null)))
CPU     := $(if $(filter amd64,$(CPU)),x86_64,$(CPU))
PORT    := $(firstword $(wildcard impls/arch/$(CPU).S) impls/arch/none.c)
INLINE  := $(firstword $(wildcard impls/arch/inline/$(CPU).h) impls/arch/inline/none.h)
STATE   := $(firstword $(wildcard impls/arch/state/$(CPU).S) impls/arch/state/none.c)
REGS    := $(firstword $(wildcard harness/run/registers/$(CPU).h) harness/run/registers/none.h)
STATE_IS = -I. -DSTATE_SOURCE='"$(basename $(STATE)).h"'
TRAP    := $(firstword $(wildcard harness/cell/trap/$(CPU).h) harness/cell/trap/none.h)

# -- what is measured: one file per impl, wait and bench, and what becomes of each
.DEFAULT_GOAL := all
BENCHES := $(sort $(basename $(notdir $(wildcard bench/*.c))))
include impls/impls.mk
MAIN_OBJ := $(patsubst %.c,$(B)/%.o,$(wildcard $(addsuffix /*.c,harness harness/run harness/analyse harness/compare harness/publish)))
TELL_BUILD := $(patsubst %.c,$(B)/%.o,$(shell grep -lE 'BUILD_|HAVE_' harness/*.c harness/*/*.c)) # they alone are compiled anew for each revision

PKG      := pkg-config
HWLOC    := $(shell $(PKG) --cflags --libs hwloc 2>/dev/null)
SQLITE   := $(shell flags=$$($(PKG) --cflags --libs sqlite3 2>/dev/null) && echo 'int main(void){return 0;}' | \
            $(CC) -include sqlite3.h -x c - $$flags -o /dev/null 2>/dev/null && echo $$flags)
PFM      := $(shell echo 'int main(void){return 0;}' | $(CC) -include perfmon/pfmlib.h -x c - -lpfm -o /dev/null 2>/dev/null && echo -DHAVE_LIBPFM)
REVISION := $(shell git describe --always --dirty --abbrev=12 2>/dev/null || echo unknown)
DATE     := $(shell git log -1 --format=%cs 2>/dev/null)
VERSION  := 1.0.0

.DELETE_ON_ERROR:
.PHONY: all fuzz gallery test test-machines deps deps-all listings bench-self kthread clean
all: $(B)/ctxbench $(CELLS) $(PROGRAMS:=/made)

$(B)/cell: $(CELL_OBJ) $(B)/linked-with
	$(say)$(CC) $(LDFLAGS) -o $@ $(CELL_OBJ) -pthread
$(B)/ctxbench: $(MAIN_OBJ)
	$(say)$(CC) $(LDFLAGS) $(TRAVEL) -o $@ $^ $(filter -l% -L%,$(HWLOC) $(SQLITE)) $(PFM:-DHAVE_LIBPFM=-lpfm) -lm

$(B)/port.o: $(PORT) impls/arch/arch.h $(B)/made-with
	@mkdir -p $(@D)
	$(say)$(CC) $(FLAGS) $(ALIGN) -c -o $@ $<
$(B)/state.o: $(STATE) impls/arch/state.h $(B)/made-with
	@mkdir -p $(@D)
	$(say)$(CC) $(FLAGS) $(ALIGN) -c -o $@ $<
$(B)/harness/cell/%.o: harness/cell/%.c Makefile $(B)/made-with
	@mkdir -p $(@D)
	$(say)$(CC) $(FLAGS) $(ALIGN) $(DEPEND) -DTRAP_SOURCE='"../../$(TRAP)"' -c -o $@ $<
$(B)/bench/probes/%.o: bench/probes/%.c Makefile $(B)/made-with
	@mkdir -p $(@D)
	$(say)$(CC) $(FLAGS) $(ALIGN) $(DEPEND) $(STATE_IS) -c -o $@ $<
$(TELL_BUILD): $(B)/build.h
$(TELL_BUILD): TOLD := -include $(B)/build.h
$(B)/harness/%.o: harness/%.c Makefile $(B)/made-with
	@mkdir -p $(@D)
	$(say)$(CC) $(FLAGS) $(DEPEND) $(TOLD) -DREGISTERS_SOURCE='"../../$(REGS)"' $(filter-out -l% -L%,$(HWLOC) $(SQLITE)) -c -o $@ $<

# every bench as an include and as a member of BENCHES; rewritten only when the list changes
$(B)/benches.h: FORCE
	@mkdir -p $(@D)
	@{ $(foreach b,$(BENCHES),echo '#include "bench/$(b).c"';) \
	   echo '#define BENCHES $(foreach b,$(BENCHES),BENCH($(subst -,_,$(b))))'; } > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
$(B)/build.h: FORCE
	@mkdir -p $(@D)
	@{ echo '#define BUILD_VERSION "$(VERSION)"'; echo '#define BUILD_REVISION "$(REVISION)"'; \
	   echo '#define BUILD_DATE "$(DATE)"'; \
	   echo '#define BUILD_FLAGS "$(FLAGS) $(ALIGN)"'; echo '$(PFM:-D%=#define %)'; echo '$(if $(SQLITE),#define HAVE_SQLITE)'; } > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
# what every object depends on beside its sources: another compiler, flag or port builds anew; and what the cell program
# does: another list of instances links anew
$(B)/made-with: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(FLAGS) $(CXX) $(CXXFLAGS) $(ALIGN) $(PORT) $(INLINE) $(TRAP) $(STATE)' > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
$(B)/linked-with: FORCE
	@mkdir -p $(@D)
	@echo '$(LDFLAGS) $(CELL_OBJ)' > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
FORCE:

deps:
	@bench/setup test
deps-all:
	@bench/setup all
# those that time or count something run alone, the others two at a time
CHECKS  := $(patsubst tests/%.c,$(B)/tests/%,$(filter-out tests/exercise.c,$(wildcard tests/*.c))) # which is no test but an impl
ALONE   := $(addprefix tests/,$(addsuffix .bats,anatomy axes calls classic kernel-only kthread latency machines mn quality readme run sharing))
test: deps
	@$(MAKE) --no-print-directory $(if $(findstring j,$(firstword -$(MAKEFLAGS))),,-j$(shell nproc)) all $(CHECKS)
	@prove --timer --failures --jobs 2 $(CHECKS) $(filter-out $(ALONE),$(wildcard tests/*.bats)) && together=0 || together=1; \
	prove --timer --failures $(ALONE) && exit $$together
$(B)/tests/%: tests/%.c tests/tap.h $(filter-out $(B)/harness/main.o,$(MAIN_OBJ)) $(B)/port.o $(B)/state.o
	@mkdir -p $(@D)
	$(say)$(CC) $(FLAGS) $(STATE_IS) -MMD -MP -MF $@.d -o $@ $(filter-out %.h,$^) $(filter -l% -L%,$(HWLOC) $(SQLITE)) $(PFM:-DHAVE_LIBPFM=-lpfm) -lm -pthread
test-machines:
	@tests/machines/run
fuzz:
	@SECONDS_EACH=$(or $(SECONDS),60) tests/fuzz/run
listings: $(CELLS)
	@bench/listings $(B)
gallery: $(B)/ctxbench
	@plots/gallery.sh
bench-self: all
	@CC="$(CC)" bench/self/run.sh

kthread: $(B)/benches.h
	@$(MAKE) --no-print-directory -f impls/kthread/Makefile B=$(B) REVISION=$(REVISION)

include bench/install.mk
clean:
	rm -rf $(B)

-include $(shell find $(B) -path $(B)/machines -prune -o -type f -name '*.d' -print 2>/dev/null)
