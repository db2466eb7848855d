/// What tags say besides their role: the TeX of a formula, the language of code.
enum HTMLMath {
  /// A formula's MathML is not searched farther than this for its TeX.
  static let longest = 65_536

  /// `<script type="math/tex">`, as MathJax reads it.
  static func isScript(_ scanner: HTMLScanner, _ tag: HTMLTag) -> Bool {
    scanner.place(of: "math/tex", in: tag.attributes) != nil
  }

  /// The TeX that `<math>` carries for copying, which is then passed over; nil when there is none.
  static func source(_ scanner: inout HTMLScanner) -> Range<Int>? {
    guard let content = scanner.content(of: "</math", limit: longest),
      let note = scanner.place(of: "application/x-tex", in: content),
      let start = scanner.place(of: ">", in: note..<content.upperBound),
      let end = scanner.place(of: "</", in: start..<content.upperBound)
    else { return nil }
    scanner.pass(to: content.upperBound)
    return (start + 1)..<end
  }

  private static let marks: [StaticString] = ["language-", "lang-", "highlight-source-", "brush: ", "sourceCode "]

  /// `python` of `class="language-python"`; empty when nothing is said.
  static func language(_ scanner: HTMLScanner, _ tag: HTMLTag) -> [UInt8] {
    for mark in marks {
      guard let place = scanner.place(of: mark, in: tag.attributes) else { continue }
      let start = place + mark.utf8CodeUnitCount
      let word = scanner.bytes[start..<tag.attributes.upperBound].prefix {
        let letter = $0 | 0x20
        return (letter >= 0x61 && letter <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || "+#-_.".utf8.contains($0)
      }
      if !word.isEmpty, word.count <= 20 { return Array(word) }
    }
    return []
  }
}
