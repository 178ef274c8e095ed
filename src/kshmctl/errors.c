// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is wrong with the installation, and the next step.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <glob.h>
#include <grp.h>
#include <pwd.h>
#include <regex.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "errors.h"
#include "util.h"

/* klogctl(2): the whole log; its size. */
#define SYSLOG_ACTION_READ_ALL 3
#define SYSLOG_ACTION_SIZE_BUFFER 10

void advise(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("  ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
}

/* The first path that matches, or NULL. */
static char *first_match(const char *pattern)
{
	char *path = NULL;
	glob_t found;

	if (!glob(pattern, 0, NULL, &found)) {
		path = xstrdup(found.gl_pathv[0]);
		globfree(&found);
	}
	return path;
}

/* Whether depmod knows the module for this kernel. */
static bool module_exists(const char *release)
{
	char *path = xasprintf("/lib/modules/%s/modules.dep", release);
	FILE *file = fopen(path, "re");
	bool found = false;
	size_t room = 0;
	char *line = NULL, *name;

	free(path);
	if (!file)
		return false;
	while (!found && getline(&line, &room, file) > 0) {
		line[strcspn(line, ":")] = '\0';
		name = strrchr(line, '/');
		name = name ? name + 1 : line;
		found = !strncmp(name, "kshm.ko", 7);
	}
	free(line);
	fclose(file);
	return found;
}

/* Whether dkms.conf excludes this kernel from the build. */
static bool excluded(const char *conf, const char *release)
{
	static const char key[] = "BUILD_EXCLUSIVE_KERNEL=";
	FILE *file = fopen(conf, "re");
	bool no_match = false;
	char *line = NULL;
	size_t room = 0;
	regex_t regex;

	if (!file)
		return false;
	while (getline(&line, &room, file) > 0) {
		char *value = line + strlen(key), *end;

		if (strncmp(line, key, strlen(key)))
			continue;
		value += strspn(value, "\"'");
		end = value + strcspn(value, "\"'\n");
		*end = '\0';
		if (!regcomp(&regex, value, REG_EXTENDED | REG_NOSUB)) {
			no_match = regexec(&regex, release, 0, NULL, 0);
			regfree(&regex);
		}
	}
	free(line);
	fclose(file);
	return no_match;
}

/* Whether kshm-admit has added the series of this kernel, such as 7.4. */
static bool admitted(const char *release)
{
	FILE *file = fopen("/etc/kshm/kernels", "re");
	char *line = NULL;
	bool found = false;
	size_t room = 0;

	if (!file)
		return false;
	while (!found && getline(&line, &room, file) > 0) {
		size_t len = strcspn(line, "\n");

		found = len && !strncmp(line, release, len) && release[len] == '.';
	}
	free(line);
	fclose(file);
	return found;
}

/* What dkms says about the module, each line indented. */
static void dkms_status(void)
{
	FILE *pipe = popen("dkms status -m kshm 2>&1", "re");
	size_t room = 0;
	char *line = NULL;

	if (!pipe)
		return;
	while (getline(&line, &room, pipe) > 0)
		fprintf(stderr, "  dkms status: %s", line);
	free(line);
	pclose(pipe);
}

/* The first error in the log of a build that failed. */
static void build_error(const char *path)
{
	FILE *file = fopen(path, "re");
	size_t room = 0;
	char *line = NULL;

	if (!file)
		return;
	while (getline(&line, &room, file) > 0) {
		if (strcasestr(line, "error")) {
			fprintf(stderr, "  %s: %s", path, line);
			break;
		}
	}
	free(line);
	fclose(file);
}

/* dkms has the source, but there is no module for this kernel. */
static void explain_not_built(const char *conf, const char *release)
{
	char *headers = xasprintf("/lib/modules/%s/build/include", release);
	char *log;

	if (excluded(conf, release) && !admitted(release)) {
		warnx("kshm is not built for this kernel, %s: this version was not tested on it",
		      release);
		advise("install a newer version of kshm-dkms,");
		advise("or try it on this kernel: kshm-admit,");
		advise("or boot a kernel that BUILD_EXCLUSIVE_KERNEL in %s names", conf);
	} else if (access(headers, F_OK)) {
		warnx("kshm is not built for this kernel, %s: its headers are missing", release);
		if (!access("/etc/debian_version", F_OK))
			advise("apt install linux-headers-%s", release);
		else
			advise("install the package kernel-devel of this version");
		advise("then: modprobe kshm");
	} else {
		warnx("kshm is not built for this kernel, %s", release);
		dkms_status();
		log = first_match("/var/lib/dkms/kshm/*/build/make.log");
		if (log)
			build_error(log);
		free(log);
		advise("dkms autoinstall, then: modprobe kshm");
	}
	free(headers);
}

/* Whether the kernel's log says that it has refused a module for its signature. */
static bool refused_by_log(void)
{
	int size = klogctl(SYSLOG_ACTION_SIZE_BUFFER, NULL, 0);
	bool refused;
	char *text;
	int len;

	if (size <= 0)
		return false;
	text = xrealloc(NULL, size + 1, 1);
	len = klogctl(SYSLOG_ACTION_READ_ALL, text, size);
	text[len > 0 ? len : 0] = '\0';
	refused = strstr(text, "unsigned module loading is restricted") ||
		  strstr(text, "module with unavailable key is rejected") ||
		  strstr(text, "unsigned module is rejected") ||
		  strstr(text, "module with unsupported crypto is rejected");
	free(text);
	return refused;
}

/* Whether the kernel takes only modules with a signature that it trusts. */
static bool wants_signatures(void)
{
	char text[64];

	if (!file_read("/sys/module/module/parameters/sig_enforce", text, sizeof(text)) &&
	    text[0] == 'Y')
		return true;
	return !file_read("/sys/kernel/security/lockdown", text, sizeof(text)) &&
	       !strstr(text, "[none]");
}

static void explain_not_loaded(void)
{
	if (!wants_signatures()) {
		warnx("kshm is not loaded");
		advise("modprobe kshm");
		advise("if this fails, 'dmesg | grep kshm' says why");
		return;
	}
	if (refused_by_log()) {
		warnx("the kernel has refused a module whose key it does not trust (Secure Boot)");
		advise("enrol the key that signs kshm:");
	} else {
		warnx("kshm is not loaded; this kernel loads only modules that it trusts");
		advise("modprobe kshm");
		advise("if this says 'Key was rejected by service' (Secure Boot):");
	}
	advise("mokutil --import /var/lib/dkms/mok.pub");
	advise("restart, and choose 'Enroll MOK' in the blue screen");
	advise("then: modprobe kshm");
}

void require_module(void)
{
	struct utsname system;
	char *conf;

	if (!access("/sys/module/kshm", F_OK) && !access("/sys/class/kshm", F_OK))
		return;
	if (uname(&system))
		err(EXIT_FAILURE, "uname");
	conf = first_match("/usr/src/kshm-*/dkms.conf");
	if (module_exists(system.release)) {
		explain_not_loaded();
	} else if (conf) {
		explain_not_built(conf, system.release);
	} else {
		warnx("the kernel module kshm is not installed");
		advise("install the package kshm-dkms, or run 'make install' in kshm's source");
	}
	free(conf);
	exit(EXIT_FAILURE);
}

/* Whether this process acts as a member of the group. */
static bool in_group(gid_t gid)
{
	int i, n = getgroups(0, NULL);
	bool found = getegid() == gid;
	gid_t *groups;

	if (n <= 0)
		return found;
	groups = xrealloc(NULL, n, sizeof(*groups));
	n = getgroups(n, groups);
	for (i = 0; i < n && !found; i++)
		found = groups[i] == gid;
	free(groups);
	return found;
}

/* Whether the group's entry names the user. */
static bool listed(const struct group *group, const char *user)
{
	char **member;

	for (member = group->gr_mem; *member; member++) {
		if (!strcmp(*member, user))
			return true;
	}
	return false;
}

static void explain_access(const char *path)
{
	const struct passwd *passwd;
	const struct group *group;
	const char *user = "$USER";
	struct stat st;

	if (stat(path, &st))
		return;
	passwd = getpwuid(getuid());
	if (passwd)
		user = passwd->pw_name;
	if (!st.st_gid) {
		advise("udev has not given the device to the group kshm yet:");
		advise("sudo udevadm control --reload && sudo udevadm trigger -s kshm");
		return;
	}
	group = getgrgid(st.st_gid);
	if (in_group(st.st_gid) || !group) {
		advise("the access rights of the node do not allow it: ls -lL %s", path);
	} else if (passwd && listed(group, user)) {
		advise("%s is in the group %s, but this session began before that:", user,
		       group->gr_name);
		advise("log out and in again");
	} else {
		advise("%s is not in the group %s:", user, group->gr_name);
		advise("sudo adduser %s %s, then log out and in again", user, group->gr_name);
	}
}

void explain_open(const char *path, int error)
{
	errno = error;
	warn("%s", path);
	switch (error) {
	case EACCES:
		explain_access(path);
		break;
	case ENOENT:
		advise("the node is missing; a container must be given the device");
		break;
	case ENODEV:
	case ENXIO:
		advise("the buffer was removed; see 'kshmctl list'");
		break;
	}
}
