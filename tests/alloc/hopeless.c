// SPDX-License-Identifier: GPL-2.0-only
/*
 * hopeless: requests for more than the machine has fail at once, take no memory
 * and do not slow down a program beside them.
 */
#include "device.h"

#include <pthread.h>
#include <signal.h>

#include "clock.h"
#include "configfs.h"
#include "hotplug.h"

#define CHURN		(200 * MIB)
#define REQUESTS	20

/*
 * Such a request takes some milliseconds; what is asserted allows for a machine
 * that has much else to do. One that took memory would need seconds.
 */
#define LIMIT_MS	1000

static volatile struct {
	bool stop;
	int rounds;
	long long sum, worst;
} *churned;

static volatile bool sampled;
static long long least_free;

static pid_t start_churn(void)
{
	pid_t pid;

	churned->stop = false;
	churned->rounds = 0;
	churned->sum = 0;
	churned->worst = 0;
	pid = fork();
	if (pid)
		return pid;
	while (!churned->stop) {
		long long start = now_ms();
		char *p = anon(CHURN);
		size_t i;

		for (i = 0; i < CHURN; i += PAGE)
			p[i] = 1;
		munmap(p, CHURN);
		start = now_ms() - start;
		churned->sum += start;
		churned->worst = start > churned->worst ? start : churned->worst;
		churned->rounds++;
	}
	_exit(0);
}

static void end_churn(pid_t pid, const char *when)
{
	churned->stop = true;
	is(child_status(pid), 0, "nobody kills the program %s", when);
	diag("%s: %d rounds, %lld ms on average, %lld ms at worst", when,
	     churned->rounds, churned->sum / (churned->rounds ? : 1),
	     churned->worst);
}

/* Ask for so much, some times; the longest time that it took. */
static long long ask(const char *size, int times)
{
	long long took, longest = 0;
	int i, refused = 0;

	configfs_set("a", "size", size);
	for (i = 0; i < times; i++) {
		took = now_ms();
		refused += !configfs_try("a", "live", "1") && errno == ENOMEM;
		took = now_ms() - took;
		longest = took > longest ? took : longest;
	}
	is(refused, times, "%s are refused", size);
	diag("%s: in at most %lld ms", size, longest);
	return longest;
}

static void *sampler(void *arg)
{
	long long now;

	(void)arg;
	while (!sampled) {
		now = memory_figure("MemFree");
		least_free = now < least_free ? now : least_free;
	}
	return NULL;
}

static void takes_no_memory(void)
{
	long long before = memory_figure("MemFree");
	pthread_t thread;

	least_free = before;
	if (pthread_create(&thread, NULL, sampler, NULL))
		bail("pthread_create");
	ask("1024G", REQUESTS);
	ask("1536M", REQUESTS);
	sampled = true;
	pthread_join(thread, NULL);
	diag("%lld MiB were free, %lld at least", before / (long long)MIB,
	     least_free / (long long)MIB);
	ok(least_free > before - (long long)(64 * MIB),
	   "a refused request takes no memory");
}

static long long oom_kills(void)
{
	FILE *f = fopen("/proc/vmstat", "re");
	long long kills = -1;
	char line[128];

	if (!f)
		bail("/proc/vmstat");
	while (fgets(line, sizeof(line), f) &&
	       sscanf(line, "oom_kill %lld", &kills) != 1)
		;
	fclose(f);
	return kills;
}

int main(void)
{
	long long kills = oom_kills(), longest = 0;
	pid_t pid;
	int i;

	churned = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (churned == MAP_FAILED)
		bail("mmap");
	buffer_prepare("a", PAGE);
	takes_no_memory();

	pid = start_churn();
	nap_ms(3000);
	end_churn(pid, "alone");
	pid = start_churn();
	for (i = 0; i < 10; i++) {
		long long took = ask("1024G", 1);

		longest = took > longest ? took : longest;
		nap_ms(300);
	}
	end_churn(pid, "beside refused requests");
	ok(longest < LIMIT_MS, "a request for too much is refused at once");
	is(oom_kills() - kills, 0, "nothing runs out of memory");
	buffer_drop("a");
	return tap_done();
}
