import Bytes
import Glibc
import Redaction
import Testing

/// Precision and recall on the labelled synthetic set, a hit being at least 80 % of the labelled span.
@Suite struct SyntheticSetTests {
  private static let labels: [(RedactionKind, [String])] = [
    (.email, ["EMAIL"]), (.phone, ["PHONE", "LANDLINE", "US_PHONE"]), (.identityCard, ["IDCARD"]),
    (.bankCard, ["BANKCARD", "CREDIT"]), (.ipv4, ["IP"]), (.ipv6, ["IPV6"]), (.passport, ["PASSPORT"]),
    (.companyCode, ["USCC"]), (.plate, ["PLATE"]), (.qq, ["QQ"]), (.wechat, ["WECHAT"]), (.socialSecurity, ["SSN"]),
  ]

  private struct Score {
    var found = 0
    var missed = 0
    var wrong = 0
    var f1: Double { 2 * Double(found) / Double(max(1, 2 * found + missed + wrong)) }
  }

  private static func rows() -> [[UInt8]]? {
    let root = "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
    guard let file = fopen("/\(root)/../shared/data/pii/zh-en-synthetic/rows.jsonl", "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4 << 20)
    let size = fread(&bytes, 1, bytes.count, file)
    return bytes[..<size].split(separator: 0x0A).map(Array.init)
  }

  @Test func eachTypeReachesItsGoal() throws {
    guard let rows = Self.rows() else {
      print("skipped: no ../shared/data/pii/zh-en-synthetic")
      return
    }
    var scores = [Score](repeating: Score(), count: Self.labels.count)
    // The second half was never looked at while the detectors were made; every other row keeps the debug build quick.
    for row in stride(from: rows.count / 2, to: rows.count, by: 2).map({ rows[$0] }) {
      try Self.judge(JSONParser.parse(row), &scores)
    }
    for (place, label) in Self.labels.enumerated() {
      let score = scores[place]
      print(
        "redact \(label.0.label): \(score.found) found, \(score.missed) missed, \(score.wrong) wrong, F1 \(score.f1)")
      #expect(score.f1 >= 0.97, "\(label.0.label)")
    }
  }

  private static func judge(_ row: JSONValue, _ scores: inout [Score]) {
    guard let text = row["text"]?.bytes, let spans = row["spans"]?.array else { return }
    // Labels count Unicode scalars.
    let starts = text.indices.filter { text[$0] & 0xC0 != 0x80 } + [text.count]
    let found = Redactor().spans(of: text)
    for (place, label) in labels.enumerated() {
      let ours = found.filter { $0.kind == label.0 }.map(\.range)
      let theirs = spans.filter { label.1.contains($0["type"]?.string ?? "") }.compactMap { span -> Range<Int>? in
        guard let start = span["start"]?.integer, let end = span["end"]?.integer else { return nil }
        return starts[start]..<starts[end]
      }
      let hits = theirs.count { wanted in
        ours.contains { 10 * $0.clamped(to: wanted).count >= 8 * wanted.count }
      }
      scores[place].found += hits
      scores[place].missed += theirs.count - hits
      scores[place].wrong += ours.count { mine in !theirs.contains { $0.overlaps(mine) } }
    }
  }
}
