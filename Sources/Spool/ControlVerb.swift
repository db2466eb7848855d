import Settings

/// Who obeys a sentinel.
public enum ControlRole: String, Sendable, CaseIterable {
  case agent, trainer, evaluator
}

/// What a person may ask for by creating a file in `control/`.
public enum ControlVerb: String, Sendable, CaseIterable {
  case save, rollback, pause, stop, anneal, lr, skip, export
  case eval
  case hold, flush, discard, reload

  public var taker: ControlRole {
    switch self {
    case .save, .rollback, .pause, .stop, .anneal, .lr, .skip, .export: .trainer
    case .eval: .evaluator
    case .hold, .flush, .discard, .reload: .agent
    }
  }

  /// True for those that hold while the file exists; the others are taken once.
  public var isLevel: Bool { self == .pause || self == .hold }

  /// Verbs that change the run and must not come as a surprise long after they were written.
  public var canBeStale: Bool {
    switch self {
    case .rollback, .stop, .lr, .skip, .discard: true
    default: false
    }
  }

  /// Verbs that only root, the daemon's user or a member of `spool.admin_group` may ask for, when that is set.
  public var needsAdministrator: Bool { self == .rollback || self == .stop || self == .discard }

  /// The keys its content may have.
  public var argumentKeys: [String] {
    let own: [String] =
      switch self {
      case .save, .pause, .stop, .hold, .flush, .reload: []
      case .rollback: ["to", "skip", "lr_scale", "reshuffle"]
      case .anneal: ["tokens", "blocks"]
      case .lr: ["scale", "peak"]
      case .skip: ["block", "windows"]
      case .export: ["path", "dtype", "checkpoint"]
      case .eval: ["checkpoint", "suite"]
      case .discard: ["block"]
      }
    return self == .reload || self == .discard ? own + ["reason"] : own + ["at", "reason"]
  }

  public static let names = allCases.map(\.rawValue)
}

/// A sentinel's file name: `verb` or `verb.tag`.
public struct ControlName: Hashable, Sendable, CustomStringConvertible {
  public let verb: ControlVerb
  public let tag: String

  public init(_ verb: ControlVerb, tag: String = "") {
    self.verb = verb
    self.tag = tag
  }

  /// The name as written, or why it is none and what would be right.
  public static func parse(_ text: String) -> Result<ControlName, ControlRefusal> {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let word = String(parts[0])
    guard let verb = ControlVerb(rawValue: word) else {
      let nearest = Nearest.name(to: word.lowercased(), among: ControlVerb.names)
      let hint = nearest.map { "did you mean '\($0)'? " } ?? ""
      return .failure(
        ControlRefusal("unknown request '\(word)'; \(hint)known: \(ControlVerb.names.joined(separator: ", "))"))
    }
    guard parts.count == 2 else { return .success(ControlName(verb)) }
    let tag = String(parts[1])
    let isPlain = tag.utf8.allSatisfy { byte in
      (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || byte == 0x2D || byte == 0x5F
        || byte == 0x2E
    }
    guard isPlain, !tag.isEmpty, tag.utf8.count <= 64 else {
      return .failure(ControlRefusal("the tag after '\(word).' must be 1 to 64 letters, digits, '-', '_' or '.'"))
    }
    return .success(ControlName(verb, tag: tag))
  }

  public var description: String { tag.isEmpty ? verb.rawValue : "\(verb.rawValue).\(tag)" }
}

/// Why a request cannot be followed, and what would be right.
public struct ControlRefusal: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
