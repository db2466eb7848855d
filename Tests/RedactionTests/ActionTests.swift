import Bytes
import Documents
import Redaction
import Settings
import Testing

@Suite struct ActionTests {
  private func document(_ text: String, _ channel: Channel = .chinese) -> Document {
    var document = Document(id: Identifier(high: 0, low: 0), text: Array(text.utf8), source: "", origin: "")
    document.channel = channel
    return document
  }

  private func processed(
    _ text: String, _ channel: Channel = .chinese, _ change: (inout RedactSettings) -> Void
  ) -> Document {
    var settings = RedactSettings()
    change(&settings)
    var document = document(text, channel)
    Redactor(settings).process(&document)
    return document
  }

  private func text(_ document: Document) -> String { String(decoding: document.text, as: UTF8.self) }

  static let pseudonyms: [(String, String)] = [
    ("信箱a@b.cn和c@d.cn，再写a@b.cn", "信箱user1@example.com和user2@example.com，再写user1@example.com"),
    ("电话138 1234 5678。", "电话100 0000 0001。"),
    ("身份证号310104198912210431，", "身份证号100000000000000001，"),
    ("卡号6222 0276 4869 4584 748。", "卡号1000 0000 0000 0000 001。"),
    ("服务器 93.184.216.34 在", "服务器 192.0.2.2 在"),
    ("车牌沪A·12345的", "车牌沪A·10001的"),
  ]

  @Test(arguments: pseudonyms)
  func pseudonymsHaveTheShapeAndAreNobodys(_ text: String, _ expected: String) {
    let document = processed(text) { $0.action = "pseudonym" }
    #expect(self.text(document) == expected)
    // What is made up is no right number of its kind.
    #expect(!Redactor().spans(of: document.text).contains { $0.kind == .identityCard || $0.kind == .bankCard })
  }

  @Test func aKeyMakesPseudonymsTheSameInAllDocuments() {
    let first = processed("写信给x@y.cn，再给a@b.cn") { ($0.action, $0.pseudonymKey) = ("pseudonym", "s") }
    let second = processed("只给a@b.cn") { ($0.action, $0.pseudonymKey) = ("pseudonym", "s") }
    let other = processed("只给a@b.cn") { ($0.action, $0.pseudonymKey) = ("pseudonym", "t") }
    let name = text(second).split(separator: "给")[1]
    #expect(text(first).hasSuffix(name))
    #expect(!text(other).hasSuffix(name))
  }

  @Test func valuesCanBeDeletedAndTheSentenceIsWhole() {
    let document = processed("联系我们，a@b.cn，谢谢。（电话13812345678）") { $0.action = "delete" }
    #expect(text(document) == "联系我们，谢谢。（电话）")
  }

  @Test func aDropNamesItsRuleAndStillMasks() {
    let document = processed("卡号6225929081003390759，信箱a@b.cn") { $0.actions = ["zh/bank_card=drop"] }
    #expect(document.verdict == .filtered(RuleHit(rule: "redact.bank_card", value: 1, threshold: 0)))
    #expect(text(document) == "卡号<BANK_CARD_1>，信箱<EMAIL_1>")
    #expect(processed("卡号6225929081003390759", .english) { $0.actions = ["zh/bank_card=drop"] }.isKept)
  }

  @Test func theLastActionThatFitsWins() {
    let change: (inout RedactSettings) -> Void = { $0.actions = ["*/*=pseudonym", "en/email=delete", "zh/email=off"] }
    #expect(text(processed("a@b.cn", .chinese, change)) == "a@b.cn")
    #expect(text(processed("to a@b.cn now", .english, change)) == "to now")
    #expect(text(processed("to a@b.cn now", .math, change)) == "to user1@example.com now")
    #expect(text(processed("正文\n责任编辑：王\n", .chinese, change)) == "正文\n")
    #expect(text(processed("正文\n责任编辑：王\n") { $0.actions = ["*/notice=off"] }) == "正文\n责任编辑：王\n")
  }

  @Test func listsOfContactsCanBeDropped() {
    let list = (0..<20).map { "user\($0)@mail.example.cn\n" }.joined()
    #expect(processed(list) { $0.densePerThousand = 5 }.verdict != .kept)
    #expect(processed(list + String(repeating: "很长的正文。", count: 1000)) { $0.densePerThousand = 5 }.isKept)
    #expect(processed(list) { _ in }.isKept)
  }

  @Test func recordsHaveNoValues() {
    let document = processed("信箱a@b.cn，电话13812345678，正文\n责任编辑：王\n") { _ in }
    #expect(document.redactions.map(\.type) == ["EMAIL", "PHONE", "NOTICE"])
    for span in document.redactions where span.length > 0 {
      let text = String(decoding: document.text[span.offset..<(span.offset + span.length)], as: UTF8.self)
      #expect(text == "<\(span.type)_1>")
    }
  }

  @Test func placeholdersLookAsAsked() {
    #expect(text(processed("a@b.cn") { $0.placeholder = "[{type}]" }) == "[EMAIL]")
    #expect(text(processed("# a@b.cn\n", .code) { $0.codePlaceholder = "X_{type}_{n}" }) == "# X_EMAIL_1\n")
  }

  static let refused: [(key: String, value: String, hint: String)] = [
    ("actions", "zh/emial=drop", "known type"), ("actions", "zh/email=hide", "pseudonym"),
    ("code_placeholder", "<{n}>", "source code"),
    ("placeholder", "<{n}>", "{type}"),
  ]

  @Test(arguments: refused)
  func wrongSettingsAreRefused(_ key: String, _ value: String, _ hint: String) throws {
    let list = key == "actions" ? "[\"\(value)\"]" : "\"\(value)\""
    let tree = try SettingTree(Array("{redact: {\(key): \(list)}}".utf8), file: "test")
    do throws(SettingError) {
      _ = try tree.decode(RedactSettings.self)
      Issue.record("\(value) was taken")
    } catch {
      #expect("\(error)".contains(hint))
    }
  }
}
