import Blocks
import Bytes
import Fixtures
import Posix
import Testing

@Suite struct BlockFormatTests {
  /// Written by megatron-core's IndexedDatasetBuilder: documents of 3 and 2 uint16 tokens.
  private static let goldenIndex =
    "4d4d4944494458000001000000000000000802000000000000000300000000000000030000000200000000000000000000000600000000000000"
    + "000000000000000001000000000000000200000000000000"

  @Test func indexIsMegatronsByteForByte() throws {
    let scratch = try Scratch()
    try write(scratch.directory, [[5, 6, 1], [7, 1]], channels: [0, 1])
    #expect(Hex.encode(try scratch.directory.read("part-00000.idx")) == Self.goldenIndex)
    #expect(Hex.encode(try scratch.directory.read("part-00000.bin")) == "05000600010007000100")
    #expect(try scratch.directory.read("part-00000.channels") == [0, 1])
  }

  @Test func everyFileIsPublishedAndNothingElse() throws {
    let scratch = try Scratch()
    try write(scratch.directory, sampleSequences, channels: sampleChannels, number: 12, revision: 2)
    let wanted = ["part-00012.json", "part-00012.r2.bin", "part-00012.r2.channels", "part-00012.r2.idx"]
    #expect(try scratch.names == wanted)
    let manifest = try BlockManifest.read(scratch.directory, 12)
    #expect(manifest.revision == 2)
    #expect(manifest.files.map(\.name) == ["part-00012.r2.bin", "part-00012.r2.idx", "part-00012.r2.channels"])
    #expect(try BlockManifest.numbers(in: scratch.directory) == [12])
  }

  @Test func nothingIsVisibleBeforePublish() throws {
    let scratch = try Scratch()
    let writer = try BlockWriter(
      scratch.directory, BlockName(number: 0), vocabulary: 10, endOfDocument: 1, channels: ["zh"])
    try [Int32(2), 1].withUnsafeBufferPointer { try writer.append($0, channel: 0) }
    #expect(try scratch.names == [".part-00000.bin.tmp"])
    writer.discard()
    #expect(try scratch.names == [])
  }

  @Test(arguments: [(100, TokenType.uint16), (65_499, .uint16), (65_500, .int32), (151_936, .int32)])
  func tokenTypeFollowsTheVocabulary(vocabulary: Int, type: TokenType) throws {
    let scratch = try Scratch()
    let highest = Int32(vocabulary - 1)
    let sequences = [[highest, 0, 1], [3, 4, highest, 1]]
    try write(scratch.directory, sequences, channels: [0, 2], vocabulary: vocabulary)
    let block = try Block(scratch.directory, number: 0)
    #expect(block.manifest.tokenType == type)
    #expect(try block.verify(tokenizerSHA256: tokenizerSHA256).endedDocuments == 2)
    var tokens: [Int32] = []
    for (index, sequence) in sequences.enumerated() {
      block.copy(index, into: &tokens)
      #expect(tokens == sequence)
    }
  }

  @Test(arguments: [50, 100_000])
  func manySequencesOfBothWidthsRoundTrip(vocabulary: Int) throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("manySequencesOfBothWidthsRoundTrip seed \(seed)")
    var state = seed
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(limit))
    }
    let lengths = (0..<300).map { _ in 1 + next(200) } + [200_000]
    let sequences = lengths.map { length in (0..<length).map { _ in Int32(2 + next(vocabulary - 2)) } + [1] }
    let channels = sequences.map { _ in UInt8(next(3)) }
    let scratch = try Scratch()
    let manifest = try write(scratch.directory, sequences, channels: channels, vocabulary: vocabulary)
    #expect(manifest.tokens == sequences.reduce(0) { $0 + $1.count })
    // 16-bit input gives the same files.
    let again = try Scratch()
    if vocabulary <= 65_536 {
      let writer = try BlockWriter(
        again.directory, BlockName(number: 0), vocabulary: vocabulary, endOfDocument: 1, channels: ["zh", "en", "code"])
      for (sequence, channel) in zip(sequences, channels) {
        try sequence.map { UInt16($0) }.withUnsafeBufferPointer { try writer.append($0, channel: channel) }
      }
      #expect(try writer.publish(details()) == manifest)
    }
    let block = try Block(scratch.directory, number: 0)
    #expect(block.manifest == manifest)
    #expect(try block.verify().sequences == 301)
    var tokens: [Int32] = []
    for (index, sequence) in sequences.enumerated() {
      block.copy(index, into: &tokens)
      #expect(tokens == sequence)
      #expect(block.channel(index) == channels[index])
    }
  }

  @Test func manifestComesBack() throws {
    let scratch = try Scratch()
    let writer = try BlockWriter(
      scratch.directory, BlockName(number: 3), vocabulary: 50, endOfDocument: 1, channels: ["zh", "域"])
    try [Int32(2), 1].withUnsafeBufferPointer { try writer.append($0, channel: 1) }
    try [Int32(2), 2].withUnsafeBufferPointer { try writer.append($0, channel: 1) }
    var more = details(cut: 99)
    more.sources = [.init(name: "wiki \"zh\"", documents: 2, tokens: 4)]
    more.uses = [0, 1, 1]
    more.continuations = 1
    more.short = true
    more.credit = .object(["weights": .array([.integer(1)]), "carry": .array([.integer(0)])])
    let manifest = try writer.publish(more)
    #expect(try BlockManifest.read(scratch.directory, 3) == manifest)
    #expect(manifest.unfinished == 1)
    #expect(manifest.tokensPerChannel == [0, 4])
    #expect(manifest.uses == [0, 1, 1])
  }

  @Test func aBlockIsNeverWrittenOver() throws {
    let scratch = try Scratch()
    try write(scratch.directory, sampleSequences, channels: sampleChannels)
    #expect(throws: BlockError.self) { try write(scratch.directory, sampleSequences, channels: sampleChannels) }
  }

  @Test(arguments: [
    ([Int32(5), 1000, 1], UInt8(0), "token id 1000"), ([-1, 1], 0, "not below the vocabulary"),
    ([5, 1], 3, "channel 3"), ([], 0, "0 tokens"),
  ])
  func wrongInputIsRefused(tokens: [Int32], channel: UInt8, message: String) throws {
    let scratch = try Scratch()
    do {
      try write(scratch.directory, [tokens], channels: [channel])
      Issue.record("accepted")
    } catch let error as BlockError {
      #expect(error.description.contains(message), "\(error)")
    }
  }
}
