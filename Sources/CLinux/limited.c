#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// posix_spawn cannot set resource limits, and limits set by prlimit on a child that runs already come too late for its
// first allocations. So: vfork, as posix_spawn itself does it, and between vfork and exec only system calls.

static void limit(__rlimit_resource_t what, int64_t value) {
  if (value < 0) return;
  // Of processor time the hard limit, which ends by SIGKILL, comes a second after the one that says why.
  struct rlimit both = {(rlim_t)value, (rlim_t)value + (what == RLIMIT_CPU)};
  setrlimit(what, &both);
}

static int put(int from, int to) { return from == to ? fcntl(from, F_SETFD, 0) : dup2(from, to); }

int clinux_spawn_limited(char *const arguments[], char *const environment[], const int streams[3],
                         const struct clinux_limits *limits, int *process) {
  sigset_t all, before, none;
  sigfillset(&all);
  sigemptyset(&none);
  // The child shares our memory until it executes: no handler of ours may run in it.
  pthread_sigmask(SIG_SETMASK, &all, &before);
  volatile int failed = 0;
  pid_t parent = getpid();
  pid_t child = vfork();
  if (child == 0) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent) _exit(127);
    for (int number = 1; number < NSIG; number++) {
      struct sigaction action = {.sa_handler = SIG_DFL};
      sigaction(number, &action, NULL);
    }
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_AS, limits->address_space);
    limit(RLIMIT_CPU, limits->cpu_seconds);
    limit(RLIMIT_FSIZE, limits->file_size);
    limit(RLIMIT_NOFILE, limits->descriptors);
    for (int number = 0; number < 3; number++) {
      if (put(streams[number], number) == -1) {
        failed = errno;
        _exit(127);
      }
    }
    // libinotifytools leaves its descriptor open over exec.
    syscall(SYS_close_range, 3, ~0u, 0);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execvpe(arguments[0], arguments, environment);
    failed = errno;
    _exit(127);
  }
  int trouble = child == -1 ? errno : failed;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (trouble != 0) {
    if (child > 0) {
      int status;
      while (waitpid(child, &status, 0) == -1 && errno == EINTR) {}
    }
    return trouble;
  }
  *process = child;
  return 0;
}

int clinux_has_ended(int process) {
  siginfo_t state = {0};
  if (waitid(P_PID, (id_t)process, &state, WEXITED | WNOWAIT | WNOHANG) == -1) return errno == EINTR ? 0 : -1;
  return state.si_pid != 0;
}
