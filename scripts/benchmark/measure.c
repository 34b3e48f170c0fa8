/* Runs a command and prints what it took: wall nanoseconds, processor nanoseconds, peak resident KiB of the largest
 * process, exit status. A small program of its own, because the parent's memory counts in a child's peak.
 *
 *     measure MEGABYTES COMMAND [ARGUMENT]...
 *
 * MEGABYTES of memory are touched and given back first: on a virtual machine that returns free memory to its host
 * the first touch of a page costs up to 20 times as much, and whichever command came first would pay for it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void touch(size_t megabytes) {
    pid_t child = fork();
    if (child == 0) {
        mmap(NULL, megabytes << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

static long long nanoseconds(struct timeval time) {
    return time.tv_sec * 1000000000LL + time.tv_usec * 1000LL;
}

int main(int count, char **arguments) {
    if (count < 3) {
        fprintf(stderr, "usage: measure MEGABYTES COMMAND [ARGUMENT]...\n");
        return 2;
    }
    size_t megabytes = strtoul(arguments[1], NULL, 10);
    if (megabytes > 0) touch(megabytes);

    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    pid_t child = vfork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM); /* An interrupted bench leaves no command behind. */
        execvp(arguments[2], arguments + 2);
        _exit(127);
    }
    int status;
    struct rusage usage;
    wait4(child, &status, 0, &usage);
    clock_gettime(CLOCK_MONOTONIC, &end);

    dprintf(3, "%lld %lld %ld %d\n",
            (end.tv_sec - begin.tv_sec) * 1000000000LL + end.tv_nsec - begin.tv_nsec,
            nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime), usage.ru_maxrss,
            WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return 0;
}
