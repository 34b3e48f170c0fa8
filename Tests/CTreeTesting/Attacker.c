#define _GNU_SOURCE
#include "CTreeTesting.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SLOTS = 8, NAMES = 16 };

struct attack {
    const char *outside;
    int32_t kinds;
    char *names[NAMES];
    int count;
    uint64_t random;
};

static uint64_t next(struct attack *attack) {
    attack->random = attack->random * 6364136223846793005u + 1442695040888963407u;
    return attack->random >> 33;
}

static void slot_name(char *buffer, size_t size, unsigned slot) { snprintf(buffer, size, "attacker-%u", slot); }

// Makes what shall be swapped in; whatever has the name stays.
static void make_slot(struct attack *attack, const char *name) {
    char target[4096];
    for (;;) {
        int32_t kind = 1 << next(attack) % 5;
        if ((attack->kinds & kind) == 0) continue;
        switch (kind) {
        case TT_LINK_TO_DIRECTORY: (void)!symlink(attack->outside, name); return;
        case TT_LINK_TO_FILE:
            snprintf(target, sizeof target, "%s/secret", attack->outside);
            (void)!symlink(target, name);
            return;
        case TT_FIFO: (void)!mkfifo(name, 0666); return;
        case TT_FILE: {
            int file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0777);
            if (file >= 0) (void)!write(file, "attacker's own", 14);
            if (file >= 0) close(file);
            return;
        }
        case TT_DIRECTORY: (void)!mkdir(name, 0777); return;
        }
    }
}

static void swap(struct attack *attack, const char *name) {
    char slot[32];
    slot_name(slot, sizeof slot, (unsigned)(next(attack) % SLOTS));
    if (renameat2(AT_FDCWD, name, AT_FDCWD, slot, RENAME_EXCHANGE) == 0) return;
    struct stat status;
    if (lstat(slot, &status) != 0)
        make_slot(attack, slot);
    else
        renameat2(AT_FDCWD, slot, AT_FDCWD, name, RENAME_NOREPLACE);
}

// Swaps whatever has a temporary name of the command.
static void hunt(struct attack *attack) {
    DIR *directory = opendir(".");
    if (directory == NULL) return;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
        if (strncmp(entry->d_name, ".treesync-", 10) == 0) swap(attack, entry->d_name);
    closedir(directory);
}

static void fill(const char *name, int flags, size_t size, int value) {
    static unsigned char bytes[1 << 16];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = value >= 0 ? (unsigned char)value : (unsigned char)(i % 251);
    int file = open(name, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0644);
    if (file < 0) return;
    (void)!write(file, bytes, size);
    close(file);
}

// Files that are replaced, grow and shrink, vanish and are touched. All bytes of `replaced` are equal; a byte of the
// others follows from its place.
static void churn(struct attack *attack) {
    switch (next(attack) % 4) {
    case 0:
        fill("attacker-new", O_TRUNC, 1 << 16, (int)(next(attack) % 256));
        rename("attacker-new", "replaced");
        break;
    case 1: fill("resized", 0, 1 + next(attack) % (1 << 16), -1); break;
    case 2: (void)!truncate("resized", (off_t)(next(attack) % (1 << 15))); break;
    case 3:
        if (unlink("vanishing") != 0) fill("vanishing", O_TRUNC, 1 << 12, -1);
        utimensat(AT_FDCWD, "touched", NULL, 0);
        break;
    }
}

static void attack_for_ever(struct attack *attack, _Atomic uint64_t *swaps) {
    for (;;) {
        if (attack->kinds & TT_CHURN)
            churn(attack);
        else
            swap(attack, attack->names[next(attack) % (uint64_t)attack->count]);
        if (attack->kinds & TT_TEMPORARIES) hunt(attack);
        *swaps += 1;
    }
}

int64_t tt_attack(const char *directory, const char *outside, const char *names, int32_t kinds, uint32_t identity,
                  uint64_t **swaps) {
    struct attack attack = {.outside = outside, .kinds = kinds, .random = 42};
    char *copy = strdup(names);
    for (char *name = strtok(copy, " "); name != NULL && attack.count < NAMES; name = strtok(NULL, " "))
        attack.names[attack.count++] = name;
    void *shared = mmap(NULL, sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return -errno;
    *swaps = shared;
    pid_t child = fork();
    if (child == 0) {
        // Only system calls and what they need: the parent may have had threads.
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (tt_become(identity) != 0 || chdir(directory) != 0) _exit(1);
        umask(0);
        attack_for_ever(&attack, shared);
    }
    free(copy);
    return child < 0 ? -errno : child;
}

int64_t tt_end_attack(int64_t process) {
    int status = 0;
    kill((pid_t)process, SIGKILL);
    if (waitpid((pid_t)process, &status, 0) < 0) return -errno;
    return WIFSIGNALED(status) ? 0 : -ECHILD;
}
