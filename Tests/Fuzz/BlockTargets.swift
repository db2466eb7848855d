import Blocks
import Bytes
import Posix

@testable import Spool

extension FuzzTarget {
  private static let blockFiles = ["part-00000.json", "part-00000.bin", "part-00000.idx", "part-00000.channels"]

  /// A block's files, one after the other.
  static let block = FuzzTarget(name: "block") {
    guard let folder = Ground.folder else { return [] }
    for name in blockFiles { try folder.removeAll(Path(name)) }
    let writer = try BlockWriter(
      folder, BlockName(number: 0, revision: 1), vocabulary: 1000, endOfDocument: 1, channels: ["zh", "en"])
    for (sequence, channel) in zip([[5, 6, 1], [7, 1], [8, 9, 1]] as [[Int32]], [0, 1, 1] as [UInt8]) {
      try sequence.withUnsafeBufferPointer { try writer.append($0, channel: channel) }
    }
    _ = try writer.publish(
      BlockDetails(
        tokenizerSHA256: String(repeating: "ab", count: 32), seed: 7, cut: 3,
        phase: .object(["name": .string("main"), "seq_len": .integer(4)])))
    return [joined(try blockFiles.map { try folder.read(Path($0)) })]
  } run: { input in
    guard let folder = Ground.folder else { return }
    for (name, content) in zip(blockFiles, parts(input, 4) + [[], [], []]) { try Ground.write(name, content) }
    guard let block = try? Block(folder, number: 0) else { return }
    _ = try? block.verify()
    var tokens: [Int32] = []
    for sequence in 0..<min(block.sequences, 100) {
      _ = (block.channel(sequence), block.length(sequence), block.start(sequence))
      block.copy(sequence, into: &tokens)
    }
    _ = block.windows(4).count
  }

  /// A batch: its text, then its records.
  static let batch = FuzzTarget(name: "batch") {
    let plain = bytes("{\"text\":\"one\"}\n{\"text\":\"two\"}\n")
    let frame = Packed.frame(plain)
    var records = CorpusBatchWriter.magic
    LittleEndian.append(UInt32(16), to: &records)
    LittleEndian.append(UInt32(2), to: &records)
    records += [UInt8](repeating: 0, count: CorpusBatchWriter.headerBytes - records.count + 32)
    return [joined([frame + ZstdFrames.table([(frame.count, plain.count)]), records])]
  } run: { input in
    guard let folder = Ground.folder else { return }
    let name = CorpusName(0)
    let files = parts(input, 2)
    try Ground.write(name.text.description, files[0])
    try Ground.write(name.records.description, files.count > 1 ? files[1] : [])
    guard let batch = try? CorpusBatch(name, in: folder) else { return }
    var cache = FrameCache()
    for index in 0..<min(batch.count, 20) { _ = batch.record(index).count }
    _ = try? batch.text(at: 0, length: 16, &cache)
    _ = try? batch.text(at: 300_000, length: 16, &cache)
  }
}
