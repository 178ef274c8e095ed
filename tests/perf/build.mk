# SPDX-License-Identifier: GPL-2.0-only
# The measuring programs, static, so that they run in any guest. OUT is where they go.

dir := tests/perf
shared := bench way bpf_ring
headers := $(shared:%=$(dir)/%.h) $(wildcard $(dir)/records/*.h src/samples/*.h)
names := $(filter-out $(shared),$(patsubst $(dir)/%.c,%,$(wildcard $(dir)/*.c)))
CFLAGS := -static -O2 -Wall -Wextra -Werror -Isrc/include/uapi -Isrc/samples -I$(dir)/records

all: $(addprefix $(OUT)/,$(names) stream)

$(OUT)/stream: src/samples/stream.c $(headers)
	$(CC) $(CFLAGS) -o $@ $<

$(OUT)/%: $(dir)/%.c $(shared:%=$(dir)/%.c) $(headers)
	$(CC) $(CFLAGS) -o $@ $(filter %.c,$^)

.PHONY: all
