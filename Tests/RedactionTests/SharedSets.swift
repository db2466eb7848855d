import Bytes
import Glibc
import Redaction

/// A labelled text of a set that was not made here: what stands where, in bytes.
struct LabelledText {
  let text: [UInt8]
  let spans: [(label: String, range: Range<Int>)]
}

/// Found, missed and wrong spans; a hit covers at least a given share of the labelled span.
struct SpanScore {
  var found = 0
  var missed = 0
  var wrong = 0

  var precision: Double { Double(found) / Double(max(1, found + wrong)) }
  var recall: Double { Double(found) / Double(max(1, found + missed)) }
  var f1: Double { 2 * Double(found) / Double(max(1, 2 * found + missed + wrong)) }

  mutating func add(_ wanted: [Range<Int>], _ ours: [Range<Int>], percent: Int) {
    let hits = wanted.count { wanted in
      ours.contains { 100 * $0.clamped(to: wanted).count >= percent * wanted.count }
    }
    found += hits
    missed += wanted.count - hits
    wrong += ours.count { mine in !wanted.contains { $0.overlaps(mine) } }
  }

  static func + (a: SpanScore, b: SpanScore) -> SpanScore {
    SpanScore(found: a.found + b.found, missed: a.missed + b.missed, wrong: a.wrong + b.wrong)
  }
}

/// The labelled sets beside the repository; nil when they are not there.
enum SharedSets {
  private static func file(_ path: String) -> [UInt8]? {
    let root = "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
    guard let file = fopen("/\(root)/../shared/data/pii/\(path)", "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4 << 20)
    return Array(bytes[..<fread(&bytes, 1, bytes.count, file)])
  }

  /// Labels count Unicode scalars; texts are bytes.
  private static func labelled(_ text: [UInt8], _ spans: [(String, Int, Int)]) -> LabelledText {
    let starts = text.indices.filter { text[$0] & 0xC0 != 0x80 } + [text.count]
    return LabelledText(text: text, spans: spans.map { ($0.0, starts[$0.1]..<starts[$0.2]) })
  }

  /// Faker's values in Chinese and English sentences.
  static func synthetic() throws -> [LabelledText]? {
    try file("zh-en-synthetic/rows.jsonl")?.split(separator: 0x0A).map { line in
      try read(JSONParser.parse(Array(line)), text: "text", label: "type", start: "start", end: "end")
    }
  }

  /// Microsoft's presidio-research.
  static func presidio(_ name: String) throws -> [LabelledText]? {
    try file("en-presidio-research/data/\(name).json").map { bytes in
      try (JSONParser.parse(bytes).array ?? []).map {
        try read($0, text: "full_text", label: "entity_type", start: "start_position", end: "end_position")
      }
    }
  }

  private static func read(
    _ row: JSONValue, text: String, label: String, start: String, end: String
  ) throws -> LabelledText {
    let spans = (row["spans"]?.array ?? []).compactMap { span -> (String, Int, Int)? in
      guard let label = span[label]?.string, let start = span[start]?.integer, let end = span[end]?.integer else {
        return nil
      }
      return (label, start, end)
    }
    return labelled(row[text]?.bytes ?? [], spans)
  }

  /// A column file, one token a line; `joint` stands between tokens. Persons only, as PER.
  static func columns(_ path: String, joint: String, isPerson: (String) -> Bool) -> [LabelledText]? {
    file(path).map { bytes in
      String(decoding: bytes, as: UTF8.self).split(separator: "\n\n").map { sentence in
        var text: [UInt8] = []
        var spans: [(String, Range<Int>)] = []
        var continues = false
        for line in sentence.split(separator: "\n") {
          let cells = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
          guard cells.count >= 2, let tag = cells.last else { continue }
          if !text.isEmpty { text += joint.utf8 }
          let start = text.count
          // A character of the Chinese set has its place in a word behind it.
          text += joint.isEmpty ? Array(String(cells[0].first!).utf8) : Array(cells[0].utf8)
          let person = isPerson(String(tag))
          if person, continues, !tag.hasPrefix("B-") {
            spans[spans.count - 1].1 = spans[spans.count - 1].1.lowerBound..<text.count
          } else if person {
            spans.append(("PER", start..<text.count))
          }
          continues = person
        }
        return LabelledText(text: text, spans: spans)
      }
    }
  }
}
