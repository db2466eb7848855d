import Bytes
import Fixtures
import Posix
import Redaction
import Testing

/// Source code with personal data sown into it parses after redaction as before; judged by the languages' own parsers.
@Suite struct CodeSyntaxTests {
  private static let python = #"""
    # maintainer: {email}, tel: {phone}
    import os, re
    from dataclasses import dataclass


    @dataclass
    class Account:
        """Ask {email} or call {phone}; server {ip}."""

        owner: str = "{email}"
        phone: str = '{phone}'
        card: str = "card {card}"
        ids = ["身份证 {identity}", r"\d+ {ip}", f"mail {email} {1 + 1}"]
        table = {"password": "{password}", 'api_key': '{key}', "url": "https://bob:{password}@h.example.org/x"}
        pem = "-----BEGIN PRIVATE KEY-----\n{key}{key}\n-----END PRIVATE KEY-----"
        big = 13812345678


    def product(A, B, C):
        y = A@B.shape  # {email}
        z = A@C.com + 4614610033076668
        return y, z, "QQ：{qq} 微信：{wechat}", b"{key}", {"mac": "{mac}", "v6": "{ipv6}"}
    """#

  private static let c = #"""
    /* {email}, {phone} */
    #include <stddef.h>
    static const char *owner = "{email}", *key = "{key}"; // 电话 {phone}
    static const char *pem = "-----BEGIN PRIVATE KEY-----\n"
      "{key}\n"
      "{key}\n"
      "-----END PRIVATE KEY-----\n";
    static const char *list[] = {"身份证{identity}", "card {card}", "server {ip}", "password: {password}", "{ipv6}"};
    static unsigned long long big = 13812345678ULL, other = 4614610033076668ULL;
    int mac(void) { return (int)sizeof "{mac}" + (int)(size_t)(owner - key) + (int)(big - other) + !list[0] + !pem; }
    """#

  private static let json = #"""
    {"owner": "{email}", "tel": ["{phone}", "{phone}"], "big": 13812345678, "card": "card {card}", "id": "身份证{identity}",
     "password": "{password}", "api_key": "{key}", "url": "http://bob:{password}@{ip}/", "v6": "{ipv6}", "n": 4614610033076668}
    """#

  private func sown(_ code: String, _ random: inout Seeded) -> [UInt8] {
    let identity = "31010419891221" + random.digits(3)
    let card = "622588" + random.digits(9)
    let values = [
      "email": random.from("abcdefgh", 6) + "@mail.example.org", "phone": "138" + random.digits(8),
      "ip": "93.\(random.number(31...99)).216.34", "card": card + Checks.luhn(card),
      "identity": identity + Checks.identity(identity), "password": random.from("abcdefg", 5) + random.digits(4),
      "key": "ghp_" + random.base62(36), "qq": "8" + random.digits(8), "wechat": "wx_" + random.digits(6),
      "mac": "3c:22:fb:" + random.hexadecimal(2) + ":aa:0f", "ipv6": "240e:1f::" + random.hexadecimal(3),
    ]
    return Array(values.reduce(code) { $0.replacingAll("{\($1.key)}", with: $1.value) }.utf8)
  }

  private func redacted(_ code: [UInt8]) -> [UInt8] { Redactor().redact(code, isCode: true).text ?? code }

  /// Runs a parser on a file with the code; nil when the parser is not there.
  private func parses(_ code: [UInt8], _ name: Path, by command: [String]) throws -> Bool? {
    let folder = try Scratch()
    try folder.write(name, code)
    guard let child = try? Child.start(command + ["\(folder.path)/\(name)"], captureOutput: true) else { return nil }
    _ = try child.output?.readAll()
    return child.wait() == 0
  }

  private func check(_ code: String, _ name: Path, kinds: Int, by command: [String]) throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("CodeSyntaxTests \(name) seed \(seed)")
    var random = Seeded(seed)
    for _ in 0..<5 {
      let before = sown(code, &random)
      guard let wasGood = try parses(before, name, by: command) else {
        print("skipped: no \(command[0])")
        return
      }
      #expect(wasGood, "the sample itself, seed \(seed)")
      let after = redacted(before)
      #expect(try parses(after, name, by: command) == true, "\(String(decoding: after, as: UTF8.self))")
      let found = Set(Redactor().spans(of: before, isCode: true).map(\.kind))
      #expect(found.count >= kinds, "\(found)")
    }
  }

  @Test func pythonParses() throws {
    let script = "import ast,sys; ast.parse(open(sys.argv[1],encoding='utf8').read())"
    try check(Self.python, "a.py", kinds: 9, by: ["python3", "-c", script])
  }

  @Test func cParses() throws { try check(Self.c, "a.c", kinds: 7, by: ["gcc", "-fsyntax-only", "-Wno-unused"]) }

  @Test func jsonParses() throws {
    var random = Seeded(UInt64.random(in: 0 ... .max))
    let before = sown(Self.json, &random)
    let after = try JSONParser.parse(redacted(before))
    #expect(after["big"]?.integer == 13_812_345_678)
    #expect(after["owner"]?.string == "EMAIL_1")
    #expect(after["password"]?.string == "SECRET_1")
  }

  /// The standard library of Python that is there: real code, with real addresses in its comments.
  @Test func thePythonLibraryParses() throws {
    let list = """
      import ast,os,sys,sysconfig
      d=sysconfig.get_paths()['stdlib']
      for n in sorted(os.listdir(d)):
        if n.endswith('.py') and 3000<os.path.getsize(d+'/'+n)<40000: print(d+'/'+n)
      """
    guard let child = try? Child.start(["python3", "-c", list], captureOutput: true) else {
      print("skipped: no python3")
      return
    }
    let names = String(decoding: try child.output?.readAll() ?? [], as: UTF8.self).split(separator: "\n").map(
      String.init)
    _ = child.wait()
    var changed: [[UInt8]] = []
    for name in names.shuffled().prefix(60) {
      let path = Path(name)
      let code = try Directory(path.parent).read(path.name)
      if let after = Redactor().redact(code, isCode: true).text { changed.append(after) }
    }
    print("CodeSyntaxTests: \(changed.count) of \(min(60, names.count)) library files changed")
    let script = "import ast,sys; [ast.parse(t) for t in open(sys.argv[1],encoding='utf8').read().split(chr(1)) if t]"
    if !changed.isEmpty {
      #expect(try parses(Array(changed.joined(separator: [1])), "library.py", by: ["python3", "-c", script]) == true)
    }
  }
}

extension String {
  fileprivate func replacingAll(_ word: String, with other: String) -> String {
    var result = ""
    var rest = self[...]
    while let range = rest.firstRange(of: word) {
      result += rest[..<range.lowerBound] + other
      rest = rest[range.upperBound...]
    }
    return result + rest
  }
}
