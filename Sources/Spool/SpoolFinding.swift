import Bytes

/// Something in a spool that is not at rest or not whole, with what the next start does about it: a row of the tables
/// in docs/SPOOL.md.
public struct SpoolFinding: Equatable, Sendable {
  public enum Action: String, Sendable, CaseIterable {
    /// Work goes on where it was.
    case goesOn = "goes on"
    /// What was begun and decided is carried out.
    case finished
    /// Published and not yet recorded: it is recorded.
    case adopted
    case removed
    /// Made again, the same.
    case remade = "made again"
    /// Left where it is, for a person to decide.
    case left
    /// Nothing reads it any more in this state: the process that needs it refuses.
    case refused

    /// Whether data is damaged or missing that no start brings back.
    public var isDamage: Bool { self == .refused }
  }

  /// Id of the row: `F3`.
  public let row: String
  public let action: Action
  /// Relative to the spool.
  public let path: String
  public let text: String

  public init(_ row: String, _ action: Action, _ path: String, _ text: String) {
    self.row = row
    self.action = action
    self.path = path
    self.text = text
  }

  public var json: JSONValue {
    .object([
      "row": .string(row), "action": .string(action.rawValue), "path": .string(path), "text": .string(text),
    ])
  }
}

/// What a look at a part of a spool found.
public struct SpoolFindings: Sendable {
  public private(set) var list: [SpoolFinding] = []
  /// What was looked at, for people: "journal", "3 segments, 1200 records".
  public private(set) var summary: [(part: String, text: String)] = []

  public init() {}

  public mutating func add(_ row: String, _ action: SpoolFinding.Action, _ path: String, _ text: String) {
    list.append(SpoolFinding(row, action, path, text))
  }

  public mutating func say(_ part: String, _ text: String) { summary.append((part, text)) }

  public mutating func merge(_ other: SpoolFindings) {
    list += other.list
    summary += other.summary
  }

  public var isDamaged: Bool { list.contains { $0.action.isDamage } }
}
