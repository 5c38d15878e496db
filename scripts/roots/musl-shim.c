/*
 * What glibc's libstdc++ and libgcc ask of the C library and musl does not have, so that they can be used with musl: Debian
 * has musl, and no C++ library for it. Alpine has one of its own, and needs none of this.
 */
#include <stddef.h>

unsigned long strtoul(const char *, char **, int);
size_t strftime_l(char *, size_t, const char *, const void *, void *);
int fseeko(void *, long, int);
long ftello(void *);
long getrandom(void *, size_t, unsigned);

char __libc_single_threaded = 0;
unsigned long __isoc23_strtoul(const char *s, char **end, int base) { return strtoul(s, end, base); }
size_t __strftime_l(char *to, size_t max, const char *format, const void *tm, void *locale) {
  return strftime_l(to, max, format, tm, locale);
}
int fseeko64(void *file, long offset, int whence) { return fseeko(file, offset, whence); }
long ftello64(void *file) { return ftello(file); }
/* "Not found": libgcc then looks by dl_iterate_phdr. */
int _dl_find_object(void *address, void *result) { return -1; }
int __cxa_thread_atexit_impl(void (*run)(void *), void *object, void *library) { return 0; }
unsigned arc4random(void) {
  unsigned value = 0;
  getrandom(&value, sizeof value, 0);
  return value;
}
/* 128-bit numbers: nobody here has any. */
__float128 strtof128(const char *s, char **end) { return 0; }
int strfromf128(char *to, size_t size, const char *format, __float128 value) { return -1; }
/* libgcc has these under a version that musl takes for hidden: a processor with no features is a safe answer. */
unsigned __cpu_model[4];
int __cpu_indicator_init(void) { return 0; }
