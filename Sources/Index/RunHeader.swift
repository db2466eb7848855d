import Bytes

/// A document of those that a run was made of, none later being held: a run of which it is not true is another
/// corpus's.
public struct RunWitness: Equatable, Sendable {
  public let ordinal: UInt32
  public let id: Identifier
}

/// What a run's file begins with: how many documents and entries it holds, and where its parts lie.
///
/// After 4,096 bytes come the bits of the documents held, the directory (for each bucket of keys where its entries
/// begin), the low bits of the keys in order, and the document of each entry. Keys are kept apart from documents,
/// because most look-ups find no key and need nothing else.
struct RunHeader: Equatable, Sendable {
  static let magic = Array("PTBANDS1".utf8)
  static let bytes = 4096
  private static let directoryBits = 40
  private static let usedBytes = 8 + 18 * 8

  /// What the keys mean: a run of another meaning is none.
  var format: Int
  var name: RunName
  /// The documents held are among 64 times this and `words` times 64 more.
  var firstWord: Int
  var words: Int
  var documents = 0
  var entries = 0
  /// Entries that there is room for.
  var capacity: Int
  var bucketBits: Int
  var witness = RunWitness(ordinal: 0, id: Identifier(high: 0, low: 0))
  /// CRC-32C of bits, directory, keys and documents.
  var checksums: [UInt32] = [0, 0, 0, 0]

  init(format: Int, name: RunName, documents: ClosedRange<UInt32>, capacity: Int) {
    self.format = format
    self.name = name
    self.capacity = capacity
    firstWord = Int(documents.lowerBound / 64)
    words = Int(documents.upperBound / 64) - firstWord + 1
    // 32 to 64 entries a bucket.
    bucketBits = max(0, min(BandKey.bits - 4, RunHeader.bits(capacity / 32) - 1))
  }

  var base: UInt32 { UInt32(firstWord * 64) }
  var buckets: Int { 1 << bucketBits }
  var lowBits: Int { BandKey.bits - bucketBits }
  var ordinalBits: Int { RunHeader.bits(words * 64 - 1) }

  /// Bits that a number needs.
  private static func bits(_ number: Int) -> Int { number.bitWidth - number.leadingZeroBitCount }

  var heldStart: Int { RunHeader.bytes }
  var directoryStart: Int { heldStart + words * 8 }
  var lowStart: Int { directoryStart + PackedNumbers.bytes(buckets + 1, width: RunHeader.directoryBits) }
  var ordinalStart: Int { lowStart + PackedNumbers.bytes(capacity, width: lowBits) }
  var fileBytes: Int { ordinalStart + PackedNumbers.bytes(entries, width: ordinalBits) }
  var directoryWidth: Int { RunHeader.directoryBits }

  /// The four parts that `checksums` are of.
  var parts: [Range<Int>] {
    [
      heldStart..<directoryStart, directoryStart..<lowStart,
      lowStart..<(lowStart + PackedNumbers.bytes(entries, width: lowBits)), ordinalStart..<fileBytes,
    ]
  }

  private var fields: [Int] {
    [format, name.first, name.last, firstWord, words, documents, entries, capacity, bucketBits, Int(witness.ordinal)]
  }

  var encoded: [UInt8] {
    var bytes = RunHeader.magic
    for field in fields { LittleEndian.append(UInt64(field), to: &bytes) }
    LittleEndian.append(witness.id.high, to: &bytes)
    LittleEndian.append(witness.id.low, to: &bytes)
    for checksum in checksums { LittleEndian.append(UInt64(checksum), to: &bytes) }
    bytes += [UInt8](repeating: 0, count: RunHeader.usedBytes - bytes.count)
    LittleEndian.append(UInt64(Checksum.crc32c(bytes)), to: &bytes)
    return bytes + [UInt8](repeating: 0, count: RunHeader.bytes - bytes.count)
  }

  /// nil when the bytes are no header, or one that no run can have.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= RunHeader.bytes, bytes.starts(with: RunHeader.magic) else { return nil }
    func field(_ index: Int) -> UInt64 { LittleEndian.read(UInt64.self, bytes, at: 8 + 8 * index) }
    let checked = UnsafeRawBufferPointer(rebasing: bytes[..<RunHeader.usedBytes])
    guard LittleEndian.read(UInt64.self, bytes, at: RunHeader.usedBytes) == UInt64(Checksum.crc32c(checked)) else {
      return nil
    }
    // The checksum is right, so these are numbers that were written, whoever wrote them.
    let numbers = (0..<10).map { Int(truncatingIfNeeded: field($0)) }
    guard numbers.allSatisfy({ $0 >= 0 && $0 < 1 << 40 }), numbers[6] <= numbers[7], numbers[8] < BandKey.bits,
      numbers[3] + numbers[4] <= 1 << 26, numbers[4] > 0, numbers[9] < 1 << 31
    else { return nil }
    format = numbers[0]
    name = RunName(first: numbers[1], last: numbers[2])
    firstWord = numbers[3]
    words = numbers[4]
    documents = numbers[5]
    entries = numbers[6]
    capacity = numbers[7]
    bucketBits = numbers[8]
    witness = RunWitness(ordinal: UInt32(numbers[9]), id: Identifier(high: field(10), low: field(11)))
    checksums = (12..<16).map { UInt32(truncatingIfNeeded: field($0)) }
  }
}
