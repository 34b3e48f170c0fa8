#define _GNU_SOURCE
#include "CLinux.h"

#include <getopt.h>
#include <stdlib.h>

static int32_t argument_count;
static char *const *argument_vector;

// glibc tells constructors what it tells `main`. Swift's CommandLine reads /proc, which may not be there.
__attribute__((constructor)) static void keep_arguments(int count, char **vector) {
    argument_count = count;
    argument_vector = vector;
}

int32_t ts_argument_count(void) { return argument_count; }
char *const *ts_arguments(void) { return argument_vector; }

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
