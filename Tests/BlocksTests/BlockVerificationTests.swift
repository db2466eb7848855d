import Blocks
import Fixtures
import Posix
import Testing

@Suite struct BlockVerificationTests {
  private func check(_ scratch: Scratch, _ tokenizer: String? = nil) throws -> BlockVerification {
    try Block(scratch.directory, number: 0).verify(tokenizerSHA256: tokenizer)
  }

  @Test func aWholeBlockPasses() throws {
    let scratch = try Scratch()
    try write(scratch.directory, sampleSequences, channels: sampleChannels)
    let found = try check(scratch, tokenizerSHA256)
    #expect(found.tokens == 14)
    #expect(found.sequences == 5)
    #expect(found.endedDocuments == 4)
  }

  @Test func anyFlippedBitOfAnyFileIsFound() throws {
    let scratch = try Scratch()
    try write(scratch.directory, sampleSequences, channels: sampleChannels)
    let sizes = [("bin", 28), ("idx", 142), ("channels", 5)]
    for (kind, size) in sizes {
      for offset in 0..<size {
        try scratch.damage("part-00000.\(kind)", at: offset) { $0 ^ 0x10 }
        do {
          _ = try check(scratch)
          Issue.record("part-00000.\(kind) with a flipped bit at \(offset) was accepted")
        } catch let error as BlockError {
          #expect(error.description.contains("part-00000"), "\(error)")
          #expect(!error.remedy.isEmpty)
        }
        try scratch.damage("part-00000.\(kind)", at: offset) { $0 ^ 0x10 }
      }
    }
    #expect(try check(scratch).sequences == 5)
  }

  @Test(arguments: ["bin", "idx", "channels", "json"])
  func truncationIsRefusedWhenOpened(kind: String) throws {
    let scratch = try Scratch()
    try write(scratch.directory, sampleSequences, channels: sampleChannels)
    let name = Path("part-00000.\(kind)")
    let bytes = try scratch.directory.read(name)
    try scratch.directory.replaceFile(name, with: Array(bytes.dropLast(1 + bytes.count / 3)))
    #expect(throws: BlockError.self) { try Block(scratch.directory, number: 0) }
  }

  @Test(arguments: ["bin", "idx", "channels", "json"])
  func aMissingFileIsNamed(kind: String) throws {
    let scratch = try Scratch()
    try write(scratch.directory, sampleSequences, channels: sampleChannels)
    try scratch.directory.remove(Path("part-00000.\(kind)"))
    do {
      _ = try Block(scratch.directory, number: 0)
      Issue.record("opened")
    } catch {
      #expect(error.description.contains("part-00000.\(kind)"))
    }
  }

  @Test func anotherTokenizerIsRefused() throws {
    let scratch = try Scratch()
    try write(scratch.directory, sampleSequences, channels: sampleChannels)
    do {
      _ = try check(scratch, String(repeating: "cd", count: 32))
      Issue.record("accepted")
    } catch let error as BlockError {
      #expect(error.reason.contains("made with tokenizer abab"))
      #expect(error.remedy.contains("tokenizer.json"))
    }
  }

  @Test func anEndOfDocumentInsideASequenceIsRefused() throws {
    let scratch = try Scratch()
    try write(scratch.directory, [[5, 1], [6, 1, 7, 1]], channels: [0, 0])
    do {
      _ = try check(scratch)
      Issue.record("accepted")
    } catch let error as BlockError {
      #expect(error.file.hasSuffix("part-00000.bin"))
      #expect(error.offset == 4)
      #expect(error.reason.contains("sequence 1"))
    }
  }

  @Test func aManifestOfAnotherNumberIsRefused() throws {
    let scratch = try Scratch()
    try write(scratch.directory, sampleSequences, channels: sampleChannels)
    try scratch.directory.rename("part-00000.json", to: scratch.directory, "part-00001.json")
    #expect(throws: BlockError.self) { try BlockManifest.read(scratch.directory, 1) }
  }
}

@Suite struct BlockRecoveryTests {
  @Test func whatHasNoManifestGoes() throws {
    let scratch = try Scratch()
    try write(scratch.directory, sampleSequences, channels: sampleChannels)
    try write(scratch.directory, sampleSequences, channels: sampleChannels, number: 1)
    try scratch.directory.remove("part-00001.json")
    try write(scratch.directory, sampleSequences, channels: sampleChannels, number: 1, revision: 2)
    for name in [
      "part-00002.bin", "part-00002.r3.idx", "README", "part-2.bin", ".part-00002.bin.tmp", ".part-00002.json.tmp",
    ] {
      try scratch.directory.publish(Path(name), [1])
    }
    let removed = try BlockRecovery.clean(scratch.directory).map(\.name)
    let wanted = [
      ".part-00002.bin.tmp", ".part-00002.json.tmp", "part-00001.bin", "part-00001.channels", "part-00001.idx",
      "part-00002.bin", "part-00002.r3.idx",
    ]
    #expect(removed == wanted)
    #expect(try BlockRecovery.clean(scratch.directory).isEmpty)
    for number in [0, 1] { _ = try Block(scratch.directory, number: number).verify() }
    #expect(scratch.directory.exists("README"))
  }

  @Test func anUnreadableManifestStopsTheCleaning() throws {
    let scratch = try Scratch()
    try write(scratch.directory, sampleSequences, channels: sampleChannels)
    try scratch.damage("part-00000.json", at: 0) { _ in 0x58 }
    #expect(throws: BlockError.self) { try BlockRecovery.clean(scratch.directory) }
    #expect(scratch.directory.exists("part-00000.bin"))
  }
}
