import Bytes
import Fixtures
import Glibc
import Testing

@testable import Tokens

/// What Hugging Face's tokenizers did, recorded by Tests/Fixtures/tokens/record.py.
enum Golden {
  struct Case: Sendable {
    let text: [UInt8]
    let ids: [String: [Int32]]
    let pieces: [String: [[UInt8]]]
  }

  static let tokenizerJSON = file("tokenizer.json")

  static let cases: [Case] = {
    guard let list = try? JSONParser.parse(file("golden.json")).array else { return [] }
    return list.map { value in
      Case(
        text: value["text"]?.bytes ?? [],
        ids: table(value["ids"]) { Int32($0.integer ?? -1) },
        pieces: table(value["pieces"]) { $0.bytes ?? [] })
    }
  }()

  private static func table<Item>(_ value: JSONValue?, _ item: (JSONValue) -> Item) -> [String: [Item]] {
    Dictionary(uniqueKeysWithValues: (value?.members ?? []).map { ($0.name, ($0.value.array ?? []).map(item)) })
  }

  /// A tokenizer with the recorded vocabulary, changed as the test wants.
  static func tokenizer(_ change: (inout TokenizerDefinition) -> Void = { _ in }) throws -> Tokenizer {
    var definition = try Tokenizer(json: tokenizerJSON).definition
    change(&definition)
    return try Tokenizer(definition)
  }

  /// The recorded vocabulary over characters, changed as the test wants.
  static func characters(_ change: (inout TokenizerDefinition) -> Void = { _ in }) throws -> Tokenizer {
    var definition = try Tokenizer(json: file("characters.json")).definition
    change(&definition)
    return try Tokenizer(definition)
  }

  private static func file(_ name: String) -> [UInt8] {
    let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    guard let handle = fopen("/\(folder)/Fixtures/tokens/\(name)", "rb") else { return [] }
    defer { fclose(handle) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, handle), count > 0 { bytes += buffer[..<count] }
    return bytes
  }
}

extension SeededRandom {
  /// A seed of the day, printed so that a failure can be repeated.
  static func printed(_ test: String) -> SeededRandom {
    let seed = UInt64.random(in: 0...0xFFFF_FFFF)
    print("\(test): seed \(seed)")
    return SeededRandom(seed)
  }
}
