import Settings

/// Which chain of programs makes text of which kind of file: the built-in table and what a user's own file adds.
public struct ConverterTable: Sendable, Equatable {
  private var chains: [String: [ConverterProgram]] = [:]
  /// Extensions of the user's file: they come before the formats that are read without a program.
  private var own: Set<String> = []

  /// How a file is to be read.
  public enum Plan: Sendable, Equatable {
    case read(FileFormat)
    case convert([ConverterProgram])
  }

  /// The same as `etc/converters.json5`.
  public static func builtIn() throws(SettingError) -> ConverterTable {
    try ConverterTable(Array(DefaultConverters.text.utf8), file: "built-in converters")
  }

  /// No programs: what is not read natively is not read.
  public static let none = ConverterTable()
  private init() {}

  /// - Parameter file: shown in messages, which name line and column.
  public init(_ bytes: [UInt8], file: String) throws(SettingError) {
    do throws(SettingError) {
      chains = try ConverterParser.chains(try JSON5Parser.parse(bytes))
    } catch {
      var named = error
      named.file = file
      throw named
    }
  }

  /// This table with a user's own entries in front.
  public func adding(_ other: ConverterTable) -> ConverterTable {
    var table = self
    table.chains.merge(other.chains) { $1 }
    table.own = own.union(other.chains.keys)
    return table
  }

  /// By extension, letter case ignored; nil when nothing reads such files.
  /// - Parameter name: a file name or path as bytes.
  public func plan(name: [UInt8]) -> Plan? {
    let base = name[(name.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...]
    let dot = base.lastIndex(of: UInt8(ascii: "."))
    let suffix = dot.map { String(decoding: base[($0 + 1)...], as: UTF8.self).lowercased() } ?? ""
    if own.contains(suffix), let chain = chains[suffix] { return .convert(chain) }
    if let format = FileFormat.detect(name: name) { return .read(format) }
    return chains[suffix].map { .convert($0) }
  }

  /// All extensions with a chain, in order.
  public var extensions: [String] { chains.keys.sorted() }
  public func chain(_ suffix: String) -> [ConverterProgram]? { chains[suffix] }
}

/// Reads the table of converters: strict, unknown keys are refused with the nearest right name.
private enum ConverterParser {
  private static let entryKeys = ["extensions", "chain"]
  private static let programKeys = [
    "command", "name", "gives", "package", "least_per_page", "seconds", "memory_mb", "files_mb",
  ]
  private static let kinds: [(String, FileFormat.Kind)] = [
    ("text", .text), ("markdown", .markdown), ("html", .html), ("json", .json), ("jsonl", .jsonLines),
  ]

  static func chains(_ root: SettingValue) throws(SettingError) -> [String: [ConverterProgram]] {
    try checkKeys(root, ["converters"])
    guard let list = root["converters"]?.list else { throw .wrong("converters", "a list of entries", root) }
    var chains: [String: [ConverterProgram]] = [:]
    for entry in list {
      try checkKeys(entry, entryKeys)
      let chain = try programs(entry)
      for suffix in try texts(entry, "extensions") {
        let name = suffix.hasPrefix(".") ? String(suffix.dropFirst()) : suffix
        if chains[name] != nil { throw SettingError("the extension '\(name)' is there twice", at: entry) }
        chains[name] = chain
      }
    }
    return chains
  }

  private static func programs(_ entry: SettingValue) throws(SettingError) -> [ConverterProgram] {
    guard let list = entry["chain"]?.list, !list.isEmpty else {
      throw SettingError("chain must be a list of programs", at: entry)
    }
    var programs: [ConverterProgram] = []
    for value in list { programs.append(try program(value)) }
    return programs
  }

  private static func program(_ value: SettingValue) throws(SettingError) -> ConverterProgram {
    try checkKeys(value, programKeys)
    let gives = value["gives"]?.text ?? "text"
    guard let kind = kinds.first(where: { $0.0 == gives })?.1 else {
      let names = kinds.map(\.0)
      let hint = Nearest.name(to: gives, among: names).map { "; did you mean '\($0)'?" } ?? ""
      throw SettingError("gives must be one of \(names.joined(separator: ", "))\(hint)", at: value)
    }
    let command = try texts(value, "command")
    if let word = command.first(where: { $0.utf8.contains(0) }) ?? command.first(where: { _ in command[0].isEmpty }) {
      throw SettingError("the command's word '\(word)' cannot be a program's", at: value)
    }
    return ConverterProgram(
      command: command, name: value["name"]?.text ?? command.first ?? "as it is", gives: kind,
      package: value["package"]?.text ?? "",
      leastPerPage: try number(value, "least_per_page", 0...1_000_000) ?? 0,
      seconds: try number(value, "seconds", 1...1_000_000), megabytes: try number(value, "memory_mb", 16...1_048_576),
      fileMegabytes: try number(value, "files_mb", 0...1_048_576) ?? 0)
  }

  private static func texts(_ value: SettingValue, _ key: String) throws(SettingError) -> [String] {
    guard let list = value[key]?.list else { throw SettingError("\(key) must be a list of texts", at: value) }
    var texts: [String] = []
    for item in list {
      guard let text = item.text else { throw SettingError("\(key) must be a list of texts", at: item) }
      texts.append(text)
    }
    return texts
  }

  private static func number(
    _ value: SettingValue, _ key: String, _ range: ClosedRange<Int>
  ) throws(SettingError) -> Int? {
    guard let written = value[key] else { return nil }
    guard let number = written.integer, range.contains(number) else {
      throw .wrong(key, "a whole number in \(range.lowerBound)...\(range.upperBound)", written)
    }
    return number
  }

  private static func checkKeys(_ value: SettingValue, _ known: [String]) throws(SettingError) {
    guard let members = value.table else { throw .wrong("an entry", "a table", value) }
    for (key, member) in members where !known.contains(key) {
      let hint = Nearest.name(to: key, among: known).map { "; did you mean '\($0)'?" } ?? ""
      throw SettingError("unknown key '\(key)'\(hint)", at: member)
    }
  }
}
