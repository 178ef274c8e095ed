# SPDX-License-Identifier: GPL-2.0-only
# What tests/check does, in the order of GOALS; make runs what does not wait for each other
# at the same time. What comes of programs and build-K is left as a file, as they are made
# once for two calls. GOALS are: lint, demo, programs, fuzz-params, coverage, selftest-K, clang-K,
# build-K and guest-K-PROFILE, K being a kernel, broken-NAME and packaging-PART. JOB runs one.

all: $(GOALS)

lint demo fuzz-params:
	@sh $(JOB) $@

programs:
	@sh $(JOB) $@
	@touch $@

.SECONDEXPANSION:
build-%:
	@sh $(JOB) build $*
	@touch $@

packaging-%:
	@sh $(JOB) packaging $*

coverage: $(filter guest-kasan-%,$(GOALS))
	@sh $(JOB) coverage

broken-%: programs
	@sh $(JOB) broken $*

selftest-%: build-%
	@sh $(JOB) selftest $*

clang-%: build-%
	@sh $(JOB) clang $*

kernel = $(firstword $(subst -, ,$*))
guest-%: build-$$(kernel) programs
	@sh $(JOB) guest $(kernel) $(*:$(kernel)-%=%)

.PHONY: all lint demo fuzz-params coverage
