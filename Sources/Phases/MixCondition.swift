import Settings

/// What narrows an entry of a mix to some documents of its channel: written behind the channel's name, as in
/// `"zh genre=book score=0.7.."`.
public struct MixCondition: Equatable, Sendable {
  /// The source folder; nil = any.
  public var source: String?
  /// The genre's name; nil = any.
  public var genre: String?
  /// The least score of the band.
  public var scoreFrom: Double?
  /// Scores of the band are below.
  public var scoreBelow: Double?

  public init(source: String? = nil, genre: String? = nil, scoreFrom: Double? = nil, scoreBelow: Double? = nil) {
    self.source = source
    self.genre = genre
    self.scoreFrom = scoreFrom
    self.scoreBelow = scoreBelow
  }

  public var isNone: Bool { self == MixCondition() }

  /// The words behind the channel's name.
  var written: String {
    var words: [String] = []
    if let source { words.append("source=" + source) }
    if let genre { words.append("genre=" + genre) }
    if scoreFrom != nil || scoreBelow != nil {
      words.append("score=" + (scoreFrom.map { "\($0)" } ?? "") + ".." + (scoreBelow.map { "\($0)" } ?? ""))
    }
    return words.joined(separator: " ")
  }

  /// nil when one of the words is no condition.
  init?(words: [Substring]) {
    self.init()
    for word in words {
      let sides = word.split(separator: "=", maxSplits: 1)
      guard sides.count == 2 else { return nil }
      let value = String(sides[1])
      switch sides[0] {
      case "source" where source == nil: source = value
      case "genre" where genre == nil: genre = value
      case "score" where scoreFrom == nil && scoreBelow == nil:
        guard let band = MixCondition.band(value) else { return nil }
        (scoreFrom, scoreBelow) = band
      default: return nil
      }
    }
  }

  /// `0.2..0.8`, `0.8..` or `..0.2`.
  private static func band(_ text: String) -> (Double?, Double?)? {
    guard let dots = text.firstRange(of: "..") else { return nil }
    let sides = (text[..<dots.lowerBound], text[dots.upperBound...])
    let (from, below) = (Double(sides.0), Double(sides.1))
    guard from != nil || sides.0.isEmpty, below != nil || sides.1.isEmpty, from != nil || below != nil else {
      return nil
    }
    if let from, let below, from >= below { return nil }
    return (from, below)
  }
}

extension Phase.MixEntry {
  static let form =
    "a channel, behind it none or more of source=NAME, genre=NAME and score=FROM..BELOW, with blanks between"

  /// As it is written: the channel and what narrows it.
  public var name: String { condition.isNone ? channel : channel + " " + condition.written }

  /// nil when the name is not of the form.
  init?(name: String, _ share: Phase.Share) {
    let words = name.split(separator: " ")
    guard let channel = words.first, let condition = MixCondition(words: Array(words.dropFirst())) else { return nil }
    self.init(String(channel), share, condition)
  }
}
