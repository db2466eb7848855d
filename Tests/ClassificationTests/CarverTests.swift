import Bytes
import Classification
import Documents
import Glibc
import Testing

@Suite struct CarverTests {
  /// What is carved out of a text: kind and the bytes themselves.
  private func carved(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    return Carver.segments(of: bytes).map { "\($0.kind.name): \(String(decoding: bytes[$0.range], as: UTF8.self))" }
  }

  static let cases: [(String, [String])] = [
    ("Plain prose.\n\nTwo paragraphs, nothing else.\n", []),
    ("", []),
    // Fences.
    ("Run:\n\n```sh\nmake\n```\n\nDone.\n", ["code: ```sh\nmake\n```\n"]),
    ("先运行：\n~~~\nmake\n~~~\n然后重启。\n", ["code: ~~~\nmake\n~~~\n"]),
    ("- item\n\n  ```\n  code\n  ```\n- next\n", ["code:   ```\n  code\n  ```\n"]),
    ("````md\n```\ninner\n```\n````\nafter\n", ["code: ````md\n```\ninner\n```\n````\n"]),
    ("```\nno end, and the ad behind it is judged\nbuy now\n", []),
    ("```inline``` is no fence\ntext\n```\n", []),
    ("a\r\n```c\r\nint x;\r\n```\r\nb\r\n", ["code: ```c\r\nint x;\r\n```\r\n"]),
    // Indented code.
    (
      "Text:\n\n    int main(void) {\n      return 0;\n    }\n\nMore.\n",
      ["code:     int main(void) {\n      return 0;\n    }\n"]
    ),
    ("Text:\n\n\tx = f(1);\n\n\ty = f(2);\nMore.\n", ["code: \tx = f(1);\n\n\ty = f(2);\n"]),
    ("A quote:\n\n    These are the words of a man who never wrote code,\n    and they stay prose.\n", []),
    ("Like this::\n\n    $ tar xf file.tar\n    a b c d\n\nDone.\n", ["code:     $ tar xf file.tar\n    a b c d\n"]),
    ("No empty line\n    x = f(1);\n    y = f(2);\n", []),
    // Tables.
    (
      "See:\n\n| a | b |\n|---|:-:|\n| 1 | 2 |\n| 3 | 4 |\n\nEnd.\n",
      ["table: | a | b |\n|---|:-:|\n| 1 | 2 |\n| 3 | 4 |\n"]
    ),
    ("名称 | 值\n--- | ---\n甲 | 1\n后面的话\n", ["table: 名称 | 值\n--- | ---\n甲 | 1\n"]),
    ("| $x$ | b |\n|-----|---|\n| 1 | 2 |\n", ["table: | $x$ | b |\n|-----|---|\n| 1 | 2 |\n"]),
    ("A title\n-------\nText | with a pipe\n", []),
    // Math.
    ("We have\n$$\nx = y\n$$\nso.\n", ["math: $$\nx = y\n$$\n"]),
    ("由此\n\\[ a \\le b \\]\n得证。\n", ["math: \\[ a \\le b \\]\n"]),
    ("\\begin{align*}\nx &= 1\n\\end{align*}\nThen.\n", ["math: \\begin{align*}\nx &= 1\n\\end{align*}\n"]),
    ("\\begin{verbatim}\n$x\n\\end{verbatim}\n", ["code: \\begin{verbatim}\n$x\n\\end{verbatim}\n"]),
    ("\\begin{tabular}{ll}\na & b\n\\end{tabular}\n", ["table: \\begin{tabular}{ll}\na & b\n\\end{tabular}\n"]),
    ("\\begin{theorem}\nAll is well.\n\\end{theorem}\n", []),
    ("设 $n$ 为整数，则 $a_n = 2^n$ 成立。", ["math: $n$", "math: $a_n = 2^n$"]),
    ("Let \\(f(x)\\) be given and $$y$$ too.", ["math: \\(f(x)\\)", "math: $$y$$"]),
    ("where $\\alpha +\n\\beta$ wraps\n", ["math: $\\alpha +\n\\beta$"]),
    ("It costs $5 and then $6, or $5-$6 in all.", []),
    ("cd $HOME/$USER and echo $PATH", []),
    ("Use `$x$` and ``a ` $y$`` in code, $z$ in math.", ["math: $z$"]),
    ("An escaped \\$5 and \\$6 stay.", []),
    ("$$\nnever closed, so it stays\n", []),
    ("\\begin{equation}\nnever closed\n", []),
  ]

  @Test(arguments: cases) func whatIsCarved(_ text: String, _ expected: [String]) {
    #expect(carved(text) == expected)
  }

  @Test func proseAndSegmentsTogetherAreTheText() {
    var document = Document(
      id: .init(high: 0, low: 0), text: Array("甲 $x^2$ 乙\n\n```\ncode\n```\n丙\n".utf8), source: "test", origin: "test")
    document.segments = Carver.segments(of: document.text)
    #expect(String(decoding: document.prose, as: UTF8.self) == "甲  乙\n\n丙\n")
    #expect(document.prose.count + document.carvedBytes == document.text.count)
    document.channel = .code
    Classifier().carve(&document)
    #expect(document.segments.isEmpty)
  }

  /// In order, apart, not empty, inside, and between whole characters.
  static func complaints(_ text: [UInt8]) -> String? {
    var place = 0
    for segment in Carver.segments(of: text) {
      if segment.length == 0 || segment.offset < place || segment.range.upperBound > text.count {
        return "\(segment) after \(place) of \(text.count)"
      }
      place = segment.range.upperBound
      for edge in [segment.offset, place] where edge < text.count && text[edge] & 0xC0 == 0x80 {
        return "\(segment) cuts a character"
      }
    }
    return nil
  }

  @Test func anyMixtureOfMarksIsSurvived() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("CarverTests seed \(seed)")
    var state = seed
    let pieces = [
      "`", "```", "~~~", "$", "$$", "\\", "\\(", "\\)", "\\[", "\\]", "\\begin{align}", "\\end{align}", "|", "---",
      "|---|",
      "\n", "\n\n", "    ", "\t", "x", "中", "x = 1;", "{", "}", "\r\n", "::", "5", " ",
    ]
    for round in 0..<2000 {
      var text: [UInt8] = []
      for _ in 0..<40 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += Array(pieces[Int(state >> 33) % pieces.count].utf8)
      }
      let complaint = Self.complaints(text)
      #expect(complaint == nil, "seed \(seed), round \(round): \(complaint ?? "")")
    }
  }

  /// Whatever is opened a hundred thousand times and never closed is searched once.
  @Test(arguments: [
    "```a\n", "````\n~~~~~\n", "$$ x\n", "\\[ x\n", "\\begin{align}\n", "\\begin{array}\n\\begin{cases}\n", "\\( x ",
    "$x ",
    "`` ` ", "\n    word word\n", "| a\n|---\n\n", "$5\n",
  ])
  func hostileTextsTakeLinearTime(_ piece: String) {
    func seconds(_ times: Int) -> Double {
      let text = Array(String(repeating: piece, count: times).utf8)
      // Time of this thread alone: the machine may have other work.
      func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
      }
      return (0..<3).map { _ in
        let start = now()
        _ = Carver.segments(of: text)
        return now() - start
      }.min() ?? 0
    }
    let short = seconds(1_000)
    let long = seconds(16_000)
    // Sixteen times the text; squared time would be 256 times.
    #expect(long < 100 * max(short, 0.001), "\(short) s, then \(long) s")
  }
}
