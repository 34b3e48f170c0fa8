#define _GNU_SOURCE
#include "CLinux.h"
#include "Door.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
#ifndef SYS_setxattrat
#define SYS_setxattrat 463
#define SYS_getxattrat 464
#define SYS_listxattrat 465
#define SYS_removexattrat 466
#endif

const int32_t ts_AT_FDCWD = AT_FDCWD, ts_AT_EMPTY_PATH = AT_EMPTY_PATH, ts_AT_SYMLINK_NOFOLLOW = AT_SYMLINK_NOFOLLOW,
              ts_AT_REMOVEDIR = AT_REMOVEDIR;
const int32_t ts_O_RDONLY = O_RDONLY, ts_O_RDWR = O_RDWR, ts_O_CREAT = O_CREAT, ts_O_EXCL = O_EXCL,
              ts_O_NOFOLLOW = O_NOFOLLOW, ts_O_DIRECTORY = O_DIRECTORY, ts_O_NONBLOCK = O_NONBLOCK, ts_O_PATH = O_PATH,
              ts_O_TMPFILE = O_TMPFILE, ts_O_NOATIME = O_NOATIME, ts_O_WRONLY = O_WRONLY, ts_O_APPEND = O_APPEND, ts_O_NOCTTY = O_NOCTTY;
const uint32_t ts_RENAME_NOREPLACE = RENAME_NOREPLACE, ts_RENAME_EXCHANGE = RENAME_EXCHANGE;

int64_t ts_open(const char *path, int32_t flags, uint32_t mode) { return CALL("open", open(path, flags | O_CLOEXEC, mode)); }

int64_t ts_openat(int32_t directory, const char *name, int32_t flags, uint32_t mode) {
    return CALL("openat", openat(directory, name, flags | O_CLOEXEC, mode));
}

int64_t ts_close(int32_t descriptor) {
    // Whatever it answers, the descriptor is gone.
    int64_t done = result(close(descriptor));
    DOOR("close");
    return done;
}

// Containers of old refuse `statx` with EPERM, which the call itself never says; where there is none, glibc tries
// something else, which takes no such flags: EINVAL.
static int64_t old_status(int directory, const char *name, int flags, struct ts_stat *out) {
    struct stat s;
    if (fstatat(directory, name, &s, flags | AT_NO_AUTOMOUNT) != 0) return -(int64_t)errno;
    *out = (struct ts_stat){.size = (uint64_t)s.st_size, .inode = s.st_ino, .device = s.st_dev,
        .special_device = s.st_rdev, .blocks = (uint64_t)s.st_blocks, .modified_seconds = s.st_mtim.tv_sec,
        .changed_seconds = s.st_ctim.tv_sec, .accessed_seconds = s.st_atim.tv_sec,
        .modified_nanoseconds = (uint32_t)s.st_mtim.tv_nsec, .changed_nanoseconds = (uint32_t)s.st_ctim.tv_nsec,
        .accessed_nanoseconds = (uint32_t)s.st_atim.tv_nsec, .mode = s.st_mode, .owner = s.st_uid, .group = s.st_gid,
        .links = (uint32_t)s.st_nlink, .block_size = (uint32_t)s.st_blksize};
    return 0;
}

static int64_t status(int directory, const char *name, int flags, struct ts_stat *out) {
    DOOR("statx");
    struct statx s;
    if (statx(directory, name, flags | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC, STATX_BASIC_STATS | STATX_BTIME, &s) != 0)
        return errno == EPERM || errno == EINVAL || errno == ENOSYS ? old_status(directory, name, flags, out)
                                                                     : -(int64_t)errno;
    out->size = s.stx_size;
    out->inode = s.stx_ino;
    out->device = makedev(s.stx_dev_major, s.stx_dev_minor);
    out->special_device = makedev(s.stx_rdev_major, s.stx_rdev_minor);
    out->blocks = s.stx_blocks;
    out->modified_seconds = s.stx_mtime.tv_sec;
    out->changed_seconds = s.stx_ctime.tv_sec;
    out->accessed_seconds = s.stx_atime.tv_sec;
    out->born_seconds = s.stx_btime.tv_sec;
    out->modified_nanoseconds = s.stx_mtime.tv_nsec;
    out->changed_nanoseconds = s.stx_ctime.tv_nsec;
    out->accessed_nanoseconds = s.stx_atime.tv_nsec;
    out->born_nanoseconds = s.stx_btime.tv_nsec;
    out->mode = s.stx_mode;
    out->owner = s.stx_uid;
    out->group = s.stx_gid;
    out->links = s.stx_nlink;
    out->block_size = s.stx_blksize;
    out->mount_root = (s.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
    return 0;
}

int64_t ts_stat_at(int32_t directory, const char *name, int32_t flags, struct ts_stat *out) {
    return status(directory, name, flags, out);
}

int64_t ts_stat_follow(const char *path, struct ts_stat *out) { return status(AT_FDCWD, path, 0, out); }

int64_t ts_getdents(int32_t descriptor, void *buffer, size_t size) {
    return CALL("getdents64", syscall(SYS_getdents64, descriptor, buffer, size));
}

int64_t ts_rewind(int32_t descriptor) { return CALL("lseek", lseek(descriptor, 0, SEEK_SET)); }

int64_t ts_lock(int32_t descriptor) { return CALL("flock", flock(descriptor, LOCK_EX | LOCK_NB)); }

int64_t ts_getcwd(void *buffer, size_t size) { return CALL("getcwd", syscall(SYS_getcwd, buffer, size)); }

int64_t ts_readlinkat(int32_t directory, const char *name, void *buffer, size_t size) {
    return CALL("readlinkat", readlinkat(directory, name, buffer, size));
}

int64_t ts_mkdirat(int32_t directory, const char *name, uint32_t mode) { return CALL("mkdirat", mkdirat(directory, name, mode)); }

int64_t ts_mknodat(int32_t directory, const char *name, uint32_t mode, uint64_t device) {
    return CALL("mknodat", mknodat(directory, name, mode, device));
}

int64_t ts_symlinkat(const char *target, int32_t directory, const char *name) {
    return CALL("symlinkat", symlinkat(target, directory, name));
}

int64_t ts_linkat(int32_t directory, const char *name, int32_t new_directory, const char *new_name, int32_t flags) {
    return CALL("linkat", linkat(directory, name, new_directory, new_name, flags));
}

int64_t ts_unlinkat(int32_t directory, const char *name, int32_t flags) { return CALL("unlinkat", unlinkat(directory, name, flags)); }

int64_t ts_renameat2(int32_t directory, const char *name, int32_t new_directory, const char *new_name, uint32_t flags) {
    if (flags == 0) return CALL("renameat", renameat(directory, name, new_directory, new_name));
    return CALL("renameat2", syscall(SYS_renameat2, directory, name, new_directory, new_name, flags));
}

// The path of a descriptor's magic link, with a name below it where there is one.
static void magic_path(char *buffer, size_t size, int descriptor, const char *name) {
    if (name == NULL || *name == 0)
        snprintf(buffer, size, "/proc/self/fd/%d", descriptor);
    else
        snprintf(buffer, size, "/proc/self/fd/%d/%s", descriptor, name);
}

// FUSE allows names of 1,024 bytes.
#define MAGIC_PATH_SIZE 1088

int64_t ts_link_unnamed(int32_t descriptor, int32_t directory, const char *name) {
    DOOR("linkat");
    if (linkat(descriptor, "", directory, name, AT_EMPTY_PATH) == 0) return 0;
    // Without CAP_DAC_READ_SEARCH the empty path is not found.
    if (errno != ENOENT) return -(int64_t)errno;
    char path[MAGIC_PATH_SIZE];
    magic_path(path, sizeof path, descriptor, NULL);
    return result(linkat(AT_FDCWD, path, directory, name, AT_SYMLINK_FOLLOW));
}

int64_t ts_set_mode(int32_t descriptor, uint32_t mode) {
    DOOR("fchmod");
    if (fchmod(descriptor, mode) == 0) return 0;
    if (errno != EBADF) return -(int64_t)errno;
    int64_t done = result(syscall(SYS_fchmodat2, descriptor, "", mode, AT_EMPTY_PATH));
    // Containers of old refuse what they do not know with EPERM; a real one comes again.
    if (done != -ENOSYS && done != -EPERM) return done;
    char path[MAGIC_PATH_SIZE];
    magic_path(path, sizeof path, descriptor, NULL);
    return result(chmod(path, mode));
}

int64_t ts_set_owner(int32_t descriptor, uint32_t owner, uint32_t group) {
    return CALL("fchownat", fchownat(descriptor, "", owner, group, AT_EMPTY_PATH));
}

static int64_t set_times(int32_t descriptor, const struct timespec times[2]) {
    DOOR("utimensat");
    int64_t done = result(utimensat(descriptor, "", times, AT_EMPTY_PATH));
    if (done != -EINVAL) return done;
    // Before Linux 5.8 there is no AT_EMPTY_PATH here.
    char path[MAGIC_PATH_SIZE];
    magic_path(path, sizeof path, descriptor, NULL);
    return result(utimensat(AT_FDCWD, path, times, 0));
}

int64_t ts_set_modified(int32_t descriptor, int64_t seconds, uint32_t nanoseconds, int32_t with_access) {
    struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = seconds, .tv_nsec = nanoseconds}};
    if (with_access) clock_gettime(CLOCK_REALTIME, &times[0]);
    return set_times(descriptor, times);
}

int64_t ts_set_times(int32_t descriptor, int64_t modified, uint32_t modified_nanoseconds, int64_t accessed,
                     uint32_t accessed_nanoseconds) {
    struct timespec times[2] = {{.tv_sec = accessed, .tv_nsec = accessed_nanoseconds},
                                {.tv_sec = modified, .tv_nsec = modified_nanoseconds}};
    return set_times(descriptor, times);
}

struct attribute_arguments {
    uint64_t value __attribute__((aligned(8)));
    uint32_t size;
    uint32_t flags;
};

// Whether the kernel has `listxattrat` and its family (Linux 6.13).
static int has_attribute_calls(void) {
    static _Atomic int known = -1;
    if (known < 0) {
        long answer = syscall(SYS_listxattrat, AT_FDCWD, "/", AT_SYMLINK_NOFOLLOW, NULL, 0);
        known = answer >= 0 || (errno != ENOSYS && errno != EPERM);
    }
    return known;
}

// A descriptor of O_PATH is refused by the f*xattr calls and, with an empty path, by the *xattrat calls; its magic link
// leads to exactly the entry that it names, even where that is a symbolic link.

// The path is that of an open descriptor, which is there: what is not is /proc.
static int64_t magic_result(ssize_t value) { return value < 0 && errno == ENOENT ? -ENOSYS : result(value); }

int64_t ts_list_attributes(int32_t descriptor, void *buffer, size_t size) {
    DOOR("flistxattr");
    ssize_t count = flistxattr(descriptor, buffer, size);
    if (count >= 0 || errno != EBADF) return result(count);
    char path[MAGIC_PATH_SIZE];
    magic_path(path, sizeof path, descriptor, NULL);
    return magic_result(listxattr(path, buffer, size));
}

int64_t ts_get_attribute(int32_t descriptor, const char *attribute, void *buffer, size_t size) {
    DOOR("fgetxattr");
    ssize_t count = fgetxattr(descriptor, attribute, buffer, size);
    if (count >= 0 || errno != EBADF) return result(count);
    char path[MAGIC_PATH_SIZE];
    magic_path(path, sizeof path, descriptor, NULL);
    return magic_result(getxattr(path, attribute, buffer, size));
}

int64_t ts_set_attribute(int32_t descriptor, const char *attribute, const void *value, size_t size) {
    DOOR("fsetxattr");
    int done = fsetxattr(descriptor, attribute, value, size, 0);
    if (done == 0 || errno != EBADF) return result(done);
    char path[MAGIC_PATH_SIZE];
    magic_path(path, sizeof path, descriptor, NULL);
    return result(setxattr(path, attribute, value, size, 0));
}

int64_t ts_remove_attribute(int32_t descriptor, const char *attribute) {
    DOOR("fremovexattr");
    int done = fremovexattr(descriptor, attribute);
    if (done == 0 || errno != EBADF) return result(done);
    char path[MAGIC_PATH_SIZE];
    magic_path(path, sizeof path, descriptor, NULL);
    return result(removexattr(path, attribute));
}

int64_t ts_list_attributes_at(int32_t directory, const char *name, void *buffer, size_t size) {
    DOOR("listxattrat");
    if (has_attribute_calls()) return result(syscall(SYS_listxattrat, directory, name, AT_SYMLINK_NOFOLLOW, buffer, size));
    char path[MAGIC_PATH_SIZE];
    magic_path(path, sizeof path, directory, name);
    return result(llistxattr(path, buffer, size));
}

int64_t ts_get_attribute_at(int32_t directory, const char *name, const char *attribute, void *buffer, size_t size) {
    DOOR("getxattrat");
    if (has_attribute_calls()) {
        struct attribute_arguments arguments = {.value = (uintptr_t)buffer, .size = (uint32_t)size};
        return result(
            syscall(SYS_getxattrat, directory, name, AT_SYMLINK_NOFOLLOW, attribute, &arguments, sizeof arguments));
    }
    char path[MAGIC_PATH_SIZE];
    magic_path(path, sizeof path, directory, name);
    return result(lgetxattr(path, attribute, buffer, size));
}

int64_t ts_fstatfs(int32_t descriptor, struct ts_statfs *out) {
    DOOR("fstatfs");
    struct statfs s;
    if (fstatfs(descriptor, &s) != 0) return -(int64_t)errno;
    out->magic = (uint64_t)s.f_type;
    out->block_size = (uint64_t)s.f_bsize;
    out->blocks_available = s.f_bavail;
    out->inodes_available = s.f_ffree;
    out->name_length = (uint64_t)s.f_namelen;
    out->read_only = (s.f_flags & ST_RDONLY) != 0;
    return 0;
}

int64_t ts_link_limit(int32_t descriptor) {
    errno = 0;
    long limit = fpathconf(descriptor, _PC_LINK_MAX);
    return limit < 0 ? INT64_MAX : limit;
}

int64_t ts_effective_user(void) { return geteuid(); }
int64_t ts_process(void) { return getpid(); }

int64_t ts_processors(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
    return sysconf(_SC_NPROCESSORS_ONLN);
}

int64_t ts_isatty(int32_t descriptor) { return isatty(descriptor); }

int64_t ts_terminal_columns(int32_t descriptor) {
    struct winsize size;
    return ioctl(descriptor, TIOCGWINSZ, &size) < 0 ? -errno : size.ws_col;
}

int64_t ts_monotonic_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void ts_wall_clock(int64_t *seconds, uint32_t *nanoseconds) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    *seconds = now.tv_sec;
    *nanoseconds = (uint32_t)now.tv_nsec;
}

int64_t ts_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
    return limit.rlim_cur > INT32_MAX ? INT32_MAX : (int64_t)limit.rlim_cur;
}

int64_t ts_raise_descriptor_limit(int64_t wanted) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -(int64_t)errno;
    if (limit.rlim_cur >= (rlim_t)wanted) return 0;
    limit.rlim_cur = limit.rlim_max < (rlim_t)wanted ? limit.rlim_max : (rlim_t)wanted;
    return result(setrlimit(RLIMIT_NOFILE, &limit));
}

uint64_t ts_makedev(uint32_t major, uint32_t minor) { return makedev(major, minor); }
uint32_t ts_major(uint64_t device) { return major(device); }
uint32_t ts_minor(uint64_t device) { return minor(device); }

int64_t ts_take_credentials(uint32_t user, uint32_t group, const uint32_t *groups, size_t count) {
    // Not by the functions of the C library, which change all threads of the process.
    int64_t done = CALL("setgroups", syscall(SYS_setgroups, count, groups));
    if (done == 0) done = CALL("setresgid", syscall(SYS_setresgid, group, group, group));
    if (done == 0) done = CALL("setresuid", syscall(SYS_setresuid, user, user, user));
    return done;
}
