/// Made by tools/rules from etc/rules/gopher.json5; do not edit.
extension BuiltInRules {
  static let gopherText = #"""
    // Gopher's rules for English (arXiv 2112.11446, table A1 and appendix A.1) exactly as datatrove codes them:
    // repetition, then quality. Units are the words, numbers and marks of spaCy's English tokenizer. Set:
    // clean.sets = ["gopher"].
    {
      rules: [
        // Repetition.
        {
          name: "gopher_duplicate_paragraphs", signal: "duplicateParagraphShare", above: 0.3,
          channels: ["en"],
          canary: { text: "One and the same.\n\n", repeat: 10 },
        },
        {
          name: "gopher_duplicate_paragraph_characters", signal: "duplicateParagraphCharacterShare", above: 0.2,
          channels: ["en"],
          canary: { text: "One and the same paragraph that goes on for a while.\n\n", repeat: 10 },
        },
        {
          name: "gopher_duplicate_lines", signal: "duplicateLineShare", above: 0.3, channels: ["en"],
          canary: { text: "The same line.\n", repeat: 10 },
        },
        {
          name: "gopher_duplicate_line_characters", signal: "duplicateLineCharacterShare", above: 0.2,
          channels: ["en"],
          canary: { text: "The same line.\n", repeat: 10 },
        },
        {
          name: "gopher_top_2_grams", signal: "topBigramShare", above: 0.2, channels: ["en"],
          canary: { text: "cheap watches ", repeat: 30 },
        },
        {
          name: "gopher_top_3_grams", signal: "topTrigramShare", above: 0.18, channels: ["en"],
          canary: { text: "best cheap watches ", repeat: 30 },
        },
        {
          name: "gopher_top_4_grams", signal: "topFourgramShare", above: 0.16, channels: ["en"],
          canary: { text: "buy best cheap watches ", repeat: 30 },
        },
        {
          name: "gopher_duplicate_5_grams", signal: "duplicateFivegramShare", above: 0.15, channels: ["en"],
          canary: { text: "We have the widest range of products that you will ever find in any shop, and it is cheap. ", repeat: 6 },
        },
        {
          name: "gopher_duplicate_6_grams", signal: "duplicateSixgramShare", above: 0.14, channels: ["en"],
          canary: { text: "We have the widest range of products that you will ever find in any shop, and it is cheap. ", repeat: 6 },
        },
        {
          name: "gopher_duplicate_7_grams", signal: "duplicateSevengramShare", above: 0.13, channels: ["en"],
          canary: { text: "We have the widest range of products that you will ever find in any shop, and it is cheap. ", repeat: 6 },
        },
        {
          name: "gopher_duplicate_8_grams", signal: "duplicateEightgramShare", above: 0.12, channels: ["en"],
          canary: { text: "We have the widest range of products that you will ever find in any shop, and it is cheap. ", repeat: 6 },
        },
        {
          name: "gopher_duplicate_9_grams", signal: "duplicateNinegramShare", above: 0.11, channels: ["en"],
          canary: { text: "We have the widest range of products that you will ever find in any shop, and it is cheap. ", repeat: 6 },
        },
        {
          name: "gopher_duplicate_10_grams", signal: "duplicateTengramShare", above: 0.1, channels: ["en"],
          canary: { text: "We have the widest range of products that you will ever find in any shop, and it is cheap. ", repeat: 6 },
        },
        // Quality.
        {
          name: "gopher_short", signal: "words", below: 50, channels: ["en"],
          canary: "Page not found. Please try again.",
        },
        {
          name: "gopher_long", signal: "words", above: 100000, channels: ["en"],
          canary: { text: "one two three four five six seven eight nine ten eleven ", repeat: 9999 },
        },
        {
          name: "gopher_short_words", signal: "meanWordLength", below: 3, channels: ["en"],
          canary: { text: "a b c is it on ", repeat: 20 },
        },
        {
          name: "gopher_long_words", signal: "meanWordLength", above: 10, channels: ["en"],
          canary: { text: "internationalization notwithstanding ", repeat: 30 },
        },
        {
          name: "gopher_hashes", signal: "hashPerWord", above: 0.1, channels: ["en"],
          canary: { text: "# one # two # three ", repeat: 20 },
        },
        {
          name: "gopher_ellipses", signal: "ellipsisPerWord", above: 0.1, channels: ["en"],
          canary: { text: "one ... two ... three ", repeat: 20 },
        },
        {
          name: "gopher_bullets", signal: "bulletLineShare", above: 0.9, channels: ["en"],
          canary: { text: "- one of the things\n", repeat: 20 },
        },
        {
          name: "gopher_ellipsis_lines", signal: "ellipsisLineShare", above: 0.3, channels: ["en"],
          canary: { text: "And then we saw the first of the...\n", repeat: 20 },
        },
        {
          name: "gopher_letters", signal: "letterUnitShare", below: 0.8, channels: ["en"],
          canary: { text: "12 345 678 items 90 12 34 ", repeat: 10 },
        },
        {
          name: "gopher_stop_words", signal: "gopherStopWords", below: 2, channels: ["en"],
          canary: { text: "cheap watches brand shoes replica bags discount sunglasses ", repeat: 15 },
        },
      ],
    }

    """#
}
