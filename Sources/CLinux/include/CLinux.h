// Thin C functions for what Swift's Glibc import lacks. No logic lives here.
//
// Every function that can fail returns a negative error number (-errno) instead of setting errno,
// so that one Swift function can be the only door to the kernel.
//
// Only <stdint.h> and <stddef.h> are included: a header that defines _GNU_SOURCE clashes with the
// modules of Dispatch and Foundation in a Swift test target.

#ifndef CLINUX_H
#define CLINUX_H

#include <stddef.h>
#include <stdint.h>

/// What `statx` says of one file, in fixed widths.
struct ts_stat {
    uint64_t size;
    uint64_t inode;
    uint64_t device;
    uint64_t special_device;
    uint64_t blocks;
    int64_t modified_seconds;
    int64_t changed_seconds;
    int64_t accessed_seconds;
    int64_t born_seconds;
    uint32_t modified_nanoseconds;
    uint32_t changed_nanoseconds;
    uint32_t accessed_nanoseconds;
    uint32_t born_nanoseconds;
    uint32_t mode;
    uint32_t owner;
    uint32_t group;
    uint32_t links;
    uint32_t block_size;
    /// 1 for the root of a mount, also of one of the same file system elsewhere (`mount --bind`).
    uint32_t mount_root;
};

/// What `statfs` says of one file system.
struct ts_statfs {
    uint64_t magic;
    uint64_t block_size;
    uint64_t blocks_available;
    uint64_t inodes_available;
    uint64_t name_length;
    uint64_t read_only;
};

// Constants that are macros, or behind _GNU_SOURCE.
extern const int32_t ts_AT_FDCWD, ts_AT_EMPTY_PATH, ts_AT_SYMLINK_NOFOLLOW, ts_AT_REMOVEDIR;
extern const int32_t ts_O_RDONLY, ts_O_RDWR, ts_O_CREAT, ts_O_EXCL, ts_O_NOFOLLOW, ts_O_DIRECTORY, ts_O_NONBLOCK, ts_O_PATH,
    ts_O_TMPFILE, ts_O_NOATIME, ts_O_WRONLY, ts_O_APPEND, ts_O_NOCTTY;
extern const uint32_t ts_RENAME_NOREPLACE, ts_RENAME_EXCHANGE;
extern const int32_t ts_SEEK_END, ts_SEEK_DATA, ts_SEEK_HOLE;
extern const int32_t ts_FALLOC_FL_KEEP_SIZE, ts_FALLOC_FL_PUNCH_HOLE;

// Descriptors and names
int64_t ts_open(const char *path, int32_t flags, uint32_t mode);
int64_t ts_openat(int32_t directory, const char *name, int32_t flags, uint32_t mode);
/// `openat2` with RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS.
int64_t ts_openat_beneath(int32_t directory, const char *path, int32_t flags);
/// `openat2` with RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS: follows links that stay below `directory`.
int64_t ts_openat_within(int32_t directory, const char *path, int32_t flags);
int64_t ts_close(int32_t descriptor);
int64_t ts_stat_at(int32_t directory, const char *name, int32_t flags, struct ts_stat *out);
int64_t ts_stat_follow(const char *path, struct ts_stat *out);
int64_t ts_getdents(int32_t descriptor, void *buffer, size_t size);
int64_t ts_rewind(int32_t descriptor);
// Exclusive, at once or not at all; the lock goes with the open file description.
int64_t ts_lock(int32_t descriptor);
int64_t ts_getcwd(void *buffer, size_t size);
int64_t ts_readlinkat(int32_t directory, const char *name, void *buffer, size_t size);
int64_t ts_mkdirat(int32_t directory, const char *name, uint32_t mode);
int64_t ts_mknodat(int32_t directory, const char *name, uint32_t mode, uint64_t device);
int64_t ts_symlinkat(const char *target, int32_t directory, const char *name);
int64_t ts_linkat(int32_t directory, const char *name, int32_t new_directory, const char *new_name, int32_t flags);
/// Gives a file that was opened with O_TMPFILE a name: by its descriptor where that is allowed, else by its magic link.
int64_t ts_link_unnamed(int32_t descriptor, int32_t directory, const char *name);
int64_t ts_unlinkat(int32_t directory, const char *name, int32_t flags);
int64_t ts_renameat2(int32_t directory, const char *name, int32_t new_directory, const char *new_name, uint32_t flags);

// Metadata of a descriptor, which may be one of O_PATH, so that links, FIFOs, sockets and devices are served as well.
int64_t ts_set_mode(int32_t descriptor, uint32_t mode);
int64_t ts_set_owner(int32_t descriptor, uint32_t owner, uint32_t group);
/// Sets the modification time; the access time stays, or becomes now where `with_access` is not 0.
int64_t ts_set_modified(int32_t descriptor, int64_t seconds, uint32_t nanoseconds, int32_t with_access);

/// Sets both times.
int64_t ts_set_times(int32_t descriptor, int64_t modified, uint32_t modified_nanoseconds, int64_t accessed,
                     uint32_t accessed_nanoseconds);

// Extended attributes of a descriptor, which may be one of O_PATH.
int64_t ts_list_attributes(int32_t descriptor, void *buffer, size_t size);
int64_t ts_get_attribute(int32_t descriptor, const char *attribute, void *buffer, size_t size);
int64_t ts_set_attribute(int32_t descriptor, const char *attribute, const void *value, size_t size);
int64_t ts_remove_attribute(int32_t descriptor, const char *attribute);
// Extended attributes of a name in a directory, without following a link.
int64_t ts_list_attributes_at(int32_t directory, const char *name, void *buffer, size_t size);
int64_t ts_get_attribute_at(int32_t directory, const char *name, const char *attribute, void *buffer, size_t size);

// Contents
int64_t ts_pread(int32_t descriptor, void *buffer, size_t size, int64_t offset);
int64_t ts_pwrite(int32_t descriptor, const void *buffer, size_t size, int64_t offset);
int64_t ts_write(int32_t descriptor, const void *buffer, size_t size);
int64_t ts_lseek(int32_t descriptor, int64_t offset, int32_t whence);
int64_t ts_duplicate(int32_t descriptor);
int64_t ts_read(int32_t descriptor, void *buffer, size_t size);
int64_t ts_fsync(int32_t descriptor);
int64_t ts_syncfs(int32_t descriptor);
int64_t ts_ftruncate(int32_t descriptor, int64_t size);
int64_t ts_fallocate(int32_t descriptor, int32_t mode, int64_t offset, int64_t size);
int64_t ts_clone(int32_t destination, int32_t source);
int64_t ts_copy_file_range(int32_t source, int64_t source_offset, int32_t destination, int64_t destination_offset, size_t size);

// The system
int64_t ts_fstatfs(int32_t descriptor, struct ts_statfs *out);
int64_t ts_link_limit(int32_t descriptor);
int64_t ts_effective_user(void);
int64_t ts_process(void);
int64_t ts_processors(void);
int64_t ts_isatty(int32_t descriptor);
/* What the process has used so far: processor time in nanoseconds, 512-byte blocks that had to be read from a disk,
 * and how often one of its threads slept. */
struct ts_usage {
    int64_t processor, blocks_read, waits;
};
void ts_process_usage(struct ts_usage *usage);
/// How many columns a terminal has.
int64_t ts_terminal_columns(int32_t descriptor);
/* Names and numbers of users and groups; the length of the name, -ENOENT where there is none. */
int64_t ts_user_name(uint32_t number, char *out, size_t size);
int64_t ts_group_name(uint32_t number, char *out, size_t size);
int64_t ts_user_number(const char *name);
int64_t ts_group_number(const char *name);
/// The groups of a user; how many they are, -ENOENT where there is no such user.
int64_t ts_user_groups(uint32_t number, uint32_t *primary, uint32_t *out, size_t count);
/// Real, effective and saved user and group, and the other groups, of the calling thread alone, for good.
int64_t ts_take_credentials(uint32_t user, uint32_t group, const uint32_t *groups, size_t count);
int64_t ts_monotonic_nanoseconds(void);
/// Seconds since 1970, and nanoseconds.
void ts_wall_clock(int64_t *seconds, uint32_t *nanoseconds);
void ts_sleep(int64_t nanoseconds);
/// The soft and hard limit on open descriptors; `raise` lifts the soft one to at most `wanted`.
int64_t ts_descriptor_limit(void);
int64_t ts_raise_descriptor_limit(int64_t wanted);
uint64_t ts_makedev(uint32_t major, uint32_t minor);
uint32_t ts_major(uint64_t device);
uint32_t ts_minor(uint64_t device);

// Signals: SIGINT and SIGTERM set the byte at `flag` (first signal), and kill the process (third signal).
int64_t ts_catch_termination(void (*handler)(int32_t signal));
void ts_reset_signal(int32_t signal);

// Faults, for tests of debug builds
/// Asked before every system call of the process: 0 lets it be made, a negative error number is its result. `size` is
/// what a read or a write may move, and may be made smaller; NULL for other calls. Called by several threads at once.
typedef int64_t (*ts_fault_hook)(const char *call, size_t *size);
/// NULL ends it. -ENOSYS in a released build, which asks nobody.
int64_t ts_set_fault_hook(ts_fault_hook hook);
/// What the hook says; 0 where there is none. For calls that other libraries make on our behalf.
int64_t ts_fault(const char *call, size_t *size);

/// What the process was started with, also where there is no /proc.
int32_t ts_argument_count(void);
char *const *ts_arguments(void);

/// One long or short option for `ts_getopt`: the fields of `struct option`.
struct ts_option {
    const char *name;
    int32_t has_argument;
    int32_t value;
};
/// `getopt_long` in return-in-order mode (`shorts` begins with `-:`). Returns -1 at the end, 1 for an operand, '?' for an
/// unknown option, ':' for a missing argument, otherwise the option's value.
/// `argument` receives optarg; `position` the index in argv of the word that the result came from or, at the end, of the
/// first operand behind `--`; `unknown` optopt. A `position` of 0 starts anew.
/// glibc keeps its place in global variables: one vector at a time.
int32_t ts_getopt(int32_t argc, char *const *argv, const char *shorts, const void *table, const char **argument,
                  int32_t *position, int32_t *unknown);
/// Builds the array that `ts_getopt` takes as its table; `free` releases it.
void *ts_getopt_table(const struct ts_option *options, size_t count);

#endif
