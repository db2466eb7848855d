import Fixtures

/// Numbers and words that only look like personal data; no byte of them may be masked.
enum DecoySamples {
  static let forms: [@Sendable (_ random: inout Seeded) -> String] = [
    { "订单编号 \($0.digits(19))，物流单号 SF\($0.digits(13))" },
    { "订单号\($0.digits(18))已发货" },
    { "order number \($0.digits(16)) shipped" },
    { "ISBN 978-7-\($0.digits(3))-\($0.digits(5))-\($0.digits(1))，定价 79.00 元" },
    { "ISBN-10 0-\($0.digits(3))-\($0.digits(5))-\($0.digits(1))" },
    { "ISSN \($0.digits(4))-\($0.digits(4)), vol. 12, pp. \($0.digits(3))-\($0.digits(3))" },
    { "版本 \($0.below(20)).\($0.below(30)).\($0.below(30)).\($0.below(99)) 修复了问题" },
    {
      "requires foo>=\($0.below(20)).\($0.below(30)).\($0.below(20)), v\($0.below(9)).\($0.below(9)).\($0.below(9)).\($0.below(9))"
    },
    { "sha256:\($0.hexadecimal(64)) 与 md5 \($0.hexadecimal(32))" },
    { "commit \($0.hexadecimal(40)) in branch main" },
    {
      "uuid \($0.hexadecimal(8))-\($0.hexadecimal(4))-4\($0.hexadecimal(3))-8\($0.hexadecimal(3))-\($0.hexadecimal(12))"
    },
    { "时间戳 17\($0.digits(11))，另一个是 17\($0.digits(8))" },
    {
      "2024-0\($0.number(1...9))-\($0.number(10...28)) 1\($0.below(10)):\($0.number(10...59)):\($0.number(10...59)) 至 2025"
    },
    { "统计显示全年产量为 13\($0.digits(9)) 吨" },
    { "共 15\($0.digits(9)) 元，增加 \($0.digits(8)) 次" },
    { "编号1\($0.from("012", 1))\($0.digits(9))的零件" },
    { "圆周率约为 3.\($0.digits(20))，误差 1.38e-\($0.digits(2))" },
    { "服务器 192.168.\($0.below(256)).\($0.below(256)) 和 10.\($0.below(256)).0.\($0.below(256))" },
    { "地址 \($0.number(256...999)).\($0.below(256)).1.2 不对，掩码 255.255.\($0.pick([0, 128, 255])).0" },
    { "本机 127.0.0.1、::1、fe80::\($0.hexadecimal(4))，文档 2001:db8::\($0.hexadecimal(4))" },
    { "at \($0.number(10...23)):\($0.number(10...59)):\($0.number(10...59)) std::decay<ab::cd>::type" },
    { "@property 与 @Override，图标 icon@2x.png，git@github.com:a\($0.below(99))/b.git" },
    { "foo@bar 和 a@b. 以及 npm i pkg@next，@user\($0.digits(3))" },
    { "https://example.com/s/13\($0.digits(9))/x?id=15\($0.digits(9))" },
    { "doi:10.1038/s41586-020-\($0.digits(4))-\($0.below(10)), arXiv:21\($0.digits(2)).\($0.digits(5))" },
    { "password: your_password, token = <YOUR_TOKEN>, api_key=os.environ['KEY\($0.below(9))']" },
    { "token_count = \($0.digits(5)); secret_name: my-secret-name; password_field" },
    { "sk-xxxxxxxxxxxxxxxxxxxxxxxx 与 AKIAIOSFODNN7EXAMPLE 是样例 \($0.below(9))" },
    { "https://user:password@example.com/\($0.below(999)) 是写法" },
    { "QQ 20\($0.number(10...23)) 正式版，QQ音乐 \($0.digits(3)) 万首，微信小程序与微信支付" },
    { "护照办理需要 \($0.digits(2)) 天，passport.js 0.\($0.digits(1)).0" },
    { "阿里云ECS\($0.number(2010...2030))版，京东A\($0.digits(4))，使用API\($0.digits(4))" },
    { "型号 A\($0.digits(4))-\($0.digits(4))，零件 010-\($0.digits(4))" },
    { "1914-1918 年，\($0.digits(2)) 至 \($0.digits(2)) 页，比分 101-\($0.number(10...99))-\($0.digits(2))" },
    { "坐标 116.\($0.digits(6)), 39.\($0.digits(6))，海拔 \($0.digits(4)) 米" },
    brokenIdentity, brokenCard, brokenCompany, brokenIBAN, impossibleDate,
  ]

  @Sendable private static func brokenIdentity(_ random: inout Seeded) -> String {
    let body = "3101041989\(random.pick(["0", "1"]))\(random.number(1...2))2\(random.below(9))" + random.digits(3)
    let right = body + Checks.identity(body)
    return "身份证号\(Checks.broken(right, &random))的校验位不对"
  }

  @Sendable private static func impossibleDate(_ random: inout Seeded) -> String {
    let body =
      "11010519\(random.digits(2))\(random.pick(["13", "00", "02"]))\(random.pick(["30", "31"]))" + random.digits(3)
    return "身份证号\(body)\(Checks.identity(body))的日期不对"
  }

  @Sendable private static func brokenCard(_ random: inout Seeded) -> String {
    let body = random.pick(["622848", "421394", "552245"]) + random.digits(9)
    return "卡号\(Checks.broken(body + Checks.luhn(body), &random))的校验位不对"
  }

  @Sendable private static func brokenCompany(_ random: inout Seeded) -> String {
    let body = "91310104M" + random.from("0123456789ABCDEFGHJKLMNPQRTUWXY", 8)
    let other = "0123456789".filter { String($0) != Checks.company(body) }
    return "信用代码：\(body)\(random.from(other, 1))有误"
  }

  @Sendable private static func brokenIBAN(_ random: inout Seeded) -> String {
    "IBAN \(Checks.broken(Checks.iban("DE", random.digits(18)), &random)) 无效"
  }
}
