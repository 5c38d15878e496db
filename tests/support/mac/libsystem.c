/*
 * A stand-in for macOS's libSystem on Linux: the functions that lanes calls there, answered out of /proc in Apple's
 * structures. The offsets are those that a C compiler gives the structs of XNU's headers (bsd/sys/sysctl.h, proc_info.h,
 * mount.h, osfmk/mach/vm_statistics.h), found out apart from lanes' own. What it lacks (getcwd, sigaction …) is libc's.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int given_count;
static char **given;
extern char **environ;

__attribute__((constructor)) static void begin(int count, char **words) {
  given_count = count;
  given = words;
}
int *_NSGetArgc(void) { return &given_count; }
char ***_NSGetArgv(void) { return &given; }
char ***_NSGetEnviron(void) { return &environ; }

static void put(char *at, const void *value, size_t size) { memcpy(at, value, size); }
static void put16(char *at, uint16_t value) { put(at, &value, 2); }
static void put32(char *at, uint32_t value) { put(at, &value, 4); }
static void put64(char *at, uint64_t value) { put(at, &value, 8); }

static size_t slurp(const char *path, char *into, size_t size) {
  FILE *file = fopen(path, "re");
  size_t length = file ? fread(into, 1, size - 1, file) : 0;
  if (file) fclose(file);
  into[length] = 0;
  return length;
}

static unsigned long long number_after(const char *path, const char *word) {
  static __thread char text[1 << 16];
  slurp(path, text, sizeof text);
  const char *at = strstr(text, word);
  return at ? strtoull(at + strlen(word), NULL, 10) : 0;
}

struct stat_line { char name[64], state; int ppid, group; unsigned flags, status; unsigned long long user, system, start, pages; };

static int look(int pid, struct stat_line *s) {
  char path[64], text[4096];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  if (slurp(path, text, sizeof text) == 0) return 0;
  char *open = strchr(text, '('), *end = strrchr(text, ')');
  *end = 0;
  snprintf(s->name, sizeof s->name, "%s", open + 1);
  int n = 3;
  for (char *field = strtok(end + 2, " "); field; field = strtok(NULL, " "), n++) {
    unsigned long long value = strtoull(field, NULL, 10);
    if (n == 3) s->state = *field;
    if (n == 4) s->ppid = value;
    if (n == 5) s->group = value;
    if (n == 9) s->flags = value;
    if (n == 14) s->user = value;
    if (n == 15) s->system = value;
    if (n == 22) s->start = value;
    if (n == 24) s->pages = value;
    if (n == 52) s->status = value;
  }
  return 1;
}

enum { KINFO = 648, TASK = 96 };

static int describe(int pid, char *info) {
  struct stat_line s = {0};
  if (!look(pid, &s)) return 0;
  int zombie = s.state == 'Z' || s.state == 'X';
  memset(info, 0, KINFO);
  put64(info, number_after("/proc/stat", "btime ") + s.start / 100);
  put32(info + 8, s.start % 100 * 10000);
  put32(info + 32, s.flags & 4 ? 0x2000 : 0);
  info[36] = zombie ? 5 : s.state == 'T' || s.state == 't' ? 4 : 2;
  put32(info + 40, pid);
  strncpy(info + 243, s.name, 16);
  put16(info + 280, zombie ? s.status : 0);
  put32(info + 560, s.ppid);
  put32(info + 564, s.group);
  return 1;
}

int sysctl(int *name, unsigned words, void *into, size_t *length, void *set, size_t set_size) {
  (void)set, (void)set_size;
  size_t room = *length, filled = 0;
  if (name[0] != 1 || name[1] != 14 || words < 3) return errno = EINVAL, -1;
  if (name[2] == 1) {
    *length = room >= KINFO && describe(name[3], into) ? KINFO : 0;
    return 0;
  }
  DIR *all = opendir("/proc");
  for (struct dirent *entry; (entry = readdir(all));) {
    int pid = atoi(entry->d_name);
    char info[KINFO];
    if (pid <= 0 || !describe(pid, info)) continue;
    if (filled + KINFO <= room) put((char *)into + filled, info, KINFO);
    filled += KINFO;
  }
  closedir(all);
  *length = filled < room ? filled : room;
  return filled <= room ? 0 : (errno = ENOMEM, -1);
}

int sysctlbyname(const char *name, void *into, size_t *length, void *set, size_t set_size) {
  (void)set, (void)set_size;
  if (strcmp(name, "kern.bootsessionuuid") != 0) return errno = ENOENT, -1;
  *length = slurp("/proc/sys/kernel/random/boot_id", into, *length);
  ((char *)into)[36] = 0;
  return 0;
}

static int descriptors(char *pairs, int size) {
  DIR *all = opendir("/proc/self/fd");
  int filled = 0;
  for (struct dirent *entry; (entry = readdir(all));) {
    char target[64] = "";
    if (*entry->d_name == '.' || atoi(entry->d_name) == dirfd(all) || filled + 8 > size) continue;
    (void)!readlinkat(dirfd(all), entry->d_name, target, sizeof target - 1);
    int kind = strncmp(target, "socket:", 7) == 0             ? 2
               : strncmp(target, "anon_inode:[event", 17) == 0 ? 5
               : strncmp(target, "pipe:", 5) == 0              ? 6
                                                               : 1;
    put32(pairs + filled, atoi(entry->d_name));
    put32(pairs + filled + 4, kind);
    filled += 8;
  }
  closedir(all);
  return filled;
}

int proc_pidinfo(int pid, int flavor, uint64_t argument, void *into, int size) {
  (void)argument;
  char path[64];
  struct stat owner;
  struct stat_line s = {0};
  snprintf(path, sizeof path, "/proc/%d", pid);
  if (stat(path, &owner) != 0) return errno = ESRCH, 0;
  if (geteuid() != 0 && owner.st_uid != geteuid()) return errno = EPERM, 0;
  if (flavor == 1 && pid == getpid()) return descriptors(into, size);
  if (flavor != 4 || size < TASK || !look(pid, &s) || s.state == 'Z') return errno = ESRCH, 0;
  memset(into, 0, TASK);
  put64((char *)into + 8, s.pages * sysconf(_SC_PAGESIZE));
  put64((char *)into + 16, s.user);
  put64((char *)into + 24, s.system);
  put32((char *)into + 88, s.state == 'R' || s.state == 'D');
  return TASK;
}

/* On Linux alone Bun marks what it was given close-on-exec when it begins (c-bindings.cpp): on a Mac it would be as it was. */
int fcntl(int descriptor, int command) {
  (void)descriptor;
  return command == 1 ? 0 : (errno = EINVAL, -1);
}

uint32_t mach_host_self(void) { return 7; }
int host_page_size(uint32_t host, uint64_t *bytes) {
  *bytes = 16384;
  return host != 7;
}
int host_statistics64(uint32_t host, int flavor, void *into, uint32_t *words) {
  if (host != 7 || flavor != 4 || *words < 38) return 5;
  unsigned long long free_kb = number_after("/proc/meminfo", "MemFree:"), kb = number_after("/proc/meminfo", "MemAvailable:");
  memset(into, 0, 152);
  put32(into, free_kb / 16 + 3);
  put32((char *)into + 92, 3);
  put32((char *)into + 136, kb > free_kb ? (kb - free_kb) / 16 : 0);
  return 0;
}

static int mac_statfs(const char *path, char *info) {
  if (access(path, F_OK) != 0) return -1;
  memset(info, 0, 2168);
  put32(info + 64, 0x1000);
  strcpy(info + 72, "apfs");
  return 0;
}
#ifdef __aarch64__
int statfs(const char *path, char *info) { return mac_statfs(path, info); }
#else
int statfs_inode64(const char *path, char *info) __asm__("statfs$INODE64");
int statfs_inode64(const char *path, char *info) { return mac_statfs(path, info); }
#endif
