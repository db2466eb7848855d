import Bytes
import CKernels

/// Minima of a text's shingles, folded into band keys: texts that share a key may be alike.
///
/// Fast similarity sketching (Dahlgaard, Knudsen, Thorup 2017): one pass over the shingles of a long text, a few more
/// rounds for a short one, then bucket by bucket what is still empty; each minimum agrees with probability exactly
/// the Jaccard similarity.
public struct Sketch: Equatable, Sendable {
  /// Chance of at least one common key at similarity s is 1 - (1 - s^rows)^bands: 0.992 at 0.7, 0.998 at 0.75,
  /// 0.99997 at 0.8, and only 0.06 at 0.3 - loose, because every candidate is verified.
  public static let bands = 26
  public static let rows = 5
  public static let minima = bands * rows
  /// Counts the ways units and shingles were hashed so far: sketches of another one cannot be compared.
  public static let hashes = 2
  /// Rounds before the buckets still empty are filled one by one. Part of the format, for the minima depend on it.
  static let rounds = 5

  /// `bands` keys, or none when the text has fewer than the wanted shingles.
  public let keys: [UInt64]
  /// Shingles, repeated ones counted each time.
  public let shingleCount: Int
  /// Equal for texts of one matching form.
  public let exactKey: Identifier

  /// - Parameters:
  ///   - minimum: with fewer shingles there are no keys, only the exact key.
  ///   - salt: texts of different salt never share a key.
  public init(_ text: [UInt8], rule: ShingleRule, minimum: Int, salt: UInt64) {
    self.init(text, rule, minimum, salt) { _ in }
  }

  /// The same with the shingles it was made of, so that a comparison does not have to hash them again.
  public static func withShingles(
    _ text: [UInt8], rule: ShingleRule, minimum: Int, salt: UInt64
  ) -> (sketch: Sketch, shingles: ShingleList) {
    var hashes: [UInt64] = []
    hashes.reserveCapacity(text.count / 3 + 16)
    let sketch = Sketch(text, rule, minimum, salt) { hashes.append(contentsOf: $0) }
    return (sketch, ShingleList(hashes: hashes, exactKey: sketch.exactKey))
  }

  @inline(__always)
  private init(
    _ text: [UInt8], _ rule: ShingleRule, _ minimum: Int, _ salt: UInt64,
    _ note: (UnsafeBufferPointer<UInt64>) -> Void
  ) {
    var total = 0
    var minima = [UInt64](repeating: .max, count: Sketch.minima)
    exactKey = ShingleList.read(text, rule) { shingles in
      ck_minhash_round(shingles.baseAddress, shingles.count, 0, &minima, Sketch.minima)
      total += shingles.count
      note(shingles)
    } atEnd: { only in
      if total < minimum || !minima.contains(.max) { return }
      if let only {
        Sketch.fill(&minima, from: only)
      } else if total > 0 {
        // Long, but made of few distinct shingles: rare enough to start over with the distinct ones.
        ShingleSet(text, rule: rule).hashes.withUnsafeBufferPointer { Sketch.fill(&minima, from: $0) }
      }
    }
    shingleCount = total
    keys = total < minimum || total == 0 ? [] : Sketch.fold(minima, salt)
  }

  /// The same keys from a text's distinct shingles.
  public static func keys(of set: ShingleSet, minimum: Int, salt: UInt64) -> [UInt64] {
    if set.total < minimum || set.total == 0 { return [] }
    var minima = [UInt64](repeating: .max, count: Sketch.minima)
    set.hashes.withUnsafeBufferPointer { hashes in
      ck_minhash_round(hashes.baseAddress, hashes.count, 0, &minima, Sketch.minima)
      fill(&minima, from: hashes)
    }
    return fold(minima, salt)
  }

  /// Further rounds while buckets are empty, then the least hash for each that still is.
  private static func fill(_ minima: inout [UInt64], from shingles: UnsafeBufferPointer<UInt64>) {
    var round: UInt64 = 1
    while minima.contains(.max) && round < UInt64(Sketch.rounds) {
      ck_minhash_round(shingles.baseAddress, shingles.count, round, &minima, Sketch.minima)
      round += 1
    }
    for bucket in 0..<Sketch.minima where minima[bucket] == .max {
      minima[bucket] = ck_minhash_least(shingles.baseAddress, shingles.count, UInt64(Sketch.rounds + bucket))
    }
  }

  private static func fold(_ minima: [UInt64], _ salt: UInt64) -> [UInt64] {
    [UInt64](unsafeUninitializedCapacity: bands) { keys, count in
      for band in 0..<bands {
        var key = (salt &+ 1) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(band) &* 0xD6E8_FEB8_6659_FD93
        for row in 0..<rows {
          key = (key ^ minima[band * rows + row]) &* 0xBF58_476D_1CE4_E5B9
          key ^= key >> 29
        }
        keys.initializeElement(at: band, to: key)
      }
      count = bands
    }
  }
}
