import Bytes
import Documents
import TextModels

/// What the deduplication keeps of a document: its band keys and the key of its matching form.
public struct DocumentSketch: Equatable, Sendable {
  /// `Sketch.bands` keys; none for a document with too few shingles, which only matches exactly.
  public let bands: [UInt64]
  /// Equal for documents of one channel with one matching form.
  public let exactKey: Identifier
  public let shingleCount: UInt32
  public let facts: DocumentFacts

  /// Bytes of one record: exact key 16, shingles 4, bands in use 4, band keys 8 each, key of the URL 8, date 8;
  /// little-endian.
  public static let encodedSize = factsAt + 16
  /// The date in a record, seconds since 1970.
  public static func date(_ record: UnsafeRawBufferPointer) -> Int {
    Int(LittleEndian.read(Int64.self, record, at: factsAt + 8))
  }
  private static let factsAt = 24 + 8 * Sketch.bands

  init(bands: [UInt64], exactKey: Identifier, shingleCount: UInt32, facts: DocumentFacts) {
    self.bands = bands
    self.exactKey = exactKey
    self.shingleCount = shingleCount
    self.facts = facts
  }

  /// Under what the index finds documents of the same matching form; others may share it.
  var exactIndexKey: UInt64 { (exactKey.high ^ exactKey.low >> 32) &* 0xD6E8_FEB8_6659_FD93 }

  /// All that the index finds the document under.
  public var indexKeys: [UInt64] { bands + twinKeys }

  /// Under what the index finds documents that are this one without a look at the shingles.
  var twinKeys: [UInt64] {
    facts.addressKey == 0 ? [exactIndexKey] : [exactIndexKey, facts.addressKey &* 0x9E37_79B9_7F4A_7C15]
  }

  /// What index keys mean: an index of other ones is made anew.
  public static let indexFormat = Sketch.hashes * 1_000_000 + Sketch.bands * 1000 + Sketch.rows

  public func append(to bytes: inout [UInt8]) {
    LittleEndian.append(exactKey.high, to: &bytes)
    LittleEndian.append(exactKey.low, to: &bytes)
    LittleEndian.append(shingleCount, to: &bytes)
    LittleEndian.append(UInt32(bands.count), to: &bytes)
    for band in 0..<Sketch.bands { LittleEndian.append(band < bands.count ? bands[band] : 0, to: &bytes) }
    LittleEndian.append(facts.addressKey, to: &bytes)
    LittleEndian.append(Int64(facts.date), to: &bytes)
  }

  /// The record at `offset`; nil when it is cut off or its count of bands is neither 0 nor all.
  public init?(_ bytes: UnsafeRawBufferPointer, at offset: Int = 0) {
    guard offset >= 0, offset + DocumentSketch.encodedSize <= bytes.count else { return nil }
    let used = LittleEndian.read(UInt32.self, bytes, at: offset + 20)
    guard used == 0 || used == UInt32(Sketch.bands) else { return nil }
    exactKey = Identifier(
      high: LittleEndian.read(UInt64.self, bytes, at: offset),
      low: LittleEndian.read(UInt64.self, bytes, at: offset + 8))
    shingleCount = LittleEndian.read(UInt32.self, bytes, at: offset + 16)
    bands = (0..<Int(used)).map { LittleEndian.read(UInt64.self, bytes, at: offset + 24 + 8 * $0) }
    facts = DocumentFacts(
      addressKey: LittleEndian.read(UInt64.self, bytes, at: offset + Self.factsAt),
      date: Int(LittleEndian.read(Int64.self, bytes, at: offset + Self.factsAt + 8)))
  }
}

/// The shingles of a text that was sketched, for a comparison soon.
public typealias TextShingles = ShingleList

/// Makes sketches: a pure function of text and channel, for any number of threads.
public struct SketchMaker: Sendable {
  let minimumShingles: Int

  public init(_ settings: DedupeSettings) { minimumShingles = settings.minimumShingles }

  /// - Parameter channel: index of the channel; documents of different channels never meet.
  public func sketch(text: [UInt8], channel: UInt8, facts: DocumentFacts = DocumentFacts()) -> DocumentSketch {
    let sketch = Sketch(text, rule: SketchMaker.rule(channel), minimum: minimumShingles, salt: UInt64(channel))
    return document(sketch, channel, facts)
  }

  /// The same with the shingles, for who may have to compare the text soon.
  public func withShingles(
    text: [UInt8], channel: UInt8, facts: DocumentFacts = DocumentFacts()
  ) -> (sketch: DocumentSketch, shingles: TextShingles) {
    let (sketch, shingles) = Sketch.withShingles(
      text, rule: SketchMaker.rule(channel), minimum: minimumShingles, salt: UInt64(channel))
    return (document(sketch, channel, facts), shingles)
  }

  private func document(_ sketch: Sketch, _ channel: UInt8, _ facts: DocumentFacts) -> DocumentSketch {
    DocumentSketch(
      bands: sketch.keys, exactKey: SketchMaker.salted(sketch.exactKey, channel),
      shingleCount: UInt32(clamping: sketch.shingleCount), facts: facts.of(channel))
  }

  /// The same from shingles that were needed anyway.
  func sketch(_ set: ShingleSet, channel: UInt8, facts: DocumentFacts) -> DocumentSketch {
    DocumentSketch(
      bands: Sketch.keys(of: set, minimum: minimumShingles, salt: UInt64(channel)),
      exactKey: SketchMaker.salted(set.exactKey, channel), shingleCount: UInt32(clamping: set.total),
      facts: facts.of(channel))
  }

  /// Code and formulas mean something by their operators.
  static func rule(_ channel: UInt8) -> ShingleRule {
    channel == Channel.code.index || channel == Channel.math.index ? .code : .prose
  }

  private static func salted(_ key: Identifier, _ channel: UInt8) -> Identifier {
    Identifier(high: key.high, low: key.low ^ UInt64(channel) &* 0x9E37_79B9_7F4A_7C15)
  }
}
