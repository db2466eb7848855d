import Documents

/// One named rule over one signal: what it drops, where, and a text it must hit.
public struct Rule: Sendable, Equatable {
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
  }

  public let name: String
  public let signal: Signal
  public let bound: Bound
  /// Empty: all channels.
  public let channels: [Channel]
  /// Empty: all genres but `exceptGenres`.
  public let genres: [Genre]
  public let exceptGenres: [Genre]
  public let conditions: [Condition]
  public let canary: Canary

  func applies(to channel: Channel) -> Bool { channels.isEmpty || channels.contains(channel) }

  /// The hit, when genre, conditions and bound agree.
  func hit(_ signals: Signals, genre: Genre) -> RuleHit? {
    let value = signals[signal]
    guard bound.isHit(value), genres.isEmpty || genres.contains(genre), !exceptGenres.contains(genre),
      conditions.allSatisfy({ $0.bound.isHit(signals[$0.signal]) })
    else { return nil }
    return RuleHit(rule: name, value: value, threshold: bound.threshold)
  }
}
