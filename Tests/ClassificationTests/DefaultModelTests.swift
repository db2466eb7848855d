import Bytes
import Documents
import Glibc
import Testing

@testable import Classification
@testable import TextModels

/// The models that come with the program and what they were made with.
@Suite struct DefaultModelTests {
  private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

  /// `tools/classifier-defaults` writes the digests of models and labels together.
  @Test(arguments: ["channel", "genre", "advertisement"]) func theModelIsTheOneThatTheToolMade(_ name: String) throws {
    let digests = String(decoding: try Self.read("tools/classifier-models.sha256"), as: UTF8.self)
      .split(separator: "\n")
    let model = try Self.read("Sources/CModels/\(name).ngram")
    #expect(digests.contains("\(Digest.hex(Digest.sha256(model)))  Sources/CModels/\(name).ngram"))
    #expect(digests.contains { $0.hasSuffix("  labels/\(name)") })
  }

  private static func read(_ name: String) throws -> [UInt8] {
    let file = try #require(fopen("\(root)/\(name)", "r"), "\(name)")
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    return bytes
  }

  private static let texts: [String] = [
    "这是一篇普通的中文文章，讲的是春天里的故事。\n第一条 为了规范管理，制定本条例。\n静夜思，床前明月光。\n",
    "def add(a, b):\n    # sums two numbers\n    return a + b\n\n```sh\nmake\n```\n#include <stdio.h>\n",
    "We prove the claim. Let $\\alpha \\in \\mathbb{R}$ and \\[ \\sum_{i=1}^{n} \\alpha_i \\]\n=head1 NAME\n\n| a | b |\n",
    "It was a bright cold day in April, and the clocks were striking thirteen; nobody in the street looked up.\n",
  ]

  /// The trained models know n-grams and facts by number: whoever changes how a text is read makes them anew
  /// (`tools/classifier-defaults`) and then puts the new digest here.
  @Test func whatTheModelsLearntFromIsReadAsThen() {
    let long = (0..<400).map { "\($0) " + Self.texts[$0 % Self.texts.count] }.joined()
    var seen: [UInt8] = []
    for text in Self.texts + [long, String(long.reversed())] {
      let example = Classifier(ClassifySettings()).example(Array(text.utf8), label: 0, key: 0, bits: 15)
      for row in example.rows { LittleEndian.append(row, to: &seen) }
      for share in example.shares { LittleEndian.append(share, to: &seen) }
      for fact in example.facts { LittleEndian.append(UInt32(fact), to: &seen) }
    }
    #expect(Digest.hex(Digest.sha256(seen)) == "e9319c83a238d0dd845c3763a360ec637c015ca30df9ee0ddfa7a65899ab2bef")
  }
}
