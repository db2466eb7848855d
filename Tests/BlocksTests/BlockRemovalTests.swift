import Blocks
import Fixtures
import Glibc
import Posix
import Testing

@Suite struct BlockRemovalTests {
  @Test func aWithdrawnBlockComesBackAsTheNextRevision() throws {
    let scratch = try Scratch()
    let first = BlockName(number: 3)
    try write(scratch.directory, sampleSequences, channels: sampleChannels, number: 3)
    // Twice, as after a wait for room.
    for _ in 0..<2 { try BlockRemoval.hide(first, in: scratch.directory) }
    #expect(try BlockManifest.numbers(in: scratch.directory) == [])
    for _ in 0..<2 { try BlockRemoval.putBack(first, in: scratch.directory) }
    #expect(try Block(scratch.directory, number: 3).verify().tokens == 14, "nothing is lost by a change of mind")
    try BlockRemoval.hide(first, in: scratch.directory)
    for _ in 0..<2 { try BlockRemoval.removeCompanions(first, in: scratch.directory) }
    #expect(try scratch.names == ["part-00003.r1.withdrawn"])
    try write(scratch.directory, sampleSequences, channels: sampleChannels, number: 3, revision: 2)
    #expect(try BlockRecovery.clean(scratch.directory).isEmpty)
    #expect(try Block(scratch.directory, number: 3).verify().tokens == 14)
    #expect(try !BlockRemoval.isHidden(first, in: scratch.directory), "another revision has the name")
    try BlockRemoval.putBack(first, in: scratch.directory)
    #expect(try BlockManifest.read(scratch.directory, 3).revision == 2)
  }

  @Test func aRetiredBlockKeepsItsManifest() throws {
    let scratch = try Scratch()
    try write(scratch.directory, sampleSequences, channels: sampleChannels)
    try BlockRemoval.retire(scratch.directory, number: 0)
    try BlockRemoval.retire(scratch.directory, number: 0)
    #expect(try scratch.names == ["part-00000.json"])
    #expect(throws: BlockError.self) { try Block(scratch.directory, number: 0) }
  }
}

@Suite struct BlockCrashTests {
  /// A process that publishes is killed before each of its durable steps: afterwards the block is there and whole, or
  /// recovery leaves nothing of it and it can be written again.
  @Test(arguments: 1...14)
  func killedAtEveryStep(step: Int) async throws {
    let scratch = try Scratch()
    let folder = "\(scratch.directory.path)"
    await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String, step = step as Int] in
      let directory = try Directory(Path(folder))
      FaultPoint.arm(try FaultPlan("kill@\(step):durable"))
      try write(directory, sampleSequences, channels: sampleChannels)
    }
    let before = scratch.directory.exists("part-00000.json")
    let removed = try BlockRecovery.clean(scratch.directory)
    if before {
      #expect(removed.isEmpty)
    } else {
      #expect(try scratch.names == [])
      try write(scratch.directory, sampleSequences, channels: sampleChannels)
    }
    #expect(try Block(scratch.directory, number: 0).verify().tokens == 14)
    #expect(before == (step == 14))
  }

  @Test func thereIsNoFifteenthStep() async throws {
    let scratch = try Scratch()
    let folder = "\(scratch.directory.path)"
    await #expect(processExitsWith: .success) { [folder = folder as String] in
      let directory = try Directory(Path(folder))
      FaultPoint.arm(try FaultPlan("kill@15:durable"))
      try write(directory, sampleSequences, channels: sampleChannels)
    }
    #expect(scratch.directory.exists("part-00000.json"))
  }
}
