import Testing

@testable import Tokens

@Suite("tiktoken rank files")
struct TiktokenFileTests {
  /// All bytes, then ab, bc, abc.
  private static let bytes: [UInt8] = {
    var text = (0..<256).map { "\(encoded([UInt8($0)])) \($0)\n" }.joined()
    for (rank, token) in ["ab", "bc", "abc"].enumerated() { text += "\(encoded(Array(token.utf8))) \(256 + rank)\n" }
    return Array(text.utf8)
  }()

  private static func encoded(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    let padded = bytes + [UInt8](repeating: 0, count: (3 - bytes.count % 3) % 3)
    var text: [Character] = []
    for group in stride(from: 0, to: padded.count, by: 3) {
      let bits = padded[group..<group + 3].reduce(0) { $0 << 8 | Int($1) }
      text += [18, 12, 6, 0].map { alphabet[bits >> $0 & 63] }
    }
    let signs = bytes.count * 8 / 6 + (bytes.count % 3 == 0 ? 0 : 1)
    return String(text.prefix(signs)) + String(repeating: "=", count: text.count - signs)
  }

  @Test("every split is a merge, lower ids first; special tokens keep their ids")
  func definition() throws {
    let definition = try TiktokenFile(Self.bytes).definition(pattern: .cl100k, special: [("<|endoftext|>", 300)])
    #expect(
      definition.merges.map { [$0.left, $0.right, $0.result] } == [
        [97, 98, 256], [98, 99, 257], [97, 257, 258], [256, 99, 258],
      ])
    #expect(definition.ignoreMerges)
    let tokenizer = try Tokenizer(json: definition.tokenizerJSON())
    #expect(tokenizer.endOfDocument == 300)
    #expect(tokenizer.makeEncoder().encode(Array("abc<|endoftext|>xab".utf8)) == [258, 300, 120, 256])
    #expect(tokenizer.vocabularySize == 301)
  }

  @Test(
    "what is no rank file is refused with its line",
    arguments: [
      ("", "no token"), ("YQ== 1 2", "line 1"), ("YQ== 1\n*** 2", "line 2"), ("YQ== 1\nYQ== 2", "twice"),
      ("YQ== -1", "line 1"), ("= 1", "line 1"),
    ])
  func refused(text: String, reason: String) {
    let error = #expect(throws: TokenizerError.self) { try TiktokenFile(Array(text.utf8)) }
    #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
  }

  @Test("a special token may not take an id that is there")
  func taken() throws {
    let file = try TiktokenFile(Self.bytes)
    #expect(throws: TokenizerError.self) { try file.definition(pattern: .gpt2, special: [("<x>", 97)]) }
  }
}
