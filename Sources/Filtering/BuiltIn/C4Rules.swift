/// Made by tools/rules from etc/rules/c4.json5; do not edit.
extension BuiltInRules {
  static let c4Text = #"""
    // C4's rules for English (arXiv 1910.10683, section 2.2) as datatrove codes them. Documents are judged by the
    // lines that would stay; then the other lines go, and reference marks such as [12] with c4_citations. Set:
    // clean.sets = ["c4"]. FineWeb ran it without c4_line_end, which alone costs about 30 % of the tokens:
    // clean.off = ["c4_line_end"] keeps the lines; the sentences of such lines do not count either way.
    {
      rules: [
        {
          name: "c4_lorem_ipsum", signal: "c4LoremIpsum", above: 0, channels: ["en"],
          canary: "Lorem ipsum dolor sit amet.",
        },
        {
          name: "c4_curly_bracket", signal: "c4CurlyBracket", above: 0, channels: ["en"],
          canary: "The code begins { here and ends there.",
        },
        {
          name: "c4_sentences", signal: "c4Sentences", below: 5, channels: ["en"],
          canary: "One sentence is here. Two sentences are here.",
        },
        // Lines.
        {
          name: "c4_line_long_word", line: "lineLongestWord", above: 1000, channels: ["en"],
          canary: { text: "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0NTY3ODkw", repeat: 40 },
        },
        { name: "c4_line_words", line: "lineWords", below: 3, channels: ["en"], canary: "Read more." },
        // Words are counted with the marks in it, the end of a line is judged without them.
        {
          name: "c4_citations", action: "cut", pattern: "\\[[0-9]*\\]|\\[edit\\]|\\[citation needed\\]", literal: "[",
          channels: ["en"], canary: "It was so.[12]",
        },
        {
          name: "c4_line_end", line: "lineEndsLikeC4", below: 1, channels: ["en"],
          canary: "A line without an end",
        },
        {
          name: "c4_line_javascript", line: "linePhrases", above: 0,
          channels: ["en"], phrases: ["javascript"],
          canary: "Please enable JavaScript to see this page.",
        },
        {
          name: "c4_line_policy", line: "linePhrases", above: 0,
          channels: ["en"],
          phrases: ["terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies"],
          canary: "This site uses cookies to be of help.",
        },
      ],
    }

    """#
}
