#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>

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

void *ts_getopt_table(const struct ts_option *options, size_t count) {
    struct option *table = calloc(count + 1, sizeof *table);
    for (size_t i = 0; table != NULL && i < count; i++)
        table[i] = (struct option){.name = options[i].name, .has_arg = options[i].has_argument, .val = options[i].value};
    return table;
}

int32_t ts_getopt(int32_t argc, char *const *argv, const char *shorts, const void *table, const char **argument,
                  int32_t *position, int32_t *unknown) {
    opterr = 0;
    if (*position == 0) optind = 0;
    // glibc stays at a word until its last letter is taken, and at the end goes back to what follows "--".
    int before = optind == 0 ? 1 : optind;
    int value = getopt_long(argc, argv, shorts, table, NULL);
    *argument = optarg;
    *position = value == -1 ? optind : before;
    *unknown = optopt;
    return value;
}
