#define _GNU_SOURCE
#include "CTreeTesting.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <xxhash.h>

int64_t tt_status_of(const char *name, struct tt_status *out) {
    struct stat status;
    if (lstat(name, &status) != 0) return -errno;
    out->device = status.st_dev;
    out->inode = status.st_ino;
    out->links = status.st_nlink;
    out->size = (uint64_t)status.st_size;
    out->blocks = (uint64_t)status.st_blocks;
    out->modified_seconds = status.st_mtim.tv_sec;
    out->modified_nanoseconds = (uint32_t)status.st_mtim.tv_nsec;
    out->changed_seconds = status.st_ctim.tv_sec;
    out->changed_nanoseconds = (uint32_t)status.st_ctim.tv_nsec;
    out->mode = status.st_mode;
    out->owner = status.st_uid;
    out->group = status.st_gid;
    out->special_major = major(status.st_rdev);
    out->special_minor = minor(status.st_rdev);
    return 0;
}

int64_t tt_enter(const char *path) { return chdir(path) == 0 ? 0 : -errno; }

int64_t tt_names(char **names, size_t *length) {
    DIR *directory = opendir(".");
    if (directory == NULL) return -errno;
    size_t capacity = 4096, used = 0;
    char *buffer = malloc(capacity);
    struct dirent *entry;
    for (errno = 0; (entry = readdir(directory)) != NULL; errno = 0) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        size_t size = strlen(entry->d_name) + 1;
        while (used + size > capacity) buffer = realloc(buffer, capacity *= 2);
        memcpy(buffer + used, entry->d_name, size);
        used += size;
    }
    int error = errno;
    closedir(directory);
    if (error != 0) {
        free(buffer);
        return -error;
    }
    *names = buffer;
    *length = used;
    return 0;
}

void tt_free(char *memory) { free(memory); }

int64_t tt_read_link(const char *name, void *buffer, size_t size) {
    ssize_t count = readlink(name, buffer, size);
    return count < 0 ? -errno : count;
}

int64_t tt_attribute_names(const char *name, char *buffer, size_t size) {
    ssize_t count = llistxattr(name, buffer, size);
    return count < 0 ? -errno : count;
}

int64_t tt_attribute(const char *name, const char *attribute, void *buffer, size_t size) {
    ssize_t count = lgetxattr(name, attribute, buffer, size);
    return count < 0 ? -errno : count;
}

enum { BLOCK = 4096, BLOCKS_AT_ONCE = 64 };

/// Adds one block, the last of a file only as far as the file goes: what it holds, without zeros at its end.
static void add_block(uint64_t digest[2], int64_t offset, const uint64_t *words, size_t count) {
    // Zeros at the end are the size's business, whether a block or the file ends there.
    while (count > 0 && words[count - 1] == 0) count--;
    if (count == 0) return;
    XXH128_hash_t hash = XXH3_128bits_withSeed(words, count * 8, digest[0] ^ (uint64_t)offset * 0x9E3779B97F4A7C15u);
    digest[0] = hash.low64;
    digest[1] = (digest[1] ^ hash.high64) * 0x9E3779B97F4A7C15u;
}

/// Adds the blocks of [start, end) that hold data; `start` is a multiple of BLOCK.
static int64_t add_range(int descriptor, int64_t start, int64_t end, uint64_t digest[2]) {
    static _Thread_local uint64_t buffer[BLOCK * BLOCKS_AT_ONCE / 8];
    while (start < end) {
        size_t wanted = sizeof buffer, got = 0;
        while (got < wanted) {
            ssize_t count = pread(descriptor, (char *)buffer + got, wanted - got, start + (int64_t)got);
            if (count < 0) return -errno;
            if (count == 0) break;
            got += (size_t)count;
        }
        if (got == 0) return 0;
        // The bytes of the last word that the file does not have.
        memset((char *)buffer + got, 0, (8 - got % 8) % 8);
        for (size_t at = 0; at < got && start + (int64_t)at < end; at += BLOCK) {
            size_t left = got - at < BLOCK ? got - at : BLOCK;
            add_block(digest, start + (int64_t)at, buffer + at / 8, (left + 7) / 8);
        }
        start += sizeof buffer;
    }
    return 0;
}

int64_t tt_digest(const char *name, uint64_t digest[2]) {
    int descriptor = open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) return -errno;
    digest[0] = 1;
    digest[1] = 2;
    int64_t result = 0, done = 0;
    while (result == 0) {
        int64_t data = lseek(descriptor, done, SEEK_DATA);
        if (data < 0) {
            result = errno == ENXIO ? 0 : -errno;
            break;
        }
        int64_t hole = lseek(descriptor, data, SEEK_HOLE);
        if (hole < 0) {
            result = -errno;
            break;
        }
        data = data / BLOCK * BLOCK;
        // A block that data and a hole share was added with the data before it.
        int64_t end = (hole + BLOCK - 1) / BLOCK * BLOCK;
        result = add_range(descriptor, data < done ? done : data, end, digest);
        done = end;
    }
    close(descriptor);
    return result;
}
