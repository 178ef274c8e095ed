// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of dump.c: what bytes look like in the log.
 */
#include <kunit/test.h>
#include <linux/ctype.h>
#include <linux/string.h>

#include "../dump.h"

static void kshm_test_escape(struct kunit *test)
{
	static const struct {
		unsigned char c;
		const char *text;
	} cases[] = {
		{ 'a', "a" }, { ' ', " " }, { '~', "~" }, { '\'', "'" },
		{ '\n', "\\n" }, { '\t', "\\t" }, { '\\', "\\\\" },
		{ '"', "\\\"" }, { '\0', "\\x00" }, { '\r', "\\x0d" },
		{ 0x1b, "\\x1b" }, { 0x7f, "\\x7f" }, { 0x80, "\\x80" },
		{ 0xa0, "\\xa0" }, { 0xe4, "\\xe4" }, { 0xff, "\\xff" },
	};
	char out[KSHM_ESCAPE_MAX];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t len = kshm_escape(out, cases[i].c);

		KUNIT_EXPECT_STREQ(test, cases[i].text, out);
		KUNIT_EXPECT_EQ(test, strlen(cases[i].text), len);
	}
}

/* No byte ends a line or a string, and none needs more room. */
static void kshm_test_escape_all(struct kunit *test)
{
	unsigned int c;

	for (c = 0; c < 256; c++) {
		char out[KSHM_ESCAPE_MAX + 1];
		size_t i, len;

		memset(out, 'x', sizeof(out));
		len = kshm_escape(out, c);
		KUNIT_ASSERT_LE(test, len, sizeof(out) - 2);
		KUNIT_EXPECT_EQ(test, '\0', out[len]);
		KUNIT_EXPECT_EQ(test, 'x', out[KSHM_ESCAPE_MAX]);
		for (i = 0; i < len; i++)
			KUNIT_EXPECT_TRUE(test, isascii(out[i]) &&
					  isprint(out[i]));
		KUNIT_EXPECT_TRUE(test, out[0] != '"');
	}
}

static struct kunit_case kshm_dump_cases[] = {
	KUNIT_CASE(kshm_test_escape),
	KUNIT_CASE(kshm_test_escape_all),
	{}
};

static struct kunit_suite kshm_dump_suite = {
	.name = "kshm_dump",
	.test_cases = kshm_dump_cases,
};

kunit_test_suite(kshm_dump_suite);
