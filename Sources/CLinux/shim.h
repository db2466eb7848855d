#ifndef CLINUX_SHIM_H
#define CLINUX_SHIM_H
// What the Glibc module does not show to Swift: calls behind _GNU_SOURCE, variadic functions, and signal flags.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define CLINUX_RENAME_NOREPLACE 1u
#define CLINUX_RENAME_EXCHANGE 2u

static inline int clinux_errno(void) { return errno; }
static inline void clinux_set_errno(int value) { errno = value; }

static inline int clinux_renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags) {
  return (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
}

static inline int clinux_openat(int dir, const char *path, int flags, unsigned mode) {
  return openat(dir, path, flags, mode);
}

// Opens below `dir` only: no "..", no absolute path, no symbolic link anywhere on the way.
static inline int clinux_open_beneath(int dir, const char *path, uint64_t flags, uint64_t mode) {
  struct open_how how = {flags, mode, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
  return (int)syscall(SYS_openat2, dir, path, &how, sizeof how);
}

// 0 = granted (and given back), otherwise errno: EAGAIN while somebody holds the file open for writing.
static inline int clinux_try_read_lease(int fd) {
  if (fcntl(fd, F_SETLEASE, F_RDLCK) == -1) return errno;
  fcntl(fd, F_SETLEASE, F_UNLCK);
  return 0;
}

static inline int clinux_set_thread_name(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }
static inline int clinux_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); }

static inline int clinux_set_limit(int resource, uint64_t value) {
  struct rlimit limit = {value, value};
  return setrlimit((__rlimit_resource_t)resource, &limit);
}
static inline int clinux_limit_address_space(uint64_t bytes) { return clinux_set_limit(RLIMIT_AS, bytes); }
static inline int clinux_limit_cpu_seconds(uint64_t seconds) { return clinux_set_limit(RLIMIT_CPU, seconds); }
#endif
