import Fixtures
import Glibc
import Posix
import Testing

@testable import Spool

/// The library is one instance a process, and its descriptor must be a small number: one test after the other, in a
/// process of their own (tools/test).
@Suite(.serialized) struct EventWatcherTests {
  private func until(_ holds: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<1000 {
      if try holds() { return true }
      Clock.sleep(0.01)
    }
    return false
  }

  private func started(_ scratch: Scratch, _ settings: SpoolSettings = SpoolSettings()) throws -> EventWatcher {
    try EventWatcher.prepare()
    let watcher = try EventWatcher(scratch.directory.path, settings: settings, wakeup: Wakeup())
    _ = watcher.take()
    #expect(until { watcher.take().rescan }, "the first look, when the watches are there")
    #expect(watcher.failure?.contains("spool.max_watches") ?? true, "\(watcher.failure ?? "")")
    return watcher
  }

  private func events(_ watcher: EventWatcher, _ count: Int) -> [String] {
    var seen: [String] = []
    _ = until {
      seen += watcher.take().events.map { "\($0.path) \($0.kind)" }
      return seen.count >= count
    }
    return seen
  }

  @Test func eachOperationItsKind() throws {
    let scratch = try Scratch()
    _ = try scratch.directory.make("s/deep")
    let watcher = try started(scratch)
    let root = "\(scratch.directory.path)"
    try scratch.directory.createFile("s/deep/a").write([1])
    #expect(events(watcher, 2) == ["s/deep/a created", "s/deep/a closed"])
    #expect(chmod("\(root)/s/deep/a", 0o600) == 0)
    #expect(events(watcher, 1) == ["s/deep/a touched"])
    #expect(link("\(root)/s/deep/a", "\(root)/b") == 0)
    #expect(events(watcher, 2).contains("b created"))
    try scratch.directory.rename("b", to: scratch.directory, "c")
    #expect(events(watcher, 1) == ["c moved"])
    try scratch.write(".hidden", "x")
    try scratch.write("x.part", "x")
    try scratch.write("incoming.FULL", "x")
    try scratch.directory.rename("c", to: scratch.directory, "d")
    #expect(events(watcher, 1) == ["d moved"], "temporaries and our own notice make no events")
  }

  @Test func newFoldersAreWatched() throws {
    let scratch = try Scratch()
    let watcher = try started(scratch)
    _ = try scratch.directory.make("x/y")
    #expect(until { watcher.take().rescan })
    Clock.sleep(0.1)
    _ = watcher.take()
    try scratch.write("x/y/a", "x")
    #expect(events(watcher, 2).contains("x/y/a closed"))
  }

  /// The newest watcher has the library; an earlier one's folders are let go.
  @Test func oneAfterTheOther() throws {
    let (first, second) = (try Scratch(), try Scratch())
    let old = try started(first)
    let new = try started(second)
    _ = old.take()
    try first.write("a", "x")
    try second.write("b", "x")
    #expect(events(new, 2) == ["b created", "b closed"])
    #expect(old.take().events.isEmpty)
    withExtendedLifetime(old) {}
  }

  /// A watch follows its folder, not its name.
  @Test func replacedFolders() throws {
    let scratch = try Scratch()
    _ = try scratch.directory.make("s")
    let watcher = try started(scratch)
    try scratch.directory.rename("s", to: scratch.directory, "t")
    _ = try scratch.directory.make("s")
    #expect(until { watcher.take().rescan })
    Clock.sleep(0.1)
    _ = watcher.take()
    try scratch.write("s/a", "x")
    try scratch.write("t/b", "x")
    let seen = events(watcher, 4)
    #expect(seen.contains("s/a closed") && seen.contains("t/b closed"), "\(seen)")
  }

  @Test func watchesAreCounted() throws {
    let scratch = try Scratch()
    for name in ["a", "b", "c"] as [Path] { _ = try scratch.directory.make(name) }
    var settings = SpoolSettings()
    settings.mostWatches = 2
    let watcher = try started(scratch, settings)
    #expect(until { watcher.failure?.contains("spool.max_watches") == true })
    for name in ["a", "b"] as [Path] { try scratch.directory.removeDirectory(name) }
    let root = IncomingScan.Found(path: Path([]), status: try scratch.directory.status("."))
    watcher.reconcile([root] + IncomingScan(scratch.directory).folders)
    #expect(until { watcher.failure == nil }, "room for the rest")
    _ = watcher.take()
    try scratch.write("c/d", "x")
    #expect(events(watcher, 2).contains("c/d closed"))
  }

  /// A cookie that is made where nobody watches does not come back.
  @Test func silenceIsNoticed() throws {
    let (watched, other) = (try Scratch(), try Scratch())
    let watcher = try started(watched)
    var health = WatcherHealth(SpoolSettings(), now: 100)
    func turn(_ directory: Directory, _ now: Double) { health.turn(watcher, directory, now: now) }
    turn(watched.directory, 100)
    #expect(until { watcher.lastCookie == 1 })
    turn(watched.directory, 105.5)
    #expect(!health.isDead)
    turn(other.directory, 160)
    turn(other.directory, 165.1)
    #expect(!health.isDead, "both may have slept: once more")
    turn(other.directory, 166.2)
    #expect(health.isDead)
    #expect(until { watcher.isArmed })
    turn(watched.directory, 172)
    #expect(until { watcher.lastCookie == 3 }, "armed again")
    turn(watched.directory, 172.5)
    #expect(!health.isDead)
    #expect(try watched.directory.names().isEmpty && other.directory.names().isEmpty, "cookies go at once")
  }
}
