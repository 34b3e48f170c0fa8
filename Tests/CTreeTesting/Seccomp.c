#define _GNU_SOURCE
#include "CTreeTesting.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif

static const struct {
    const char *name;
    unsigned number;
} known[] = {
    {"copy_file_range", SYS_copy_file_range}, {"statx", SYS_statx}, {"openat2", SYS_openat2},
    {"fchmodat2", SYS_fchmodat2},             {"setxattrat", 463},  {"getxattrat", 464},
    {"listxattrat", 465},                     {"removexattrat", 466}, {"renameat2", SYS_renameat2},
};
enum { KNOWN = sizeof known / sizeof *known };

// Loads the number of a call, compares it with each refused one, and allows everything else.
static int refuse(const char *calls, int code) {
    struct sock_filter filter[2 * KNOWN + 2];
    unsigned short length = 0;
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (int i = 0; i < KNOWN; i++) {
        const char *found = strstr(calls, known[i].name);
        size_t size = strlen(known[i].name);
        // A name may be the beginning of another one.
        if (found == NULL || (found[size] != 0 && found[size] != ' ')) continue;
        filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, known[i].number, 0, 1);
        filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)code);
    }
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {.len = length, .filter = filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int64_t tt_run_refused(char *const *words, int32_t *output, const char *calls, int32_t code) {
    int file = memfd_create("output", MFD_CLOEXEC);
    if (file < 0) return -errno;
    pid_t child = fork();
    if (child == 0) {
        dup2(file, 1);
        dup2(file, 2);
        if (refuse(calls, code) == 0) execv(words[0], words);
        _exit(126);
    }
    int status = 0;
    int64_t result = child < 0 ? -errno : 0;
    while (result == 0 && waitpid(child, &status, 0) < 0)
        if (errno != EINTR) result = -errno;
    if (result != 0) {
        close(file);
        return result;
    }
    *output = file;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
