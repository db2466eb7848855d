/// Made by tools/rules from etc/rules/math.json5; do not edit.
extension BuiltInRules {
  static let mathText = #"""
    // Mathematics: rare and odd-looking, so that only what is no text at all goes. Set: clean.sets = ["math"].
    {
      rules: [
        { name: "math_set_short", signal: "characters", below: 60, channels: ["math"], canary: "$x$" },
        {
          name: "math_set_letters", signal: "alphanumericShare", below: 0.25, channels: ["math"],
          canary: { text: "\\[ = + - = + - \\] ", repeat: 20 },
        },
        {
          name: "math_set_digits", signal: "digitShare", above: 0.7, channels: ["math"],
          canary: { text: "12345 67890 12345\n", repeat: 20 },
        },
        {
          name: "math_set_lines", signal: "duplicateLineCharacterShare", above: 0.5, channels: ["math"],
          canary: { text: "\\[ x = y + z \\]\n", repeat: 30 },
        },
        {
          name: "math_set_longest_line", signal: "longestLine", above: 20000, channels: ["math"],
          canary: { text: "x = y + z, ", repeat: 4000 },
        },
      ],
    }

    """#
}
