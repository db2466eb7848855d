import Documents
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

  @Test(arguments: BuiltInRules.names) func rulesAgree(_ set: String) throws {
    let bytes = try #require(read("rules/\(set).json5"))
    #expect(try RuleSet(bytes, file: "etc") == RuleSet.builtIn([set]), "run tools/rules")
  }

  @Test(arguments: PhraseLists.signals.map(\.name)) func keywordsAgree(_ list: String) throws {
    let bytes = try #require(read("keywords/\(list).txt"))
    let builtIn = DefaultKeywords.phrases(of: DefaultKeywords.list(list))
    #expect(DefaultKeywords.phrases(of: bytes) == builtIn, "run tools/rules")
  }

  @Test func someListsAreShippedEmpty() {
    #expect(PhraseLists.builtIn.phrases(of: .keywordShare)!.count > 50)
    #expect(PhraseLists.builtIn.phrases(of: .datedShare) == [])
    #expect(PhraseLists.builtIn.phrases(of: .politicalShare) == [])
  }
}
