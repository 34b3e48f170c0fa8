// What a file holds: reading, writing, blocks and holes.
#define _GNU_SOURCE
#include "CLinux.h"
#include "Door.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

const int32_t ts_SEEK_END = SEEK_END, ts_SEEK_DATA = SEEK_DATA, ts_SEEK_HOLE = SEEK_HOLE;
const int32_t ts_FALLOC_FL_KEEP_SIZE = FALLOC_FL_KEEP_SIZE, ts_FALLOC_FL_PUNCH_HOLE = FALLOC_FL_PUNCH_HOLE;

int64_t ts_pread(int32_t descriptor, void *buffer, size_t size, int64_t offset) {
    return CALL_SIZED("pread", size, pread(descriptor, buffer, size, offset));
}

int64_t ts_pwrite(int32_t descriptor, const void *buffer, size_t size, int64_t offset) {
    return CALL_SIZED("pwrite", size, pwrite(descriptor, buffer, size, offset));
}

int64_t ts_write(int32_t descriptor, const void *buffer, size_t size) { return CALL_SIZED("write", size, write(descriptor, buffer, size)); }
int64_t ts_lseek(int32_t descriptor, int64_t offset, int32_t whence) { return CALL("lseek", lseek(descriptor, offset, whence)); }
int64_t ts_fsync(int32_t descriptor) { return CALL("fsync", fsync(descriptor)); }
int64_t ts_syncfs(int32_t descriptor) { return CALL("syncfs", syncfs(descriptor)); }
int64_t ts_ftruncate(int32_t descriptor, int64_t size) { return CALL("ftruncate", ftruncate(descriptor, size)); }
int64_t ts_fallocate(int32_t descriptor, int32_t mode, int64_t offset, int64_t size) {
    return CALL("fallocate", fallocate(descriptor, mode, offset, size));
}
int64_t ts_clone(int32_t destination, int32_t source) { return CALL("ioctl", ioctl(destination, FICLONE, source)); }

int64_t ts_copy_file_range(int32_t source, int64_t source_offset, int32_t destination, int64_t destination_offset, size_t size) {
    return CALL_SIZED("copy_file_range", size, copy_file_range(source, &source_offset, destination, &destination_offset, size, 0));
}

int64_t ts_duplicate(int32_t descriptor) { return CALL("fcntl", fcntl(descriptor, F_DUPFD_CLOEXEC, 0)); }

int64_t ts_read(int32_t descriptor, void *buffer, size_t size) {
    return CALL_SIZED("read", size, read(descriptor, buffer, size));
}
