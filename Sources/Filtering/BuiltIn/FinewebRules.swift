/// Made by tools/rules from etc/rules/fineweb.json5; do not edit.
extension BuiltInRules {
  static let finewebText = #"""
    // FineWeb's own rules for English (arXiv 2406.17557, section 3.6) as datatrove codes them. Set: clean.sets =
    // ["fineweb"].
    {
      rules: [
        { name: "fineweb_empty", signal: "lines", below: 1, channels: ["en"], canary: " " },
        {
          name: "fineweb_line_ends", signal: "fullStopLineShare", below: 0.12, channels: ["en"],
          canary: { text: "Home\nProducts\nNews archive\n", repeat: 4 },
        },
        {
          name: "fineweb_short_lines", signal: "briefLineShare", above: 0.67, channels: ["en"],
          canary: { text: "Home\nProducts\nNews archive\n", repeat: 4 },
        },
        {
          name: "fineweb_duplicate_lines", signal: "duplicateLineTextShare", above: 0.01, channels: ["en"],
          canary: { text: "The same line.\n", repeat: 10 },
        },
        {
          name: "fineweb_newlines", signal: "newlinePerWord", above: 0.3, channels: ["en"],
          canary: { text: "One\ntwo\n", repeat: 10 },
        },
      ],
    }

    """#
}
