/// Made by tools/rules from etc/rules/plain.json5; do not edit.
extension BuiltInRules {
  static let plainText = #"""
    // The plain rules that a data team starts with, each by its name and all to be changed: copy this file, name it
    // in clean.rules. They are off unless it is named. The lists of phrases are files too (clean.keyword_folder,
    // etc/keywords).
    {
      rules: [
        { name: "minimum_length", signal: "characters", below: 200, canary: "Too short." },
        {
          name: "share_of_one_token", signal: "topUnitShare", above: 0.2,
          canary: { text: "buy now buy this buy that ", repeat: 20 },
        },
        {
          name: "share_of_chinese", signal: "hanShare", below: 0.3, channels: ["zh"],
          canary: "No Chinese here.",
        },
        {
          name: "share_of_english", signal: "latinShare", below: 0.5, channels: ["en"],
          canary: "12 34 56 78 90 一二三四五六",
        },
        { name: "share_of_digits", signal: "digitShare", above: 0.3, canary: "2024 11 21 17 25" },
        {
          name: "contains_http", signal: "links", above: 0, action: "flag",
          canary: "See https://example.com for more.",
        },
        { name: "dated", signal: "datedShare", above: 0.01, canary: "list" },
        { name: "adult", signal: "adultShare", above: 0.02, canary: "list" },
        { name: "gambling", signal: "gamblingShare", above: 0.02, canary: "list" },
        { name: "political", signal: "politicalShare", above: 0.02, canary: "list" },
      ],
    }

    """#
}
