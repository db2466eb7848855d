/// Made by tools/rules from etc/rules/code.json5; do not edit.
extension BuiltInRules {
  static let codeText = #"""
    // Source code, by the published thresholds of StarCoder's data (bigcode-dataset) and Data-Juicer. Stricter than
    // `default`: generated and minified files, data tables, files of next to no lines. Set: clean.sets = ["code"].
    {
      rules: [
        {
          name: "code_set_longest_line", signal: "longestLine", above: 1000, channels: ["code"],
          canary: { text: "var a=function(b){return b};", repeat: 60 },
        },
        {
          name: "code_set_mean_line", signal: "meanLineLength", above: 100, channels: ["code"],
          canary: { text: "var a=function(b){return b};", repeat: 10 },
        },
        {
          name: "code_set_alphanumeric", signal: "alphanumericShare", below: 0.25, channels: ["code"],
          canary: { text: "[[--]]{{++}}((//))<<==>>::;;,,..\n", repeat: 20 },
        },
        {
          name: "code_set_letters", signal: "latinShare", below: 0.25, channels: ["code"],
          canary: { text: "0x01, 0x02, 0x03, 0x04, 0x05,\n", repeat: 40 },
        },
        { name: "code_set_short", signal: "characters", below: 100, channels: ["code"], canary: "x = 1\n" },
        { name: "code_set_lines", signal: "lines", below: 3, channels: ["code"], canary: "x = 1\ny = 2\n" },
        {
          name: "code_set_many_lines", signal: "lines", above: 20000, channels: ["code"],
          canary: { text: "call();\nnext();\nstop();\n", repeat: 7000 },
        },
        {
          name: "code_set_encoded", signal: "longestWord", above: 1000, channels: ["code"],
          canary: { text: "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0NTY3ODkw", repeat: 40 },
        },
      ],
    }

    """#
}
