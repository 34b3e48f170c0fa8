#include "CLinux.h"

#include <sys/resource.h>
#include <time.h>

void ts_process_usage(struct ts_usage *usage) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    usage->processor = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000000LL +
                       (used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1000LL;
    usage->blocks_read = used.ru_inblock;
    usage->waits = used.ru_nvcsw;
}

void ts_sleep(int64_t nanoseconds) {
    struct timespec time = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    nanosleep(&time, NULL);
}
