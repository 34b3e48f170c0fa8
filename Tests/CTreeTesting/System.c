#define _GNU_SOURCE
#include "CTreeTesting.h"
#include <errno.h>
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int64_t checked(int result) { return result < 0 ? -errno : result; }

struct call {
    void (*body)(void *);
    void *context;
    int64_t result;
};

static void *run_call(void *argument) {
    struct call *call = argument;
    call->result = checked(unshare(CLONE_FS));
    if (call->result == 0) call->body(call->context);
    return NULL;
}

int64_t tt_run_apart(void (*body)(void *context), void *context) {
    struct call call = {body, context, 0};
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    // A recursion 10,000 levels deep at up to 25 KB a level of unoptimised Swift; touched only as far as it is used.
    pthread_attr_setstacksize(&attributes, (size_t)256 << 20);
    int error = pthread_create(&thread, &attributes, run_call, &call);
    pthread_attr_destroy(&attributes);
    if (error != 0) return -error;
    pthread_join(thread, NULL);
    return call.result;
}

int64_t tt_mount(const char *source, const char *target, const char *type, const char *options) {
    return checked(mount(source, target, type, 0, options));
}

int64_t tt_remount_read_only(const char *target, int32_t read_only) {
    return checked(mount(NULL, target, NULL, MS_REMOUNT | (read_only ? MS_RDONLY : 0), NULL));
}

int64_t tt_unmount(const char *target) { return checked(umount2(target, MNT_DETACH | UMOUNT_NOFOLLOW)); }

int64_t tt_run(char *const *words, int32_t *output) {
    extern char **environ;
    int file = memfd_create("output", MFD_CLOEXEC);
    if (file < 0) return -errno;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", 0, 0);
    posix_spawn_file_actions_adddup2(&actions, file, 1);
    posix_spawn_file_actions_adddup2(&actions, file, 2);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    pid_t child;
    int error = posix_spawnp(&child, words[0], &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    while (error == 0 && waitpid(child, &status, 0) < 0)
        if (errno != EINTR) error = errno;
    if (error != 0) {
        close(file);
        return -error;
    }
    *output = file;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int64_t tt_read(int32_t descriptor, void *buffer, size_t size, int64_t offset) {
    ssize_t count = pread(descriptor, buffer, size, offset);
    return count < 0 ? -errno : count;
}

int64_t tt_effective_user(void) { return geteuid(); }

int64_t tt_process(void) { return getpid(); }

int64_t tt_process_exists(int64_t process) { return kill((pid_t)process, 0) == 0 || errno != ESRCH; }

int64_t tt_kill_self(void) { return checked(kill(getpid(), SIGKILL)); }

int64_t tt_become(uint32_t identity) {
    if (geteuid() == 0) {
        if (setgroups(0, NULL) != 0) return -errno;
        if (setresgid(identity, identity, identity) != 0) return -errno;
        if (setresuid(identity, identity, identity) != 0) return -errno;
        // A process that changed its user owns its /proc/self again only when it says so; after an exec it would.
        if (prctl(PR_SET_DUMPABLE, 1) != 0) return -errno;
    }
    return 0;
}

static int64_t socket_at(const char *name, struct sockaddr_un *address) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (strlen(name) >= sizeof address->sun_path) return -ENAMETOOLONG;
    strcpy(address->sun_path, name);
    return checked(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

int64_t tt_listen(const char *name) {
    struct sockaddr_un address;
    int64_t descriptor = socket_at(name, &address);
    if (descriptor < 0) return descriptor;
    if (bind((int)descriptor, (struct sockaddr *)&address, sizeof address) == 0 && listen((int)descriptor, 4) == 0)
        return descriptor;
    int64_t result = -errno;
    close((int)descriptor);
    return result;
}

int64_t tt_answer(int32_t listener) {
    int connection = accept(listener, NULL, NULL);
    if (connection < 0) return -errno;
    int64_t result = send(connection, "pong", 4, MSG_NOSIGNAL) == 4 ? 0 : -EIO;
    close(connection);
    return result;
}

int64_t tt_connect(const char *name) {
    struct sockaddr_un address;
    int64_t descriptor = socket_at(name, &address);
    if (descriptor < 0) return descriptor;
    if (connect((int)descriptor, (struct sockaddr *)&address, sizeof address) == 0) return descriptor;
    int64_t result = -errno;
    close((int)descriptor);
    return result;
}

int64_t tt_is_answered(int32_t connection) {
    char answer[4] = {0};
    return recv(connection, answer, sizeof answer, MSG_WAITALL) == 4 && memcmp(answer, "pong", 4) == 0;
}
