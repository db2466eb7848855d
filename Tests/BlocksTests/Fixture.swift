import Blocks
import Bytes
import Fixtures
import Glibc
import Posix

extension Scratch {
  /// Changes one byte of a file in place.
  func damage(_ file: String, at offset: Int, _ change: (UInt8) -> UInt8) throws {
    var bytes = try directory.read(Path(file))
    bytes[offset] = change(bytes[offset])
    try directory.replaceFile(Path(file), with: bytes, durable: false)
  }
}

let tokenizerSHA256 = String(repeating: "ab", count: 32)
let endOfDocument = 1

func details(cut: Int = 10) -> BlockDetails {
  BlockDetails(
    tokenizerSHA256: tokenizerSHA256, seed: 7, cut: cut,
    phase: .object(["name": .string("main"), "seq_len": .integer(4)]))
}

/// Publishes sequences as a block.
@discardableResult
func write(
  _ directory: Directory, _ sequences: [[Int32]], channels: [UInt8], number: Int = 0, revision: Int = 1,
  vocabulary: Int = 1000
) throws -> BlockManifest {
  let writer = try BlockWriter(
    directory, BlockName(number: number, revision: revision), vocabulary: vocabulary, endOfDocument: endOfDocument,
    channels: ["zh", "en", "code"])
  for (sequence, channel) in zip(sequences, channels) {
    try sequence.withUnsafeBufferPointer { try writer.append($0, channel: channel) }
  }
  return try writer.publish(details())
}

let sampleSequences: [[Int32]] = [[5, 6, 1], [7, 1], [8, 9, 10, 11, 1], [12, 13], [14, 1]]
let sampleChannels: [UInt8] = [0, 1, 2, 0, 1]
