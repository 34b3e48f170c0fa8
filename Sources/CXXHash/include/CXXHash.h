// XXH3 with 128 bits, the digest that rsync prints, from the header of libxxhash: nothing is linked.

#ifndef CXXHASH_H
#define CXXHASH_H

#include <stddef.h>
#include <stdint.h>

/// The state of a digest; `NULL` where memory lacks.
void *ts_digest_begin(void);
void ts_digest_add(void *state, const void *bytes, size_t count);
/// Writes the 16 bytes of the digest, most significant first, and releases the state.
void ts_digest_end(void *state, uint8_t *digest);

#endif
