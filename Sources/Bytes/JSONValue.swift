/// A JSON value of a small file: manifests, status, suites, tokenizer.json. Order and duplicate keys are kept.
/// Text is bytes, because String compares by canonical equivalence and tokens must not.
public enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text([UInt8])
  case array([JSONValue])
  case object([JSONMember])

  public static func string(_ text: String) -> JSONValue { .text(Array(text.utf8)) }

  public static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
    .object(members.map { JSONMember($0.key, $0.value) })
  }

  /// The value of the first member with this key, when this is an object that has it.
  public subscript(_ key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    // No array for the key: replay asks a million records for a dozen of them.
    let wanted = key.utf8
    return members.first { $0.key.count == wanted.count && $0.key.elementsEqual(wanted) }?.value
  }

  public var bytes: [UInt8]? { if case .text(let bytes) = self { bytes } else { nil } }
  public var string: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }
  public var array: [JSONValue]? { if case .array(let items) = self { items } else { nil } }
  public var members: [JSONMember]? { if case .object(let members) = self { members } else { nil } }
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  public var isNull: Bool { self == .null }

  public var integer: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  public var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}

public struct JSONMember: Equatable, Sendable {
  public var key: [UInt8]
  public var value: JSONValue

  public init(_ key: String, _ value: JSONValue) {
    self.key = Array(key.utf8)
    self.value = value
  }

  public init(key: [UInt8], value: JSONValue) {
    self.key = key
    self.value = value
  }

  public var name: String { String(decoding: key, as: UTF8.self) }
}

/// Where and why a text is not JSON.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Byte offset from the start of the text.
  public let offset: Int
  public let reason: String

  public init(offset: Int, reason: String) {
    self.offset = offset
    self.reason = reason
  }

  public var description: String { "at byte \(offset): \(reason)" }
}
