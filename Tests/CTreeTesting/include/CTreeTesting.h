// What the tests' own tree builder, reader and fixtures need of C. Shares nothing with the library's CLinux.
//
// Names are relative to the calling thread's working directory and no function follows a symbolic link, unless it
// says so. A function that can fail returns a negative error number.
//
// Only <stdint.h> and <stddef.h> are included: a header that defines _GNU_SOURCE clashes with the modules of Dispatch
// and Foundation in a Swift test target.
#ifndef CTREETESTING_H
#define CTREETESTING_H

#include <stddef.h>
#include <stdint.h>

/// What `lstat` says of one entry, in fixed widths.
struct tt_status {
    uint64_t device;
    uint64_t inode;
    uint64_t links;
    uint64_t size;
    /// Allocated blocks of 512 bytes.
    uint64_t blocks;
    int64_t modified_seconds;
    int64_t changed_seconds;
    uint32_t modified_nanoseconds;
    uint32_t changed_nanoseconds;
    /// Kind and permissions, as `st_mode`.
    uint32_t mode;
    uint32_t owner;
    uint32_t group;
    uint32_t special_major;
    uint32_t special_minor;
};

/// Runs `body` on a thread of its own that has a working directory of its own (`unshare(CLONE_FS)`) and a stack for
/// recursion down a very deep tree; returns when it is done.
int64_t tt_run_apart(void (*body)(void *context), void *context);

// Reading
int64_t tt_status_of(const char *name, struct tt_status *out);
/// Follows links.
int64_t tt_enter(const char *path);
/// All names of the working directory but `.` and `..`, each closed by a zero byte; the caller frees `*names`.
int64_t tt_names(char **names, size_t *length);
void tt_free(char *memory);
int64_t tt_read_link(const char *name, void *buffer, size_t size);
int64_t tt_attribute_names(const char *name, char *buffer, size_t size);
int64_t tt_attribute(const char *name, const char *attribute, void *buffer, size_t size);
/// A digest of the contents of a regular file. Blocks of zeros do not count, so that it does not depend on holes and
/// huge holes cost nothing; two files of one size have the same digest when they hold the same bytes.
int64_t tt_digest(const char *name, uint64_t digest[2]);

// Making
int64_t tt_make_directory(const char *name, uint32_t mode);
/// Makes an empty regular file; fails when the name exists.
int64_t tt_make_file(const char *name);
int64_t tt_write(const char *name, const void *bytes, size_t count, int64_t offset);
/// `count` bytes that depend on `seed` alone.
int64_t tt_write_random(const char *name, uint64_t seed, int64_t count, int64_t offset);
/// Makes `new_name` a regular file with the bytes of `name`.
int64_t tt_duplicate(const char *name, const char *new_name);
int64_t tt_set_size(const char *name, int64_t size);
int64_t tt_make_link(const char *target, const char *name);
/// Makes a FIFO, a socket or a device; `mode` holds the kind.
int64_t tt_make_special(const char *name, uint32_t mode, uint32_t major, uint32_t minor);
/// A descriptor that names an inode of any kind (`O_PATH`).
int64_t tt_pin(const char *name);
int64_t tt_link_pinned(int32_t pin, const char *name);
int64_t tt_close(int32_t descriptor);

// Changing
int64_t tt_set_owner(const char *name, uint32_t owner, uint32_t group);
/// Follows links.
int64_t tt_set_permissions(const char *name, uint32_t permissions);
int64_t tt_set_modified(const char *name, int64_t seconds, uint32_t nanoseconds);
int64_t tt_set_attribute(const char *name, const char *attribute, const void *value, size_t size);
int64_t tt_remove_attribute(const char *name, const char *attribute);
/// What `chattr +i` (1) and `chattr -i` (0) do.
int64_t tt_set_immutable(const char *name, int32_t immutable);
int64_t tt_rename(const char *name, const char *new_name);
int64_t tt_unlink(const char *name);
int64_t tt_remove_directory(const char *name);

// The system
int64_t tt_mount(const char *source, const char *target, const char *type, const char *options);
int64_t tt_remount_read_only(const char *target, int32_t read_only);
/// Runs a program with the arguments `words`, which end with a null pointer, and waits for it. What it prints goes
/// into a file in memory whose descriptor `*output` becomes; it inherits no other descriptor. Returns its exit status,
/// or 128 and the number of the signal that killed it.
///
/// Foundation's `Process` waits for whoever holds a copy of its socket, so for the daemons that a mount leaves behind.
int64_t tt_run(char *const *words, int32_t *output);
/// The same, where the kernel refuses the system calls of these numbers with the error `code` (seccomp).
int64_t tt_run_refused(char *const *words, int32_t *output, const char *calls, int32_t code);
int64_t tt_read(int32_t descriptor, void *buffer, size_t size, int64_t offset);
/// Unmounts, lazily where the file system is in use.
int64_t tt_unmount(const char *target);
int64_t tt_effective_user(void);
int64_t tt_process(void);
int64_t tt_process_exists(int64_t process);
int64_t tt_kill_self(void);
/// Becomes user and group `identity` with no other groups and no capabilities, for good.
int64_t tt_become(uint32_t identity);
/// Binds a listening Unix socket at a name of the working directory; returns its descriptor.
int64_t tt_listen(const char *name);
/// Answers one connection with the four bytes `pong`.
int64_t tt_answer(int32_t listener);
/// Connects to the socket of that name; returns a descriptor.
int64_t tt_connect(const char *name);
/// 1 when `pong` came back.
int64_t tt_is_answered(int32_t connection);

// Attackers
/// What an attacker swaps in, and what else it does.
enum {
    TT_LINK_TO_DIRECTORY = 1,
    TT_LINK_TO_FILE = 2,
    TT_FIFO = 4,
    TT_FILE = 8,
    TT_DIRECTORY = 16,
    /// Temporary names of the command are swapped as well.
    TT_TEMPORARIES = 32,
    /// Nothing is swapped: files are replaced, grow, shrink, vanish and are touched.
    TT_CHURN = 64,
};
/// Starts a process of the user `identity` that swaps the entries `names` (with spaces between them) of `directory` for
/// entries of its own, at full speed; links lead to `outside` and to the file `secret` in it. Returns the process;
/// `*swaps` counts what it did.
int64_t tt_attack(const char *directory, const char *outside, const char *names, int32_t kinds, uint32_t identity,
                  uint64_t **swaps);
/// Kills it; -ECHILD where it had ended by itself.
int64_t tt_end_attack(int64_t process);

#endif
