# SPDX-License-Identifier: GPL-2.0-only
# In which order tests/check does things; make runs what does not wait for each other at
# the same time. GOALS are: lint, programs, fuzz-params, coverage, selftest-K, clang-K,
# build-K and guest-K-PROFILE, K being a kernel, broken-NAME and packaging-PART. JOB runs one.

all: $(GOALS)

lint programs fuzz-params:
	@sh $(JOB) $@

.SECONDEXPANSION:
build-%:
	@sh $(JOB) build $*

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

.PHONY: all lint programs fuzz-params coverage
