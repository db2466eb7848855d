import Bytes
import Documents
import Redaction

/// Each detector alone: with all of them, what one finds hides what another would have.
extension FuzzTarget {
  private static let switches:
    [(name: String, path: any WritableKeyPath<RedactSettings, Bool> & Sendable, seed: String)] = [
      ("email", \.email, "a.b+c@mail.example.com, x＠例子.中国 mailto:a@b.cd"),
      ("phone", \.phone, "13800138000 +86 138-0013-8000 010-62781234 (212) 555-0123 400-800-1234 +44 20 7946 0958"),
      ("id-card", \.identityCard, "身份证 11010519491231002X，身份证号：110105491231002"),
      ("bank-card", \.bankCard, "4111 1111 1111 1111 6222021234567890128"),
      ("iban", \.iban, "GB82 WEST 1234 5698 7654 32 DE89370400440532013000"),
      ("ssn", \.socialSecurity, "123-45-6789 SSN 078 05 1120"),
      ("passport", \.passport, "护照号 G12345678 passport no. E12345678"),
      ("company-code", \.companyCode, "91350100M000100Y43 统一社会信用代码"),
      ("plate", \.plate, "京A12345 沪AD12345 粤B·12345"),
      ("ipv4", \.ipv4, "8.8.8.8 10.0.0.1 1.2.3.4.5 255.255.255.255:80"),
      ("ipv6", \.ipv6, "2001:4860:4860::8888 ::1 fe80::1%eth0 ::ffff:8.8.8.8"),
      ("mac", \.mac, "00:1B:44:11:3A:B7 00-1b-44-11-3a-b7 001b.4411.3ab7"),
      ("credential", \.credential, "https://user:secret@host.org/x ftp://a:b@c postgres://u:p%40@h:5432/d"),
      (
        "secret", \.secret,
        "ghp_0123456789abcdefghijABCDEFGHIJ012345 api_key = \"x8Fk2LmQ9vRt4Zy1\" -----BEGIN PRIVATE KEY-----\nMIIE\n"
          + "-----END PRIVATE KEY-----\neyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N"
      ), ("qq", \.qq, "QQ: 123456789 加QQ群 987654321"), ("wechat", \.wechat, "微信：abc_def123 wechat id: hello-you"),
      ("name-zh", \.nameChinese, "记者王小明报道，张先生和欧阳修教授；责任编辑：李四"),
      ("name-en", \.nameEnglish, "Mr. John Smith and Dr. O'Brien met Mary-Jane McDonald."),
      ("address", \.address, "河北省石家庄市桥西区中山路1号 221 Baker Street, London NW1 6XE"),
      ("reprint", \.reprint, "（转载自某某网）\n来源：新华社 本文转载请注明出处"),
      ("notice", \.notice, "责任编辑：王明\n原标题：某事\n关注公众号 abc\n上一篇：x\nThis site uses cookies.\nShare on Facebook"),
      (
        "references", \.references,
        "Text.\n\n参考文献\n[1] A. Title[J]. 2001.\n[2] B. Other. 2002.\n\nReferences\n1. X, Y (1999). Z.\n2. Q, R (2000). S.\n"
      ),
    ]

  /// One target a detector; which action and whether it is code, the input's size decides.
  static let detectors: [FuzzTarget] = switches.map { name, path, seed in
    let redactors = ["placeholder", "pseudonym", "delete", "drop"].map { action in
      var settings = RedactSettings()
      for other in switches { settings[keyPath: other.path] = false }
      settings[keyPath: path] = true
      settings.action = action
      return Redactor(settings)
    }
    return FuzzTarget(name: "detect-\(name)") {
      [bytes(seed), bytes(seed + "\n" + seed)]
    } run: { input in
      let isCode = input.count / redactors.count % 2 == 1
      check(redactors[input.count % redactors.count], input, isCode: isCode)
    }
  }

  /// A list of phrases to cut, then a text.
  static let cutList = FuzzTarget(name: "cut-list") {
    [
      joined([bytes("# c\nbuy now\nline: 广告\nsentence: 点击这里\n"), bytes("A. Buy NOW! B。请点击这里。\n广告一行\n末行")]),
      joined([bytes("a\nab\nabc\nline: b"), bytes("abcabc\nxaby\n")]),
    ]
  } run: { input in
    let files = parts(input, 2)
    guard files.count == 2, files[0].count < 4096, let list = try? CutList(files[0]) else { return }
    check(Redactor(RedactSettings(), list: list), files[1], isCode: false)
  }

  /// Findings lie apart and inside, the text stays a text, and a second look finds the same.
  private static func check(_ redactor: Redactor, _ input: [UInt8], isCode: Bool) {
    let found = redactor.spans(of: input, isCode: isCode)
    var end = 0
    for (kind, range) in found {
      promise(range.lowerBound >= end && range.upperBound <= input.count, "\(kind): \(range) after \(end)")
      promise(!range.isEmpty, "\(kind): nothing is found")
      end = range.upperBound
    }
    let again = redactor.spans(of: input, isCode: isCode)
    promise(again.map(\.range) == found.map(\.range), "found otherwise the second time")
    let (text, spans) = redactor.redact(input, isCode: isCode)
    guard let text else { return promise(found.isEmpty, "something was found and nothing done") }
    promise(spans.count == found.count, "\(spans.count) masks of \(found.count) findings")
    var last = 0
    for span in spans {
      promise(span.offset >= last && span.offset + span.length <= text.count, "a mask overlaps or lies outside")
      last = span.offset + span.length
    }
    promise(
      UTF8Text.firstInvalid(input) != nil || UTF8Text.firstInvalid(text) == nil, "masking broke the text's UTF-8")
  }
}
