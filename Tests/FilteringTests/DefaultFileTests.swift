import Filtering
import Glibc
import Testing

/// What is compiled in and what lies under etc/ must not drift apart.
@Suite struct DefaultFileTests {
  private func read(_ name: String) -> [UInt8]? {
    let root = "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
    guard let file = fopen("/\(root)/etc/\(name)", "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    return Array(bytes[..<fread(&bytes, 1, bytes.count, file)])
  }

  @Test func rulesAgree() throws {
    let bytes = try #require(read("rules/default.json5"))
    #expect(try RuleSet(bytes, file: "etc") == RuleSet.builtIn())
  }

  @Test func keywordsAgree() throws {
    let bytes = try #require(read("keywords/promotion.txt"))
    #expect(DefaultKeywords.phrases(of: bytes) == DefaultKeywords.phrases)
    #expect(DefaultKeywords.phrases.count > 50)
  }
}
