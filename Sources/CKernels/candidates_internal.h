#ifndef CANDIDATES_INTERNAL_H
#define CANDIDATES_INTERNAL_H
#include "ck_candidates.h"
#if defined(__x86_64__)
#include <string.h>

size_t ck_candidates_avx2(const uint8_t *bytes, size_t from, size_t count, const ck_literals *literals,
                          ck_candidate *found, size_t capacity, size_t *next);
size_t ck_candidates_avx512(const uint8_t *bytes, size_t from, size_t count, const ck_literals *literals,
                            ck_candidate *found, size_t capacity, size_t *next);

/// A bit for each of 64 bytes, by class.
typedef struct {
  uint64_t digit, hex, capital, letter, beyond, colon, dot, hyphen, space, plus, at, c2, b7;
} block_masks;

/// The masks of a block and of the one behind it, so that a place sees up to 63 bytes ahead; `before` is the last byte
/// ahead of the block.
typedef struct {
  block_masks here, next;
  uint8_t before;
} block_pair;

/// Places that passed the sieve, by sets 0...3 and 4...7.
typedef struct {
  uint64_t latin, other;
} sieved_places;

#define AHEAD(name, steps) (pair->here.name >> (steps) | pair->next.name << (64 - (steps)))
#define ALWAYS static inline __attribute__((always_inline))

ALWAYS uint64_t digit_before(const block_pair *pair) {
  return pair->here.digit << 1 | (uint64_t)((uint8_t)(pair->before - '0') <= 9);
}

ALWAYS uint64_t number_mask(const block_pair *pair) {
  if (!(pair->here.digit | pair->here.plus)) return 0;
  uint64_t three = pair->here.digit & AHEAD(digit, 1) & AHEAD(digit, 2);
  uint64_t two_at4 = AHEAD(digit, 4) & AHEAD(digit, 5), two_at6 = AHEAD(digit, 6) & AHEAD(digit, 7);
  uint64_t seven = three & AHEAD(digit, 3) & two_at4 & AHEAD(digit, 6) & ~digit_before(pair);
  uint64_t grouped = three & (AHEAD(space, 3) | AHEAD(hyphen, 3) | AHEAD(dot, 3)) & two_at4 & two_at6;
  uint64_t social = three & AHEAD(hyphen, 3) & two_at4 & AHEAD(hyphen, 6) & AHEAD(digit, 7) & AHEAD(digit, 8) &
                    AHEAD(digit, 9) & AHEAD(digit, 10);
  return seven | grouped | social | (pair->here.plus & AHEAD(digit, 1));
}

ALWAYS uint64_t dotted_mask(const block_pair *pair) {
  if (!pair->here.dot) return 0;
  uint64_t inner = pair->here.dot & digit_before(pair) & AHEAD(digit, 1);
#define INNER(steps) (AHEAD(dot, steps) & AHEAD(digit, (steps)-1) & AHEAD(digit, (steps) + 1))
  return inner ? inner & (INNER(2) | INNER(3) | INNER(4)) : 0;
#undef INNER
}

ALWAYS uint64_t colons_mask(const block_pair *pair) {
  if (!(pair->here.colon | pair->here.hyphen | (pair->next.colon & 15))) return 0;
  uint64_t colons = pair->here.colon & AHEAD(colon, 3) & AHEAD(colon, 6);
  uint64_t hyphens = pair->here.hyphen & AHEAD(hyphen, 3) & AHEAD(hyphen, 6);
  uint64_t mac = (colons | hyphens) & AHEAD(hex, 1) & AHEAD(hex, 4);
  if (!(pair->here.colon | (pair->next.colon & 15))) return mac;
  uint64_t here = pair->here.hex | pair->here.colon, next = pair->next.hex | pair->next.colon;
#define GROUP(steps) (here >> (steps) | next << (64 - (steps)))
  uint64_t seven = here & GROUP(1) & GROUP(2) & GROUP(3) & GROUP(4) & GROUP(5) & GROUP(6);
#undef GROUP
  uint8_t before = pair->before;
  uint64_t inside = (uint8_t)(before - '0') <= 9 || (uint8_t)((before | 0x20) - 'a') <= 5 || before == ':';
  uint64_t colon = pair->here.colon | AHEAD(colon, 1) | AHEAD(colon, 2) | AHEAD(colon, 3) | AHEAD(colon, 4);
  return mac | (seven & ~(here << 1 | inside) & colon);
}

ALWAYS uint64_t plate_mask(const block_pair *pair) {
  uint64_t first = pair->here.capital & (pair->here.beyond << 1 | (uint64_t)(pair->before >> 7));
  if (!first) return 0;
#define CODE(steps) (AHEAD(digit, steps) | AHEAD(capital, steps))
  uint64_t plain = CODE(1) & CODE(2) & CODE(3) & CODE(4) & CODE(5);
#undef CODE
  return first & (plain | (AHEAD(c2, 1) & AHEAD(b7, 2)));
}

ALWAYS uint64_t code_mask(const block_pair *pair) {
  uint64_t here = pair->here.digit | pair->here.capital, next = pair->next.digit | pair->next.capital;
  if (!(here & (here >> 7 | next << 57) & (here >> 14 | next << 50))) return 0;
  // Runs of 2, 4, 8, then 15, in both blocks as far as they can be seen.
  uint64_t run = here & (here >> 1 | next << 63), run_next = next & next >> 1;
  run &= run >> 2 | run_next << 62;
  run_next &= run_next >> 2;
  run &= run >> 4 | run_next << 60;
  run_next &= run_next >> 4;
  run &= run >> 7 | run_next << 57;
  uint8_t before = pair->before;
  uint64_t inside = (uint8_t)(before - '0') <= 9 || (uint8_t)(before - 'A') <= 25;
  return run & ~(here << 1 | inside);
}

ALWAYS uint64_t word_starts(const block_pair *pair) {
  uint64_t letter = (uint8_t)((pair->before | 0x20) - 'a') <= 25, capital = (uint8_t)(pair->before - 'A') <= 25;
  return (pair->here.letter & ~(pair->here.letter << 1 | letter)) |
         (pair->here.capital & ~(pair->here.capital << 1 | capital));
}

/// Those of the places that passed the sieve whose four bytes hash to a literal's.
ALWAYS uint64_t literal_mask(const uint8_t *block, uint64_t sieved, const ck_literals *literals) {
  uint64_t mask = 0;
  for (; sieved; sieved &= sieved - 1) {
    int bit = __builtin_ctzll(sieved);
    uint32_t four;
    memcpy(&four, block + bit, 4);
    uint32_t hash = ck_literal_hash(four);
    mask |= (literals->hashes[hash >> 6] >> (hash & 63) & 1) << bit;
  }
  return mask;
}

/// Writes the candidates of the block at `offset`, places below `from` or from `end` on left out.
ALWAYS size_t emit(const block_pair *pair, uint64_t literal, size_t offset, size_t from, size_t end,
                   ck_candidate *found) {
  uint64_t number = number_mask(pair), dotted = dotted_mask(pair), colons = colons_mask(pair);
  uint64_t plate = plate_mask(pair), code = code_mask(pair), at = pair->here.at;
  uint64_t all = number | dotted | colons | plate | code | at | literal;
  if (offset < from) all &= from - offset >= 64 ? 0 : ~(uint64_t)0 << (from - offset);
  if (end - offset < 64) all &= ((uint64_t)1 << (end - offset)) - 1;
  size_t written = 0;
  for (; all; all &= all - 1) {
    int bit = __builtin_ctzll(all);
#define SHAPE(mask, shape) ((mask) >> bit & 1 ? (shape) : 0)
    int shapes = SHAPE(at, CK_AT) | SHAPE(number, CK_NUMBER) | SHAPE(dotted, CK_DOTTED) | SHAPE(colons, CK_COLONS) |
                 SHAPE(plate, CK_PLATE) | SHAPE(code, CK_CODE) | SHAPE(literal, CK_LITERAL);
#undef SHAPE
    found[written].place = offset + (size_t)bit;
    found[written++].shapes = (uint8_t)shapes;
  }
  return written;
}

/// What a processor has to give: masks of 64 bytes, and the sieve over 64 places with the 3 bytes behind them.
#define CANDIDATE_LOOP(name, TARGET, masks_of, sieve)                                                                \
  /* Blocks of `bytes` (which may be a padded copy that begins at `origin`) whose offset is below `stop`. */           \
  TARGET static size_t name##_blocks(const uint8_t *bytes, size_t origin, size_t *offset, size_t stop, size_t from,    \
                                     size_t end, uint8_t before, const ck_literals *literals, ck_candidate *found,     \
                                     size_t capacity) {                                                                \
    size_t written = 0;                                                                                                \
    block_pair pair;                                                                                                   \
    pair.before = before;                                                                                              \
    if (*offset < stop) masks_of(bytes + (*offset - origin), &pair.next);                                              \
    while (*offset < stop && written + 64 <= capacity) {                                                               \
      const uint8_t *block = bytes + (*offset - origin);                                                               \
      pair.here = pair.next;                                                                                           \
      masks_of(block + 64, &pair.next);                                                                                \
      sieved_places sieved = sieve(block, literals);                                                                   \
      uint64_t literal = literal_mask(block, (sieved.latin & word_starts(&pair)) | sieved.other, literals);            \
      written += emit(&pair, literal, *offset, from, end, found + written);                                            \
      pair.before = block[63];                                                                                         \
      *offset += 64;                                                                                                   \
    }                                                                                                                  \
    return written;                                                                                                    \
  }                                                                                                                    \
  TARGET size_t name(const uint8_t *bytes, size_t from, size_t count, const ck_literals *literals,                     \
                     ck_candidate *found, size_t capacity, size_t *next) {                                             \
    size_t offset = from, written = 0;                                                                                 \
    uint8_t before = from > 0 ? bytes[from - 1] : 0;                                                                   \
    /* 64 bytes, the 64 behind them and 3 more must be there. */                                                       \
    size_t stop = count >= 131 && from < count - 130 ? from + (count - 131 - from) / 64 * 64 + 64 : from;              \
    written = name##_blocks(bytes, 0, &offset, stop, from, count, before, literals, found, capacity);                  \
    if (offset >= stop && written + 64 <= capacity && offset < count) {                                                \
      uint8_t tail[320];                                                                                               \
      memset(tail, 0, sizeof tail);                                                                                    \
      memcpy(tail, bytes + offset, count - offset);                                                                    \
      if (offset > from) before = bytes[offset - 1];                                                                   \
      written += name##_blocks(tail, offset, &offset, count, from, count, before, literals, found + written,           \
                               capacity - written);                                                                    \
    }                                                                                                                  \
    *next = offset < count ? offset : count;                                                                           \
    return written;                                                                                                    \
  }
#endif
#endif
