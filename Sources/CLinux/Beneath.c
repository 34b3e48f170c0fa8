#define _GNU_SOURCE
#include "CLinux.h"
#include "Door.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

static int64_t open_with(int32_t directory, const char *path, int32_t flags, uint64_t resolve) {
    struct open_how how = {.flags = (uint64_t)(uint32_t)(flags | O_CLOEXEC), .mode = 0, .resolve = resolve};
    return CALL("openat2", syscall(SYS_openat2, directory, path, &how, sizeof how));
}

int64_t ts_openat_beneath(int32_t directory, const char *path, int32_t flags) {
    return open_with(directory, path, flags, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
}

int64_t ts_openat_within(int32_t directory, const char *path, int32_t flags) {
    return open_with(directory, path, flags, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
}
