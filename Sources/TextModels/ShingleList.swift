import Bytes

/// All shingles of a text in its order, repeated ones too: what a `ShingleSet` is made of.
public struct ShingleList: Equatable, Sendable {
  public let hashes: [UInt64]
  /// Equal for texts of one matching form.
  public let exactKey: Identifier

  public init(_ text: [UInt8], rule: ShingleRule) {
    var hashes: [UInt64] = []
    hashes.reserveCapacity(text.count / 3 + 16)
    exactKey = ShingleList.read(text, rule) { hashes.append(contentsOf: $0) }
    self.hashes = hashes
  }

  init(hashes: [UInt64], exactKey: Identifier) {
    self.hashes = hashes
    self.exactKey = exactKey
  }

  /// Hands out the shingles some at a time; returns the key of the matching form.
  /// - Parameter atEnd: given the shingles once more where all of them were handed out at once, as of a short text.
  @inline(__always)
  static func read(
    _ text: [UInt8], _ rule: ShingleRule, _ use: (UnsafeBufferPointer<UInt64>) -> Void,
    atEnd: (UnsafeBufferPointer<UInt64>?) -> Void = { _ in }
  ) -> Identifier {
    var stream = ShingleStream(rule)
    text.withUnsafeBufferPointer { text in
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: ShingleStream.scratch + ShingleStream.chunk) { buffer in
        let shingles = buffer.baseAddress! + ShingleStream.scratch
        var chunks = 0
        var held = 0
        while let count = stream.next(text, scratch: buffer.baseAddress!, into: shingles) {
          if count == 0 { continue }
          use(UnsafeBufferPointer(start: shingles, count: count))
          chunks += 1
          held = count
        }
        atEnd(chunks == 1 ? UnsafeBufferPointer(start: shingles, count: held) : nil)
      }
    }
    // A text of nothing but separators has no matching form: only the very same bytes are its double.
    return stream.isEmpty ? Identifier(of: text) : stream.exactKey
  }
}
