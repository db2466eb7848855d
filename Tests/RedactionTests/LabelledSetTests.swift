import Redaction
import Testing

/// Precision and recall on labelled sets that were not made here, on the halves that were not looked at while the
/// detectors were made: of every file the second, of the Chinese names `dev` and `test`.
@Suite struct LabelledSetTests {
  private static let kinds: [String: RedactionKind] = [
    "EMAIL": .email, "EMAIL_ADDRESS": .email, "PHONE": .phone, "LANDLINE": .phone, "US_PHONE": .phone,
    "PHONE_NUMBER": .phone, "IDCARD": .identityCard, "BANKCARD": .bankCard, "CREDIT": .bankCard,
    "CREDIT_CARD": .bankCard, "IP": .ipv4, "IPV6": .ipv6, "IP_ADDRESS": .ipv4, "PASSPORT": .passport,
    "USCC": .companyCode, "PLATE": .plate, "QQ": .qq, "WECHAT": .wechat, "SSN": .socialSecurity,
    "US_SSN": .socialSecurity, "IBAN_CODE": .iban,
  ]

  /// One set says IP_ADDRESS for both kinds.
  private func kind(_ kind: RedactionKind, joinsAddresses: Bool) -> RedactionKind {
    joinsAddresses && kind == .ipv6 ? .ipv4 : kind
  }

  private func check(_ texts: [LabelledText], _ name: String, joinsAddresses: Bool, each: Double) {
    var scores: [RedactionKind: SpanScore] = [:]
    let redactor = Redactor()
    for text in texts {
      let found = redactor.spans(of: text.text).map { (self.kind($0.kind, joinsAddresses: joinsAddresses), $0.range) }
      for kind in Set(Self.kinds.values) {
        let wanted = text.spans.filter { Self.kinds[$0.label] == kind }.map(\.range)
        let ours = found.filter { $0.0 == kind }.map(\.1)
        if wanted.isEmpty && ours.isEmpty { continue }
        scores[kind, default: SpanScore()].add(wanted, ours, percent: 80)
      }
    }
    for (kind, score) in scores.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      let shares = "P \(score.precision) R \(score.recall) F1 \(score.f1)"
      print("\(name) \(kind.label): \(shares), \(score.found + score.missed) spans")
      if score.found + score.missed >= 20 { #expect(score.f1 >= each, "\(name) \(kind.label): \(score)") }
    }
    let all = scores.values.reduce(SpanScore(), +)
    print("\(name), all patterned kinds: P \(all.precision) R \(all.recall) F1 \(all.f1)")
    #expect(all.f1 >= 0.97)
  }

  @Test func patternedKindsInTheSyntheticSet() throws {
    guard let texts = try SharedSets.synthetic() else {
      print("skipped: no ../shared/data/pii/zh-en-synthetic")
      return
    }
    check(Array(texts[(texts.count / 2)...]), "synthetic", joinsAddresses: false, each: 0.97)
  }

  @Test func patternedKindsInPresidioResearch() throws {
    var texts: [LabelledText] = []
    for name in ["generated_large", "generated_small", "synth_dataset_v2"] {
      guard let set = try SharedSets.presidio(name) else {
        print("skipped: no ../shared/data/pii/en-presidio-research")
        return
      }
      texts += set[(set.count / 2)...]
    }
    // Phones there are of every country's form, most with nothing that says so: the single kinds may be lower.
    check(texts, "presidio-research", joinsAddresses: true, each: 0.9)
  }

  /// Names are reported, and must be precise; most names in a text are announced by nothing and stay.
  @Test func namesAreReportedHonestly() {
    var settings = RedactSettings()
    (settings.nameChinese, settings.nameEnglish) = (true, true)
    let redactor = Redactor(settings)
    let weibo = ["dev", "test"].compactMap {
      SharedSets.columns("zh-weibo-ner/data/weiboNER_2nd_conll.\($0)", joint: "") { $0.hasSuffix("PER.NAM") }
    }.flatMap { $0 }
    let wiki = SharedSets.columns("en-wikigold/data/wikigold.conll.txt", joint: " ") { $0.hasSuffix("PER") } ?? []
    for (name, texts) in [("weibo", weibo), ("wikigold", Array(wiki[(wiki.count / 2)...]))] {
      guard !texts.isEmpty else {
        print("skipped: no labelled names of \(name)")
        continue
      }
      var score = SpanScore()
      for text in texts {
        let ours = redactor.spans(of: text.text).filter { $0.kind == .name }.map(\.range)
        score.add(text.spans.map(\.range), ours, percent: 50)
      }
      let counts = "\(score.found + score.missed) names, \(score.wrong) wrong"
      print("\(name) NAME: P \(score.precision) R \(score.recall), \(counts)")
      #expect(score.precision >= 0.8 && score.found > 0, "\(name)")
    }
  }
}
