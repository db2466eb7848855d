/// A flag of a command, declared once: the parser, the help text and the error messages come from here.
public struct Flag: Sendable {
  public let name: String
  /// Placeholder of the value; empty for a switch.
  public let value: String
  public let meaning: String

  public init(_ name: String, _ value: String = "", _ meaning: String) {
    self.name = name
    self.value = value
    self.meaning = meaning
  }
}

/// A command of `pretraind`: its words, its arguments, its flags.
public struct Command: Sendable {
  public let words: [String]
  public let arguments: String
  public let summary: String
  public let flags: [Flag]
  /// What the command's own help says after the summary.
  public let details: String
  /// Only for our own processes: no list shows it.
  public let isHidden: Bool

  public init(
    _ words: String, _ arguments: String = "", _ summary: String, flags: [Flag] = [], details: String = "",
    isHidden: Bool = false
  ) {
    self.isHidden = isHidden
    self.words = words.split(separator: " ").map(String.init)
    self.arguments = arguments
    self.summary = summary
    self.flags = flags
    self.details = details
  }

  public var name: String { words.joined(separator: " ") }

  public static let everywhere = [
    Flag("spool", "DIR", "the spool (default ./spool)"),
    Flag("config", "FILE", "the configuration (default /etc/pretraind/pretraind.json5 where it is, else built-in)"),
    Flag("set", "SECTION.KEY=VALUE", "lay one key over the configuration; may be repeated"),
    Flag("help", "", "show this"),
  ]

  public var help: String {
    var text = "usage: pretraind \(name)\(arguments.isEmpty ? "" : " " + arguments) [flags]\n\n\(summary)\n"
    if !details.isEmpty { text += "\n\(details)\n" }
    let own = Set(flags.map(\.name))
    for flag in flags + Command.everywhere.filter({ !own.contains($0.name) }) {
      let left = "  --\(flag.name)\(flag.value.isEmpty ? "" : " " + flag.value)"
      text += "\n" + left + String(repeating: " ", count: max(2, 30 - left.count)) + flag.meaning
    }
    return text
  }
}

/// Words that make no sense, and what would.
public struct UsageError: Error, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
