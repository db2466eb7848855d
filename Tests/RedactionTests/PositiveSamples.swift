import Fixtures
import Redaction

/// Personal data that nobody has, one generator a kind, with the words that stand around it.
enum PositiveSamples {
  typealias Value = @Sendable (_ random: inout Seeded) -> String

  struct Form: Sendable {
    let kind: RedactionKind
    let value: Value
    /// What may stand before and after; "" and Chinese without a blank are among them.
    let contexts: [(String, String)]
  }

  private static let plain = [
    ("", ""), ("请记下", "谢谢"), ("资料：", "。"), ("see ", " for more"), ("（", "）"), ("发给", "的那位"), ("\"", "\""), ("是", "，明天"),
    ("to ", ", please"),
  ]

  static let forms: [Form] = [
    Form(kind: .email, value: email, contexts: plain),
    Form(
      kind: .phone, value: mobile,
      contexts: [("手机", "的用户"), ("电话：", "，"), ("联系人张三 ", "。"), ("请拨", "找我"), ("Tel: ", "\n"), ("（", "）")]),
    Form(
      kind: .phone, value: landline, contexts: [("电话", "咨询"), ("致电：", "。"), ("传真 ", "，"), ("", "（办公室）"), ("Tel ", " ")]),
    Form(kind: .phone, value: international, contexts: plain),
    Form(
      kind: .phone, value: american,
      contexts: [("Call ", " now"), ("phone: ", "."), ("at ", ", ask"), ("联系", "，"), ("", "")]),
    Form(kind: .identityCard, value: identity, contexts: plain + [("身份证号", "，户名"), ("公民身份号码", "")]),
    Form(kind: .identityCard, value: oldIdentity, contexts: [("身份证号", "，"), ("身份证：", "。"), ("证件号码", "的")]),
    Form(kind: .bankCard, value: card, contexts: plain + [("卡号", "。"), ("Card ", "."), ("银行账户", "内")]),
    Form(
      kind: .ipv4, value: ipv4,
      contexts: [("服务器", "于"), ("访问http://", ":8080/x"), ("from ", " at"), ("IP：", "，"), ("", "")]),
    Form(kind: .ipv6, value: ipv6, contexts: plain + [("http://[", "]/")]),
    Form(kind: .mac, value: mac, contexts: plain),
    Form(
      kind: .credential, value: credential,
      contexts: [("https://", "@example.com/x.git"), ("见ftp://", "@files.example.cn")]),
    Form(kind: .secret, value: key, contexts: plain + [("token=", "\n"), ("key: ", "")]),
    Form(
      kind: .secret, value: { $0.base62(32) },
      contexts: [("api_key = \"", "\""), ("\"access_token\": \"", "\""), ("密钥：", "。"), ("CLIENT_SECRET=", "\n")]),
    Form(
      kind: .secret, value: password,
      contexts: [("密码：", "，"), ("password: ", "\n"), ("\"password\": \"", "\""), ("口令是", "。")]),
    Form(
      kind: .passport, value: passport, contexts: [("护照号码", "，"), ("护照：", "。"), ("passport no. ", ","), ("持护照", "入境")]),
    Form(kind: .companyCode, value: company, contexts: plain + [("统一社会信用代码：", "，法定"), ("代码", "的")]),
    Form(kind: .plate, value: plate, contexts: [("车牌", "的过户"), ("车牌号：", "。"), ("轿车（", "）"), ("一辆", "停在")]),
    Form(
      kind: .qq, value: { "\($0.number(1...9))" + $0.digits($0.number(6...9)) },
      contexts: [("QQ：", "，"), ("加QQ", "咨询"), ("QQ群: ", "。")]),
    Form(
      kind: .wechat, value: wechat,
      contexts: [("微信：", "，"), ("加微信", "或"), ("微信号", "。"), ("WeChat ID: ", "\n"), ("vx：", " ")]),
    Form(
      kind: .socialSecurity, value: socialSecurity,
      contexts: [("SSN: ", ";"), ("social security number is ", "."), ("(", ")")]),
    Form(kind: .iban, value: iban, contexts: plain + [("IBAN ", ".")]),
  ]

  private static let regions = [
    "110105", "310104", "440305", "510107", "330106", "420106", "320102", "350203", "610113",
  ]
  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  @Sendable private static func email(_ random: inout Seeded) -> String {
    let name =
      random.from("abcdefghijklmnopqrstuvwxyz", random.number(2...10)) + random.pick(["", ".li", "_88", "+x", "2024"])
    return name + "@"
      + random.pick(["qq.com", "163.com", "mail.example.co.uk", "gmail.com", "stu.pku.edu.cn", "foo-bar.org"])
  }

  @Sendable private static func mobile(_ random: inout Seeded) -> String {
    let digits = "1" + random.from("3456789", 1) + random.digits(9)
    let (first, middle, last) = (digits.prefix(3), digits.dropFirst(3).prefix(4), digits.suffix(4))
    return random.pick([
      digits, digits, "+86 \(digits)", "+86-\(first)-\(middle)-\(last)", "\(first)-\(middle)-\(last)",
      "\(first) \(middle) \(last)",
    ])
  }

  @Sendable private static func landline(_ random: inout Seeded) -> String {
    let (area, count) = random.pick([("010", 8), ("021", 8), ("0571", 8), ("0755", 8), ("0351", 7), ("0898", 8)])
    let number = random.from("2345678", 1) + random.digits(count - 1)
    return random.pick([
      area + "-" + number, "(" + area + ")" + number, area + " " + number,
      "400-" + random.digits(3) + "-" + random.digits(4),
    ])
  }

  @Sendable private static func international(_ random: inout Seeded) -> String {
    switch random.below(4) {
    case 0: "+44 20 \(random.digits(4)) \(random.digits(4))"
    case 1: "+1-\(random.number(201...989))-\(random.number(201...989))-\(random.digits(4))"
    case 2: "+49 30 \(random.digits(8))"
    default: "+33 1 \(random.digits(2)) \(random.digits(2)) \(random.digits(2)) \(random.digits(2))"
    }
  }

  @Sendable private static func american(_ random: inout Seeded) -> String {
    let (area, exchange, line) = (random.number(201...989), random.number(201...989), random.digits(4))
    return random.pick([
      "(\(area)) \(exchange)-\(line)", "\(area)-\(exchange)-\(line)", "1-\(area)-\(exchange)-\(line)",
    ])
  }

  @Sendable private static func identity(_ random: inout Seeded) -> String {
    let body =
      random.pick(regions) + "\(random.number(1940...2015))" + two(random.number(1...12))
      + two(random.number(1...28)) + random.digits(3)
    let number = body + Checks.identity(body)
    return random.below(4) == 0 && number.hasSuffix("X") ? String(number.dropLast()) + "x" : number
  }

  @Sendable private static func oldIdentity(_ random: inout Seeded) -> String {
    random.pick(regions) + two(random.number(40...89)) + two(random.number(1...12)) + two(random.number(1...28))
      + random.digits(3)
  }

  @Sendable private static func card(_ random: inout Seeded) -> String {
    let (prefix, count) = random.pick([
      ("622848", 19), ("621700", 19), ("622588", 16), ("4", 16), ("51", 16), ("37", 15), ("3530", 16), ("6011", 16),
    ])
    var body = prefix + random.digits(count - 1 - prefix.count)
    body += Checks.luhn(body)
    guard count == 16 || count == 19, random.below(2) == 0 else { return body }
    var grouped = ""
    for (place, digit) in body.enumerated() {
      if place > 0 && place % 4 == 0 { grouped += " " }
      grouped.append(digit)
    }
    return grouped
  }

  @Sendable private static func ipv4(_ random: inout Seeded) -> String {
    "\(random.pick([8, 36, 47, 58, 93, 114, 120, 163, 180, 202]))."
      + (0..<3).map { _ in "\(random.number(31...254))" }.joined(separator: ".")
  }

  @Sendable private static func ipv6(_ random: inout Seeded) -> String {
    let groups = (0..<8).map { _ in "\(random.number(1...9))" + random.hexadecimal(random.number(1...3)) }
    return random.below(2) == 0
      ? groups.joined(separator: ":") : "240e:" + groups[1] + "::" + groups[2] + ":" + groups[3]
  }

  @Sendable private static func mac(_ random: inout Seeded) -> String {
    (["3c"] + (0..<5).map { _ in random.hexadecimal(2) }).joined(separator: random.pick([":", "-"]))
  }

  @Sendable private static func credential(_ random: inout Seeded) -> String {
    random.from("abcdefghijklmnop", 6) + ":" + random.base62(random.number(8...20))
  }

  @Sendable private static func key(_ random: inout Seeded) -> String {
    switch random.below(9) {
    case 0:
      "AKIA" + random.from("ABCDEFGHJKLMNPQRSTUVWXYZ", 8) + random.from("234567", 4) + random.from("BCDFGHJK2345", 4)
    case 1: "ghp_" + random.base62(36)
    case 2: "sk-" + random.base62(48)
    case 3: "AIza" + random.base62(35)
    case 4: "xoxb-" + random.digits(11) + "-" + random.base62(24)
    case 5: "LTAI" + random.base62(20)
    case 6: "glpat-" + random.base62(20)
    case 7: "hf_" + random.base62(34)
    default: "eyJhbGciOiJIUzI1NiJ9.eyJ" + random.base62(40) + "." + random.base62(43)
    }
  }

  @Sendable private static func password(_ random: inout Seeded) -> String {
    random.from("abcdefghjkmn", random.number(4...8)) + random.digits(4) + random.pick(["", "!", "#A", "Zz"])
  }

  @Sendable private static func passport(_ random: inout Seeded) -> String {
    random.pick(["E" + random.digits(8), "G" + random.digits(8), "EA" + random.digits(7)])
  }

  @Sendable private static func company(_ random: inout Seeded) -> String {
    let body =
      random.pick(["91", "52", "12", "93"]) + random.pick(regions) + "M"
      + random.from("0123456789ABCDEFGHJKLMNPQRTUWXY", 8)
    return body + Checks.company(body)
  }

  @Sendable private static func plate(_ random: inout Seeded) -> String {
    let head = random.pick(["京", "沪", "粤", "苏", "浙", "鄂"]) + random.from("ABCDEFGH", 1) + random.pick(["", "·"])
    return head
      + random.pick([random.digits(5), random.from("ABCDEFGHJK", 1) + random.digits(4), "D" + random.digits(5)])
  }

  @Sendable private static func wechat(_ random: inout Seeded) -> String {
    random.from("abcdefghijklm", random.number(4...8)) + random.pick(["_", "-", ""])
      + random.digits(random.number(3...5))
  }

  @Sendable private static func socialSecurity(_ random: inout Seeded) -> String {
    "\(random.number(100...665))-\(random.number(10...99))-\(random.number(1000...9999))"
  }

  @Sendable private static func iban(_ random: inout Seeded) -> String {
    random.below(2) == 0
      ? Checks.iban("DE", random.digits(18)) : Checks.iban("GB", random.from("ABCDEFGHIJKLMNOP", 4) + random.digits(14))
  }
}
