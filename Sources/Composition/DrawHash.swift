import Bytes

/// The place of a document in a draw: a function of seed, block number, purpose and document id, of nothing else.
struct DrawHash {
  enum Purpose: UInt64 {
    case selection = 1
    case order = 2
  }

  private let base: UInt64

  init(seed: Int, number: Int, _ purpose: Purpose) {
    let start = DrawHash.mix(UInt64(bitPattern: Int64(seed)) &+ 0x9E37_79B9_7F4A_7C15)
    base = DrawHash.mix(DrawHash.mix(start ^ UInt64(number)) ^ purpose.rawValue)
  }

  func callAsFunction(_ key: Identifier) -> UInt64 { DrawHash.mix(DrawHash.mix(base ^ key.high) ^ key.low) }

  /// The finalizer of splitmix64 (Steele et al. 2014): a bijection in which every input bit moves every output bit.
  static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
