import Blocks
import Fixtures
import Posix
import Testing

@Suite struct BlockWindowsTests {
  @Test func windowsShareOneTokenAndDropTheRest() throws {
    let scratch = try Scratch()
    try write(scratch.directory, sampleSequences, channels: sampleChannels)
    // 5 6 1 | 7 1 | 8 9 10 11 1 | 12 13 | 14 1
    let windows = try Block(scratch.directory, number: 0).windows(4)
    #expect(windows.count == 3)
    var batch = WindowBatch(rows: 3, length: 4)
    for row in 0..<3 { windows.fill(&batch, row: row, window: row) }
    #expect(batch.inputs == [5, 6, 1, 7, 1, 8, 9, 10, 11, 1, 12, 13])
    #expect(batch.targets == [6, 1, 7, 1, 8, 9, 10, 11, 1, 12, 13, 14])
    #expect(batch.channels == [0, 0, 1, 1, 2, 2, 2, 2, 2, 0, 0, 1])
    #expect(batch.documentStarts == [1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0])
  }

  @Test(arguments: [(13, 1), (14, 0), (1, 13), (6, 2), (100, 0)])
  func countIsTokensButOneByLength(seqLen: Int, count: Int) throws {
    let scratch = try Scratch()
    try write(scratch.directory, sampleSequences, channels: sampleChannels)
    #expect(try Block(scratch.directory, number: 0).windows(seqLen).count == count)
  }

  @Test(arguments: [1, 2, 3, 5, 6, 7, 13])
  func everyLengthAgreesWithTheFlatTokens(seqLen: Int) throws {
    let scratch = try Scratch()
    try write(scratch.directory, sampleSequences, channels: sampleChannels, vocabulary: 70_000)
    let block = try Block(scratch.directory, number: 0)
    let flat = sampleSequences.flatMap { $0 }
    let channelOf = zip(sampleSequences, sampleChannels).flatMap { sequence, channel in sequence.map { _ in channel } }
    let starts = sampleSequences.flatMap { sequence in sequence.indices.map { $0 == 0 ? UInt8(1) : 0 } }
    let windows = block.windows(seqLen)
    var batch = WindowBatch(rows: 1, length: seqLen)
    for window in 0..<windows.count {
      windows.fill(&batch, row: 0, window: window)
      let first = window * seqLen
      #expect(batch.inputs == Array(flat[first..<first + seqLen]))
      #expect(batch.targets == Array(flat[first + 1..<first + 1 + seqLen]))
      #expect(batch.channels == Array(channelOf[first + 1..<first + 1 + seqLen]))
      #expect(batch.documentStarts == Array(starts[first..<first + seqLen]))
    }
  }
}

@Suite struct BlockTextTests {
  /// Tokens are bytes; one that is no UTF-8 stands for a cut character.
  private func decode(_ tokens: UnsafeBufferPointer<Int32>) -> [UInt8] { tokens.map { UInt8($0) } }

  @Test func exportGivesOneLineASequence() throws {
    let scratch = try Scratch()
    try write(scratch.directory, [[72, 105, 1], [34, 0xE4]], channels: [1, 0])
    var bytes: [UInt8] = []
    BlockExport.jsonl(try Block(scratch.directory, number: 0), includeTokens: true, decode: decode) { bytes += $0 }
    let wanted = """
      {"block":0,"sequence":0,"channel":"en","tokens":3,"ended":true,"text":"Hi","ids":[72,105,1]}
      {"block":0,"sequence":1,"channel":"zh","tokens":2,"ended":false,"text":"\\"\u{FFFD}","ids":[34,228]}

      """
    #expect(String(decoding: bytes, as: UTF8.self) == wanted)
  }

  @Test func reportShowsTheMix() throws {
    let scratch = try Scratch()
    let text = BlockReport.text(try write(scratch.directory, sampleSequences, channels: sampleChannels))
    print(text)
    for part in ["part-00000", "tokens     14", "1 go on in a later one", "zh    ##############..", "35.7 %  5"] {
      #expect(text.contains(part), "\(part) is not in\n\(text)")
    }
  }
}
