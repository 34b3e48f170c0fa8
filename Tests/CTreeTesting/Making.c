#define _GNU_SOURCE
#include "CTreeTesting.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static int64_t checked(int result) { return result < 0 ? -errno : result; }

int64_t tt_make_directory(const char *name, uint32_t mode) { return checked(mkdir(name, mode)); }

int64_t tt_make_file(const char *name) {
    int descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) return -errno;
    close(descriptor);
    return 0;
}

static int64_t open_for_writing(const char *name) {
    return checked(open(name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
}

static int64_t write_all(int descriptor, const char *bytes, size_t count, int64_t offset) {
    while (count > 0) {
        ssize_t written = pwrite(descriptor, bytes, count, offset);
        if (written < 0) return -errno;
        bytes += written;
        count -= (size_t)written;
        offset += written;
    }
    return 0;
}

int64_t tt_write(const char *name, const void *bytes, size_t count, int64_t offset) {
    int64_t descriptor = open_for_writing(name);
    if (descriptor < 0) return descriptor;
    int64_t result = write_all((int)descriptor, bytes, count, offset);
    close((int)descriptor);
    return result;
}

int64_t tt_write_random(const char *name, uint64_t seed, int64_t count, int64_t offset) {
    static _Thread_local uint64_t words[8192];
    int64_t descriptor = open_for_writing(name);
    if (descriptor < 0) return descriptor;
    int64_t result = 0;
    while (count > 0 && result == 0) {
        for (size_t index = 0; index < 8192; index++) {
            // xorshift64*; a state of zero would stay zero.
            seed ^= seed == 0 ? 0x9E3779B97F4A7C15u : 0;
            seed ^= seed >> 12;
            seed ^= seed << 25;
            seed ^= seed >> 27;
            words[index] = seed * 0x2545F4914F6CDD1Du;
        }
        int64_t piece = count < (int64_t)sizeof words ? count : (int64_t)sizeof words;
        result = write_all((int)descriptor, (const char *)words, (size_t)piece, offset);
        offset += piece;
        count -= piece;
    }
    close((int)descriptor);
    return result;
}

int64_t tt_duplicate(const char *name, const char *new_name) {
    static _Thread_local char buffer[4096];
    int source = open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (source < 0) return -errno;
    int copy = open(new_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int64_t result = checked(copy), offset = 0;
    while (result >= 0) {
        ssize_t count = read(source, buffer, sizeof buffer);
        if (count <= 0) {
            result = checked((int)count);
            break;
        }
        // Zeros stay a hole, so that a copy takes no more space than its source.
        int is_zero = buffer[0] == 0 && memcmp(buffer, buffer + 1, (size_t)count - 1) == 0;
        result = is_zero ? 0 : write_all(copy, buffer, (size_t)count, offset);
        offset += count;
    }
    if (result == 0) result = checked(ftruncate(copy, offset));
    close(source);
    if (copy >= 0) close(copy);
    return result;
}

int64_t tt_set_size(const char *name, int64_t size) {
    int64_t descriptor = open_for_writing(name);
    if (descriptor < 0) return descriptor;
    int64_t result = checked(ftruncate((int)descriptor, size));
    close((int)descriptor);
    return result;
}

int64_t tt_make_link(const char *target, const char *name) { return checked(symlink(target, name)); }

int64_t tt_make_special(const char *name, uint32_t mode, uint32_t major, uint32_t minor) {
    return checked(mknod(name, mode, makedev(major, minor)));
}

int64_t tt_pin(const char *name) { return checked(open(name, O_PATH | O_NOFOLLOW | O_CLOEXEC)); }

int64_t tt_link_pinned(int32_t pin, const char *name) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", pin);
    return checked(linkat(AT_FDCWD, path, AT_FDCWD, name, AT_SYMLINK_FOLLOW));
}

int64_t tt_close(int32_t descriptor) { return checked(close(descriptor)); }
