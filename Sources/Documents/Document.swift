import Bytes

/// One document on its way through the stages.
public struct Document: Sendable {
  /// One per occurrence: file digest and offset.
  public var id: Identifier
  /// UTF-8.
  public var text: [UInt8]
  /// The folder under `incoming/` it came through.
  public var source: String
  /// File (relative to the source folder, escaped) and byte offset in the decoded stream.
  public var origin: String
  /// The user's own `id`, as written; empty when there was none.
  public var userID: [UInt8] = []
  /// The record's other fields as one JSON object; empty when there were none.
  public var metadata: [UInt8] = []
  /// As detected and converted from.
  public var encoding: String = "utf-8"
  public var channel: Channel = .english
  public var genre: Genre = .unknown
  /// 0...1, higher is better.
  public var score: Float = 0
  /// The program that gave the score, by its own word; empty: the embedded model or formula.
  public var scoredBy = ""
  public var flags: DocumentFlags = []
  /// Added to the score, by the folder's word.
  public var qualityPrior: Float = 0
  public var signals = Signals()
  public var redactions: [RedactedSpan] = []
  /// Code, tables and math inside the text, in order and apart; empty for a document that is all of one kind.
  public var segments: [Segment] = []
  public var verdict: Verdict = .kept
  /// Names of the rules that flagged it.
  public var ruleFlags: [String] = []
  /// Lines that rules took out of the text.
  public var droppedLines: [DroppedLines] = []

  public init(id: Identifier, text: [UInt8], source: String, origin: String) {
    self.id = id
    self.text = text
    self.source = source
    self.origin = origin
  }

  public var isKept: Bool { verdict == .kept }
}

public struct DocumentFlags: OptionSet, Sendable, Hashable {
  public let rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The text shows traces of a wrong decoding (锟斤拷, 鈥 ...).
  public static let mojibake = DocumentFlags(rawValue: 1)
  /// Channel or genre was given by the user, not guessed.
  public static let channelGiven = DocumentFlags(rawValue: 2)
  public static let genreGiven = DocumentFlags(rawValue: 4)
  /// Bytes that did not decode were replaced.
  public static let repaired = DocumentFlags(rawValue: 8)
  /// A wrong decoding was undone, each byte of it proved.
  public static let undone = DocumentFlags(rawValue: 16)

  /// Those that say something about the text, for people.
  public var names: [String] {
    [(DocumentFlags.mojibake, "mojibake"), (.repaired, "repaired"), (.undone, "undone")]
      .filter { contains($0.0) }.map { $0.1 }
  }
}

/// What became of a document in the per-document stages; the deduplication decides on the kept ones.
public enum Verdict: Equatable, Sendable {
  case kept
  case filtered(RuleHit)
  case rejected(reason: String)
}

/// Which rule removed a document, on what value, beyond which threshold.
public struct RuleHit: Equatable, Sendable {
  public let rule: String
  public let value: Float
  public let threshold: Float
  /// What was measured; empty where that is not known.
  public let signal: String

  public init(rule: String, value: Float, threshold: Float, signal: String = "") {
    self.rule = rule
    self.signal = signal
    self.value = value
    self.threshold = threshold
  }
}

/// Lines that one rule took out of a text: the first hit, where its line was in the text as it came, and how many.
public struct DroppedLines: Equatable, Sendable {
  public let first: RuleHit
  public let offset: Int
  public var count: Int
  /// The beginning of the line; desensitized with the text.
  public var excerpt: [UInt8]

  public init(first: RuleHit, offset: Int, count: Int, excerpt: [UInt8]) {
    self.first = first
    self.offset = offset
    self.count = count
    self.excerpt = excerpt
  }
}

/// Where something was masked, in the final text; the value is not kept.
public struct RedactedSpan: Equatable, Sendable {
  public let type: String
  /// Byte offset and length of the placeholder.
  public let offset: Int
  public let length: Int

  public init(type: String, offset: Int, length: Int) {
    self.type = type
    self.offset = offset
    self.length = length
  }
}

/// A step of the data path: a pure function of the document, safe to run on many threads at once.
public protocol Stage: Sendable {
  func process(_ document: inout Document)
}
