#define _GNU_SOURCE
#include "CTreeTesting.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static int64_t checked(int result) { return result < 0 ? -errno : result; }

int64_t tt_set_owner(const char *name, uint32_t owner, uint32_t group) { return checked(lchown(name, owner, group)); }

int64_t tt_set_permissions(const char *name, uint32_t permissions) { return checked(chmod(name, permissions)); }

int64_t tt_set_modified(const char *name, int64_t seconds, uint32_t nanoseconds) {
    struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = seconds, .tv_nsec = nanoseconds}};
    return checked(utimensat(AT_FDCWD, name, times, AT_SYMLINK_NOFOLLOW));
}

int64_t tt_set_attribute(const char *name, const char *attribute, const void *value, size_t size) {
    return checked(lsetxattr(name, attribute, value, size, 0));
}

int64_t tt_remove_attribute(const char *name, const char *attribute) { return checked(lremovexattr(name, attribute)); }

int64_t tt_set_immutable(const char *name, int32_t immutable) {
    int descriptor = open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) return -errno;
    int flags = 0;
    int64_t result = checked(ioctl(descriptor, FS_IOC_GETFLAGS, &flags));
    if (result == 0) {
        flags = immutable ? flags | FS_IMMUTABLE_FL : flags & ~FS_IMMUTABLE_FL;
        result = checked(ioctl(descriptor, FS_IOC_SETFLAGS, &flags));
    }
    close(descriptor);
    return result;
}

int64_t tt_rename(const char *name, const char *new_name) { return checked(rename(name, new_name)); }

int64_t tt_unlink(const char *name) { return checked(unlink(name)); }

int64_t tt_remove_directory(const char *name) { return checked(rmdir(name)); }
