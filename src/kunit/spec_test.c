// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of spec.c and param.c: what a request may say, and how.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/numa.h>
#include <linux/string.h>

#include "../device.h"
#include "../param.h"
#include "../spec.h"

/**
 * struct kshm_number_case - what a text is read as
 * @text:  the text
 * @err:   what the parser returns
 * @value: the result, where @err is 0
 */
struct kshm_number_case {
	const char *text;
	int err;
	u64 value;
};

static const struct kshm_number_case kshm_numbers[] = {
	{ "0", 0, 0 },
	{ "1", 0, 1 },
	{ "010", 0, 10 },
	{ "0x10", 0, 16 },
	{ "0XfF", 0, 255 },
	{ "18446744073709551615", 0, U64_MAX },
	{ "0xffffffffffffffff", 0, U64_MAX },
	{ "0000000000000000000000000000001", 0, 1 },
	{ "18446744073709551616", -ERANGE },
	{ "0x10000000000000000", -ERANGE },
	{ "00000000000000000000000000000001", -EINVAL },
	{ "", -EINVAL },
	{ "-1", -EINVAL },
	{ "+1", -EINVAL },
	{ " 1", -EINVAL },
	{ "1 ", -EINVAL },
	{ "1\n", -EINVAL },
	{ "0x", -EINVAL },
	{ "x1", -EINVAL },
	{ "1a", -EINVAL },
	{ "0x1g", -EINVAL },
	{ "1K", -EINVAL },
};

static void kshm_test_number(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kshm_numbers); i++) {
		const struct kshm_number_case *c = &kshm_numbers[i];
		u64 value = 0;

		KUNIT_EXPECT_EQ_MSG(test, c->err,
				    kshm_parse_number(c->text, strlen(c->text),
						      &value),
				    "\"%s\"", c->text);
		if (!c->err)
			KUNIT_EXPECT_EQ_MSG(test, c->value, value, "\"%s\"",
					    c->text);
	}
}

static const struct kshm_number_case kshm_bytes[] = {
	{ "4096", 0, 4096 },
	{ "64k", 0, 64 << 10 },
	{ "64K", 0, 64 << 10 },
	{ "2m", 0, 2 << 20 },
	{ "0x10M", 0, 16 << 20 },
	{ "1G", 0, 1 << 30 },
	{ "0G", 0, 0 },
	{ "17179869183G", 0, 17179869183ULL << 30 },
	{ "17179869184G", -ERANGE },
	{ "18446744073709551616", -ERANGE },
	{ "", -EINVAL },
	{ "K", -EINVAL },
	{ "4KB", -EINVAL },
	{ "4KK", -EINVAL },
	{ "4T", -EINVAL },
	{ "1.5M", -EINVAL },
};

/* A text that is refused must leave what was there. */
static void kshm_test_bytes(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kshm_bytes); i++) {
		const struct kshm_number_case *c = &kshm_bytes[i];
		u64 value = 77;

		KUNIT_EXPECT_EQ_MSG(test, c->err,
				    kshm_parse_bytes(c->text, strlen(c->text),
						     &value),
				    "\"%s\"", c->text);
		KUNIT_EXPECT_EQ_MSG(test, c->err ? 77 : c->value, value,
				    "\"%s\"", c->text);
	}
}

/* The length counts, not a zero byte. */
static void kshm_test_length(struct kunit *test)
{
	struct kshm_spec spec;
	u64 value;

	KUNIT_EXPECT_EQ(test, 0, kshm_parse_number("1234", 2, &value));
	KUNIT_EXPECT_EQ(test, 12ULL, value);
	KUNIT_EXPECT_EQ(test, -EINVAL, kshm_parse_number("12\0", 3, &value));

	kshm_spec_init(&spec);
	KUNIT_EXPECT_EQ(test, -EINVAL, kshm_spec_set_name(&spec, "ab\0c", 4));
	KUNIT_EXPECT_EQ(test, 0, kshm_spec_set_name(&spec, "abcd", 2));
	KUNIT_EXPECT_STREQ(test, "ab", spec.name);
}

static void kshm_test_name(struct kunit *test)
{
	static const char * const good[] = {
		"a", "A-b_c.9", "...", "kshm", "kshm0x", "xkshm0", "Kshm0",
		"abcdefghijklmnopqrstuvwxyz01234",
	};
	static const char * const bad[] = {
		"", ".", "..", "a b", "a/b", "a:b", "a,b", "a\n", "\xe4",
		"kshm0", "kshm1023", "kshm99999",
		"abcdefghijklmnopqrstuvwxyz012345",
	};
	struct kshm_spec spec;
	size_t i;

	kshm_spec_init(&spec);
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		KUNIT_EXPECT_EQ_MSG(test, 0,
				    kshm_spec_set_name(&spec, good[i],
						       strlen(good[i])),
				    "\"%s\"", good[i]);
		KUNIT_EXPECT_STREQ(test, good[i], spec.name);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL,
				    kshm_spec_set_name(&spec, bad[i],
						       strlen(bad[i])),
				    "\"%s\"", bad[i]);
}

static void kshm_test_size(struct kunit *test)
{
	static const struct kshm_number_case cases[] = {
		{ "1", 0, 1 },
		{ "4097", 0, 4097 },
		{ "0", -EINVAL },
		{ "0K", -EINVAL },
		{ "9223372036854775807", -ERANGE },
		{ "8589934592G", -ERANGE },
	};
	struct kshm_spec spec;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		kshm_spec_init(&spec);
		KUNIT_EXPECT_EQ_MSG(test, cases[i].err,
				    kshm_spec_set_size(&spec, cases[i].text,
						       strlen(cases[i].text)),
				    "\"%s\"", cases[i].text);
		KUNIT_EXPECT_EQ(test, cases[i].value, spec.mem.size);
	}
}

static void kshm_test_phys(struct kunit *test)
{
	struct kshm_spec spec;

	kshm_spec_init(&spec);
	KUNIT_EXPECT_EQ(test, 0, kshm_spec_set_phys(&spec, "0x30000000", 10));
	KUNIT_EXPECT_TRUE(test, spec.mem.has_phys);
	KUNIT_EXPECT_EQ(test, 0x30000000ULL, (u64)spec.mem.phys);

	KUNIT_EXPECT_EQ(test, -EINVAL,
			kshm_spec_set_phys(&spec, "0x30000001", 10));
	KUNIT_EXPECT_EQ(test, -EINVAL, kshm_spec_set_phys(&spec, "1M", 2));
	KUNIT_EXPECT_EQ(test, -ERANGE,
			kshm_spec_set_phys(&spec, "0x10000000000000000", 19));
	KUNIT_EXPECT_EQ(test, 0x30000000ULL, (u64)spec.mem.phys);

	/* Page 0 is an address, too; no text is none. */
	KUNIT_EXPECT_EQ(test, 0, kshm_spec_set_phys(&spec, "0", 1));
	KUNIT_EXPECT_TRUE(test, spec.mem.has_phys);
	KUNIT_EXPECT_EQ(test, 0, kshm_spec_set_phys(&spec, "", 0));
	KUNIT_EXPECT_FALSE(test, spec.mem.has_phys);
}

static void kshm_test_device(struct kunit *test)
{
	static const char * const good[] = {
		"pci/0000:01:00.0", "platform/a0000000.dma", "x/y", "",
	};
	static const char * const bad[] = {
		"/", "pci", "pci/", "/0000:01:00.0", "pci/a/b", "pci//a", "pci/a ",
		"pci/\n", "pci/\xe9",
	};
	char text[KSHM_ATTACH_SIZE] = "pci/";
	struct kshm_spec spec;
	size_t i;

	kshm_spec_init(&spec);
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		KUNIT_EXPECT_EQ_MSG(test, 0,
				    kshm_spec_set_device(&spec, good[i],
							 strlen(good[i])),
				    "\"%s\"", good[i]);
		KUNIT_EXPECT_STREQ(test, good[i], spec.attach);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL,
				    kshm_spec_set_device(&spec, bad[i],
							 strlen(bad[i])),
				    "\"%s\"", bad[i]);
	KUNIT_EXPECT_STREQ(test, "", spec.attach);

	memset(text + 4, 'a', sizeof(text) - 4);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			kshm_spec_set_device(&spec, text, sizeof(text)));
	KUNIT_EXPECT_EQ(test, 0,
			kshm_spec_set_device(&spec, text, sizeof(text) - 1));
	KUNIT_EXPECT_EQ(test, -EINVAL, kshm_spec_set_device(&spec, "a/\0b", 4));
}

/* Values that no other test shows: the others are those of bytes and numbers. */
static void kshm_test_keys(struct kunit *test)
{
	static const struct {
		const char *key;
		const char *value;
		int err;
	} cases[] = {
		{ "node", "-1", 0 },
		{ "node", "-2", -EINVAL },
		{ "node", "999999", -EINVAL },
		{ "node", "4294967296", -ERANGE },
		{ "addr_bits", "0", 0 },
		{ "addr_bits", "24", 0 },
		{ "addr_bits", "64", 0 },
		{ "addr_bits", "23", -EINVAL },
		{ "addr_bits", "65", -EINVAL },
		{ "addr_bits", "4294967296", -ERANGE },
		{ "align", "0", 0 },
		{ "align", "1", 0 },
		{ "align", "64K", 0 },
		{ "align", "3", -EINVAL },
		{ "align", "96K", -EINVAL },
		{ "addr_min", "1G", 0 },
		{ "addr_max", "0xffffffff", 0 },
		{ "addr_max", "17179869184G", -ERANGE },
		{ "cache", "wb", 0 },
		{ "cache", "wc", 0 },
		{ "cache", "uc", 0 },
		{ "cache", "", -EINVAL },
		{ "cache", "w", -EINVAL },
		{ "cache", "wbx", -EINVAL },
		{ "cache", "WC", -EINVAL },
		{ "keep", "0", 0 },
		{ "keep", "1", 0 },
		{ "keep", "2", -EINVAL },
		{ "keep", "y", -EINVAL },
		{ "reserve_mem", "", 0 },
		{ "reserve_mem", "log", 0 },
		{ "reserve_mem", "a b,c/d=e", 0 },
		{ "reserve_mem", "123456789012345", 0 },
		{ "reserve_mem", "1234567890123456", -EINVAL },
		{ "reserve_mem", "a\nb", -EINVAL },
		{ "reserve_mem", "\xe9", -EINVAL },
		{ "size", "4096", -ENOENT },
		{ "", "1", -ENOENT },
		{ "nodes", "0", -ENOENT },
	};
	struct kshm_spec spec;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		kshm_spec_init(&spec);
		KUNIT_EXPECT_EQ_MSG(test, cases[i].err,
				    kshm_spec_set(&spec, cases[i].key,
						  cases[i].value,
						  strlen(cases[i].value)),
				    "%s=%s", cases[i].key, cases[i].value);
	}
}

/* A request as the parameter has it, without a name. */
static int kshm_validate(const char *entry)
{
	struct kshm_spec spec;

	return kshm_param_parse(entry, &spec, 1);
}

static void kshm_test_validate(struct kunit *test)
{
	struct kshm_spec spec;
	const char *why;

	kshm_spec_init(&spec);
	KUNIT_EXPECT_EQ(test, -EINVAL, kshm_spec_validate(&spec, &why));
	KUNIT_EXPECT_STREQ(test, "no size", why);

	KUNIT_EXPECT_EQ(test, 0, kshm_validate("4K@0x1000/keep=1"));
	KUNIT_EXPECT_EQ(test, 0, kshm_validate("4K@0x1000/node=-1"));
	KUNIT_EXPECT_EQ(test, 0, kshm_validate("4K/reserve_mem=a/keep=1"));
	KUNIT_EXPECT_EQ(test, 0, kshm_validate("4K/reserve_mem=a/node=-1"));
	KUNIT_EXPECT_EQ(test, -EINVAL, kshm_validate("4K/keep=1"));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			kshm_validate("4K@0x1000/reserve_mem=a"));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			kshm_validate("4K/reserve_mem=a/addr_bits=32"));
	KUNIT_EXPECT_EQ(test, -EINVAL, kshm_validate("4K@0x1000/node=0"));
	KUNIT_EXPECT_EQ(test, -EINVAL, kshm_validate("4K@0x1000/addr_bits=32"));
	KUNIT_EXPECT_EQ(test, -EINVAL, kshm_validate("4K@0x1000/align=4K"));
	KUNIT_EXPECT_EQ(test, -EINVAL, kshm_validate("4K@0x1000/addr_min=1"));
	KUNIT_EXPECT_EQ(test, -EINVAL, kshm_validate("4K@0x1000/addr_max=1"));

	/* Whole pages must fit between the lowest and the highest address. */
	KUNIT_EXPECT_EQ(test, 0, kshm_validate("4K/addr_min=0x1000/addr_max=0x1fff"));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			kshm_validate("4K/addr_min=0x1000/addr_max=0x1ffe"));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			kshm_validate("4097/addr_min=0x1000/addr_max=0x2000"));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			kshm_validate("4K/addr_min=0x2000/addr_max=0x1000"));
	KUNIT_EXPECT_EQ(test, 0, kshm_validate("4K/addr_min=0x2000"));
}

static void kshm_test_entries(struct kunit *test)
{
	struct kshm_spec specs[3];

	KUNIT_EXPECT_EQ(test, 0, kshm_param_count("none"));
	KUNIT_EXPECT_EQ(test, 0, kshm_param_count("none\n"));
	KUNIT_EXPECT_EQ(test, 1, kshm_param_count(""));
	KUNIT_EXPECT_EQ(test, 1, kshm_param_count("1M"));
	KUNIT_EXPECT_EQ(test, 3, kshm_param_count("1M,,"));

	KUNIT_ASSERT_EQ(test, 0,
			kshm_param_parse("a:4K@0x1000,5000/align=1M/addr_bits=32,c:1G/align=2M",
					 specs, 3));
	KUNIT_EXPECT_STREQ(test, "a", specs[0].name);
	KUNIT_EXPECT_EQ(test, 4096ULL, specs[0].mem.size);
	KUNIT_EXPECT_TRUE(test, specs[0].mem.has_phys);
	KUNIT_EXPECT_EQ(test, 0x1000ULL, (u64)specs[0].mem.phys);
	KUNIT_EXPECT_STREQ(test, "", specs[1].name);
	KUNIT_EXPECT_EQ(test, 5000ULL, specs[1].mem.size);
	KUNIT_EXPECT_FALSE(test, specs[1].mem.has_phys);
	KUNIT_EXPECT_EQ(test, 1ULL << 20, specs[1].mem.align);
	KUNIT_EXPECT_EQ(test, 32U, specs[1].mem.addr_bits);
	KUNIT_EXPECT_EQ(test, NUMA_NO_NODE, specs[1].mem.node);
	KUNIT_EXPECT_STREQ(test, "c", specs[2].name);
	KUNIT_EXPECT_EQ(test, 2ULL << 20, specs[2].mem.align);
	KUNIT_EXPECT_EQ(test, 0U, specs[2].mem.addr_bits);
}

static void kshm_test_bad_entries(struct kunit *test)
{
	static const char * const bad[] = {
		"", "none", ":4K", "a:", "a:b:4K", "@0x1000", "4K@",
		"4K@0x1000@0x2000", "4K/", "4K/keep", "4K/keep=", "4K/=1",
		"4K/reserve_mem=",
		"4K//align=4K", "4K/align=4K/", "a/b:4K", "4K/align=4K@0x1000",
		"4K/averylongkeythatnobodyhas=1",
	};
	struct kshm_spec specs[2];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL,
				    kshm_param_parse(bad[i], specs, 1),
				    "\"%s\"", bad[i]);
	KUNIT_EXPECT_EQ(test, 0, kshm_param_parse("4K,4K", specs, 2));
	KUNIT_EXPECT_EQ(test, 0, kshm_param_parse("a:4K,b:4K", specs, 2));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			kshm_param_parse("a:4K,a:8K", specs, 2));
}

static void kshm_test_most_entries(struct kunit *test)
{
	char *text = kunit_kzalloc(test, 2 * KSHM_MAX_DEVICES + 3, GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, text);
	for (i = 0; i < KSHM_MAX_DEVICES; i++)
		memcpy(text + 2 * i, i ? ",1" : " 1", 2);
	KUNIT_EXPECT_EQ(test, KSHM_MAX_DEVICES, kshm_param_count(text + 1));
	strcat(text, ",1");
	KUNIT_EXPECT_EQ(test, -ENOSPC, kshm_param_count(text + 1));
}

static struct kunit_case kshm_spec_cases[] = {
	KUNIT_CASE(kshm_test_number),
	KUNIT_CASE(kshm_test_bytes),
	KUNIT_CASE(kshm_test_length),
	KUNIT_CASE(kshm_test_name),
	KUNIT_CASE(kshm_test_size),
	KUNIT_CASE(kshm_test_phys),
	KUNIT_CASE(kshm_test_device),
	KUNIT_CASE(kshm_test_keys),
	KUNIT_CASE(kshm_test_validate),
	KUNIT_CASE(kshm_test_entries),
	KUNIT_CASE(kshm_test_bad_entries),
	KUNIT_CASE(kshm_test_most_entries),
	{}
};

static struct kunit_suite kshm_spec_suite = {
	.name = "kshm_spec",
	.test_cases = kshm_spec_cases,
};

kunit_test_suite(kshm_spec_suite);
