// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of mm/contig_scan.c and mm/contig_failures.c: which window is chosen
 * in zones whose blocks have known costs, and what is released of it.
 */
#include <kunit/test.h>
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/string.h>

#include "../mm/contig_scan.h"
#include "../mm/internal.h"

#define ZONES	2
#define BLOCKS	8
#define BLOCK	KSHM_BLOCK_PAGES
#define NO	KSHM_BLOCK_UNUSABLE

/* Where the first zone begins: odd, so that alignment leaves something out. */
#define START	(9 * BLOCK)

/**
 * struct kshm_fake - zones that exist only here
 * @scan:   of these zones
 * @zones:  the zones
 * @cost:   their arrays
 * @failed: the same
 * @taken:  the same
 */
struct kshm_fake {
	struct kshm_scan scan;
	struct kshm_scan_zone zones[ZONES];
	u16 cost[ZONES][BLOCKS];
	u8 failed[ZONES][BLOCKS];
	unsigned long taken[ZONES][BITS_TO_LONGS(BLOCKS)];
};

/* All blocks are free; the second zone begins right behind the first. */
static int kshm_fake_init(struct kunit *test)
{
	struct kshm_fake *fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);
	int i;

	if (!fake)
		return -ENOMEM;
	fake->scan.zones = fake->zones;
	fake->scan.nr = 1;
	fake->scan.max_pfn = ULONG_MAX;
	fake->scan.align = BLOCK;
	for (i = 0; i < ZONES; i++) {
		fake->zones[i].start = START + i * BLOCKS * BLOCK;
		fake->zones[i].nr = BLOCKS;
		fake->zones[i].cost = fake->cost[i];
		fake->zones[i].failed = fake->failed[i];
		fake->zones[i].taken = fake->taken[i];
	}
	test->priv = fake;
	return 0;
}

/* The window for @nr pages begins at @block of a zone. */
static void kshm_expect_window(struct kunit *test, unsigned long nr, int zone,
			       unsigned long block)
{
	struct kshm_fake *fake = test->priv;
	struct kshm_window window = {};

	KUNIT_ASSERT_TRUE_MSG(test, kshm_scan_find_window(&fake->scan, nr,
							  &window),
			      "of %lu pages", nr);
	KUNIT_EXPECT_PTR_EQ_MSG(test, &fake->zones[zone], window.zone,
				"of %lu pages", nr);
	KUNIT_EXPECT_EQ_MSG(test, block, window.first, "of %lu pages", nr);
}

static void kshm_expect_no_window(struct kunit *test, unsigned long nr)
{
	struct kshm_fake *fake = test->priv;
	struct kshm_window window;

	KUNIT_EXPECT_FALSE_MSG(test, kshm_scan_find_window(&fake->scan, nr,
							   &window),
			       "of %lu pages", nr);
}

static void kshm_test_lowest(struct kunit *test)
{
	kshm_expect_window(test, 1, 0, 0);
	kshm_expect_window(test, 3 * BLOCK, 0, 0);
	kshm_expect_window(test, BLOCKS * BLOCK, 0, 0);
	kshm_expect_no_window(test, BLOCKS * BLOCK + 1);
}

static void kshm_test_cheapest(struct kunit *test)
{
	struct kshm_fake *fake = test->priv;
	static const u16 cost[BLOCKS] = { 5, 9, 1, 0, 0, 2, 0, 0 };

	memcpy(fake->cost[0], cost, sizeof(cost));
	kshm_expect_window(test, BLOCK, 0, 3);
	kshm_expect_window(test, 2 * BLOCK, 0, 3);
	kshm_expect_window(test, 3 * BLOCK, 0, 2);
	kshm_expect_window(test, 4 * BLOCK, 0, 3);
	kshm_expect_window(test, 5 * BLOCK, 0, 3);
	kshm_expect_window(test, BLOCKS * BLOCK, 0, 0);
}

static void kshm_test_unusable(struct kunit *test)
{
	struct kshm_fake *fake = test->priv;
	static const u16 cost[BLOCKS] = { 0, 0, NO, 7, 7, 7, NO, 0 };

	memcpy(fake->cost[0], cost, sizeof(cost));
	kshm_expect_window(test, BLOCK, 0, 0);
	kshm_expect_window(test, 2 * BLOCK, 0, 0);
	kshm_expect_window(test, 2 * BLOCK + 1, 0, 3);
	kshm_expect_window(test, 3 * BLOCK, 0, 3);
	kshm_expect_no_window(test, 3 * BLOCK + 1);
	KUNIT_EXPECT_EQ(test, 3 * BLOCK, kshm_scan_longest(&fake->scan));
}

/* The last block of a window need not be whole. */
static void kshm_test_partial(struct kunit *test)
{
	struct kshm_fake *fake = test->priv;

	fake->scan.max_pfn = START + 3 * BLOCK + 9;
	kshm_expect_window(test, 3 * BLOCK + 10, 0, 0);
	kshm_expect_no_window(test, 3 * BLOCK + 11);
	KUNIT_EXPECT_EQ(test, 3 * BLOCK + 10, kshm_scan_longest(&fake->scan));

	/* Where the cheaper end does not fit, the window begins earlier. */
	fake->cost[0][0] = 100;
	kshm_expect_window(test, 2 * BLOCK + 10, 0, 1);
	kshm_expect_window(test, 2 * BLOCK + 11, 0, 0);
}

static void kshm_test_alignment(struct kunit *test)
{
	struct kshm_fake *fake = test->priv;

	/* The zone begins at block 9 of memory: 10 and 12 are its blocks 1, 3. */
	fake->scan.align = 2 * BLOCK;
	kshm_expect_window(test, BLOCK, 0, 1);
	kshm_expect_window(test, 7 * BLOCK, 0, 1);
	kshm_expect_no_window(test, 7 * BLOCK + 1);
	KUNIT_EXPECT_EQ(test, 7 * BLOCK, kshm_scan_longest(&fake->scan));

	fake->scan.align = 4 * BLOCK;
	kshm_expect_window(test, BLOCK, 0, 3);
	KUNIT_EXPECT_EQ(test, 5 * BLOCK, kshm_scan_longest(&fake->scan));

	fake->scan.align = 32 * BLOCK;
	kshm_expect_no_window(test, BLOCK);
	KUNIT_EXPECT_EQ(test, 0UL, kshm_scan_longest(&fake->scan));
}

/* A block that has failed comes last, and some time not at all. */
static void kshm_test_failed(struct kunit *test)
{
	struct kshm_fake *fake = test->priv;
	int i;

	fake->failed[0][0] = 1;
	kshm_expect_window(test, BLOCK, 0, 1);
	for (i = 1; i < BLOCKS; i++)
		fake->cost[0][i] = BLOCK;
	kshm_expect_window(test, BLOCK, 0, 1);
	kshm_expect_window(test, BLOCKS * BLOCK, 0, 0);
	KUNIT_EXPECT_EQ(test, (BLOCKS - 1) * BLOCK,
			kshm_scan_longest(&fake->scan));

	fake->failed[0][0] = KSHM_BLOCK_MAX_FAILURES;
	kshm_expect_no_window(test, BLOCKS * BLOCK);
}

/* What is taken already costs nothing. */
static void kshm_test_taken(struct kunit *test)
{
	struct kshm_fake *fake = test->priv;
	struct kshm_window window;

	fake->cost[0][5] = BLOCK;
	__set_bit(5, fake->taken[0]);
	KUNIT_ASSERT_TRUE(test,
			  kshm_scan_find_window(&fake->scan, BLOCK, &window));
	KUNIT_EXPECT_EQ(test, 5UL, window.first);
	KUNIT_EXPECT_EQ(test, 0UL, window.cost);
	kshm_expect_window(test, 2 * BLOCK, 0, 4);
}

static void kshm_test_zones(struct kunit *test)
{
	struct kshm_fake *fake = test->priv;

	fake->scan.nr = 2;
	kshm_expect_window(test, BLOCK, 0, 0);
	/* A window does not cross from one zone to the next. */
	kshm_expect_no_window(test, BLOCKS * BLOCK + 1);
	KUNIT_EXPECT_EQ(test, BLOCKS * BLOCK, kshm_scan_longest(&fake->scan));
	KUNIT_EXPECT_EQ(test, BLOCKS * BLOCK, kshm_scan_total(&fake->scan));

	/* The zone that is preferred costs more. */
	memset16(fake->cost[0], 3, BLOCKS);
	kshm_expect_window(test, BLOCK, 1, 0);
	memset16(fake->cost[1], 3, BLOCKS);
	kshm_expect_window(test, BLOCK, 0, 0);

	fake->zones[1].nr = 5;
	memset16(fake->cost[0], NO, BLOCKS);
	kshm_expect_window(test, 5 * BLOCK, 1, 0);
	KUNIT_EXPECT_EQ(test, 5 * BLOCK, kshm_scan_longest(&fake->scan));
	KUNIT_EXPECT_EQ(test, BLOCKS * BLOCK, kshm_scan_total(&fake->scan));
}

static unsigned int kshm_marked(struct kshm_fake *fake)
{
	unsigned int i, n = 0;

	memset(fake->failed, 0, sizeof(fake->failed));
	kshm_failures_mark(&fake->zones[0]);
	for (i = 0; i < BLOCKS; i++)
		n += fake->failed[0][i];
	return n;
}

/* What has failed in one request counts in the next, until it succeeds. */
static void kshm_test_failures(struct kunit *test)
{
	struct kshm_fake *fake = test->priv;
	struct kshm_scan_zone *zone = &fake->zones[0];

	KUNIT_EXPECT_EQ(test, 0U, kshm_marked(fake));
	kshm_failure_add(kshm_block_pfn(zone, 2));
	kshm_failure_add(kshm_block_pfn(zone, 2));
	KUNIT_EXPECT_EQ(test, 1U, kshm_marked(fake));
	KUNIT_EXPECT_EQ(test, 1, fake->failed[0][2]);

	/* Those of other zones do not. */
	kshm_failure_add(zone->start - BLOCK);
	kshm_failure_add(kshm_block_pfn(zone, zone->nr));
	KUNIT_EXPECT_EQ(test, 1U, kshm_marked(fake));

	kshm_failure_remove(kshm_block_pfn(zone, 2));
	KUNIT_EXPECT_EQ(test, 0U, kshm_marked(fake));
	kshm_failure_remove(zone->start - BLOCK);
	kshm_failure_remove(kshm_block_pfn(zone, zone->nr));
}

/* The page frames that a request allows, each page wholly. */
static void kshm_test_limits(struct kunit *test)
{
	struct kshm_mem_spec spec = {};
	unsigned long all = kshm_spec_max_pfn(&spec);

	KUNIT_EXPECT_EQ(test, 0UL, kshm_spec_min_pfn(&spec));
	KUNIT_EXPECT_TRUE(test, kshm_spec_fits(&spec, all - 7, 8));
	KUNIT_EXPECT_FALSE(test, kshm_spec_fits(&spec, all - 7, 9));

	spec.addr_bits = 64;
	KUNIT_EXPECT_EQ(test, all, kshm_spec_max_pfn(&spec));
	spec.addr_bits = 32;
	KUNIT_EXPECT_EQ(test, (unsigned long)PHYS_PFN(U32_MAX),
			kshm_spec_max_pfn(&spec));
	spec.addr_max = U32_MAX;
	KUNIT_EXPECT_EQ(test, (unsigned long)PHYS_PFN(U32_MAX),
			kshm_spec_max_pfn(&spec));
	spec.addr_max = U32_MAX - 1;
	KUNIT_EXPECT_EQ(test, (unsigned long)PHYS_PFN(U32_MAX) - 1,
			kshm_spec_max_pfn(&spec));
	/* Not even one page. */
	spec.addr_max = PAGE_SIZE - 2;
	KUNIT_EXPECT_EQ(test, 0UL, kshm_spec_max_pfn(&spec));

	spec.addr_max = PFN_PHYS(32) - 1;
	spec.addr_min = PFN_PHYS(16) - 1;
	KUNIT_EXPECT_EQ(test, 16UL, kshm_spec_min_pfn(&spec));
	KUNIT_EXPECT_TRUE(test, kshm_spec_fits(&spec, 16, 16));
	KUNIT_EXPECT_FALSE(test, kshm_spec_fits(&spec, 15, 1));
	KUNIT_EXPECT_FALSE(test, kshm_spec_fits(&spec, 31, 2));
	spec.align = 8 * PAGE_SIZE;
	KUNIT_EXPECT_TRUE(test, kshm_spec_fits(&spec, 24, 8));
	KUNIT_EXPECT_FALSE(test, kshm_spec_fits(&spec, 20, 8));
}

/* Two blocks of real memory, taken. */
static void kshm_take_real_blocks(struct kunit *test, struct kshm_fake *fake)
{
	struct page *page = alloc_pages(GFP_KERNEL, KSHM_BLOCK_ORDER + 1);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, page);
	split_page(page, KSHM_BLOCK_ORDER + 1);
	fake->zones[0].start = page_to_pfn(page);
	fake->zones[0].nr = 2;
	bitmap_set(fake->taken[0], 0, 2);
}

static bool kshm_block_is_allocated(struct kshm_fake *fake, int block)
{
	unsigned long pfn = kshm_block_pfn(&fake->zones[0], block);

	return page_count(pfn_to_page(pfn)) == 1 &&
	       page_count(pfn_to_page(pfn + BLOCK - 1)) == 1;
}

/*
 * After a bit that is wrong a test ends, as it would free a block twice; then
 * the memory leaks.
 */
static void kshm_test_release_outside(struct kunit *test)
{
	struct kshm_fake *fake = test->priv;
	struct kshm_window window = { .zone = &fake->zones[0], .first = 1 };

	kshm_take_real_blocks(test, fake);
	kshm_scan_release_outside(&fake->scan, &window, BLOCK);
	KUNIT_ASSERT_FALSE(test, test_bit(0, fake->taken[0]));
	KUNIT_ASSERT_TRUE(test, test_bit(1, fake->taken[0]));
	KUNIT_EXPECT_TRUE(test, kshm_block_is_allocated(fake, 1));
	kshm_scan_release(&fake->zones[0], 0, 2);
	KUNIT_EXPECT_TRUE(test, bitmap_empty(fake->taken[0], BLOCKS));
}

/* A block that the window fills only in part is not kept for it. */
static void kshm_test_release_partial(struct kunit *test)
{
	struct kshm_fake *fake = test->priv;
	struct kshm_window window = { .zone = &fake->zones[0], .first = 0 };

	kshm_take_real_blocks(test, fake);
	kshm_scan_release_outside(&fake->scan, &window, BLOCK + 1);
	KUNIT_ASSERT_TRUE(test, test_bit(0, fake->taken[0]));
	KUNIT_ASSERT_FALSE(test, test_bit(1, fake->taken[0]));
	KUNIT_EXPECT_TRUE(test, kshm_block_is_allocated(fake, 0));
	kshm_scan_release(&fake->zones[0], 0, 2);
}

/* Nor is what another zone has. */
static void kshm_test_release_zone(struct kunit *test)
{
	struct kshm_fake *fake = test->priv;
	struct kshm_window window = { .zone = &fake->zones[1], .first = 0 };

	fake->scan.nr = 2;
	kshm_take_real_blocks(test, fake);
	kshm_scan_release_outside(&fake->scan, &window, 2 * BLOCK);
	KUNIT_EXPECT_TRUE(test, bitmap_empty(fake->taken[0], BLOCKS));
}

/* Full of simple pages is not doubtful, a failure is more so than held pages. */
static void kshm_test_doubtful(struct kunit *test)
{
	struct kshm_fake *fake = test->priv;
	struct kshm_window window = { .zone = &fake->zones[0], .first = 1 };
	unsigned long block = BLOCKS;

	fake->cost[0][0] = 8 * BLOCK;
	fake->cost[0][1] = BLOCK;
	KUNIT_EXPECT_FALSE(test, kshm_window_find_doubtful(&window, 3 * BLOCK,
							   &block));
	fake->cost[0][2] = 2 * BLOCK;
	KUNIT_EXPECT_TRUE(test, kshm_window_find_doubtful(&window, 3 * BLOCK,
							  &block));
	KUNIT_EXPECT_EQ(test, block, 1);
	fake->failed[0][3] = 1;
	KUNIT_EXPECT_TRUE(test, kshm_window_find_doubtful(&window, 3 * BLOCK,
							  &block));
	KUNIT_EXPECT_EQ(test, block, 2);
	__set_bit(2, fake->taken[0]);
	__set_bit(3, fake->taken[0]);
	KUNIT_EXPECT_FALSE(test, kshm_window_find_doubtful(&window, 3 * BLOCK,
							   &block));
}

static struct kunit_case kshm_contig_scan_cases[] = {
	KUNIT_CASE(kshm_test_lowest),
	KUNIT_CASE(kshm_test_cheapest),
	KUNIT_CASE(kshm_test_unusable),
	KUNIT_CASE(kshm_test_partial),
	KUNIT_CASE(kshm_test_alignment),
	KUNIT_CASE(kshm_test_failed),
	KUNIT_CASE(kshm_test_taken),
	KUNIT_CASE(kshm_test_zones),
	KUNIT_CASE(kshm_test_failures),
	KUNIT_CASE(kshm_test_limits),
	KUNIT_CASE(kshm_test_release_outside),
	KUNIT_CASE(kshm_test_release_partial),
	KUNIT_CASE(kshm_test_release_zone),
	KUNIT_CASE(kshm_test_doubtful),
	{}
};

static struct kunit_suite kshm_contig_scan_suite = {
	.name = "kshm_contig_scan",
	.init = kshm_fake_init,
	.test_cases = kshm_contig_scan_cases,
};

kunit_test_suite(kshm_contig_scan_suite);
