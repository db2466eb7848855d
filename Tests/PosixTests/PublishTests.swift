import Fixtures
import Glibc
import Posix
import Testing

@Suite struct PublishTests {
  @Test func publishNeverReplaces() throws {
    let scratch = try Scratch()
    try scratch.directory.publish("name", [1])
    #expect(failure { try scratch.directory.publish("name", [2]) }?.exists == true)
    #expect(try scratch.directory.read("name") == [1])
  }

  @Test func replaceReplaces() throws {
    let scratch = try Scratch()
    for bytes in [[1], [2, 2], []] as [[UInt8]] {
      try scratch.directory.replaceFile("name", with: bytes)
      #expect(try scratch.directory.read("name") == bytes)
      #expect(try scratch.names == ["name"], "no temporary is left")
    }
  }

  @Test func renameNeverReplaces() throws {
    let scratch = try Scratch()
    let other = try scratch.directory.make("other")
    try scratch.write("a", "a")
    try other.replaceFile("b", with: Array("b".utf8))
    #expect(failure { try scratch.directory.rename("a", to: other, "b") }?.code == EEXIST)
    try scratch.directory.rename("a", to: other, "c")
    #expect(try other.names() == ["b", "c"])
    #expect(try scratch.text("other/b") == "b")
  }

  @Test func aTemporaryOfADeadProcessIsNoHindrance() throws {
    let scratch = try Scratch()
    try scratch.write(".name.tmp", "half a")
    try scratch.directory.publish("name", Array("whole".utf8))
    #expect(try scratch.names == ["name"])
    #expect(try scratch.text("name") == "whole")
  }

  @Test func linksAreReplaced() throws {
    let scratch = try Scratch()
    for target in ["one", "two"] as [Path] {
      try scratch.write(target, target.description)
      try scratch.directory.replaceLink("latest", to: target)
      #expect(
        String(decoding: try scratch.directory.openAnywhere("latest").readAll(), as: UTF8.self) == target.description)
    }
  }

  /// Steps of one replacement after the temporary was opened: its fsync, the rename, the folder's fsync.
  @Test(arguments: 1...3)
  func killedAtAnyStepTheOldOrTheNewIsThere(_ step: Int) async throws {
    let scratch = try Scratch()
    let path = scratch.path
    let old = [UInt8](repeating: 1, count: 100_000)
    try scratch.directory.replaceFile("name", with: old)
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, step = step as Int] in
      let folder = try Directory(Path(path))
      FaultPoint.arm(try FaultPlan("kill@\(step + 1):durable"))
      try folder.replaceFile("name", with: [UInt8](repeating: 2, count: 200_000))
      exit(0)
    }
    let found = try scratch.directory.read("name")
    #expect(found == old || found == [UInt8](repeating: 2, count: 200_000))
    if step == 3 { #expect(found.first == 2, "renamed: the new bytes are seen") }
    // Whatever was left, the next writer is not disturbed by it.
    try scratch.directory.replaceFile("name", with: [3])
    #expect(try scratch.names == ["name"])
  }

  @Test(arguments: 1...4)
  func killedWhilePublishingAllOrNothingIsThere(_ step: Int) async throws {
    let scratch = try Scratch()
    let path = scratch.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, step = step as Int] in
      let folder = try Directory(Path(path))
      FaultPoint.arm(try FaultPlan("kill@\(step):durable"))
      try folder.publish("name", [UInt8](repeating: 2, count: 200_000))
      exit(0)
    }
    if scratch.directory.exists("name") {
      #expect(try scratch.directory.read("name") == [UInt8](repeating: 2, count: 200_000))
      #expect(step == 4, "only after the rename")
    }
    #expect(try scratch.names.allSatisfy { $0 == "name" || $0 == ".name.tmp" })
  }

  /// A reader beside the writer never sees a part.
  @Test func readersSeeWholeFiles() throws {
    let scratch = try Scratch()
    let path = scratch.directory.path
    try scratch.directory.replaceFile("name", with: [UInt8](repeating: 0, count: 50_000), durable: false)
    try ServiceThread.start("test writer") {
      guard let folder = try? Directory(path) else { return }
      for value in 1...200 {
        try? folder.replaceFile("name", with: [UInt8](repeating: UInt8(value), count: 50_000 + value), durable: false)
      }
    }
    var last: UInt8 = 0
    let deadline = Clock.monotonic() + 20
    while last < 200, Clock.monotonic() < deadline {
      let bytes = try scratch.directory.read("name")
      #expect(bytes.count == 50_000 + Int(bytes[0]))
      #expect(bytes.first == bytes.last)
      #expect(bytes[0] >= last, "never back to an older one")
      last = bytes[0]
    }
    #expect(last == 200)
  }
}
