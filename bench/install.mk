# SPDX-License-Identifier: MIT
# make install and make uninstall; included by the Makefile. PREFIX=/usr/local; DESTDIR= goes before it for a package's build.
# The program finds the rest from where it lies itself, so the tree may be moved as a whole.
.PHONY: install uninstall
INTO     = $(DESTDIR)$(PREFIX)
LIBEXEC  = $(INTO)/libexec/ctxbench
# what is typed as bench/NAME here is ctxbench-NAME there; start and setup serve them, listings needs the objects
COMMANDS = $(filter-out start setup listings,$(notdir $(shell find bench -maxdepth 1 -type f -perm -u+x)))
MANUAL   = $(INTO)/share/man/man1/ctxbench.1
COMPLETE = $(INTO)/share/bash-completion/completions/ctxbench

install: all
	install -d $(INTO)/bin $(LIBEXEC)/bench $(dir $(MANUAL) $(COMPLETE))
	install $(B)/ctxbench $(INTO)/bin
	install $(CELLS) $(LIBEXEC)
	$(if $(RUNTIMES),cp -R $(B)/runtimes $(LIBEXEC))
	$(if $(wildcard $(B)/kthread/ctxbench.ko),install -D -m 644 -t $(LIBEXEC)/kthread $(B)/kthread/ctxbench.ko)
	install $(addprefix bench/,start $(COMMANDS)) $(LIBEXEC)/bench
	for c in $(COMMANDS); do ln -sf ../libexec/ctxbench/bench/$$c $(INTO)/bin/ctxbench-$$c || exit; done
	install -D -m 644 -t $(INTO)/share/ctxbench/plots $(wildcard plots/*.gp plots/*.css)
	$(if $(wildcard plots/tables/*.tsv),install -D -m 644 -t $(INTO)/share/ctxbench/plots/tables $(wildcard plots/tables/*.tsv))
	install -D -m 644 -t $(INTO)/share/doc/ctxbench LICENSE CITATION.cff README.md
	install -m 644 bench/completion.bash $(COMPLETE)
	$(if $(FOREIGN),@echo 'no manual page: built for another CPU (there, ctxbench man prints it)',$(B)/ctxbench man >$(MANUAL) && chmod 644 $(MANUAL))
uninstall:
	rm -rf $(LIBEXEC) $(INTO)/share/ctxbench $(INTO)/share/doc/ctxbench
	rm -f $(INTO)/bin/ctxbench $(addprefix $(INTO)/bin/ctxbench-,$(COMMANDS)) $(MANUAL) $(COMPLETE)
