import Bytes
import Posix

/// A sorted run: keys and their documents, mapped, never changed. Any number of threads may read it.
final class BandRun: Sendable {
  let header: RunHeader
  private let file: MappedFile
  private let directory: PackedNumbers
  private let lows: PackedNumbers
  private let ordinals: PackedNumbers

  /// Why a file is no run.
  struct Damage: Error, CustomStringConvertible {
    let description: String
  }

  var name: RunName { header.name }
  var bytes: Int { file.bytes.count }

  /// - Throws: `Damage` when the file is no run of this format, `SystemError` when it cannot be read.
  init(_ name: RunName, in folder: Directory, format: Int, order: MappedFile.Order = .scattered) throws {
    file = try MappedFile(try folder.openFile(name.path), order: order)
    guard let header = RunHeader(file.bytes) else { throw Damage(description: "its head is damaged") }
    guard header.format == format else { throw Damage(description: "made by another version") }
    guard header.name == name else { throw Damage(description: "it has another run's name") }
    guard header.fileBytes == file.bytes.count, let start = file.bytes.baseAddress else {
      throw Damage(description: "\(file.bytes.count) bytes, its head says \(header.fileBytes)")
    }
    self.header = header
    directory = PackedNumbers(start + header.directoryStart, width: header.directoryWidth)
    lows = PackedNumbers(start + header.lowStart, width: header.lowBits)
    ordinals = PackedNumbers(start + header.ordinalStart, width: header.ordinalBits)
  }

  /// Reads all of it.
  func verify() throws(Damage) {
    for (part, checksum) in zip(header.parts, header.checksums) {
      let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[part])
      guard Checksum.crc32c(bytes) == checksum else {
        throw Damage(description: "bytes \(part.lowerBound) to \(part.upperBound) have another checksum")
      }
    }
  }

  func holds(_ ordinal: UInt32) -> Bool {
    let word = Int(ordinal / 64) - header.firstWord
    return word >= 0 && word < header.words && held(word) >> UInt64(ordinal % 64) & 1 != 0
  }

  /// 64 documents from 64 times `header.firstWord + word` on, a bit each.
  @inline(__always)
  func held(_ word: Int) -> UInt64 {
    LittleEndian.read(UInt64.self, file.bytes, at: header.heldStart + 8 * word)
  }

  /// Where the entries of a bucket lie. A damaged directory leads to wrong entries, never beyond them.
  @inline(__always)
  func bucket(_ number: Int) -> Range<Int> {
    let end = min(Int(truncatingIfNeeded: directory[number + 1]), header.entries)
    return min(Int(truncatingIfNeeded: directory[number]), end)..<end
  }

  /// The key, without its bucket's bits, and the document of an entry.
  @inline(__always)
  func low(_ entry: Int) -> UInt64 { lows[entry] }
  @inline(__always)
  func ordinal(_ entry: Int) -> UInt32 { header.base &+ UInt32(truncatingIfNeeded: ordinals[entry]) }

  /// Where a look-up begins.
  private struct Place {
    let bucket: Range<Int>
    var entry: Int
    var low: UInt64
  }

  /// Appends the documents that have one of the keys, once for each of them.
  func find(_ keys: [UInt64], into found: inout [UInt32]) {
    let lowBits = UInt64(header.lowBits)
    let mask = 1 << lowBits - 1 as UInt64
    withUnsafeTemporaryAllocation(of: Place.self, capacity: keys.count) { places in
      // Each step for all keys: the processor then waits for many places in memory at once.
      for index in keys.indices {
        let bucket = bucket(Int(keys[index] >> lowBits))
        places.initializeElement(at: index, to: Place(bucket: bucket, entry: bucket.lowerBound, low: 0))
      }
      for index in keys.indices {
        // Keys are spread evenly, so an entry is near where its key says.
        let ahead = (keys[index] & mask) &* UInt64(places[index].bucket.count) >> lowBits
        places[index].entry += Int(truncatingIfNeeded: ahead)
        places[index].low = low(min(places[index].entry, max(0, header.entries - 1)))
      }
      for index in keys.indices { find(keys[index] & mask, places[index], into: &found) }
    }
  }

  @inline(__always)
  private func find(_ wanted: UInt64, _ place: Place, into found: inout [UInt32]) {
    let bucket = place.bucket
    var entry = place.entry
    if place.low < wanted {
      while entry < bucket.upperBound && low(entry) < wanted { entry += 1 }
    } else {
      while entry > bucket.lowerBound && low(entry - 1) >= wanted { entry -= 1 }
    }
    while entry < bucket.upperBound && low(entry) == wanted {
      found.append(ordinal(entry))
      entry += 1
    }
  }
}

/// Goes through all entries of a run in order.
struct RunCursor {
  private let run: BandRun
  private var entry = 0
  private var bucketEnd: Int
  private var bucket = 0
  private(set) var key: UInt64 = 0
  private(set) var ordinal: UInt32 = 0

  init(_ run: BandRun) {
    self.run = run
    bucketEnd = run.bucket(0).upperBound
  }

  /// Whether the run says of itself that it holds the document: not so where it is damaged.
  var isHeld: Bool { run.holds(ordinal) }

  /// False at the end.
  @inline(__always)
  mutating func next() -> Bool {
    if entry >= run.header.entries { return false }
    while entry >= bucketEnd {
      bucket += 1
      // Damaged: what no bucket holds is left out.
      if bucket >= run.header.buckets { return false }
      bucketEnd = run.bucket(bucket).upperBound
    }
    key = UInt64(bucket) << UInt64(run.header.lowBits) | run.low(entry)
    ordinal = run.ordinal(entry)
    entry += 1
    return true
  }
}
