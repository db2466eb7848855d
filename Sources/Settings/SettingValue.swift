/// A value of a JSON5 configuration with the place it was written at.
public struct SettingValue: Sendable {
  public indirect enum Content: Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case text(String)
    case list([SettingValue])
    case table([(key: String, value: SettingValue)])
  }

  public let content: Content
  /// 1-based; 0 for values given on the command line.
  public let line: Int
  public let column: Int

  public init(_ content: Content, line: Int = 0, column: Int = 0) {
    self.content = content
    self.line = line
    self.column = column
  }

  public var table: [(key: String, value: SettingValue)]? {
    if case .table(let members) = content { members } else { nil }
  }
  public var list: [SettingValue]? { if case .list(let items) = content { items } else { nil } }
  public var text: String? { if case .text(let text) = content { text } else { nil } }
  public var number: Double? { if case .number(let number) = content { number } else { nil } }
  public var integer: Int? { number.flatMap { Int(exactly: $0) } }
  public var bool: Bool? { if case .bool(let flag) = content { flag } else { nil } }

  public subscript(_ key: String) -> SettingValue? { table?.first { $0.key == key }?.value }

  /// The value as text: the same for the same value, wherever and however it was written.
  public var written: String {
    switch content {
    case .null: "null"
    case .bool(let flag): "\(flag)"
    case .number(let number): "\(number)"
    case .text(let text): "\"\(text)\""
    case .list(let items): "[" + items.map(\.written).joined(separator: ", ") + "]"
    case .table(let members):
      "{" + members.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.written)" }.joined(separator: ", ") + "}"
    }
  }

  /// What kind of value this is, for messages.
  public var kind: String {
    switch content {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .text: "a text"
    case .list: "a list"
    case .table: "a table"
    }
  }
}

/// A configuration that cannot be used: where and why, and what would be right.
public struct SettingError: Error, Equatable, Sendable, CustomStringConvertible {
  public var file: String
  public let line: Int
  public let column: Int
  public let reason: String

  public init(_ reason: String, at value: SettingValue? = nil, file: String = "") {
    self.file = file
    line = value?.line ?? 0
    column = value?.column ?? 0
    self.reason = reason
  }

  init(_ reason: String, line: Int, column: Int) {
    file = ""
    self.line = line
    self.column = column
    self.reason = reason
  }

  public var description: String {
    let place =
      line > 0 ? "\(file.isEmpty ? "configuration" : file):\(line):\(column): " : file.isEmpty ? "" : "\(file): "
    return place + reason
  }
}
