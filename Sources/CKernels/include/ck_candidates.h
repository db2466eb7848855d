#ifndef CK_CANDIDATES_H
#define CK_CANDIDATES_H
#include <stddef.h>
#include <stdint.h>

/// What the bytes at a candidate's place look like.
enum {
  /// '@'.
  CK_AT = 1,
  /// The first of three digits of a number that may be a phone's, a card's or a person's: seven digits on end; three, a
  /// separator, four; three, a hyphen, two, a hyphen, four. Or a '+' before a digit.
  CK_NUMBER = 2,
  /// The first dot of 1.2.3.
  CK_DOTTED = 4,
  /// The first colon (or hyphen) of 00:11:22:..., or the start of hexadecimal groups between colons.
  CK_COLONS = 8,
  /// A capital after a byte beyond ASCII, with five more capitals or digits, or a middle dot, behind it.
  CK_PLATE = 16,
  /// The start of fifteen or more capitals and digits.
  CK_CODE = 32,
  /// The fingerprint of a literal, or (hardly ever) four bytes with the same hash.
  CK_LITERAL = 64,
};

/// A place where something worth judging can begin.
typedef struct {
  size_t place;
  uint8_t shapes;
} ck_candidate;

/// Fingerprints of four bytes. A first sieve in eight sets, by nibbles: bit b of low[p][n] says that in set b the byte
/// at offset p may have the low nibble n. Sets 0...3 are looked for only where a Latin word begins: at a letter behind
/// none, or a capital behind none. Then a bit for the hash of each fingerprint. More may pass than was put in, never
/// less.
typedef struct {
  uint8_t low[4][16];
  uint8_t high[4][16];
  uint64_t hashes[1024];
} ck_literals;

/// The bit of `hashes` that stands for four bytes, the first being the lowest; ASCII letters count as small ones.
static inline uint32_t ck_literal_hash(uint32_t bytes) { return (bytes | 0x20202020u) * 0x9E3779B1u >> 16; }

/// Finds candidates from `from` on, in order, until the text's end or until fewer than 64 places are free.
/// `capacity` is at least 64. Bytes outside 0..<count read as 0; bytes before `from` are looked back at.
/// Returns how many were found; `next` is where to go on, `count` when done.
size_t ck_candidates(const uint8_t *bytes, size_t from, size_t count, const ck_literals *literals, ck_candidate *found,
                     size_t capacity, size_t *next);
/// The plain twin; it may stop at another `next`.
size_t ck_candidates_reference(const uint8_t *bytes, size_t from, size_t count, const ck_literals *literals,
                               ck_candidate *found, size_t capacity, size_t *next);
#endif
