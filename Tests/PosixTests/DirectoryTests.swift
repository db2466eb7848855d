import Fixtures
import Glibc
import Posix
import Testing

@Suite struct DirectoryTests {
  @Test func foldersAreMadeWithTheirParents() throws {
    let scratch = try Scratch()
    let deep = try scratch.directory.make("a/b/c")
    #expect(deep.path == scratch.directory.path / "a" / "b" / "c")
    #expect(try scratch.directory.make("a/b").names() == ["c"], "what is there already is opened")
  }

  @Test func namesAreSortedByByte() throws {
    let scratch = try Scratch()
    for name in ["b", "a", "é", "Z", ".dot"] { try scratch.write(Path(name), "") }
    #expect(try scratch.names == [".dot", "Z", "a", "b", "é"])
  }

  @Test func namesAreBytes() throws {
    let scratch = try Scratch()
    let wild = Path([0xFF, 0x0A, 0x20, 0x25, 0xE4])
    try scratch.write(wild, "x")
    #expect(try scratch.directory.names() == [wild])
    #expect(try scratch.text(wild) == "x")
  }

  @Test func linksAreNotFollowed() throws {
    let scratch = try Scratch()
    try scratch.write("file", "secret")
    try scratch.directory.make("folder").replaceFile("inside", with: [1])
    try scratch.directory.link("to-file", to: "file")
    try scratch.directory.link("to-folder", to: "folder")
    #expect(failure { _ = try scratch.directory.openFile("to-file") }?.code == ELOOP)
    #expect(failure { _ = try scratch.directory.openFile("to-folder/inside") }?.code == ELOOP)
    #expect(failure { _ = try scratch.directory.open("to-folder") } != nil)
    #expect(try scratch.directory.status("to-file").kind == .symbolicLink)
    #expect(
      String(describing: failure { _ = try scratch.directory.openFile("to-file") }!).contains("links are not followed"))
  }

  @Test(arguments: ["..", "../outside", "folder/../../outside", "/etc/passwd"])
  func nothingAboveIsReached(_ name: String) throws {
    let scratch = try Scratch()
    let inner = try scratch.directory.make("inner")
    _ = try inner.make("folder")
    try scratch.write("outside", "secret")
    #expect(failure { _ = try inner.openFile(Path(name)) }?.code == EXDEV)
    #expect(failure { _ = try inner.open(Path(name)) }?.code == EXDEV)
  }

  /// A pipe without a writer would block an ordinary open for ever.
  @Test func pipesDoNotBlock() throws {
    let scratch = try Scratch()
    #expect(mkfifo(scratch.path + "/pipe", 0o600) == 0)
    let file = try scratch.directory.openFile("pipe")
    #expect(try file.status().kind == .other)
  }

  @Test func treesGo() throws {
    let scratch = try Scratch()
    _ = try scratch.directory.make("tree/a/b")
    try scratch.directory.open("tree/a").replaceFile("file", with: [1])
    try scratch.write("kept", "x")
    try scratch.directory.open("tree").link("link", to: "../kept")
    try scratch.directory.removeAll("tree")
    try scratch.directory.removeAll("never-there")
    #expect(try scratch.names == ["kept"])
  }

  @Test func whatIsMissingSaysSo() throws {
    let scratch = try Scratch()
    let error = failure { _ = try scratch.directory.read("nothing") }
    #expect(error?.isMissing == true)
    #expect(error.map { "\($0)" }?.contains("\(scratch.path)/nothing") == true)
    #expect(!scratch.directory.exists("nothing"))
  }

  @Test func limitsHold() throws {
    let scratch = try Scratch()
    try scratch.write("big", String(repeating: "x", count: 1000))
    #expect(failure { _ = try scratch.directory.read("big", limit: 999) }?.code == EFBIG)
    #expect(try scratch.directory.read("big", limit: 1000).count == 1000)
  }

  @Test func mapsWhatIsThere() throws {
    let scratch = try Scratch()
    try scratch.write("some", "mapped")
    try scratch.write("none", "")
    let some = try MappedFile(try scratch.directory.openFile("some"))
    try scratch.directory.remove("some")
    // The bytes live as long as the map, whatever becomes of the name.
    withExtendedLifetime(some) { #expect(Array(some.bytes) == Array("mapped".utf8)) }
    #expect(try MappedFile(try scratch.directory.openFile("none")).bytes.isEmpty)
  }
}
