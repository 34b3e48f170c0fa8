/* The floor: what the same work costs with the necessary system calls and nothing else, on plain threads. It checks
 * and reports nothing, and it knows only directories and regular files.
 *
 *     floor compare|attributes|contents|copy|delete THREADS SOURCE DESTINATION
 *
 * Both trees are walked in lockstep. A task is a directory to open or a buffer of names that one getdents64 gave;
 * tasks are taken last in, first out. */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NAMES = 32 << 10, BLOCK = 1 << 20 };

/* A directory of both sides. It is finished when its names, its subdirectories and the reading of it are done. */
struct pair {
    struct pair *parent;
    int source, destination;
    atomic_int pending;
    struct timespec times[2];
    char name[256];
};

struct task {
    struct task *next;
    struct pair *pair;
    long length; /* of names; 0 where the directory itself is to be opened and read */
    char names[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t change = PTHREAD_COND_INITIALIZER;
static struct task *tasks;
static long unfinished;
static int waiting;
static void (*visit_file)(struct pair *, const char *name, char *block);
static void (*visit_directory)(struct pair *, const char *name);

static int check(int result, const char *what) {
    if (result < 0) err(1, "%s", what);
    return result;
}

static void push(struct task *task, struct pair *pair) {
    task->pair = pair;
    atomic_fetch_add(&pair->pending, 1);
    pthread_mutex_lock(&lock);
    task->next = tasks;
    tasks = task;
    unfinished++;
    pthread_mutex_unlock(&lock);
    pthread_cond_signal(&change);
}

/* ---- what is done with one name ---- */

static void nothing(struct pair *pair, const char *name) { (void)pair, (void)name; }

static void compare_status(struct pair *pair, const char *name) {
    struct stat source, destination;
    check(fstatat(pair->source, name, &source, AT_SYMLINK_NOFOLLOW), name);
    check(fstatat(pair->destination, name, &destination, AT_SYMLINK_NOFOLLOW), name);
    if (source.st_size != destination.st_size && !S_ISDIR(source.st_mode)) errx(1, "%s differs", name);
}

static void compare_file(struct pair *pair, const char *name, char *block) {
    (void)block;
    compare_status(pair, name);
}

/* listxattrat and getxattrat, kernel 6.13 and later; their numbers are those of every architecture. */
static void read_attributes(int directory, const char *name) {
    char list[256], value[256]; /* The kernel allocates and clears what it is offered. */
    long length = syscall(465, directory, name, AT_SYMLINK_NOFOLLOW, list, sizeof list);
    check(length, "listxattrat");
    for (char *attribute = list; attribute < list + length; attribute += strlen(attribute) + 1) {
        struct { uint64_t value; uint32_t size, flags; } request = {(uintptr_t)value, sizeof value, 0};
        check(syscall(464, directory, name, AT_SYMLINK_NOFOLLOW, attribute, &request, sizeof request), "getxattrat");
    }
}

static void compare_attributes(struct pair *pair, const char *name) {
    compare_status(pair, name);
    read_attributes(pair->source, name);
    read_attributes(pair->destination, name);
}

static void compare_file_attributes(struct pair *pair, const char *name, char *block) {
    (void)block;
    compare_attributes(pair, name);
}

static void compare_contents(struct pair *pair, const char *name, char *block) {
    enum { PART = 128 << 10 };
    int source = check(openat(pair->source, name, O_RDONLY | O_NOFOLLOW), name);
    int destination = check(openat(pair->destination, name, O_RDONLY | O_NOFOLLOW), name);
    struct stat status;
    check(fstat(source, &status), name);
    check(fstat(destination, &status), name);
    ssize_t length;
    while ((length = check(read(source, block, PART), name)) > 0)
        if (read(destination, block + PART, PART) != length || memcmp(block, block + PART, length) != 0)
            errx(1, "%s differs", name);
    close(source);
    close(destination);
}

static void copy_part(int source, int destination, off_t offset, off_t end, char *block) {
    while (end - offset > BLOCK) {
        off_t to = offset;
        ssize_t length = copy_file_range(source, &offset, destination, &to, end - offset, 0);
        if (length <= 0) err(1, "copy_file_range");
    }
    while (offset < end) {
        size_t wanted = end - offset < BLOCK ? end - offset : BLOCK;
        ssize_t length = check(pread(source, block, wanted, offset), "pread");
        if (length == 0 || pwrite(destination, block, length, offset) != length) err(1, "pwrite");
        offset += length;
    }
}

static void copy_sparse(int source, int destination, off_t size, char *block) {
    check(ftruncate(destination, size), "ftruncate");
    off_t data = 0;
    while ((data = lseek(source, data, SEEK_DATA)) >= 0) {
        off_t hole = lseek(source, data, SEEK_HOLE);
        copy_part(source, destination, data, hole, block);
        data = hole;
    }
}

static void copy_file(struct pair *pair, const char *name, char *block) {
    char temporary[300];
    const char *target = name;
    int source = check(openat(pair->source, name, O_RDONLY | O_NOFOLLOW), name);
    struct stat status;
    check(fstat(source, &status), name);
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode = status.st_mode & 07777;
    int destination = openat(pair->destination, name, flags, mode);
    if (destination < 0 && errno == EEXIST) {
        snprintf(temporary, sizeof temporary, ".%s~", name);
        target = temporary;
        destination = openat(pair->destination, temporary, flags, mode);
    }
    check(destination, name);
    if (status.st_blocks * 512 < status.st_size)
        copy_sparse(source, destination, status.st_size, block);
    else
        copy_part(source, destination, 0, status.st_size, block);
    struct timespec times[2] = {status.st_atim, status.st_mtim};
    check(futimens(destination, times), name);
    close(destination);
    close(source);
    if (target != name) check(renameat(pair->destination, target, pair->destination, name), name);
}

static void make_directory(struct pair *pair, const char *name) {
    if (mkdirat(pair->destination, name, 0755) != 0 && errno != EEXIST) err(1, "%s", name);
}

static void delete_file(struct pair *pair, const char *name, char *block) {
    (void)block;
    check(unlinkat(pair->destination, name, 0), name);
}

/* ---- the walk ---- */

static void finish(struct pair *pair) {
    while (pair && atomic_fetch_sub(&pair->pending, 1) == 1) {
        struct pair *parent = pair->parent;
        if (visit_file == copy_file) check(futimens(pair->destination, pair->times), pair->name);
        close(pair->source);
        close(pair->destination);
        if (visit_file == delete_file && parent)
            check(unlinkat(parent->destination, pair->name, AT_REMOVEDIR), pair->name);
        free(pair);
        pair = parent;
    }
}

static void add_directory(struct pair *parent, const char *name) {
    struct pair *pair = calloc(1, sizeof *pair);
    pair->parent = parent;
    atomic_fetch_add(&parent->pending, 1);
    strcpy(pair->name, name);
    push(calloc(1, sizeof(struct task)), pair);
}

static void read_directory(struct pair *pair, char *block) {
    if (pair->parent) {
        pair->source = check(openat(pair->parent->source, pair->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), pair->name);
        pair->destination =
            check(openat(pair->parent->destination, pair->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), pair->name);
    }
    struct stat status;
    check(fstat(pair->source, &status), pair->name);
    pair->times[0] = status.st_atim;
    pair->times[1] = status.st_mtim;
    if (visit_file != delete_file)
        while (check(getdents64(pair->destination, block, BLOCK), pair->name) > 0) {}
    for (;;) {
        struct task *names = malloc(sizeof *names + NAMES);
        names->length = check(getdents64(pair->source, names->names, NAMES), pair->name);
        if (names->length == 0) {
            free(names);
            return;
        }
        push(names, pair);
    }
}

/* Gives the names after `offset` to whoever has nothing to do. */
static void share(struct task *task, long offset) {
    struct task *rest = malloc(sizeof *rest + NAMES);
    rest->length = task->length - offset;
    memcpy(rest->names, task->names + offset, rest->length);
    push(rest, task->pair);
    task->length = offset;
}

static void visit(struct task *task, char *block) {
    for (long offset = 0; offset < task->length;) {
        struct dirent64 *entry = (struct dirent64 *)(task->names + offset);
        offset += entry->d_reclen;
        if (offset < task->length && __atomic_load_n(&waiting, __ATOMIC_RELAXED) > 0) share(task, offset);
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        if (entry->d_type == DT_DIR) {
            visit_directory(task->pair, entry->d_name);
            add_directory(task->pair, entry->d_name);
        } else {
            visit_file(task->pair, entry->d_name, block);
        }
    }
}

static void *work(void *unused) {
    char *block = malloc(BLOCK);
    for (;;) {
        pthread_mutex_lock(&lock);
        waiting++;
        while (!tasks && unfinished > 0) pthread_cond_wait(&change, &lock);
        waiting--;
        struct task *task = tasks;
        if (task) tasks = task->next;
        pthread_mutex_unlock(&lock);
        if (!task) return unused;

        if (task->length == 0) read_directory(task->pair, block);
        else visit(task, block);
        finish(task->pair);
        free(task);
        pthread_mutex_lock(&lock);
        if (--unfinished == 0) pthread_cond_broadcast(&change);
        pthread_mutex_unlock(&lock);
    }
}

static void choose(const char *verb) {
    visit_directory = nothing;
    if (strcmp(verb, "compare") == 0) visit_file = compare_file, visit_directory = compare_status;
    else if (strcmp(verb, "attributes") == 0)
        visit_file = compare_file_attributes, visit_directory = compare_attributes;
    else if (strcmp(verb, "contents") == 0) visit_file = compare_contents, visit_directory = compare_status;
    else if (strcmp(verb, "copy") == 0) visit_file = copy_file, visit_directory = make_directory;
    else if (strcmp(verb, "delete") == 0) visit_file = delete_file;
    else errx(2, "unknown verb %s", verb);
}

int main(int count, char **arguments) {
    if (count != 5) errx(2, "usage: floor compare|attributes|contents|copy|delete THREADS SOURCE DESTINATION");
    choose(arguments[1]);
    umask(0);
    if (visit_file == copy_file) mkdir(arguments[4], 0755);
    struct pair *root = calloc(1, sizeof *root);
    root->source = check(open(arguments[3], O_RDONLY | O_DIRECTORY), arguments[3]);
    root->destination = check(open(arguments[4], O_RDONLY | O_DIRECTORY), arguments[4]);
    push(calloc(1, sizeof(struct task)), root);

    int width = atoi(arguments[2]);
    pthread_t threads[width];
    for (int index = 0; index < width; index++) pthread_create(&threads[index], NULL, work, NULL);
    for (int index = 0; index < width; index++) pthread_join(threads[index], NULL);
    return 0;
}
