import Bytes
import TextModels

/// Counts in how many documents of a source each piece is, in bounded memory: all documents are shown twice.
///
/// The first time small counters that pieces share say which of them may be in enough documents, and never leave one
/// out; the second time those alone are counted exactly. What comes out depends neither on the order of the documents
/// nor on the size of the counters.
public struct PieceCounter {
  /// A piece of one source.
  public struct Key: Hashable, Sendable {
    let high: UInt64
    let low: UInt64

    public init(_ piece: MatchKey, source: String) {
      // Mixed one way, so that no two sources give the same key for different pieces on purpose or by chance.
      let salt = source.utf8.reduce(0x9E37_79B9_7F4A_7C15 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
      high = (piece.key.high ^ salt) &* 0xBF58_476D_1CE4_E5B9
      low = (piece.key.low ^ salt >> 29) &* 0x94D0_49BB_1331_11EB
    }
  }

  public struct Entry: Sendable {
    public fileprivate(set) var documents = 0
    /// The document that the caller prefers of those that have the piece, and where it is there.
    public fileprivate(set) var best: UInt32
    public fileprivate(set) var place: Range<Int>
    fileprivate var last: UInt32
  }

  /// More pieces are common than there is memory for.
  public struct TooMany: Error, CustomStringConvertible {
    let most: Int
    public var description: String {
      "more than \(most) pieces may be in so many documents: ask for more documents a piece, or raise dedupe.index_mb"
    }
  }

  private let least: Int
  private var counters: [UInt8]
  private var seen: Set<Key> = []
  private var seenOf: UInt32?
  private let most: Int
  private var entries: [Key: Entry] = [:]

  /// - Parameters:
  ///   - least: documents of one source, at least 2, that make a piece common.
  ///   - megabytes: half of it for the counters, half for what they let through.
  public init(least: Int, megabytes: Double) {
    self.least = max(2, least)
    var bytes = 1 << 16
    while Double(bytes * 2) <= megabytes * 500_000 { bytes *= 2 }
    counters = [UInt8](repeating: 0, count: bytes)
    most = max(10_000, Int(megabytes * 500_000 / 100))
  }

  /// First time: documents one after the other.
  public mutating func sketch(_ key: Key, of document: UInt32) {
    if seenOf != document {
      seen.removeAll(keepingCapacity: true)
      seenOf = document
    }
    guard seen.insert(key).inserted else { return }
    let (a, b) = places(key)
    if counters[a] < 255 { counters[a] += 1 }
    if counters[b] < 255, a != b { counters[b] += 1 }
  }

  /// Second time.
  /// - Parameter isBetter: whether the first document is to be preferred to the second.
  public mutating func count(
    _ key: Key, of document: UInt32, at place: Range<Int>, isBetter: (UInt32, UInt32) -> Bool
  ) throws(TooMany) {
    let (a, b) = places(key)
    if min(counters[a], counters[b]) < min(least, 255) { return }
    guard var entry = entries[key] else {
      if entries.count >= most { throw TooMany(most: most) }
      entries[key] = Entry(documents: 1, best: document, place: place, last: document)
      return
    }
    if entry.last == document { return }
    entry.last = document
    entry.documents += 1
    if isBetter(document, entry.best) { (entry.best, entry.place) = (document, place) }
    entries[key] = entry
  }

  private func places(_ key: Key) -> (Int, Int) {
    let mask = UInt64(counters.count - 1)
    return (Int(key.high >> 32 & mask), Int(key.low >> 32 & mask))
  }

  /// A piece that is in enough documents.
  public func common(_ key: Key) -> Entry? {
    guard let entry = entries[key], entry.documents >= least else { return nil }
    return entry
  }

  /// All of them, in no order.
  public var allCommon: [(key: Key, entry: Entry)] {
    entries.filter { $0.value.documents >= least }.map { ($0.key, $0.value) }
  }
}
