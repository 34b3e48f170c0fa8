#include "CXXHash.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

void *ts_digest_begin(void) {
    XXH3_state_t *state = XXH3_createState();
    if (state != NULL) XXH3_128bits_reset(state);
    return state;
}

void ts_digest_add(void *state, const void *bytes, size_t count) { XXH3_128bits_update(state, bytes, count); }

void ts_digest_end(void *state, uint8_t *digest) {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
    memcpy(digest, canonical.digest, sizeof canonical.digest);
    XXH3_freeState(state);
}
