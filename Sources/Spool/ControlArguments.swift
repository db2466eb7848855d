import Settings

/// The moment a request waits for.
public enum ControlMoment: Equatable, Sendable {
  case step(Int)
  case block(Int)

  init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Int(parts[1]), number >= 0 else { return nil }
    switch parts[0] {
    case "step": self = .step(number)
    case "block": self = .block(number)
    default: return nil
    }
  }

  /// True from this position on.
  public func isReached(step: Int, block: Int) -> Bool {
    switch self {
    case .step(let wanted): step >= wanted
    case .block(let wanted): block >= wanted
    }
  }

  public var description: String {
    switch self {
    case .step(let number): "step \(number)"
    case .block(let number): "block \(number)"
    }
  }
}

/// The content of a sentinel: `key=value` lines or a JSON5 table, at most 4 KiB; empty is fine.
public struct ControlArguments: Equatable, Sendable {
  public static let limit = 4096
  /// In the order written.
  public private(set) var pairs: [(key: String, value: String)] = []
  public private(set) var at: ControlMoment?

  public init() {}

  public init(_ pairs: [(key: String, value: String)], for verb: ControlVerb) throws(ControlRefusal) {
    for pair in pairs { try add(pair.key, pair.value, for: verb) }
  }

  public init(_ content: [UInt8], for verb: ControlVerb) throws(ControlRefusal) {
    guard content.count <= ControlArguments.limit else {
      throw ControlRefusal("the content is longer than \(ControlArguments.limit) bytes; write a few key=value lines")
    }
    guard let text = String(validating: content, as: UTF8.self), !text.utf8.contains(0) else {
      throw ControlRefusal("the content is not UTF-8 text; write key=value lines or a JSON5 table, or leave it empty")
    }
    if text.drop(while: { $0.isWhitespace }).hasPrefix("{") {
      try readTable(content, for: verb)
    } else {
      try readLines(text, for: verb)
    }
  }

  /// False when its moment is one that the taker cannot know.
  func suits(_ verb: ControlVerb) -> Bool {
    if case .step = at { return verb.taker != .agent }
    return true
  }

  public subscript(_ key: String) -> String? { pairs.first { $0.key == key }?.value }

  public static func == (a: ControlArguments, b: ControlArguments) -> Bool {
    a.at == b.at && a.pairs.map(\.key) == b.pairs.map(\.key) && a.pairs.map(\.value) == b.pairs.map(\.value)
  }

  /// As lines that read back the same.
  public var lines: String { pairs.map { "\($0.key)=\($0.value)\n" }.joined() }

  private mutating func readLines(_ text: String, for verb: ControlVerb) throws(ControlRefusal) {
    for line in text.split(whereSeparator: { $0.isNewline }) {
      let trimmed = line.trimmed
      if trimmed.isEmpty || trimmed.hasPrefix("#") { continue }
      guard let equal = trimmed.firstIndex(of: "=") else {
        throw ControlRefusal(
          "'\(trimmed)' is no key=value line; '\(verb.rawValue)' takes \(ControlArguments.allowed(verb))")
      }
      try add(trimmed[..<equal].trimmed, trimmed[trimmed.index(after: equal)...].trimmed, for: verb)
    }
  }

  private mutating func readTable(_ content: [UInt8], for verb: ControlVerb) throws(ControlRefusal) {
    let table: SettingValue
    do throws(SettingError) {
      table = try JSON5Parser.parse(content)
    } catch {
      throw ControlRefusal("the content is no JSON5 table: \(error)")
    }
    for (key, value) in table.table ?? [] {
      guard let text = ControlArguments.text(value) else {
        throw ControlRefusal("'\(key)' must be a text, a number, or true or false")
      }
      try add(key, text, for: verb)
    }
  }

  private static func text(_ value: SettingValue) -> String? {
    if let text = value.text { return text }
    if let flag = value.bool { return flag ? "1" : "0" }
    if let integer = value.integer { return "\(integer)" }
    return value.number.map { "\($0)" }
  }

  private mutating func add(_ key: String, _ value: String, for verb: ControlVerb) throws(ControlRefusal) {
    guard verb.argumentKeys.contains(key) else {
      let hint = Nearest.name(to: key, among: verb.argumentKeys).map { "did you mean '\($0)'? " } ?? ""
      throw ControlRefusal("unknown key '\(key)'; \(hint)'\(verb.rawValue)' takes \(ControlArguments.allowed(verb))")
    }
    guard self[key] == nil else { throw ControlRefusal("the key '\(key)' is there twice; keep one") }
    if key == "at" {
      guard let moment = ControlMoment(value) else {
        throw ControlRefusal("at=\(value) must be at=step:N or at=block:K")
      }
      at = moment
    }
    pairs.append((key, value))
  }

  private static func allowed(_ verb: ControlVerb) -> String {
    verb.argumentKeys.map { "\($0)=" }.joined(separator: ", ")
  }
}

extension StringProtocol {
  fileprivate var trimmed: String {
    var rest = self[...]
    while let first = rest.first, first.isWhitespace { rest = rest.dropFirst() }
    while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
    return String(rest)
  }
}
