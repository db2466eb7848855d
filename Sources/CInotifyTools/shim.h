#ifndef CINOTIFYTOOLS_SHIM_H
#define CINOTIFYTOOLS_SHIM_H
// inotifytools.h uses size_t and struct inotify_event without including their headers.
#include <stddef.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <inotifytools/inotify.h>
#include <inotifytools/inotifytools.h>

/// Removes a watch without the library's complaint on stderr about one that the kernel has removed already.
static inline int inotifytools_forget_watch(int number) {
  static FILE *nowhere;
  if (!nowhere) nowhere = fopen("/dev/null", "we");
  FILE *told = stderr;
  if (nowhere) stderr = nowhere;
  int status = inotifytools_remove_watch_by_wd(number);
  stderr = told;
  return status;
}
#endif
