#include "CLinux.h"

#include <errno.h>
#include <stdatomic.h>

#ifdef DEBUG
static _Atomic(ts_fault_hook) hook;

int64_t ts_set_fault_hook(ts_fault_hook wanted) {
    hook = wanted;
    return 0;
}

int64_t ts_fault(const char *call, size_t *size) {
    ts_fault_hook present = hook;
    return present == NULL ? 0 : present(call, size);
}
#else
int64_t ts_set_fault_hook(ts_fault_hook wanted) {
    (void)wanted;
    return -ENOSYS;
}

int64_t ts_fault(const char *call, size_t *size) {
    (void)call;
    (void)size;
    return 0;
}
#endif
