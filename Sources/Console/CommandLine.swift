import Settings

/// The words after `pretraind`, understood.
public struct ParsedCommand: Sendable {
  public let command: Command
  public let arguments: [String]
  private let values: [String: [String]]

  public func has(_ flag: String) -> Bool { values[flag] != nil }
  public func value(_ flag: String) -> String? { values[flag]?.last }
  public func values(_ flag: String) -> [String] { values[flag] ?? [] }

  /// A whole number given to a flag.
  public func integer(_ flag: String) throws(UsageError) -> Int? {
    guard let text = value(flag) else { return nil }
    guard let number = Int(text) else { throw UsageError("--\(flag) takes a whole number, not '\(text)'") }
    return number
  }

  public init(_ words: [String], commands: [Command]) throws(UsageError) {
    guard let first = words.first else { throw UsageError(ParsedCommand.overview(commands)) }
    if first == "--help" || first == "help" || first == "-h" { throw UsageError(ParsedCommand.overview(commands)) }
    let fitting = commands.filter { words.starts(with: $0.words) }.max { $0.words.count < $1.words.count }
    guard let command = fitting else { throw ParsedCommand.unknown(words, commands) }
    self.command = command
    var arguments: [String] = []
    var values: [String: [String]] = [:]
    var rest = words.dropFirst(command.words.count)
    while let word = rest.popFirst() {
      if word == "--" {
        // What follows is arguments, whatever it looks like.
        arguments += rest
        break
      }
      guard word.hasPrefix("--") else {
        arguments.append(word)
        continue
      }
      let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
        String.init)
      let known = command.flags + Command.everywhere
      guard let flag = known.first(where: { $0.name == parts[0] }) else {
        let hint = Nearest.name(to: parts[0], among: known.map(\.name)).map { "; did you mean --\($0)?" } ?? ""
        throw UsageError("pretraind \(command.name): unknown flag --\(parts[0])\(hint)")
      }
      if flag.value.isEmpty {
        guard parts.count == 1 else { throw UsageError("pretraind \(command.name): --\(flag.name) takes no value") }
        values[flag.name, default: []].append("")
      } else if parts.count == 2 {
        values[flag.name, default: []].append(parts[1])
      } else if flag.value.hasPrefix("["), rest.first?.hasPrefix("--") ?? true {
        // A value that may be left out.
        values[flag.name, default: []] += []
      } else if let value = rest.popFirst() {
        values[flag.name, default: []].append(value)
      } else {
        throw UsageError("pretraind \(command.name): --\(flag.name) needs \(flag.value)")
      }
    }
    self.arguments = arguments
    self.values = values
  }

  private static func unknown(_ words: [String], _ commands: [Command]) -> UsageError {
    let family = commands.filter { $0.words.count > 1 && $0.words[0] == words[0] }
    if !family.isEmpty {
      return UsageError("pretraind \(words[0]): say which: " + family.map { $0.words[1] }.joined(separator: ", "))
    }
    let names = Array(Set(commands.filter { !$0.isHidden }.map { $0.words[0] })).sorted()
    let hint = Nearest.name(to: words[0], among: names).map { "; did you mean '\($0)'?" } ?? ""
    return UsageError("pretraind: unknown command '\(words[0])'\(hint)\n" + overview(commands))
  }

  static func overview(_ commands: [Command]) -> String {
    var text = "usage: pretraind COMMAND [arguments] [flags]     (pretraind COMMAND --help tells more)\n"
    for command in commands where !command.isHidden {
      let left = "  \(command.name)\(command.arguments.isEmpty ? "" : " " + command.arguments)"
      text += "\n" + left + String(repeating: " ", count: max(2, 38 - left.count)) + command.summary
    }
    return text
  }
}

/// Exit codes of sysexits.h.
public enum ExitCode {
  public static let done: Int32 = 0
  public static let usage: Int32 = 64
  public static let data: Int32 = 65
  public static let software: Int32 = 70
  public static let inputOutput: Int32 = 74
  public static let tryAgain: Int32 = 75
  public static let configuration: Int32 = 78
}
