import Bytes
import Fixtures
import Glibc
import Posix
import Synchronization
import Testing

@testable import Spool

/// When a file is whole, with a clock that the test moves.
@Suite struct ReadinessTests {
  private let scratch: Scratch
  private var readiness: Readiness
  private let answer = LeaseAnswer()

  /// What the kernel is to say about leases: tests do not depend on the file system they run on.
  private final class LeaseAnswer: Sendable {
    let value = Mutex(File.LeaseAnswer.granted)
  }

  init() throws {
    scratch = try Scratch()
    var settings = SpoolSettings()
    settings.quietMilliseconds = 500
    settings.movedMilliseconds = 50
    settings.pollSettleSeconds = 10
    readiness = Readiness(settings, scratch.directory) { [answer] _ in answer.value.withLock { $0 } }
  }

  private func leases(_ value: File.LeaseAnswer) { answer.value.withLock { $0 = value } }
  private mutating func ready(_ now: Double) -> [Path] { readiness.ready(now: now).files.map(\.path) }
  private mutating func scan(_ now: Double) { readiness.observe(IncomingScan(scratch.directory), now: now) }
  private mutating func event(_ path: Path, _ kind: IncomingEvent.Kind, _ now: Double) {
    readiness.hint(IncomingEvent(path: path, kind: kind), now: now)
  }
  private func append(_ path: Path, _ text: String) throws {
    try scratch.directory.appendFile(path).write(Array(text.utf8))
  }

  /// One way a file comes: events at seconds after 100, what leases say, and the first moment at which it is whole.
  struct Coming: CustomTestStringConvertible {
    let name: String
    let events: [(Double, IncomingEvent.Kind)]
    let lease: File.LeaseAnswer
    let whole: Double
    var testDescription: String { name }
  }

  static let table = [
    Coming(name: "renamed into place", events: [(0, .moved)], lease: .granted, whole: 0.05),
    Coming(name: "renamed, no leases", events: [(0, .moved)], lease: .unsupported, whole: 0.05),
    Coming(
      name: "renamed over a copy in the making", events: [(0, .created), (0.3, .moved)], lease: .granted, whole: 0.35),
    Coming(
      name: "Foundation: renamed, then closed", events: [(0, .moved), (0.01, .closed)], lease: .granted, whole: 0.51),
    Coming(name: "copied", events: [(0, .created), (0.2, .closed)], lease: .granted, whole: 0.7),
    Coming(name: "copied, no leases", events: [(0, .created), (0.2, .closed)], lease: .unsupported, whole: 0.7),
    Coming(
      name: "install: chmod after the close", events: [(0, .created), (0.1, .closed), (0.3, .touched)],
      lease: .unsupported, whole: 0.8),
    Coming(name: "hard link", events: [(0, .created)], lease: .granted, whole: 0.5),
    Coming(name: "hard link, no leases", events: [(0, .created)], lease: .unsupported, whole: 10),
    Coming(name: "touched only, no leases", events: [(0, .touched)], lease: .unsupported, whole: 10),
    Coming(
      name: "link and chmod, no leases", events: [(0, .created), (1, .touched)], lease: .unsupported, whole: 10),
    Coming(
      name: "closed twice", events: [(0, .closed), (0.4, .closed), (0.8, .closed)], lease: .granted, whole: 1.3),
  ]

  @Test(arguments: table) mutating func eachWayItsTime(_ coming: Coming) throws {
    try scratch.write("a", "x")
    leases(coming.lease)
    for (second, kind) in coming.events where second < coming.whole {
      #expect(ready(100 + second) == [], "\(second)")
      event("a", kind, 100 + second)
    }
    #expect(ready(100 + coming.whole - 0.001) == [])
    #expect(ready(100 + coming.whole + 0.02) == ["a"])
  }

  /// A close proves nothing: a killed cp closes too, and another program may go on writing.
  @Test(arguments: [IncomingEvent.Kind.closed, .moved]) mutating func aChangeWithoutAnEventStartsAnew(
    _ kind: IncomingEvent.Kind
  ) throws {
    try scratch.write("a", "half")
    event("a", kind, 100)
    try append("a", " more")
    #expect(ready(100.6) == [], "it is not what it was")
    #expect(ready(101.0) == [])
    #expect(ready(101.11) == ["a"])
  }

  @Test mutating func withoutLeasesAChangeAfterTheCloseNeedsTwoLooks() throws {
    leases(.unsupported)
    try scratch.write("a", "half")
    event("a", .closed, 100)
    try append("a", " more")
    #expect(ready(100.6) == [])
    #expect(ready(110.5) == [])
    #expect(ready(110.7) == ["a"])
    try append("a", " and more")
    event("a", .closed, 120)
    #expect(ready(120.6) == ["a"], "a new close is a new word")
  }

  @Test mutating func sameBytesAnotherInodeStartsAnew() throws {
    leases(.unsupported)
    try scratch.write("a", "x")
    scan(100)
    try scratch.write("b", "x")
    try scratch.directory.replace("b", to: scratch.directory, "a")
    #expect(ready(110.1) == [], "another file has its name")
    #expect(ready(120) == [])
    #expect(ready(120.2) == ["a"])
  }

  @Test mutating func whoeverHoldsItOpenForWritingIsWaitedFor() throws {
    try scratch.write("a", "x")
    leases(.openForWriting)
    event("a", .moved, 100)
    #expect(ready(100.6) == [])
    #expect(ready(200) == [], "however long it takes")
    #expect(readiness.waitingReasons(now: 200, atLeast: 60).first?.reason.contains("open for writing") == true)
    leases(.granted)
    event("a", .closed, 200)
    #expect(ready(200.4) == [])
    #expect(ready(200.51) == ["a"])
  }

  @Test mutating func theKernelSaysWhoWrites() throws {
    readiness = Readiness(SpoolSettings(), scratch.directory)
    try scratch.write("a", "x")
    guard try scratch.directory.openFile("a").probeReadLease() == .granted else {
      print("skipped: this file system grants no leases")
      return
    }
    do {
      let writer = try scratch.directory.appendFile("a")
      scan(100)
      #expect(ready(100.6) == [])
      #expect(ready(200) == [])
      withExtendedLifetime(writer) {}
    }
    #expect(ready(203) == ["a"])
  }

  /// After a restart nobody saw the file come: a lease, or two looks that agree.
  @Test(arguments: [(File.LeaseAnswer.granted, 0.5), (.unsupported, 10)]) mutating func foundByTheScan(
    _ lease: File.LeaseAnswer, _ whole: Double
  ) throws {
    leases(lease)
    try scratch.write("a", "x")
    scan(100)
    #expect(ready(100 + whole - 0.01) == [])
    scan(100 + whole - 0.01)
    #expect(ready(100 + whole + 0.01) == ["a"])
  }

  @Test mutating func clocksOfFilesSayNothing() throws {
    for (name, stamp) in [("past", 0), ("future", 4_000_000_000)] {
      try scratch.write(Path(name), "x")
      var times = [timespec(tv_sec: stamp, tv_nsec: 0), timespec(tv_sec: stamp, tv_nsec: 0)]
      #expect(utimensat(AT_FDCWD, "\(scratch.directory.path)/\(name)", &times, 0) == 0)
      event(Path(name), .closed, 100)
    }
    #expect(ready(100.4) == [])
    #expect(ready(100.6) == ["future", "past"])
  }

  @Test mutating func whatCannotBeReadStaysWithItsReason() throws {
    guard geteuid() != 0 else {
      print("skipped: root may read everything; the hostile scenes try it with another user")
      return
    }
    try scratch.write("a", "x")
    #expect(chmod("\(scratch.directory.path)/a", 0) == 0)
    scan(100)
    #expect(ready(200) == [])
    #expect(readiness.waiting == 0, "nothing comes of waiting")
    #expect(readiness.waitingReasons(now: 200, atLeast: 60).first?.reason.contains("Permission denied") == true)
  }

  @Test mutating func renamedAwayAndBack() throws {
    try scratch.write("a", "x")
    event("a", .closed, 100)
    try scratch.directory.rename("a", to: scratch.directory, "b")
    event("b", .moved, 100.2)
    try scratch.directory.rename("b", to: scratch.directory, "a")
    event("a", .moved, 100.3)
    #expect(ready(100.3) == [])
    #expect(ready(100.36) == ["a"])
    #expect(readiness.waiting == 1, "b is gone")
  }

  // MARK: Manifests

  private static let abc = "3 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n"

  @Test(arguments: [true, false]) mutating func itsManifestMakesItReadyAtOnce(byEvent: Bool) throws {
    leases(.openForWriting)
    try scratch.write("a.txt", "abc")
    scan(100)
    #expect(ready(100) == [])
    try scratch.write("a.txt.ok", ReadinessTests.abc)
    if byEvent { event("a.txt.ok", .closed, 100) } else { scan(100) }
    #expect(ready(100) == ["a.txt"], "and the manifest itself is no document")
    #expect(readiness.hasManifest("a.txt"))
  }

  @Test mutating func theManifestMayComeFirst() throws {
    try scratch.write("a.txt.ok", ReadinessTests.abc)
    event("a.txt.ok", .closed, 100)
    #expect(ready(100) == [])
    #expect(readiness.orphanedManifests == ["a.txt.ok"])
    try scratch.write("a.txt", "ab")
    event("a.txt", .created, 101)
    #expect(ready(101) == [], "it is not whole")
    #expect(ready(103) == [], "however quiet it is")
    #expect(readiness.waiting == 1)
    try append("a.txt", "c")
    event("a.txt", .closed, 103)
    #expect(ready(103) == ["a.txt"])
  }

  @Test(arguments: [
    ("4 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "3 bytes"),
    ("3 \(String(repeating: "0", count: 64))", "SHA-256"),
  ])
  mutating func aManifestThatDoesNotFitHoldsTheFileBack(_ text: String, _ reason: String) throws {
    try scratch.write("a.txt", "abc")
    try scratch.write("a.txt.ok", text)
    scan(100)
    #expect(ready(100.6) == [])
    #expect(ready(120) == [])
    #expect(readiness.waitingReasons(now: 170, atLeast: 60).first?.reason.contains(reason) == true)
    #expect(readiness.waiting == 0, "somebody has to do something")
    try scratch.directory.remove("a.txt.ok")
    #expect(ready(130) == ["a.txt"], "taken as it is, when the manifest is gone")
  }

  @Test(arguments: ["", "done", "3"]) mutating func aManifestThatIsNoneSaysNothing(_ text: String) throws {
    try scratch.write("a.txt", "abc")
    try scratch.write("a.txt.ok", text)
    scan(100)
    #expect(ready(100.1) == [])
    #expect(ready(100.6) == ["a.txt"], "it is taken as one without a manifest")
  }

  // MARK: Many

  @Test mutating func byteOrderWhateverCameFirst() throws {
    for name in ["c", "a", "b"] as [Path] {
      try scratch.write(name, "x")
      event(name, .moved, 100)
    }
    #expect(ready(100.1) == ["a", "b", "c"])
  }

  @Test mutating func whatIsGoneIsForgotten() throws {
    try scratch.write("a", "x")
    try scratch.write("b", "x")
    scan(100)
    #expect(readiness.waiting == 2)
    try scratch.directory.remove("a")
    #expect(ready(100.6) == ["b"])
    #expect(readiness.waiting == 1)
    readiness.forget("b")
    #expect(readiness.waiting == 0)
    try scratch.directory.remove("b")
    scan(101)
    #expect(ready(200) == [])
  }

  @Test mutating func whatWasNotTakenIsSeenAgain() throws {
    try scratch.write("a", "x")
    event("a", .moved, 100)
    #expect(ready(100.1) == ["a"])
    #expect(ready(100.2) == [])
    #expect(ready(101.2) == ["a"])
    readiness.block("a", "its folder's options are wrong", now: 101.2)
    #expect(readiness.waiting == 0)
    #expect(readiness.waitingReasons(now: 200, atLeast: 60).map(\.reason) == ["its folder's options are wrong"])
    #expect(ready(104) == ["a"], "from time to time")
  }

  @Test mutating func temporariesNeverWait() throws {
    try scratch.write("a.part", "x")
    scan(100)
    #expect(readiness.waiting == 0)
    #expect(ready(1000) == [])
    try scratch.directory.rename("a.part", to: scratch.directory, "a")
    event("a", .moved, 1000)
    #expect(ready(1000.1) == ["a"])
  }

  @Test mutating func itSaysWhenToLookAgainAndWhyItWaits() throws {
    try scratch.write("a", "x")
    event("a", .moved, 100)
    let next = try #require(readiness.ready(now: 100).next)
    #expect(abs(next - 100.05) < 0.001)
    #expect(readiness.waitingReasons(now: 150, atLeast: 60).isEmpty)
    let waiting = readiness.waitingReasons(now: 170, atLeast: 60)
    #expect(waiting.map(\.path) == ["a"])
    #expect(waiting.first?.reason.contains("not whole yet") == true)
    #expect(waiting.first?.seconds == 70)
  }
}

@Suite struct DueQueueTests {
  @Test func inOrderOfTime() {
    var random = SystemRandomNumberGenerator()
    var queue = DueQueue()
    let times = (0..<500).map { _ in Double.random(in: 0...100, using: &random) }
    for (index, time) in times.enumerated() { queue.add(Path("\(index)"), due: time) }
    var taken: [Double] = []
    while let entry = queue.take(by: 50) { taken.append(entry.due) }
    #expect(taken == times.filter { $0 <= 50 }.sorted())
    #expect(queue.next == times.filter { $0 > 50 }.min())
    while let entry = queue.take(by: 101) { taken.append(entry.due) }
    #expect(taken == times.sorted() && queue.next == nil)
  }
}

@Suite struct CompletionManifestTests {
  private static let digest = String(repeating: "0123456789abcdef", count: 4)

  @Test(arguments: [
    "12 \(digest)", "\(digest)  12\n", "size=12\nsha256=\(digest)", "size: 12 sha256: \(digest.uppercased())",
    "\(digest) *a.txt 12",
  ])
  func anyOrder(_ text: String) throws {
    let manifest = try #require(CompletionManifest(Array(text.utf8)))
    #expect(manifest.size == 12)
    #expect(manifest.sha256 == Self.digest)
  }

  @Test(arguments: [
    "", "12", digest, "12 \(digest.dropLast())", "twelve \(digest)", "12 \(String(repeating: "z", count: 64))",
  ])
  func bothMustBeThere(_ text: String) { #expect(CompletionManifest(Array(text.utf8)) == nil) }

  @Test func theDigestOfAFileIsThatOfItsBytes() throws {
    let scratch = try Scratch()
    let bytes = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try scratch.write("big", bytes)
    #expect(try scratch.directory.openFile("big").sha256() == Digest.sha256(bytes))
  }
}
