#ifndef CINOTIFYTOOLS_SHIM_H
#define CINOTIFYTOOLS_SHIM_H
// inotifytools.h uses size_t and struct inotify_event without including their headers.
#include <stddef.h>
#include <sys/inotify.h>
#include <inotifytools/inotify.h>
#include <inotifytools/inotifytools.h>
#endif
