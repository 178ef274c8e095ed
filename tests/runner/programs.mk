# SPDX-License-Identifier: GPL-2.0-only
# The test programs and tools, static, so that they run in any guest: tests/FOLDER/NAME.c
# becomes OUT/FOLDER/NAME. The fuzzer is one program of several files.

# by Debian's name of the architecture: compilers of programs and of 32-bit programs
CC.amd64 := x86_64-linux-gnu-gcc
CC32.amd64 := x86_64-linux-gnu-gcc -m32
CC.arm64 := aarch64-linux-gnu-gcc
CC32.arm64 := arm-linux-gnueabihf-gcc

# or make would build a program corpus from corpus.c
MAKEFLAGS += --no-builtin-rules
lib := tests/lib
fuzz := tests/fuzz
sources := $(filter-out $(lib)/% $(fuzz)/% tests/perf/%,$(wildcard tests/*/*.c))
names := $(patsubst tests/%.c,%,$(sources))
CC := $(CC.$(ARCH))
names32 := $(patsubst tests/%.c,%-32,$(shell grep -ls '/\* build: also 32-bit \*/' $(sources)))
shared := $(wildcard $(lib)/*.[ch]) $(wildcard src/include/uapi/linux/*.h)
# RESERVED is the address of the memory that machines reserve for carveouts, RAM of some that
# is the kernel's
CFLAGS := -static -O2 -Wall -Wextra -Werror -Isrc/include/uapi -I$(lib) -pthread \
	-DRESERVED_PHYS=$(RESERVED) -DRESERVED_TEXT='"$(RESERVED)"' -DRAM_TEXT='"$(RAM)"'

examples := $(patsubst doc/%.c,%,$(wildcard doc/examples/*.c))

# LIBRARIES is /usr of the guest's architecture, where that is another one.
libdir := $(or $(LIBRARIES),/usr)/lib/$(shell $(CC) -dumpmachine)
ifdef LIBRARIES
library_flags := -I$(LIBRARIES)/include -L$(libdir)
endif

all: $(addprefix $(OUT)/,$(names) $(names32) $(examples) samples/upper samples/stream \
	samples/stream-32 fuzz/calls fuzz/corpus.tar kshmctl/kshmctl)

$(OUT)/fuzz/calls: $(wildcard $(fuzz)/*.[ch]) $(shared)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $(wildcard $(fuzz)/*.c) $(lib)/ktap.c

$(OUT)/fuzz/corpus.tar: $(fuzz)/corpus $(wildcard $(fuzz)/corpus/*)
	@mkdir -p $(@D)
	tar -c -f $@ -C $(fuzz) corpus

$(OUT)/examples/copy_uring: LDLIBS := $(library_flags) -luring
# with the part of libibverbs for rxe, whose name has a version
$(OUT)/examples/rdma: LDLIBS := $(library_flags) -DRDMA_STATIC_PROVIDERS=rxe \
	$(wildcard $(libdir)/librxe-rdmav*.a) -libverbs -lnl-route-3 -lnl-3
$(OUT)/examples/%: doc/examples/%.c $(shared)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $< $(LDLIBS)

# libsmartcols is not there to be linked statically. A guest may have no libraries, so they
# and the loader are put beside the program, which finds them in the guest's /t.
kshmctl_build = $(CC) -O2 -Wall -Wextra -Werror $(KSHMCTL_CFLAGS) -Isrc/include/uapi \
	$(filter src/kshmctl/%.c,$^) $(library_flags) -lsmartcols
$(OUT)/kshmctl/kshmctl: $(wildcard src/kshmctl/*) src/version.h $(shared)
	@mkdir -p $(@D)
	cp src/kshmctl/kshmctl.bash-completion $(@D)/completion
ifdef LIBRARIES
	cp -L $(libdir)/libsmartcols.so.1 $(libdir)/libc.so.6 $(@D)
	cp -L $(libdir)/ld-linux-*.so.* $(@D)/ld.so
else
	$(kshmctl_build) -o $@.host
	ldd $@.host | sed -n 's/.* => \(\/[^ ]*\) .*/\1/p' | xargs -I FILE cp -L FILE $(@D)
	cp -L "$$(ldd $@.host | sed -n 's/^[[:blank:]]*\(\/[^ ]*\) (.*/\1/p')" $(@D)/ld.so
	rm $@.host
endif
	$(kshmctl_build) -o $@ -Wl,--dynamic-linker=/t/kshmctl/ld.so \
		-Wl,--disable-new-dtags,-rpath,/t/kshmctl

$(OUT)/samples/%: src/samples/%.c $(wildcard src/samples/*.h) $(shared)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $<

$(OUT)/samples/%-32: src/samples/%.c $(wildcard src/samples/*.h) $(shared)
	@mkdir -p $(@D)
	$(CC32.$(ARCH)) $(CFLAGS) -o $@ $<

$(OUT)/%-32: tests/%.c $(shared)
	@mkdir -p $(@D)
	$(CC32.$(ARCH)) $(CFLAGS) -o $@ $< $(lib)/ktap.c

$(OUT)/%: tests/%.c $(shared)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $< $(lib)/ktap.c

.PHONY: all
