# SPDX-License-Identifier: GPL-2.0-only
# The test programs, static, so that they run in any guest. OUT is where they go.

dir := tests/functional
names := $(filter-out tap,$(patsubst $(dir)/%.c,%,$(wildcard $(dir)/*.c)))
names32 := $(patsubst $(dir)/%.c,%-32,$(shell grep -ls '/\* build: also 32-bit \*/' $(dir)/*.c))
shared := $(wildcard $(dir)/*.h) $(wildcard $(dir)/tap.c) $(wildcard src/include/uapi/linux/*.h)
CFLAGS := -static -O2 -Wall -Wextra -Werror -Isrc/include/uapi -I$(dir) -pthread

# the fuzzer and what it begins with
fuzz := tests/fuzz

all: $(addprefix $(OUT)/,$(names) $(names32) fuzz corpus.tar)

$(OUT)/fuzz: $(wildcard $(fuzz)/*.[ch]) $(shared)
	$(CC) $(CFLAGS) -o $@ $(wildcard $(fuzz)/*.c) $(dir)/tap.c

$(OUT)/corpus.tar: $(fuzz)/corpus $(wildcard $(fuzz)/corpus/*)
	tar -c -f $@ -C $(fuzz) corpus

$(OUT)/%-32: $(dir)/%.c $(shared)
	$(CC) -m32 $(CFLAGS) -o $@ $< $(wildcard $(dir)/tap.c)

$(OUT)/%: $(dir)/%.c $(shared)
	$(CC) $(CFLAGS) -o $@ $< $(wildcard $(dir)/tap.c)

.PHONY: all
