import Fixtures
import Redaction
import Testing

/// 5,000 made-up values of every kind and 5,000 things that only look alike, next to Chinese without blanks too.
@Suite struct GeneratedSetTests {
  private struct Score {
    var found = 0
    var missed: [String] = []
    var wrong: [String] = []
    var f1: Double { 2 * Double(found) / Double(max(1, 2 * found + missed.count + wrong.count)) }
  }

  private static func random(_ name: String) -> Seeded {
    let seed = UInt64.random(in: 0 ... .max)
    print("GeneratedSetTests.\(name) seed \(seed)")
    return Seeded(seed)
  }

  @Test func everyPatternedKindIsFound() {
    var random = Self.random("positives")
    let redactor = Redactor()
    var scores: [RedactionKind: Score] = [:]
    for index in 0..<5000 {
      let form = PositiveSamples.forms[index % PositiveSamples.forms.count]
      let value = form.value(&random)
      let (before, after) = random.pick(form.contexts)
      let text = "\(before)\(value)\(after)"
      let start = before.utf8.count
      let wanted = start..<(start + value.utf8.count)
      let spans = redactor.spans(of: Array(text.utf8))
      let hit = spans.contains { $0.kind == form.kind && 10 * $0.range.clamped(to: wanted).count >= 8 * wanted.count }
      if hit {
        scores[form.kind, default: Score()].found += 1
      } else {
        scores[form.kind, default: Score()].missed.append(text)
      }
      for span in spans where !(span.kind == form.kind && span.range.overlaps(wanted)) {
        scores[span.kind, default: Score()].wrong.append(text)
      }
    }
    for (kind, score) in scores.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      let counts = "\(score.found) found, \(score.missed.count) missed, \(score.wrong.count) wrong"
      print("generated \(kind.label): \(counts), F1 \(score.f1) \(score.missed.prefix(4))")
      #expect(score.f1 >= 0.99, "\(kind.label) missed \(score.missed.prefix(5)) wrong \(score.wrong.prefix(5))")
    }
  }

  @Test func noDecoyIsMasked() {
    var random = Self.random("decoys")
    let redactor = Redactor()
    for index in 0..<5000 {
      let decoy = DecoySamples.forms[index % DecoySamples.forms.count](&random)
      let text = random.pick(["", "其中", "see ", "说明：", "\n"]) + decoy + random.pick(["", "。", " end", "\n"])
      let spans = redactor.spans(of: Array(text.utf8))
      #expect(spans.isEmpty, "\(spans.map(\.kind.label)) in \(text)")
    }
  }

  /// Found by a seed: a group that ends in 86 is no country code, a long group no extension.
  @Test(arguments: ["其中uuid 38d86e86-0656-4479-8947-259378459996", "单 0571-88776655-123456", "a86-0571-88776655"])
  func groupsOfOtherNumbersAreNoPhones(_ text: String) {
    #expect(Redactor().spans(of: Array(text.utf8)).isEmpty)
  }
}
