import Bytes
import Fixtures
import Redaction
import Testing

/// Any byte string is survived, in time that grows with its length only.
@Suite struct HostileTests {
  private static let everything: Redactor = {
    var settings = RedactSettings()
    (settings.nameChinese, settings.nameEnglish, settings.address) = (true, true, true)
    return Redactor(settings, list: try? CutList(Array("广告\nline: 加群\nsentence: spam\n".utf8)))
  }()

  private static let pieces =
    Array("0123456789@.-+ \n（）：。=\"'#/:;,_XxEG<>[]").map(String.init) + [
      "转载自", "来源：", "手机", "a@b.cn", "13812345678", "1.2.3.4", "身份证", "参考文献\n", "[1] 2001 http://x", "QQ", "微信",
      "-----BEGIN RSA PRIVATE KEY-----",
      "-----END", "eyJhbGciOi", "AKIA", "password=", "公众号", "关注", "Mr. ", "John ", "路12号", "广告", "加群", "spam", "京A",
      "::", "ab:cd:", "户名", "王", "https://u:p",
      "Facebook", "91310104MA", "DE89", "号", "\u{0}", "👩", "Street", "省市", "phone",
    ]

  @Test func randomTextsStayValid() {
    let seed = UInt64.random(in: 0 ... .max)
    print("HostileTests seed \(seed)")
    var random = Seeded(seed)
    for _ in 0..<600 {
      let text = (0..<random.number(1...120)).map { _ in random.pick(Self.pieces) }.joined()
      for isCode in [false, true] {
        let result = Self.everything.redact(Array(text.utf8), isCode: isCode).text ?? []
        #expect(UTF8Text.firstInvalid(result) == nil, "seed \(seed): \(text)")
        var end = 0
        for span in Self.everything.spans(of: Array(text.utf8), isCode: isCode) {
          #expect(span.range.lowerBound >= end && !span.range.isEmpty, "seed \(seed): \(text)")
          end = span.range.upperBound
        }
      }
    }
  }

  @Test func randomBytesAreSurvived() {
    let seed = UInt64.random(in: 0 ... .max)
    print("HostileTests bytes seed \(seed)")
    var random = Seeded(seed)
    for _ in 0..<600 {
      var bytes = (0..<random.below(200)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      bytes += Array(random.pick(Self.pieces).utf8.dropLast(random.below(2)))
      _ = Self.everything.redact(bytes, isCode: random.below(2) == 0)
    }
  }

  static let repeated = [
    "@", "1", "1.", "1-", "a@", "1.2.3.", "::", "ab:", "eyJ", "-----BEGIN PRIVATE KEY-----", "password=", "转载自",
    "公众号关注", "参考文献\n", "[1] http 2001\n",
    "QQ:", "微信：", "phone ", "138 ", "12号", "京A1234", "A", "9", "John ", "Mr. ", "户名", "广告", "加群", "spam ", "https://u:",
    "（来源：", "1 ", "+1 ", "\"",
  ]

  /// A repeated piece is the worst case of most scanners: four times as many may not take much more than four times.
  @Test(arguments: repeated)
  func repetitionTakesLinearTime(_ piece: String) {
    func seconds(_ bytes: Int) -> Double {
      let text = Array(String(repeating: piece, count: bytes / piece.utf8.count).utf8)
      let clock = ContinuousClock()
      let time = (0..<2).map { _ in clock.measure { _ = Self.everything.redact(text) } }.min() ?? .zero
      return Double(time.components.attoseconds) / 1e18 + Double(time.components.seconds)
    }
    let small = seconds(32 << 10)
    let large = seconds(128 << 10)
    #expect(large < max(0.5, small * 16), "\(piece): \(small) s, then \(large) s")
  }
}
