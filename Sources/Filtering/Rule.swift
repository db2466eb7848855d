import Documents

/// One named rule over one signal of a document, or of each of its lines: what it does, where, and a text it must hit.
public struct Rule: Sendable, Equatable {
  public enum Action: String, Sendable, CaseIterable {
    /// The document goes; its name is the rule's.
    case drop
    /// The line goes, the document stays. Code, tables and math that were carved out keep their lines.
    case dropLine = "drop_line"
    /// What a pattern matches goes out of its line.
    case cut
    /// Nothing goes; the document carries the rule's name.
    case flag
  }

  public enum Subject: Sendable, Equatable {
    case document(Signal)
    case line(LineSignal)
    /// How often a line matches; of a document, how many of its lines do.
    case pattern(LinePattern)

    public var name: String {
      switch self {
      case .document(let signal): signal.name
      case .line(let signal): signal.rawValue
      case .pattern: "pattern"
      }
    }
  }

  public enum Bound: Sendable, Equatable {
    /// Hit when the value is below.
    case below(Float)
    /// Hit when the value is above.
    case above(Float)

    public var threshold: Float {
      switch self {
      case .below(let threshold), .above(let threshold): threshold
      }
    }

    func isHit(_ value: Float) -> Bool {
      switch self {
      case .below(let threshold): value < threshold
      case .above(let threshold): value > threshold
      }
    }
  }

  /// Another signal that must be below or above a bound for the rule to be asked at all.
  public struct Condition: Sendable, Equatable {
    public let signal: Signal
    public let bound: Bound
  }

  /// A text the rule must hit, so that a rule that never fires is noticed at start.
  public struct Canary: Sendable, Equatable {
    public let text: [UInt8]
    public let genre: Genre
    /// The text is made of the phrases of the signal's list; without phrases the rule is idle.
    public let isFromList: Bool
  }

  public let name: String
  public let subject: Subject
  public let bound: Bound
  public let action: Action
  /// Empty: all channels.
  public let channels: [Channel]
  /// Empty: all genres but `exceptGenres`.
  public let genres: [Genre]
  public let exceptGenres: [Genre]
  public let conditions: [Condition]
  /// What `linePhrases` counts; small letters.
  public let phrases: [[UInt8]]
  public let canary: Canary

  public var signal: Signal? {
    if case .document(let signal) = subject { return signal }
    return nil
  }

  /// Whether lines are what it asks and changes.
  var isAboutLines: Bool { action == .dropLine || action == .cut }

  /// The pattern of a rule that judges documents by one.
  var documentPattern: LinePattern? {
    if case .pattern(let pattern) = subject, !isAboutLines { return pattern }
    return nil
  }

  public func applies(to channel: Channel) -> Bool { channels.isEmpty || channels.contains(channel) }

  func applies(to genre: Genre, _ signals: Signals) -> Bool {
    (genres.isEmpty || genres.contains(genre)) && !exceptGenres.contains(genre)
      && conditions.allSatisfy { $0.bound.isHit(signals[$0.signal]) }
  }

  /// The hit of a document's signals, when genre, conditions and bound agree; nil for a rule over lines.
  func hit(_ signals: Signals, genre: Genre) -> RuleHit? {
    guard case .document(let signal) = subject else { return nil }
    let value = signals[signal]
    guard bound.isHit(value), applies(to: genre, signals) else { return nil }
    return RuleHit(rule: name, value: value, threshold: bound.threshold, signal: subject.name)
  }

  /// The hit of so many matching lines of a document.
  func hit(lines: Int, _ signals: Signals, genre: Genre) -> RuleHit? {
    guard bound.isHit(Float(lines)), applies(to: genre, signals) else { return nil }
    return RuleHit(rule: name, value: Float(lines), threshold: bound.threshold, signal: subject.name)
  }

  /// The hit of one line.
  func hit(_ line: UnsafeBufferPointer<UInt8>) -> RuleHit? {
    let value: Float
    switch subject {
    case .document: return nil
    case .line(let signal): value = signal.value(of: line, phrases: phrases)
    case .pattern(let pattern): value = pattern.mayMatch(line) ? Float(pattern.matches(line).count) : 0
    }
    return bound.isHit(value)
      ? RuleHit(rule: name, value: value, threshold: bound.threshold, signal: subject.name) : nil
  }
}
