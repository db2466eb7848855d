import Bytes

/// A block as text again.
public enum BlockExport {
  /// Writes one JSON line a sequence: block, sequence, channel, tokens, `text`, `ended` false when the document goes on
  /// in a later block, and the ids when asked for.
  /// - Parameters:
  ///   - decode: tokens (without the end-of-document token) to bytes; what is not UTF-8 becomes U+FFFD.
  ///   - write: gets whole lines, some hundred KB at a time.
  public static func jsonl<Failure: Error>(
    _ block: Block, includeTokens: Bool = false, decode: (UnsafeBufferPointer<Int32>) -> [UInt8],
    write: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    let channels = block.manifest.channels.map { Array($0.utf8) }
    var tokens: [Int32] = []
    var lines: [UInt8] = []
    for sequence in 0..<block.sequences {
      block.copy(sequence, into: &tokens)
      let isEnded = tokens.last.map(Int.init) == block.manifest.endOfDocument
      var line = JSONWriter()
      line.beginObject()
      line.key("block")
      line.value(.integer(block.manifest.number))
      line.key("sequence")
      line.value(.integer(sequence))
      line.key("channel")
      line.text(channels[Int(block.channel(sequence))])
      line.key("tokens")
      line.value(.integer(tokens.count))
      line.key("ended")
      line.value(.bool(isEnded))
      line.key("text")
      line.text(text(tokens, isEnded, decode))
      if includeTokens {
        line.key("ids")
        line.value(.array(tokens.map { .integer(Int($0)) }))
      }
      line.endObject()
      line.newline()
      lines += line.bytes
      if lines.count >= 1 << 18 {
        try write(lines)
        lines.removeAll(keepingCapacity: true)
      }
    }
    if !lines.isEmpty { try write(lines) }
  }

  private static func text(
    _ tokens: [Int32], _ isEnded: Bool, _ decode: (UnsafeBufferPointer<Int32>) -> [UInt8]
  ) -> [UInt8] {
    let count = isEnded ? tokens.count - 1 : tokens.count
    let bytes = tokens.withUnsafeBufferPointer { decode(UnsafeBufferPointer(rebasing: $0[..<count])) }
    // A cut may split a character in two; String puts U+FFFD there. Export is not on the data path.
    return UTF8Text.firstInvalid(bytes) == nil ? bytes : Array(String(decoding: bytes, as: UTF8.self).utf8)
  }
}
