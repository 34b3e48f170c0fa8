#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

// Room for an entry of the account databases; groups with thousands of members need much.
enum { ROOM = 1 << 20 };

static int64_t copy_name(const char *name, char *out, size_t size) {
    size_t length = strlen(name);
    if (length >= size) return -ENAMETOOLONG;
    memcpy(out, name, length + 1);
    return (int64_t)length;
}

int64_t ts_user_name(uint32_t number, char *out, size_t size) {
    struct passwd entry, *found = NULL;
    char *room = malloc(ROOM);
    int error = room ? getpwuid_r(number, &entry, room, ROOM, &found) : ENOMEM;
    int64_t answer = found ? copy_name(entry.pw_name, out, size) : -(error ? error : ENOENT);
    free(room);
    return answer;
}

int64_t ts_group_name(uint32_t number, char *out, size_t size) {
    struct group entry, *found = NULL;
    char *room = malloc(ROOM);
    int error = room ? getgrgid_r(number, &entry, room, ROOM, &found) : ENOMEM;
    int64_t answer = found ? copy_name(entry.gr_name, out, size) : -(error ? error : ENOENT);
    free(room);
    return answer;
}

int64_t ts_user_number(const char *name) {
    struct passwd entry, *found = NULL;
    char *room = malloc(ROOM);
    int error = room ? getpwnam_r(name, &entry, room, ROOM, &found) : ENOMEM;
    int64_t answer = found ? (int64_t)entry.pw_uid : -(error ? error : ENOENT);
    free(room);
    return answer;
}

int64_t ts_group_number(const char *name) {
    struct group entry, *found = NULL;
    char *room = malloc(ROOM);
    int error = room ? getgrnam_r(name, &entry, room, ROOM, &found) : ENOMEM;
    int64_t answer = found ? (int64_t)entry.gr_gid : -(error ? error : ENOENT);
    free(room);
    return answer;
}

int64_t ts_user_groups(uint32_t number, uint32_t *primary, uint32_t *out, size_t count) {
    struct passwd entry, *found = NULL;
    char *room = malloc(ROOM);
    int error = room ? getpwuid_r(number, &entry, room, ROOM, &found) : ENOMEM;
    int64_t answer = -(error ? error : ENOENT);
    if (found) {
        int length = (int)count;
        *primary = entry.pw_gid;
        answer = getgrouplist(entry.pw_name, entry.pw_gid, (gid_t *)out, &length) < 0 ? -ERANGE : length;
    }
    free(room);
    return answer;
}
