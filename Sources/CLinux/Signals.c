#define _GNU_SOURCE
#include "CLinux.h"
#include "Door.h"

#include <signal.h>

static void (*termination)(int32_t);
static void on_termination(int signal) { termination(signal); }

int64_t ts_catch_termination(void (*handler)(int32_t signal)) {
    termination = handler;
    struct sigaction action = {.sa_handler = on_termination, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    int64_t done = 0;
    const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction old;
        if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler == SIG_IGN) continue;
        if (sigaction(signals[i], &action, NULL) != 0) done = -(int64_t)errno;
    }
    return done;
}

void ts_reset_signal(int32_t number) { signal(number, SIG_DFL); }
