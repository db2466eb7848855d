import Bytes
import Documents
import Redaction
import Testing

@Suite struct RedactorTests {
  private func masked(_ text: String, isCode: Bool = false) -> String {
    let result = Redactor().redact(Array(text.utf8), isCode: isCode).text
    return result.map { String(decoding: $0, as: UTF8.self) } ?? text
  }

  static let positives: [(String, String)] = [
    ("投稿请发送至hr12@qq.com，谢谢", "投稿请发送至<EMAIL_1>，谢谢"),
    ("Write to John.Doe+x@mail.example.co.uk.", "Write to <EMAIL_1>."),
    ("邮箱:abc@x.com", "邮箱:<EMAIL_1>"),
    ("<a@b.org>", "<<EMAIL_1>>"),
    ("手机号13812345678的用户", "手机号<PHONE_1>的用户"),
    ("电话 138 6709 8887\n", "电话 <PHONE_1>\n"),
    ("联系人李莉 +86 158-2737-7581。", "联系人李莉 <PHONE_1>。"),
    ("致电0086-13912345678", "致电<PHONE_1>"),
    ("手机(+86)13912345678", "手机<PHONE_1>"),
    ("手机8613912345678", "手机<PHONE_1>"),
    ("Call me: 13912345678.", "Call me: <PHONE_1>."),
    ("身份证号310104198912210431，户名", "身份证号<ID_CARD_1>，户名"),
    ("本人（44030519650522098X）", "本人（<ID_CARD_1>）"),
    ("身份证 44030519650522098x", "身份证 <ID_CARD_1>"),
    ("卡号6225929081003390759。", "卡号<BANK_CARD_1>。"),
    ("卡号6222 0276 4869 4584 748。", "卡号<BANK_CARD_1>。"),
    ("Card 4614610033076668.", "Card <BANK_CARD_1>."),
    ("服务器 4.247.105.195 于", "服务器 <IPV4_1> 于"),
    ("访问http://96.160.117.33:8080/x", "访问http://<IPV4_1>:8080/x"),
    ("正文。\n转载自：新华网\n下文。", "正文。\n下文。"),
    ("（来源：人民日报）\n正文。", "正文。"),
    ("正文完。本文转载自新华网。", "正文完。"),
    ("正文完（转载自某某公众号）。", "正文完。"),
    ("本文转自微信公众号某某\n正文", "正文"),
    ("来源：新华社", ""),
    ("> 原文链接：https://example.com/a/b\n\n正文", "\n正文"),
  ]

  @Test(arguments: positives)
  func personalDataIsMasked(_ text: String, _ expected: String) { #expect(masked(text) == expected) }

  static let negatives: [String] = [
    "订单编号 2024031512345678901，物流单号 SF1234567890123。",
    "统计显示全年产量为 13812345678 吨。",
    "ISBN 978-7-111-54425-8，定价 79.00 元",
    "import foo@v1.2.3; docker pull img@sha256:abcdef",
    "圆周率约为 3.14159265358979323846。",
    "时间戳 1700000000000，哈希 d41d8cd98f00b204e9800998ecf8427e。",
    "2023-12-31 23:59:59 至 2024-01-01 00:00:00",
    "@property 与 @staticmethod 是装饰器，@Override 也是",
    "https://mp.weixin.qq.com/s/13812345678/x?id=13912345678",
    "版本 1.2.3.4 修复了问题，v10.20.30.40 也是",
    "见 24.2.2.1. Standard Collations",
    "服务器 192.168.1.1 和 10.0.0.1，本机 127.0.0.1",
    "子网掩码 255.255.255.0",
    "身份证号310104198912210432 的校验位不对",
    "身份证号310104198913210431 的月份不对",
    "卡号6225929081003390758 的校验位不对",
    "icon@2x.png 和 git@github.com:a/b.git",
    "ssh://git@github.com/a/b 和 @user@mastodon.social",
    "他转载自己的文章。这项技术来源：不明的说法很多。",
    "The order 4614610033076669 failed Luhn.",
    "pi = 0.13812345678",
    "1381234567 和 138123456789",
    "foo@bar 和 a@b.",
    "a1b13812345678c",
  ]

  @Test(arguments: negatives)
  func otherNumbersStay(_ text: String) { #expect(masked(text) == text) }

  @Test func oneValueHasOneOrdinal() {
    let text = "A@x.com 和 b@x.com 和 a@X.COM；电话138 1234 5678，电话13812345678，手机13912345678"
    #expect(masked(text) == "<EMAIL_1> 和 <EMAIL_2> 和 <EMAIL_1>；电话<PHONE_1>，电话<PHONE_1>，手机<PHONE_2>")
  }

  @Test func spansPointAtPlaceholdersWithoutValues() {
    var document = Document(
      id: Identifier(high: 0, low: 0), text: Array("信箱a@b.cn，电话13812345678".utf8), source: "", origin: "")
    Redactor(RedactSettings()).process(&document)
    #expect(document.redactions.map(\.type) == ["EMAIL", "PHONE"])
    for span in document.redactions {
      let text = String(decoding: document.text[span.offset..<(span.offset + span.length)], as: UTF8.self)
      #expect(text == "<\(span.type)_1>")
    }
  }

  static let code: [(String, String)] = [
    ("# author: a@b.org\nx = 1\n", "# author: EMAIL_1\nx = 1\n"),
    ("phone = \"13812345678\"\n", "phone = \"PHONE_1\"\n"),
    ("// 手机 13812345678\n", "// 手机 PHONE_1\n"),
    ("let big = 13812345678\n", "let big = 13812345678\n"),
    ("phone = 13812345678\n", "phone = 13812345678\n"),
    ("table = [6225929081003390759, 4614610033076668]\n", "table = [6225929081003390759, 4614610033076668]\n"),
    ("card = '4614610033076668'\n", "card = 'BANK_CARD_1'\n"),
    ("connect(\"96.160.117.33\")\n", "connect(\"IPV4_1\")\n"),
    ("maintainer: a@b.org\n", "maintainer: EMAIL_1\n"),
    ("y = A@B.shape\n", "y = A@B.shape\n"),
    ("AWS_KEY=AKIAIOSFODNN7QZ3PLWT\n", "AWS_KEY=SECRET_1\n"),
    ("<a href=\"mailto:a@b.org\">\n", "<a href=\"mailto:EMAIL_1\">\n"),
    ("url = \"https://ab:s3cr3tpw@h.org/\"\n", "url = \"https://CREDENTIAL_1@h.org/\"\n"),
    ("password = get(config[\"password\"])\n", "password = get(config[\"password\"])\n"),
    ("ip6 = \"240e:12::1\" # 3c:22:fb:aa:bb:cc\n", "ip6 = \"IPV6_1\" # MAC_1\n"),
    ("@Override\npublic void run() {}\n", "@Override\npublic void run() {}\n"),
    ("# 来源：http://example.com\n", "# 来源：http://example.com\n"),
  ]

  @Test(arguments: code)
  func codeKeepsItsSyntax(_ text: String, _ expected: String) { #expect(masked(text, isCode: true) == expected) }

  @Test func switchesAreObeyed() {
    var settings = RedactSettings()
    settings.email = false
    #expect(Redactor(settings).redact(Array("a@b.cn".utf8)).text == nil)
    settings = RedactSettings()
    settings.enabled = false
    var document = Document(id: Identifier(high: 0, low: 0), text: Array("a@b.cn".utf8), source: "", origin: "")
    Redactor(settings).process(&document)
    #expect(document.text == Array("a@b.cn".utf8))
  }

  @Test func randomTextsStayValid() {
    var generator = SystemRandomNumberGenerator()
    let seed = generator.next()
    print("RedactorTests seed \(seed)")
    var state = seed
    let pieces = Array("0123456789@.-+ \n（）：。转载自来源本文手机a@b.cn13812345678/1.2.3.4身份证X").map(String.init)
    for _ in 0..<300 {
      let text = (0..<80).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return pieces[Int(state >> 33) % pieces.count]
      }.joined()
      for isCode in [false, true] {
        let result = Redactor().redact(Array(text.utf8), isCode: isCode).text ?? []
        #expect(UTF8Text.firstInvalid(result) == nil, "seed \(seed)")
      }
    }
  }
}
