import Bytes
import Glibc
import Posix
import Testing

@testable import Spool

/// When a file is whole, with a clock that the test moves.
@Suite struct ReadinessTests {
  private let scratch: Scratch
  private var readiness: Readiness
  private let settings: SpoolSettings

  init() throws {
    scratch = try Scratch()
    var settings = SpoolSettings()
    settings.quietMilliseconds = 500
    settings.movedMilliseconds = 50
    settings.pollSettleSeconds = 10
    self.settings = settings
    readiness = Readiness(settings, scratch.directory)
  }

  private mutating func ready(_ now: Double) -> [Path] { readiness.ready(now: now).files.map(\.path) }
  private mutating func scan(_ now: Double) { readiness.observe(IncomingScan(scratch.directory), now: now) }
  private mutating func event(_ path: Path, _ kind: IncomingEvent.Kind, _ now: Double) {
    readiness.hint(IncomingEvent(path: path, kind: kind), now: now)
  }

  @Test mutating func renamedInFiftyMilliseconds() throws {
    try scratch.write("a", "x")
    event("a", .movedIn, 100)
    #expect(ready(100) == [])
    #expect(ready(100.049) == [])
    #expect(ready(100.051) == ["a"])
  }

  @Test mutating func closedFiveHundredMilliseconds() throws {
    try scratch.write("a", "x")
    event("a", .touched, 100)
    #expect(ready(100.4) == [])
    event("a", .touched, 100.4)
    #expect(ready(100.6) == [], "quiet counts from the last event")
    #expect(ready(100.91) == ["a"])
  }

  /// A close proves nothing: a killed cp closes too, and another program may go on writing.
  @Test mutating func aChangeWithoutAnEventStartsAnew() throws {
    try scratch.write("a", "half")
    event("a", .touched, 100)
    try scratch.directory.appendFile("a").write(Array(" more".utf8))
    #expect(ready(100.6) == [], "it is not what it was")
    #expect(ready(101.0) == [])
    #expect(ready(101.11) == ["a"])
  }

  @Test mutating func whoeverHoldsItOpenForWritingIsWaitedFor() throws {
    try scratch.write("a", "x")
    guard try scratch.directory.openFile("a").probeReadLease() == .granted else {
      print("skipped: this file system grants no leases")
      return
    }
    do {
      let writer = try scratch.directory.appendFile("a")
      event("a", .touched, 100)
      #expect(ready(100.6) == [])
      #expect(ready(200) == [], "however long it takes")
      withExtendedLifetime(writer) {}
    }
    #expect(ready(200.1) == ["a"])
  }

  /// After a restart nobody saw the file come: a lease, or two looks that agree.
  @Test mutating func foundByTheScan() throws {
    try scratch.write("a", "x")
    scan(100)
    #expect(ready(100.4) == [])
    let leases = try scratch.directory.openFile("a").probeReadLease() == .granted
    #expect(ready(100.6) == (leases ? ["a"] : []))
    scan(110.1)
    #expect(ready(110.2) == ["a"])
  }

  @Test mutating func withoutLeasesTwoLooksMustAgree() throws {
    try scratch.write("a", "x")
    #expect(chmod("\(scratch.directory.path)/a", 0) == 0)
    guard (try? scratch.directory.openFile("a")) == nil else {
      print("skipped: this user may open everything")
      return
    }
    scan(100)
    #expect(ready(109.9) == [])
    #expect(ready(110.1) == ["a"])
  }

  @Test mutating func itsManifestMakesItReadyAtOnce() throws {
    try scratch.write("a.txt", "abc")
    scan(100)
    #expect(ready(100) == [])
    try scratch.write("a.txt.ok", "3 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n")
    scan(100)
    #expect(ready(100) == ["a.txt"], "and the manifest itself is no document")
  }

  @Test(arguments: [
    "4 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "3 \(String(repeating: "0", count: 64))", "",
  ])
  mutating func aManifestThatDoesNotFitSaysNothing(_ text: String) throws {
    try scratch.write("a.txt", "abc")
    try scratch.write("a.txt.ok", text)
    scan(100)
    #expect(ready(100.1) == [])
    #expect(ready(100.6) == ["a.txt"], "it is taken as one without a manifest")
  }

  @Test mutating func byteOrderWhateverCameFirst() throws {
    for name in ["c", "a", "b"] as [Path] {
      try scratch.write(name, "x")
      event(name, .movedIn, 100)
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

  @Test mutating func temporariesNeverWait() throws {
    try scratch.write("a.part", "x")
    scan(100)
    #expect(readiness.waiting == 0)
    #expect(ready(1000) == [])
    try scratch.directory.rename("a.part", to: scratch.directory, "a")
    event("a", .movedIn, 1000)
    #expect(ready(1000.1) == ["a"])
  }

  @Test mutating func itSaysWhenToLookAgainAndWhyItWaits() throws {
    try scratch.write("a", "x")
    event("a", .movedIn, 100)
    let next = try #require(readiness.ready(now: 100).next)
    #expect(abs(next - 100.05) < 0.001)
    let waiting = readiness.waitingReasons(now: 170)
    #expect(waiting.map(\.path) == ["a"])
    #expect(waiting.first?.reason.contains("not whole yet") == true)
    #expect(waiting.first?.seconds == 70)
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
