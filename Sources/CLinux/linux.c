#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

int clinux_errno(void) { return errno; }

void clinux_set_errno(int code) { errno = code; }

int clinux_renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags) {
  return (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
}

int clinux_openat(int dir, const char *path, int flags, unsigned mode) { return openat(dir, path, flags, mode); }

int clinux_open_beneath(int dir, const char *path, uint64_t flags) {
  struct open_how how = {.flags = flags, .mode = 0, .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
  return (int)syscall(SYS_openat2, dir, path, &how, sizeof how);
}

int clinux_try_read_lease(int fd) {
  if (fcntl(fd, F_SETLEASE, F_RDLCK) == -1) return errno;
  fcntl(fd, F_SETLEASE, F_UNLCK);
  return 0;
}

int clinux_set_thread_name(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

int clinux_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); }

int clinux_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int clinux_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

uint64_t clinux_file_system(int fd) {
  struct statfs about;
  return fstatfs(fd, &about) == 0 ? (uint64_t)about.f_type & 0xFFFFFFFFu : 0;
}

char **clinux_environment(void) { return environ; }

void clinux_close_on_exec_from(unsigned first) {
#ifdef SYS_close_range
  syscall(SYS_close_range, first, ~0u, 1u << 2 /* CLOSE_RANGE_CLOEXEC */);
#else
  (void)first;
#endif
}

int clinux_write_back(int fd, int64_t start, int64_t count, int64_t before) {
  if (sync_file_range(fd, start, count, SYNC_FILE_RANGE_WRITE) == -1) return -1;
  if (before == start) return 0;
  unsigned wait = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
  return sync_file_range(fd, before, start - before, wait);
}
