import Fixtures
import Glibc
import Posix
import Spool
import Testing

@Suite struct IncomingNameTests {
  @Test(arguments: [
    ".hidden", ".a.txt.Xy12", "a.txt~", "a.tmp", "a.part", "a.partial", "a.filepart", "a.crdownload", ".a.swp", "a.swp",
    "a.lock", ".",
  ])
  func leftAlone(_ name: String) {
    #expect(IncomingName.ignored(Path(name))?.contains("rename it") == true)
  }

  @Test(arguments: ["a.txt", "a", "tmp", "part", "a.tmp.txt", "a.TMP", "~a", "中文.jsonl", "incoming.FULL", "a.ok"])
  func looked(_ name: String) { #expect(IncomingName.ignored(Path(name)) == nil) }

  @Test(arguments: [("a.txt.ok", true), ("ok", false), (".a.ok", false), ("a.ok.txt", false)])
  func manifests(_ name: String, _ expected: Bool) { #expect(IncomingName.isManifest(Path(name)) == expected) }
}

@Suite struct IncomingScanTests {
  @Test func filesInByteOrderOfPath() throws {
    let scratch = try Scratch()
    let names = ["b/2.txt", "b/10.txt", "a.txt", "b-1/x", "B/y", "b/deep/er/z", "中/文"]
    for name in names { try scratch.write(Path(name), "x") }
    let expected = names.map { Path($0) }.sorted()
    let scan = IncomingScan(scratch.directory)
    #expect(scan.files.map(\.path) == expected)
    #expect(scan.passed.isEmpty)
    #expect(
      scan.folders.map(\.path).sorted() == ["B", "b", "b-1", "b/deep", "b/deep/er", "中"].map { Path($0) }.sorted())
  }

  @Test func temporariesAndTheNoticeAreNotSeen() throws {
    let scratch = try Scratch()
    for name in ["a.txt.part", ".b", ".hidden/c", "d~/e", "incoming.FULL", "s/incoming.FULL", "f"] {
      try scratch.write(Path(name), "")
    }
    #expect(IncomingScan(scratch.directory).files.map(\.path) == ["f", "s/incoming.FULL"])
  }

  /// What is no regular file is seen, so that it can be refused with a reason; links are not followed.
  @Test func othersAreSeenAsTheyAre() throws {
    let scratch = try Scratch()
    _ = try scratch.directory.make("folder")
    try scratch.directory.link("link", to: "folder")
    try scratch.directory.link("loop", to: ".")
    #expect(mkfifo("\(scratch.directory.path)/pipe", 0o600) == 0)
    let files = IncomingScan(scratch.directory).files
    #expect(files.map(\.path) == ["link", "loop", "pipe"])
    #expect(files.map(\.status.kind) == [.symbolicLink, .symbolicLink, .other])
  }

  @Test func depthIsBounded() throws {
    let scratch = try Scratch()
    let path = (0..<40).reduce(Path([])) { path, _ in path / "d" }
    try scratch.write(path / "file", "x")
    try scratch.write("top", "x")
    #expect(IncomingScan(scratch.directory).files.map(\.path) == ["top"])
  }
}
