import Decoding
import Documents
import Glibc
import Testing
import Text

/// Real documents converted to each encoding and cut between characters must be read back as they were.
@Suite(.enabled(if: SharedData.isPresent("corpus/other/opensource-guide-26lang.jsonl.zst")))
struct EncodingAccuracyTests {
  /// Texts of up to `limit` documents of a corpus file.
  static func texts(_ path: String, limit: Int) -> [[UInt8]] {
    let reader = DocumentReader(
      source: MemorySource(SharedData.bytes("corpus/" + path)), format: FileFormat(.jsonLines, compression: .zstd),
      settings: ReadSettings(), options: SourceOptions())
    var texts: [[UInt8]] = []
    while texts.count < limit, let item = try? reader.next() {
      if case .document(let document) = item { texts.append(document.text) }
    }
    return texts
  }

  static let simplified =
    texts("zh/lawrefbook.jsonl.zst", limit: 40) + texts("zh/oi-wiki.jsonl.zst", limit: 40)
    + texts("zh/cmrc2018-wiki-zh.jsonl.zst", limit: 40)
  static let guides = texts("other/opensource-guide-26lang.jsonl.zst", limit: 400)
  static let traditional = guides.filter { count("們", $0) + count("這", $0) > 20 }
  static let western = guides.filter { text in
    let accents = count("é", text) + count("ü", text) + count("ó", text) + count("ã", text)
    return accents * 400 > text.count && text.allSatisfy { $0 < 0xCE || $0 >= 0xE2 }
  }

  static func count(_ character: String, _ text: [UInt8]) -> Int {
    let wanted = Array(character.utf8)
    return text.indices.filter { text[$0] == wanted[0] && text[$0...].starts(with: wanted) }.count
  }

  /// The text in an encoding and what of it that encoding has, at most `size` bytes of it; nil when too little is left.
  static func cut(_ text: [UInt8], _ encoding: String, start: Int, size: Int) -> (bytes: [UInt8], gold: [UInt8])? {
    let from = iconv_open(encoding, "UTF-8")
    defer { iconv_close(from) }
    var bytes: [UInt8] = []
    var gold: [UInt8] = []
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars.dropFirst(start) {
      let utf8 = Array(String(scalar).utf8)
      guard let converted = one(from, utf8) else { continue }
      if bytes.count + converted.count > size { break }
      bytes += converted
      gold += utf8
    }
    return bytes.count >= 60 && (encoding.hasPrefix("UTF") || bytes.contains { $0 >= 0x80 }) ? (bytes, gold) : nil
  }

  static func one(_ descriptor: iconv_t?, _ utf8: [UInt8]) -> [UInt8]? {
    var input = utf8.map { CChar(bitPattern: $0) }
    var output = [CChar](repeating: 0, count: 16)
    let left = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        var from = source.baseAddress
        var to = target.baseAddress
        var count = source.count
        var room = target.count
        let failed = iconv(descriptor, &from, &count, &to, &room) == Int.max.magnitude * 2 + 1
        _ = iconv(descriptor, nil, nil, &to, &room)
        return failed || count > 0 ? target.count : room
      }
    }
    return left == 16 ? nil : output[..<(16 - left)].map { UInt8(bitPattern: $0) }
  }

  @Test(
    "converted documents are read back",
    arguments: [
      ("GBK", "zh", []), ("GB18030", "zh", []), ("BIG5-HKSCS", "hant", []), ("UTF-16LE", "zh", []),
      ("UTF-16BE", "zh", []),
      ("UTF-16LE", "western", [0xFF, 0xFE]), ("UTF-16BE", "zh", [0xFE, 0xFF]), ("UTF-32LE", "zh", []),
      ("UTF-32BE", "western", []), ("ISO-8859-1", "western", []), ("WINDOWS-1252", "western", []), ("UTF-8", "zh", []),
    ] as [(String, String, [UInt8])])
  func converted(encoding: String, language: String, mark: [UInt8]) {
    let texts =
      switch language {
      case "zh": EncodingAccuracyTests.simplified
      case "hant": EncodingAccuracyTests.traditional
      default: EncodingAccuracyTests.western
      }
    var right = 0
    var all = 0
    let rounds = max(1, 100 / max(texts.count, 1))
    for (index, text) in texts.enumerated() {
      for round in 0..<rounds {
        let size = [200, 350, 700, 1500, 4000, 12_000][(index + round) % 6]
        guard let piece = EncodingAccuracyTests.cut(text, encoding, start: 137 * round, size: size) else { continue }
        all += 1
        let outcome = readAll(mark + piece.bytes, .text)
        if outcome.documents.first?.text == Normalizer.normalize(piece.gold) { right += 1 }
      }
    }
    print("\(encoding)\(mark.isEmpty ? "" : " with mark"): \(right)/\(all)")
    #expect(all >= 60)
    #expect(Double(right) >= 0.98 * Double(all))
  }

  @Test(
    "a clean corpus is hardly ever called mojibake", arguments: ["zh/oi-wiki.jsonl.zst", "en/python-peps.jsonl.zst"])
  func cleanCorpus(path: String) {
    let reader = DocumentReader(
      source: MemorySource(SharedData.bytes("corpus/" + path)), format: FileFormat(.jsonLines, compression: .zstd),
      settings: ReadSettings(), options: SourceOptions())
    var flagged = 0
    var all = 0
    while let item = try? reader.next() {
      guard case .document(let document) = item else { continue }
      all += 1
      if document.flags.contains(.mojibake) { flagged += 1 }
    }
    print("\(path): \(flagged) of \(all) flagged as mojibake")
    #expect(all > 400)
    #expect(flagged <= 1)
  }
}
