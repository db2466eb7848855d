import Glibc

/// How evenly a text uses its characters: entropy and distinct share.
struct CharacterSpread {
  /// The distinct share is that of the first characters, because it falls with length.
  static let prefix = 1024

  private let counts: UnsafeMutablePointer<UInt32>
  private let touched: UnsafeMutablePointer<UInt16>
  private let shift: UInt32
  private var distinct = 0
  private var distinctPrefix = 0
  private var total = 0

  /// - Parameter bytes: length of the text, which sizes the table (256...16,384 buckets).
  init(bytes: Int) {
    var bits: UInt32 = 8
    while bits < 14 && 1 << Int(bits) < bytes { bits += 1 }
    shift = 32 - bits
    counts = .allocate(capacity: 1 << Int(bits))
    counts.initialize(repeating: 0, count: 1 << Int(bits))
    touched = .allocate(capacity: 1 << Int(bits))
  }

  func deallocate() {
    counts.deallocate()
    touched.deallocate()
  }

  @inline(__always)
  mutating func add(_ scalar: UInt32) {
    let bucket = Int((scalar &* 0x9E37_79B1) >> shift)
    if counts[bucket] == 0 {
      touched[distinct] = UInt16(truncatingIfNeeded: bucket)
      distinct += 1
    }
    counts[bucket] &+= 1
    total += 1
    if total == CharacterSpread.prefix { distinctPrefix = distinct }
  }

  var distinctShare: Float {
    total >= CharacterSpread.prefix
      ? Float(distinctPrefix) / Float(CharacterSpread.prefix) : Float(distinct) / Float(max(1, total))
  }

  /// Shannon entropy of the characters in nats.
  var entropy: Float {
    guard total > 0 else { return 0 }
    var sum = 0.0
    for index in 0..<distinct {
      let count = Double(counts[Int(touched[index])])
      sum += count * log(count)
    }
    return Float(log(Double(total)) - sum / Double(total))
  }
}
