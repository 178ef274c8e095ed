# SPDX-License-Identifier: GPL-2.0-only
# What tests/check does, in the order of GOALS; make runs independent ones at once. programs
# and build-K leave a file, so that they are made once for two calls. GOALS are: lint, demo,
# programs, fuzz-params, fuzz-kshmctl, coverage, mutant-NAME, packaging-PART and, for a kernel
# K, build-K, clang-K, selftest-K and guest/K/MACHINE. TASK runs one.

all: $(GOALS)

lint demo fuzz-params fuzz-kshmctl:
	@sh $(TASK) $@

programs:
	@sh $(TASK) $@
	@touch $@

programs-%:
	@sh $(TASK) programs $*
	@touch $@

# those for a kernel
programs = $(if $(filter arm64-%,$1),programs-arm64,programs)

.SECONDEXPANSION:
build-%:
	@sh $(TASK) build $*
	@touch $@

packaging-%:
	@sh $(TASK) packaging $*

coverage: $(filter guest/kasan/%,$(GOALS))
	@sh $(TASK) coverage

mutant-%: programs
	@sh $(TASK) mutant $*

selftest-%: build-%
	@sh $(TASK) selftest $*

clang-%: build-%
	@sh $(TASK) clang $*

guest/%: build-$$(*D) $$(call programs,$$(*D))
	@sh $(TASK) guest $(*D) $(*F)

.PHONY: all lint demo fuzz-params fuzz-kshmctl coverage
