import Posix
import Spool
import Testing

@Suite struct RejectedNameTests {
  @Test(arguments: ["a.jsonl", "no ending", "中文.txt", String(repeating: "x", count: 211) + ".txt"])
  func whatFitsStays(_ name: String) { #expect(RejectedName.fitting(Path(name)) == Path(name)) }

  /// The reason's temporary has the longest name: `.NAME.12.reason.json.tmp`.
  @Test(arguments: [
    [UInt8](repeating: 0x61, count: 251) + Array(".txt".utf8), [UInt8](repeating: 0x62, count: 255),
    [UInt8](repeating: 0xFF, count: 240) + Array(".jsonl.zst".utf8),
    Array(String(repeating: "字", count: 83).utf8) + Array(".jsonl".utf8),
    Array(("é" + String(repeating: "e\u{301}", count: 84)).utf8),
  ])
  func whatDoesNotFitIsCut(_ bytes: [UInt8]) {
    let name = Path(bytes)
    let short = RejectedName.choice(12, of: name)
    #expect((Directory.temporary(short + ".reason.json")).bytes.count <= 255)
    #expect(Directory.temporary(short + ".bad.jsonl.reason.json").bytes.count <= 255)
    #expect(RejectedName.fitting(name) == RejectedName.fitting(name))
    #expect(RejectedName.fitting(name).fileExtension == (name.bytes.contains(0x2E) ? name.fileExtension : ""))
    if String(validating: bytes, as: UTF8.self) != nil {
      #expect(String(validating: RejectedName.fitting(name).bytes, as: UTF8.self) != nil, "not cut inside a character")
    }
  }

  @Test func differentNamesStayDifferent() {
    let stem = String(repeating: "y", count: 230)
    let names = (0..<100).map { RejectedName.fitting(Path("\(stem)\($0).txt")) }
    #expect(Set(names).count == 100)
  }
}
