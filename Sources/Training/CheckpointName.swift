/// What a checkpoint is called inside its lineage: `init`, `part-00010` (the state after block 10),
/// `save-0000120-000007` (step 120, asked for), `auto-0000120-000007` (step 120, by the clock).
public enum CheckpointName: Hashable, Sendable {
  case initial
  case part(Int)
  case save(step: Int, sequence: Int)
  case automatic(step: Int, sequence: Int)

  public init?(_ text: String) {
    if text == "init" {
      self = .initial
      return
    }
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    switch (parts.first, parts.count) {
    case ("part", 2):
      guard let block = CheckpointName.number(parts[1], digits: 5) else { return nil }
      self = .part(block)
    case ("save", 3), ("auto", 3):
      guard let step = CheckpointName.number(parts[1], digits: 7),
        let sequence = CheckpointName.number(parts[2], digits: 6)
      else { return nil }
      self = parts[0] == "save" ? .save(step: step, sequence: sequence) : .automatic(step: step, sequence: sequence)
    default: return nil
    }
  }

  public var text: String {
    switch self {
    case .initial: "init"
    case .part(let block): "part-" + CheckpointName.digits(block, 5)
    case .save(let step, let sequence): "save-\(CheckpointName.digits(step, 7))-\(CheckpointName.digits(sequence, 6))"
    case .automatic(let step, let sequence):
      "auto-\(CheckpointName.digits(step, 7))-\(CheckpointName.digits(sequence, 6))"
    }
  }

  static func digits(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }

  /// Only the form that `text` writes: at least so many digits, no more than needed.
  static func number(_ text: String, digits width: Int) -> Int? {
    guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = Int(text), digits(number, width) == text
    else {
      return nil
    }
    return number
  }
}

/// A checkpoint and its lineage: `g0001/part-00010`, a path below `checkpoints/`.
public struct CheckpointReference: Hashable, Sendable {
  public let lineage: Int
  public let name: CheckpointName

  public init(lineage: Int, name: CheckpointName) {
    self.lineage = lineage
    self.name = name
  }

  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let lineage = CheckpointReference.lineage(parts[0]), let name = CheckpointName(parts[1])
    else {
      return nil
    }
    self.init(lineage: lineage, name: name)
  }

  public var text: String { CheckpointReference.folder(lineage) + "/" + name.text }

  public static func folder(_ lineage: Int) -> String { "g" + CheckpointName.digits(lineage, 4) }

  public static func lineage(_ folder: String) -> Int? {
    folder.hasPrefix("g") ? CheckpointName.number(String(folder.dropFirst()), digits: 4) : nil
  }
}
