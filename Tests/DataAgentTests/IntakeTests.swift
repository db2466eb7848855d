import Bytes
import Glibc
import Posix
import Spool
import Synchronization
import Testing

@testable import DataAgent

/// How a claimed file comes into `state/claimed/`, and what the next start makes of what lies in `incoming/`.
@Suite struct IntakeTests {
  private let spool: TestSpool
  private let mover: ClaimMover

  init() throws {
    spool = try TestSpool(tokenizer: false)
    let journal = try JournalFile(spool.layout.journal)
    mover = ClaimMover(
      layout: spool.layout, journal: journal, incoming: IncomingFolder(spool.layout), leftBehind: [:],
      patience: DiskPatience("agent", spool.layout, reserveMegabytes: 0, shouldStop: { false }, say: { _ in }))
  }

  private func claim(_ path: Path, copied: Bool = false) throws -> Claim {
    var status = ClaimedStatus(try spool.layout.incoming.status(path))
    status.copied = copied
    return Claim(sequence: 1, path: path, status: status, options: [])
  }

  private func place(_ path: Path) -> String { "\(spool.layout.incoming.path)/\(path)" }

  @Test func renamedOrCopied() throws {
    try spool.drop("web/a.txt", Array("text".utf8))
    let inode = try spool.layout.incoming.status("web/a.txt").inode
    #expect(try mover.move(claim("web/a.txt")) == .moved)
    #expect(try spool.layout.claimed.status(Claim.claimedName(1)).inode == inode)
    try spool.layout.claimed.remove(Claim.claimedName(1))
    try spool.drop("web/b.txt", Array("linked".utf8))
    #expect(link(place("web/b.txt"), place("web/.kept")) == 0)
    #expect(try mover.move(claim("web/b.txt", copied: true)) == .moved)
    #expect(try spool.layout.claimed.read(Claim.claimedName(1)) == Array("linked".utf8))
    #expect(try spool.layout.incoming.read("web/.kept") == Array("linked".utf8))
    #expect(!spool.layout.incoming.exists("web/b.txt"))
  }

  @Test func anotherFileHasTheName() throws {
    try spool.drop("web/a.txt", Array("one".utf8))
    let first = try claim("web/a.txt")
    try spool.drop("web/a.txt", Array("another".utf8))
    #expect(try mover.move(first) == .gone)
    #expect(try spool.layout.incoming.read("web/a.txt") == Array("another".utf8))
    #expect(try spool.events("void").count == 1)
  }

  /// The folder's name leads elsewhere now: nothing there is touched.
  @Test func aLinkHasTheFoldersName() throws {
    try spool.drop("web/a.txt", Array("one".utf8))
    let first = try claim("web/a.txt")
    try spool.layout.incoming.rename("web", to: spool.layout.root, "elsewhere")
    try spool.layout.incoming.link("web", to: "../elsewhere")
    #expect(try mover.move(first) == .gone)
    #expect(try spool.layout.root.read("elsewhere/a.txt") == Array("one".utf8))
  }

  /// Not rejected: it stays, and is taken when it is quiet (docs/decisions/0006). Somebody else's thread changes it;
  /// that it does so during each of three copies takes a few tries at times.
  @Test func changedWhileCopied() throws {
    let isOver = Flag()
    let name = place("web/a.txt")
    _ = try spool.layout.incoming.make("web")
    try ServiceThread.start("changer") {
      while !isOver.value.withLock({ $0 }) { for mode in [0o644, 0o640] as [mode_t] { chmod(name, mode) } }
      isOver.left.withLock { $0 = true }
    }
    defer {
      isOver.value.withLock { $0 = true }
      while !isOver.left.withLock({ $0 }) { Clock.sleep(0.001) }
    }
    for _ in 0..<50 {
      try spool.layout.incoming.removeAll("web/a.txt")
      try spool.layout.incoming.removeAll("web/.kept")
      try spool.drop("web/a.txt", [UInt8](repeating: 65, count: 20_000_000))
      #expect(link(name, place("web/.kept")) == 0)
      let outcome = try mover.move(claim("web/a.txt", copied: true))
      guard case .stuck(let reason) = outcome else {
        try spool.layout.claimed.remove(Claim.claimedName(1))
        continue
      }
      #expect(reason.contains("changes while it is copied"))
      #expect(try spool.claimed.isEmpty, "the copies are removed")
      #expect(try spool.events("void").count == 1)
      #expect(try spool.layout.incoming.status("web/a.txt").size == 20_000_000)
      isOver.value.withLock { $0 = true }
      while !isOver.left.withLock({ $0 }) { Clock.sleep(0.001) }
      try spool.layout.incoming.removeAll("web/.kept")
      try spool.run()
      #expect(try spool.counts("web")["in"] == 1, "quiet at last, it is taken")
      return
    }
    Issue.record("it was taken each time though it changed")
  }

  private final class Flag: Sendable {
    let value = Mutex(false)
    let left = Mutex(false)
  }

  @Test("F20: a cookie that a dead process left is removed at the start")
  func cookies() throws {
    try spool.layout.incoming.replaceFile(".cookie-1-7", with: [])
    try spool.run()
    #expect(try spool.layout.incoming.names().isEmpty)
  }

  @Test("F21: incoming/ is not there, or another one: it is made, or followed")
  func replacedIncoming() throws {
    let folder = IncomingFolder(spool.layout)
    #expect(try !folder.follow())
    try spool.layout.root.rename("incoming", to: spool.layout.root, "old")
    #expect(try folder.follow())
    #expect(spool.layout.root.exists("incoming"))
    try spool.layout.root.removeDirectory("incoming")
    _ = try spool.layout.root.make("incoming/web")
    #expect(try folder.follow() && folder.directory.exists("web"))
    try spool.layout.root.removeAll("incoming")
    try spool.layout.root.link("incoming", to: "old")
    #expect(try !folder.follow(), "a link is not followed")
  }

  @Test func aManifestThatDoesNotFitHoldsBack() throws {
    let digest = Hex.encode(Digest.sha256(Array("other".utf8)))
    try spool.drop("web/a.txt", Array("text".utf8))
    try spool.drop("web/b.txt", Array("text".utf8))
    try spool.drop("web/b.txt.ok", Array("4 \(digest)".utf8))
    try spool.run(["spool.poll_settle_s=0.3"])
    #expect(try spool.documents == 1, "b.txt waits for somebody")
    #expect(spool.layout.incoming.exists("web/b.txt"))
    try spool.layout.incoming.remove("web/b.txt.ok")
    try spool.run()
    #expect(try spool.documents == 2)
    #expect(try spool.layout.incoming.open("web").names() == [".source.json5"])
  }
}
