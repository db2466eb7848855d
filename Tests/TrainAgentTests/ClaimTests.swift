import Blocks
import Bytes
import Posix
import Spool
import Testing
import Training

/// What a trainer says of the blocks it has begun, and what it does when one is withdrawn before it comes to it.
@Suite struct ClaimTests {
  @Test func ledgersRememberWhatWasBegunOnAnyLineage() throws {
    let spool = try Spool()
    defer { spool.remove() }
    #expect(try BegunBlocks.through(spool.layout.root) == -1)
    for number in 0...2 { try spool.publish(number) }
    try spool.train()
    #expect(spool.json("status/trainer.json")?["claimed_through"]?.integer == 2)
    try spool.drop("rollback", "to=init")
    try spool.drop("stop")
    try spool.train()
    #expect(spool.head?["checkpoint"]?.string == "g0000/init")
    #expect(spool.json("status/trainer.json")?["claimed_through"]?.integer == 2)
    try spool.layout.status.remove("trainer.json")
    #expect(try BegunBlocks.through(spool.layout.root) == 2, "the ledger alone")
    _ = try spool.layout.runs.make("other")
    #expect(try BegunBlocks.through(spool.layout.root) == 2, "a run without a ledger")
    try spool.layout.status.replaceFile("trainer.json", with: Array("{\"claimed_through\": 7}".utf8))
    #expect(try BegunBlocks.through(spool.layout.root) == 7, "a claim alone")
    let run = try spool.layout.run("main")
    var bytes = try run.read(Ledger.file)
    bytes[bytes.count / 2] ^= 1
    try run.replaceFile(Ledger.file, with: bytes)
    #expect(throws: BegunBlocks.Unknown.self) { try BegunBlocks.through(spool.layout.root) }
  }

  @Test func aWithdrawnBlockIsWaitedForAndTrainedAsItComes() throws {
    let spool = try Spool()
    defer { spool.remove() }
    for number in 0...1 { try spool.publish(number) }
    var looks = 0
    try spool.train(each: {
      looks += 1
      // Between block 0 and 1, as an agent does it.
      if looks == 2 {
        let name = BlockName(number: 1)
        try BlockRemoval.hide(name, in: spool.layout.blocks)
        try BlockRemoval.removeCompanions(name, in: spool.layout.blocks)
        try spool.publish(1, revision: 2)
      }
      return false
    })
    let ledger = try Ledger.peek(in: spool.layout.run("main")).records
    let begun = ledger.filter { $0.kind == .blockStarted }.map { $0.json["revision"]?.integer }
    #expect(begun == [1, 2])
  }

  /// The manifest goes between the trainer's first look and its claim: it takes the claim back and says nothing of the
  /// block in its ledger.
  @Test func aClaimIsTakenBackWhenTheBlockIsGone() throws {
    let spool = try Spool()
    defer { spool.remove() }
    for number in 0...1 { try spool.publish(number) }
    let manifest = try BlockManifest.read(spool.layout.blocks, 1)
    var published: [Int] = []
    try BlockRemoval.hide(manifest.name, in: spool.layout.blocks)
    #expect(
      try !BlockClaim.begin(manifest, in: spool.layout.blocks, claimed: 0) { published.append($0) })
    #expect(published == [1, 0])
    try BlockRemoval.removeCompanions(manifest.name, in: spool.layout.blocks)
    try spool.publish(1, revision: 2)
    #expect(try !BlockClaim.begin(manifest, in: spool.layout.blocks, claimed: 0) { published.append($0) })
    let new = try BlockManifest.read(spool.layout.blocks, 1)
    #expect(try BlockClaim.begin(new, in: spool.layout.blocks, claimed: 0) { published.append($0) })
    #expect(published == [1, 0, 1, 0, 1])
  }
}
