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

  /// Pieces of real documents, `count` of them, each beginning somewhere else; seeded by their number alone.
  static func pieces(_ paths: [String], _ count: Int, wanted: (([UInt8]) -> Bool)? = nil) -> [[Unicode.Scalar]] {
    let perFile = count / paths.count + 1
    var pieces: [[Unicode.Scalar]] = []
    for path in paths {
      let all = texts(path, limit: 4 * perFile).filter { wanted?($0) ?? true }
      for index in 0..<(all.isEmpty ? 0 : perFile) {
        let scalars = Array(String(decoding: all[index % all.count], as: UTF8.self).unicodeScalars.prefix(12_000))
        let round = index / all.count
        pieces.append(Array(scalars.dropFirst((37 * index + 911 * round) % max(1, scalars.count / 2))))
      }
    }
    return Array(pieces.prefix(count))
  }

  static func count(_ character: String, _ text: [UInt8]) -> Int {
    let wanted = Array(character.utf8)
    return text.indices.filter { text[$0] == wanted[0] && text[$0...].starts(with: wanted) }.count
  }

  /// What of the text the encoding has, in it, at most `size` bytes, cut between characters; nil when too little is
  /// left or nothing of it is beyond ASCII.
  static func encoded(_ scalars: [Unicode.Scalar], _ encoding: String, size: Int) -> [UInt8]? {
    let descriptor = iconv_open(encoding, "UTF-8")
    defer { iconv_close(descriptor) }
    var bytes: [UInt8] = []
    for scalar in scalars {
      guard let one = one(descriptor, Array(String(scalar).utf8)) else { continue }
      if bytes.count + one.count > size { break }
      bytes += one
    }
    return bytes.count >= 200 && (encoding.hasPrefix("UTF") || bytes.contains { $0 >= 0x80 }) ? bytes : nil
  }

  private static func one(_ descriptor: iconv_t?, _ utf8: [UInt8]) -> [UInt8]? {
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

  /// The bytes as their encoding is defined, by iconv; without the marks that some encodings put in front.
  static func decoded(_ bytes: [UInt8], _ encoding: String) -> [UInt8] {
    let descriptor = iconv_open("UTF-8", encoding)
    defer { iconv_close(descriptor) }
    var input = bytes.map { CChar(bitPattern: $0) }
    var output = [CChar](repeating: 0, count: bytes.count * 4 + 16)
    let capacity = output.count
    let left = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        var from = source.baseAddress
        var to = target.baseAddress
        var count = source.count
        var room = capacity
        _ = iconv(descriptor, &from, &count, &to, &room)
        _ = iconv(descriptor, nil, nil, &to, &room)
        return room
      }
    }
    return output[..<(capacity - left)].map { UInt8(bitPattern: $0) }
  }

  private static let simplified = [
    "zh/lawrefbook.jsonl.zst", "zh/oi-wiki.jsonl.zst", "zh/cmrc2018-wiki-zh.jsonl.zst", "zh/pingcap-docs-cn.jsonl.zst",
    "zh/javaguide.jsonl.zst", "zh/niutrans-bitext.jsonl.zst",
  ]
  private static let western = ["other/opensource-guide-26lang.jsonl.zst", "en/standardebooks.jsonl.zst"]
  static let chinese = pieces(simplified, 420)
  static let traditional =
    pieces(["other/opensource-guide-26lang.jsonl.zst"], 200) { count("們", $0) + count("這", $0) > 20 }
    + pieces(["zh/chinese-poetry.jsonl.zst"], 2000) { $0.count > 800 && count("無", $0) + count("時", $0) > 2 }
  static let latin = pieces(western, 2000) { text in
    let accents = count("é", text) + count("ü", text) + count("ó", text) + count("ã", text) + count("’", text)
    return accents > 3 && text.allSatisfy { $0 < 0xCE || $0 == 0xE2 }
  }

  /// Eight encodings, 300 documents of at least 200 bytes each; right is the text that the encoding's definition gives.
  @Test("300 documents in each of eight encodings: 99.5 of 100 are read as they were written")
  func accuracy() {
    var right = 0
    var all = 0
    let encodings = [
      ("UTF-8", "zh"), ("UTF-16LE", "zh"), ("UTF-16BE", "zh"), ("UTF-32LE", "latin"), ("GB18030", "zh"),
      ("BIG5-HKSCS", "hant"), ("ISO-8859-1", "latin"), ("WINDOWS-1252", "latin"),
    ]
    for (encoding, language) in encodings {
      let pieces =
        switch language {
        case "zh": EncodingAccuracyTests.chinese
        case "hant": EncodingAccuracyTests.traditional
        default: EncodingAccuracyTests.latin
        }
      let (good, count) = EncodingAccuracyTests.tally(pieces, encoding, most: 300)
      print("\(encoding): \(good)/\(count)")
      #expect(count == 300, "\(encoding): too few documents")
      right += good
      all += count
    }
    print("all encodings: \(right)/\(all) = \(Double(right) / Double(all))")
    #expect(Double(right) >= 0.995 * Double(all))
  }

  static func tally(_ pieces: [[Unicode.Scalar]], _ encoding: String, most: Int) -> (right: Int, all: Int) {
    var right = 0
    var all = 0
    for (index, piece) in pieces.enumerated() where all < most {
      let size = [200, 260, 350, 700, 1500, 4000, 9000][index % 7]
      guard let bytes = encoded(piece, encoding, size: size) ?? encoded(piece, encoding, size: 300) else { continue }
      all += 1
      let text = readAll(bytes, .text).documents.first?.text
      let wanted = Normalizer.normalize(decoded(bytes, encoding))
      if text == wanted {
        right += 1
      } else {
        let said = readAll(bytes, .text).documents.first?.encoding ?? "nothing"
        print(
          "  \(encoding) of \(bytes.count) bytes read as \(said): \(String(decoding: wanted.prefix(90), as: UTF8.self))"
        )
      }
    }
    return (right, all)
  }

  @Test(
    "marks and wide units",
    arguments: [("UTF-16LE", [0xFF, 0xFE]), ("UTF-16BE", [0xFE, 0xFF]), ("UTF-8", [0xEF, 0xBB, 0xBF])]
      as [(String, [UInt8])])
  func marked(encoding: String, mark: [UInt8]) throws {
    for piece in EncodingAccuracyTests.latin.prefix(20) {
      let bytes = try #require(EncodingAccuracyTests.encoded(piece, encoding, size: 600))
      let wanted = Normalizer.normalize(EncodingAccuracyTests.decoded(bytes, encoding))
      #expect(readAll(mark + bytes, .text).documents.first?.text == wanted)
    }
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
