import Bytes
import Glibc
import Posix
import Spool
import Testing

/// A spool on a file system of its own that can be filled; nil where file systems may not be mounted.
private final class SmallDisk {
  let path: String
  let layout: SpoolLayout
  static let isMountable = getuid() == 0 && (try? SmallDisk()) != nil

  init() throws {
    path = "/tmp/pretraind-disk-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    _ = try Directory("/tmp").make(Path(String(path.dropFirst(5))))
    let mounted = try Child.start(["sh", "-c", "mount -t tmpfs -o size=4m,nr_inodes=200 tmpfs \(path) 2>/dev/null"])
    guard mounted.wait() == 0 else { throw SystemError("mount", Path(path), code: EPERM) }
    layout = try SpoolLayout(Path(path))
  }

  deinit { _ = try? Child.start(["sh", "-c", "umount -l \(path); rmdir \(path)"]).wait() }

  func run(_ script: String) throws { _ = try Child.start(["bash", "-c", "cd \(path); \(script)"]).wait() }
  func fill() throws { try run("cat /dev/zero >filler 2>/dev/null") }
}

@Suite(.enabled(if: SmallDisk.isMountable, "skipped: file systems may not be mounted here"))
struct DiskTests {
  private func pieces(_ disk: SmallDisk) throws -> Int {
    try disk.layout.root.open("state/reserve").names().filter { $0.hasPrefix("agent.") }.count
  }

  @Test("V1: the reserve is taken, given up piece by piece, and made again")
  func theReserveIsTakenGivenUpAndMadeAgain() throws {
    let disk = try SmallDisk()
    let before = try DiskSpace(of: disk.layout.root)
    let reserve = DiskReserve(disk.layout, role: "agent", megabytes: 64)
    #expect(try pieces(disk) == DiskReserve.pieces)
    // A 256th of 4 MB is less than a page for each piece.
    #expect(reserve.bytes == DiskReserve.pieces * 4096)
    #expect(try DiskSpace(of: disk.layout.root).freeBytes <= before.freeBytes - reserve.bytes)
    try disk.fill()
    #expect(throws: SystemError.self) { try disk.layout.status.replaceFile("x", with: [1]) }
    #expect(reserve.giveUp())
    try disk.layout.status.replaceFile("x", with: [1])
    for _ in 1..<DiskReserve.pieces { #expect(reserve.giveUp()) }
    #expect(!reserve.giveUp() && reserve.bytes == 0)
    reserve.restore(try DiskSpace(of: disk.layout.root))
    #expect(reserve.bytes == 0, "not while the disk is full")
    try disk.run("rm filler")
    reserve.restore(try DiskSpace(of: disk.layout.root))
    #expect(try pieces(disk) == DiskReserve.pieces)
  }

  @Test func onAFullDiskThereIsNoReserve() throws {
    let disk = try SmallDisk()
    try disk.fill()
    #expect(DiskReserve(disk.layout, role: "agent", megabytes: 1).bytes == 0)
    #expect(DiskReserve(disk.layout, role: "agent", megabytes: 0).bytes == 0)
  }

  @Test func workWaitsForRoomAndSaysSo() throws {
    let disk = try SmallDisk()
    var said: [String] = []
    var told: [String?] = []
    let patience = DiskPatience(
      "agent", disk.layout, reserveMegabytes: 0, shouldStop: { false }, say: { said.append($0) })
    patience.onPause = { told.append($0) }
    try disk.fill()
    let freer = try Child.start(["sh", "-c", "sleep 1.5; rm \(disk.path)/filler"])
    try patience.wait { try disk.layout.corpus.publish("a", [UInt8](repeating: 1, count: 100_000)) }
    _ = freer.wait()
    #expect(try disk.layout.corpus.read("a").count == 100_000)
    #expect(said.count == 2 && said[0].contains("No space left") && said[1].contains("room again"))
    #expect(
      told.count >= 3 && told.last! == nil && told.dropLast().allSatisfy { $0?.contains("No space left") == true })
  }

  @Test func whatMustBeFinishedUsesTheReserveFirst() throws {
    let disk = try SmallDisk()
    let patience = DiskPatience("agent", disk.layout, reserveMegabytes: 1, shouldStop: { true }, say: { _ in })
    try disk.fill()
    #expect(throws: SystemError.self) { try patience.wait { try disk.layout.corpus.publish("work", [1]) } }
    try patience.wait(.finish) { try disk.layout.corpus.publish("word", [1]) }
    patience.attempt { () throws(SystemError) in try disk.layout.status.replaceFile("agent.json", with: [2]) }
    #expect(try disk.layout.status.read("agent.json") == [2])
    // Nothing left, and asked to leave: the failure is thrown, nothing is half there.
    var number = 0
    let more = [UInt8](repeating: 0, count: 9000)
    #expect(throws: SystemError.self) {
      while true {
        number += 1
        try patience.wait(.finish) { try disk.layout.corpus.publish(Path("more-\(number)"), more) }
      }
    }
    #expect(try disk.layout.corpus.names().allSatisfy { !$0.hasSuffix(".tmp") })
  }

  @Test func otherFailuresAreNotWaitedFor() throws {
    let disk = try SmallDisk()
    let patience = DiskPatience("agent", disk.layout, reserveMegabytes: 0, shouldStop: { false }, say: { _ in })
    let error = #expect(throws: SystemError.self) {
      try patience.wait(.finish) { () throws(SystemError) in throw SystemError("write", "x", code: EIO) }
    }
    #expect(error?.code == EIO)
  }

  @Test func theJournalGoesOnWhereTheDiskWasFull() throws {
    let disk = try SmallDisk()
    var asked = 0
    let journal = try JournalFile(disk.layout.journal) { _ in
      asked += 1
      try? disk.layout.root.remove("filler")
      return true
    }
    try journal.write(.object(["n": .integer(0)]))
    try disk.fill()
    // More than the page that the file has already.
    for number in 1...400 { try journal.write(.object(["n": .integer(number)])) }
    #expect(asked == 1)
    let numbers = try JournalFile.peek(disk.layout.journal).compactMap { $0["n"]?.integer }
    #expect(numbers == Array(0...400))
  }
}
