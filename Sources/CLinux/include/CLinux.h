#ifndef CLINUX_H
#define CLINUX_H
// What the Glibc module does not show to Swift: calls behind _GNU_SOURCE and variadic functions.
#include <stdint.h>

#define CLINUX_RENAME_NOREPLACE 1u

int clinux_errno(void);
void clinux_set_errno(int code);
/// renameat2(2); 0 or -1 with errno.
int clinux_renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags);
/// openat(2); a descriptor or -1 with errno.
int clinux_openat(int dir, const char *path, int flags, unsigned mode);
/// openat2(2) below `dir` only: no "..", no absolute path, no symbolic link anywhere on the way.
int clinux_open_beneath(int dir, const char *path, uint64_t flags);
/// 0 = granted (and given back), otherwise errno: EAGAIN while somebody holds the file open for writing.
int clinux_try_read_lease(int fd);
int clinux_set_thread_name(const char *name);
/// The process is killed when its parent goes.
int clinux_die_with_parent(void);
/// Begins to write bytes `start` to `start + count` of a file to the disk, after those from `before` to `start` are
/// written (sync_file_range(2)); 0 or -1 with errno.
int clinux_write_back(int fd, int64_t start, int64_t count, int64_t before);
/// Both ends are closed on exec.
int clinux_pipe(int ends[2]);
/// An eventfd at 0, closed on exec, never blocking.
int clinux_eventfd(void);
/// The magic number of the file system of an open file (statfs(2)); 0 where it cannot be told.
uint64_t clinux_file_system(int fd);
char **clinux_environment(void);
/// Every descriptor from `first` on is closed when another program is begun.
void clinux_close_on_exec_from(unsigned first);

/// From here on a signal that ends this process by its own fault (SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS, and
/// SIGABRT from anybody) first stores its number at `place`. It ends the process all the same.
void clinux_note_crashes(intptr_t *place);
/// Nothing is stored any more if the place is one of these `count` words.
void clinux_forget_crashes(const intptr_t *words, intptr_t count);

/// What a child process may use; -1 leaves a limit as it is.
struct clinux_limits {
  int64_t address_space;
  int64_t cpu_seconds;
  int64_t file_size;
  int64_t descriptors;
};
/// Starts `arguments` (found in PATH) with these three standard streams in a process group of its own, with default
/// signals, limits set and no core dump; it is killed when the thread that started it goes.
/// Returns 0 with the process in `process`, otherwise errno.
int clinux_spawn_limited(char *const arguments[], char *const environment[], const int streams[3],
                         const struct clinux_limits *limits, int *process);
/// 1 when the child has ended (it stays to be waited for), 0 while it runs, -1 with errno.
int clinux_has_ended(int process);
#endif
