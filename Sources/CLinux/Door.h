// What every system call of this target goes through: error numbers become results, and tests may refuse a call.
#ifndef DOOR_H
#define DOOR_H

#include "CLinux.h"

#include <errno.h>

static inline int64_t result(int64_t value) { return value < 0 ? -(int64_t)errno : value; }

// A question before each call costs a load and a branch, which nothing could measure beside a call of 160 ns; but what
// refuses calls has no business in a released program. So it exists in debug builds alone, in C and not in Swift's
// `kernel`, because only here the call has its name and its size.
#ifdef DEBUG
/// The result of a system call, or what the tests want it to have been.
#define CALL(name, call) (ts_fault(name, NULL) ?: result(call))
/// The same for calls that may do less than `size`.
#define CALL_SIZED(name, size, call) (ts_fault(name, &(size)) ?: result(call))
/// For functions that make several calls: stands before the first.
#define DOOR(name)                            \
    do {                                      \
        int64_t fault = ts_fault(name, NULL); \
        if (fault < 0) return fault;          \
    } while (0)
#else
#define CALL(name, call) result(call)
#define CALL_SIZED(name, size, call) result(call)
#define DOOR(name) \
    do {           \
    } while (0)
#endif

#endif
