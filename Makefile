# SPDX-License-Identifier: GPL-2.0-only
# Every entry point of kshm.
#
#   make              the module, src/kshm.ko, for the running kernel or KDIR
#   make install      module, udev rule, group, load at boot, manual, header; load it
#   make kshmctl      the program kshmctl, build/kshmctl; needs libsmartcols-dev
#   make install-utils
#                     kshmctl, its manual, its completion, and the unit that restores buffers
#   make uninstall    take all of that away again
#   make demo         see it work in QEMU, changes nothing of this machine's kernel
#   make check        every test on every kernel; KERNELS=6.12 TESTS="mmap file/rw"
#   make stress       all tests on all kernels: on the debug kernels everything at once for half
#                     an hour, RACE_SECONDS=1800; on the stock kernels many rounds of memory
#                     that comes and goes beside buffers, ROUNDS=300
#   make fuzz         the fuzzers; SECONDS=3600, or CALLS=10000000 if that comes first
#   make bench        measure kshm and other ways to get memory; KERNEL=6.12 ROUNDS=3
#   make deb          Debian packages in build/deb, made for the suite that this machine runs
#   make rpm          RPM packages in build/rpm
#   make repo         both as signed repositories in build/repo; URL=http://server/kshm KEY=me@there
#   make clean
#
# DESTDIR is for packages: nothing outside of it is changed or started then.

KDIR ?= /lib/modules/$(shell uname -r)/build
DESTDIR ?=
prefix ?= /usr/local
MODDIR ?= /lib/modules

# asked for when it is used, so that the other targets need no headers
release = $(shell sed -n 's/^.define UTS_RELEASE "\(.*\)"/\1/p' $(KDIR)/include/generated/utsrelease.h)
module = $(MODDIR)/$(release)/updates/kshm.ko
rule := $(prefix)/lib/udev/rules.d/60-kshm.rules
group := $(prefix)/lib/sysusers.d/kshm.conf
load := $(prefix)/lib/modules-load.d/kshm.conf
manual := $(prefix)/share/man/man4/kshm.4
header := $(prefix)/include/linux/kshm.h
loader := $(prefix)/lib/kshm/kshm-module
utility := $(prefix)/sbin/kshmctl
utility_manual := $(prefix)/share/man/man8/kshmctl.8
completion := $(prefix)/share/bash-completion/completions/kshmctl
unit := $(prefix)/lib/systemd/system/kshm-buffers.service
# not what an earlier build has left there, nor the unit tests
module_files = $(filter-out %.mod.c,$(patsubst src/%,%,$(wildcard src/*.[ch] src/mm/*.[ch] \
	src/compat/*.[ch] src/include/linux/*.h src/include/uapi/linux/*.h src/client.kbuild)))
source = /usr/src/kshm-$(shell . ./packages/lib.sh && echo $$version)

all: modules

modules:
	$(MAKE) -C $(KDIR) M=$(CURDIR)/src modules

install: modules install-files
	install -D -m 644 src/kshm.ko $(DESTDIR)$(module)
ifeq ($(DESTDIR),)
	systemd-sysusers $(group)
	udevadm control --reload
	depmod $(release)
	[ "$(release)" != "$$(uname -r)" ] || { modprobe -r kshm && modprobe kshm; }
endif

# all but the module
install-files:
	install -D -m 644 udev/60-kshm.rules $(DESTDIR)$(rule)
	install -D -m 644 udev/kshm.sysusers $(DESTDIR)$(group)
	install -D -m 644 udev/kshm.modules-load $(DESTDIR)$(load)
	install -D -m 644 src/man/kshm.4 $(DESTDIR)$(manual)
	install -D -m 644 src/include/uapi/linux/kshm.h $(DESTDIR)$(header)

kshmctl: build/kshmctl

CFLAGS ?= -O2
build/kshmctl: $(wildcard src/kshmctl/*.[ch]) src/version.h src/include/uapi/linux/kshm.h
	mkdir -p build
	$(CC) $(CPPFLAGS) $(CFLAGS) -Wall -Wextra -Isrc/include/uapi $(LDFLAGS) \
		-o $@ $(filter %.c,$^) -lsmartcols

install-utils: build/kshmctl
	install -D -m 755 build/kshmctl $(DESTDIR)$(utility)
	install -D -m 644 src/man/kshmctl.8 $(DESTDIR)$(utility_manual)
	install -D -m 644 src/kshmctl/kshmctl.bash-completion $(DESTDIR)$(completion)
	install -d $(DESTDIR)$(dir $(unit))
	sed 's,/usr/sbin/,$(prefix)/sbin/,' src/kshmctl/kshm-buffers.service >$(DESTDIR)$(unit)
	chmod 644 $(DESTDIR)$(unit)
ifeq ($(DESTDIR),)
	systemctl daemon-reload
	systemctl enable kshm-buffers.service
endif

# for packages: what dkms builds the module from, but for dkms.conf
install-source:
	for file in Kbuild $(module_files); do \
		install -D -m 644 src/$$file $(DESTDIR)$(source)/src/$$file || exit; \
	done
	install -D -m 755 packages/kshm-symvers $(DESTDIR)$(source)/kshm-symvers
	install -D -m 755 udev/kshm-module $(DESTDIR)$(loader)
	install -D -m 755 packages/kshm-admit $(DESTDIR)$(prefix)/sbin/kshm-admit
	install -D -m 644 src/man/kshm-admit.8 $(DESTDIR)$(prefix)/share/man/man8/kshm-admit.8

uninstall:
ifeq ($(DESTDIR),)
	[ ! -d /sys/module/kshm ] || modprobe -r kshm
	[ ! -e $(unit) ] || systemctl disable kshm-buffers.service
endif
	rm -f $(DESTDIR)$(module) $(DESTDIR)$(rule) $(DESTDIR)$(group) $(DESTDIR)$(load) \
		$(DESTDIR)$(manual) $(DESTDIR)$(header) $(DESTDIR)$(utility) \
		$(DESTDIR)$(utility_manual) $(DESTDIR)$(completion) $(DESTDIR)$(unit)
ifeq ($(DESTDIR),)
	depmod $(release)
	udevadm control --reload
	@echo "The group kshm was left in place; delgroup kshm removes it."
endif

demo check:
	sh tests/$@

stress: RACE_SECONDS ?= 1800
stress: TRINITY_CALLS ?= 50000
stress: ROUNDS ?= 300
stress: STREAM_SECONDS ?= 60
stress:
	KERNELS="[0-9]* realloc*" STREAM_SECONDS='$(STREAM_SECONDS)' ROUNDS='$(ROUNDS)' TESTS=functional sh tests/check
	KERNELS="kasan* kcsan" KSHM_SEED="$$(date +%s)" \
		RACE_SECONDS='$(RACE_SECONDS)' TRINITY_CALLS='$(TRINITY_CALLS)' ROUNDS='$(ROUNDS)' \
		TESTS='functional coverage' sh tests/check
	KERNELS="[0-9]* kasan* kcsan" TESTS=mutants-all sh tests/check
	KERNELS='arm64-*' TESTS='build tree' sh tests/check
	KERNELS='full-*' TESTS='dmabuf examples/rdma device' sh tests/check
	KSHM_BUILD='$(CURDIR)/build/sanitized' KSHMCTL_CFLAGS='-g -fsanitize=address,undefined' \
		KERNELS=newest TESTS=kshmctl sh tests/check
	TESTS=packaging-full sh tests/check

fuzz: SECONDS = 3600
fuzz:
	KERNELS=kasan TESTS='fuzz fuzz-params fuzz-kshmctl' FUZZ_SECONDS='$(SECONDS)' FUZZ_CALLS='$(CALLS)' \
		sh tests/check

bench:
	sh tests/perf/bench $(KERNEL)

deb rpm repo:
	URL='$(URL)' KEY='$(KEY)' sh packages/$@

clean:
	[ ! -d $(KDIR) ] || $(MAKE) -C $(KDIR) M=$(CURDIR)/src clean
	rm -rf build

.PHONY: all modules install install-files install-source install-utils kshmctl uninstall demo check stress fuzz bench \
	deb rpm repo clean
