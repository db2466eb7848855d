#ifndef CK_TEXT_MEASURES_H
#define CK_TEXT_MEASURES_H
#include <stddef.h>
#include <stdint.h>

#include "ck_repetition.h"
#include "ck_units.h"

/// What is counted in a text. Characters are code points; a visible one is no white space.
typedef struct {
  uint64_t scalars, visible, han, latin, upper, digits, punctuation, symbols, kana, other_letters, brackets, broken;
  uint64_t hashes, newlines, stop_characters, distinct_stop_characters, ellipses, links, link_characters;
  /// Nats over the visible characters; distinct ones among the first 1,024.
  double entropy, distinct_share;

  /// Lines that are not blank, and what they look like without the white space at their ends. A short line is up to 30
  /// columns wide, ideographs two each.
  uint64_t lines, ended_lines, short_lines, numeric_lines, longest_line, line_characters;
  /// All lines; those that begin with a bullet or end with an ellipsis.
  uint64_t all_lines, bullet_lines, ellipsis_lines;
  /// As FineWeb counts lines that are not blank: with a full stop as the last character, up to 30 characters long.
  uint64_t stopped_lines, brief_lines;
  /// Parts between line feeds, and between empty lines; those that were there before, and their characters.
  uint64_t parts, repeated_parts, repeated_part_characters, repeated_line_characters;
  uint64_t paragraphs, repeated_paragraphs, repeated_paragraph_characters;
  /// Sentences in the lines that C4 keeps; whether such a line says lorem ipsum, or holds a curly bracket.
  uint64_t c4_sentences, c4_lorem_ipsum, c4_brackets;

  uint64_t units, words, word_characters, letter_words, longest_word, function_words;
  /// How often the most common unit is there that is no mark alone; summed over windows.
  uint64_t top_unit;
  uint32_t stop_words, stop_words_any_case;

  ck_repetition repetition;
  /// What its counts are shares of.
  uint64_t repetition_characters;
} ck_text_measures;

typedef struct ck_text_meter ck_text_meter;

/// A meter is for one thread at a time and keeps its memory for the next text.
/// - parts: contractions and abbreviations; stays where it is.
/// - stop_places: 0x5200 bytes, from U+4E00 on: 1 + the place of a function character, 0 for all others.
ck_text_meter *ck_text_meter_make(const ck_word_parts *parts, const uint8_t *stop_places);
void ck_text_meter_free(ck_text_meter *meter);

/// Counts everything in UTF-8 text.
void ck_text_measure(ck_text_meter *meter, const uint8_t *text, size_t count, ck_text_measures *measures);
/// The same by what a CPU of a level (ck_cpu.h) has; for tests.
void ck_text_measure_at(int level, ck_text_meter *meter, const uint8_t *text, size_t count,
                        ck_text_measures *measures);
/// The plain twin: one byte, one word at a time.
void ck_text_measure_reference(ck_text_meter *meter, const uint8_t *text, size_t count, ck_text_measures *measures);
#endif
