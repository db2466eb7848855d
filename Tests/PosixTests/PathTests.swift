import Fixtures
import Posix
import Testing

@Suite struct PathTests {
  @Test(arguments: [
    ("a/b/c", ["a", "b", "c"], "c", "a/b"), ("/a", ["a"], "a", "/"), ("a", ["a"], "a", ""), ("", [], "", ""),
    ("a//b", ["a", "b"], "b", "a/"), ("a/", ["a"], "a", "a"),
  ])
  func parts(_ text: String, _ components: [String], _ name: String, _ parent: String) {
    let path = Path(text)
    #expect(path.components == components.map { Path($0) })
    #expect(path.name == Path(name))
    #expect(path.parent == Path(parent))
  }

  @Test(arguments: [("a", "b", "a/b"), ("a/", "b", "a/b"), ("", "b", "b"), ("/", "b", "/b")])
  func joins(_ base: String, _ name: String, _ joined: String) {
    #expect(Path(base) / Path(name) == Path(joined))
  }

  @Test(arguments: [
    ("a.TXT", "txt"), ("x/y.tar.GZ", "gz"), ("noext", ""), (".hidden", ""), ("dir.d/file", ""), ("trailing.", ""),
  ])
  func extensions(_ text: String, _ expected: String) { #expect(Path(text).fileExtension == expected) }

  @Test func orderIsByteOrder() {
    let names = ["Z", "a", "é", "a/b", "a-b", "ab", "中"]
    let sorted = names.map { Path($0) }.sorted()
    #expect(sorted == names.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }.map { Path($0) })
  }

  /// What people read stays readable.
  @Test(arguments: [
    ("plain.txt", "plain.txt"), ("中文 名.txt", "中文 名.txt"), ("50%.txt", "50%25.txt"), ("a\nb", "a%0Ab"),
    ("a b\u{7F}", "a%20b%7F"),
  ])
  func shown(_ text: String, _ expected: String) { #expect(Path(text).description == expected) }

  @Test func everyByteComesBack() {
    for byte in UInt8.min...UInt8.max {
      for bytes in [[byte], [0x61, byte], [byte, 0x62], [byte, byte], [0x25, byte]] {
        let shown = Path(bytes).description
        #expect(Path(escaped: shown).bytes == bytes, "\(bytes) was shown as \(shown)")
        #expect(!shown.utf8.contains { $0 < 0x20 }, "one line")
      }
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func randomNamesComeBack(_ seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed)
    for _ in 0..<500 {
      let bytes = (0..<Int(random.next() % 40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      #expect(Path(escaped: Path(bytes).description).bytes == bytes, "\(bytes)")
    }
  }

  @Test(arguments: ["%", "%4", "%zz", "a%", "%+F", "%-1"])
  func whatIsNoEscapeStays(_ text: String) { #expect(Path(escaped: text) == Path(text)) }
}
