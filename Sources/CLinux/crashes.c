#define _GNU_SOURCE
#include "CLinux.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

static _Atomic(intptr_t *) crash_place;
// A stack that has run over has no room for a handler.
static char crash_stack[1 << 16];
static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS, SIGABRT};

static void crashed(int number, siginfo_t *info, void *context) {
  (void)context;
  intptr_t *place = atomic_load(&crash_place);
  int is_own = info->si_code > 0 || info->si_pid == getpid();
  if (place != NULL && (is_own || number == SIGABRT)) *place = number;
  // The handler is the default one again; delivered when this one returns.
  raise(number);
}

void clinux_note_crashes(intptr_t *place) {
  atomic_store(&crash_place, place);
  stack_t stack = {.ss_sp = crash_stack, .ss_size = sizeof crash_stack};
  sigaltstack(&stack, NULL);
  struct sigaction action = {.sa_sigaction = crashed, .sa_flags = SA_SIGINFO | SA_ONSTACK | (int)SA_RESETHAND};
  for (size_t index = 0; index < sizeof crash_signals / sizeof crash_signals[0]; index++) {
    sigaction(crash_signals[index], &action, NULL);
  }
}

void clinux_forget_crashes(const intptr_t *words, intptr_t count) {
  intptr_t *place = atomic_load(&crash_place);
  if (place < words || place >= words + count) return;
  atomic_compare_exchange_strong(&crash_place, &place, NULL);
}
