# SPDX-License-Identifier: GPL-2.0-only
# The measuring programs, static, so that they run in any guest. OUT is where they go.

dir := tests/perf
shared := bench way
names := $(filter-out $(shared),$(patsubst $(dir)/%.c,%,$(wildcard $(dir)/*.c)))
CFLAGS := -static -O2 -Wall -Wextra -Werror -Isrc/include/uapi

all: $(addprefix $(OUT)/,$(names) stream)

$(OUT)/stream: src/samples/stream.c $(wildcard src/samples/*.h)
	$(CC) $(CFLAGS) -o $@ $<

$(OUT)/%: $(dir)/%.c $(shared:%=$(dir)/%.c) $(shared:%=$(dir)/%.h)
	$(CC) $(CFLAGS) -o $@ $(filter %.c,$^)

.PHONY: all
