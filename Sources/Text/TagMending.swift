import Bytes

/// Mends what web pages leave behind in texts that are no markup any more: tags of lines and paragraphs, also mistyped
/// ones (`< br/ >`, `</ p>`, `&lt;br&gt;`), become line ends, those of style go, named spaces and quotes become what
/// they mean. A rule that a user may ask for; nothing does it by itself: in texts about HTML the tags are the text.
public enum TagMending {
  private static let longestTag = 24

  /// - Parameter text: well-formed UTF-8.
  public static func mended(_ text: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    var copied = 0
    var index = 0
    while index < text.count {
      if text[index] == UInt8(ascii: "<") || text[index] == UInt8(ascii: "&"), let found = mend(text, at: index) {
        out += text[copied..<index]
        out += found.bytes
        index = found.end
        copied = index
      } else {
        index += 1
      }
    }
    return copied == 0 ? text : out + text[copied...]
  }

  private static func mend(_ text: [UInt8], at index: Int) -> (bytes: [UInt8], end: Int)? {
    if text[index] == UInt8(ascii: "<") { return tag(text, from: index + 1, closing: [UInt8(ascii: ">")]) }
    for (name, bytes) in entities where starts(text, index, name) { return (bytes, index + name.count) }
    let open = Array("&lt;".utf8)
    return starts(text, index, open) ? tag(text, from: index + open.count, closing: Array("&gt;".utf8)) : nil
  }

  private static let entities: [([UInt8], [UInt8])] = [
    ("&amp;nbsp;", " "), ("&nbsp;", " "), ("&ensp;", " "), ("&emsp;", " "), ("&quot;", "\""), ("&ldquo;", "“"),
    ("&rdquo;", "”"), ("&lsquo;", "‘"), ("&rsquo;", "’"), ("&hellip;", "…"), ("&mdash;", "—"), ("&middot;", "·"),
    ("&#39;", "'"),
  ].map { (Array($0.utf8), Array($1.utf8)) }

  private static let lines = Set(["br", "p", "div", "hr", "li", "tr"].map { Array($0.utf8) })
  private static let styles = Set(["b", "i", "u", "em", "strong", "span", "font", "center"].map { Array($0.utf8) })

  /// A tag whose name is known and that holds nothing but its name, spaces and slashes.
  private static func tag(_ text: [UInt8], from start: Int, closing: [UInt8]) -> (bytes: [UInt8], end: Int)? {
    var name: [UInt8] = []
    var isNameOver = false
    var index = start
    while index < text.count, index - start < longestTag {
      if starts(text, index, closing) {
        if lines.contains(name) { return ([0x0A], index + closing.count) }
        return styles.contains(name) ? ([], index + closing.count) : nil
      }
      let byte = text[index]
      if byte == 0x20 || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") {
        isNameOver = !name.isEmpty
      } else {
        let letter = byte | 0x20
        if isNameOver || letter < 0x61 || letter > 0x7A { return nil }
        name.append(letter)
      }
      index += 1
    }
    return nil
  }

  private static func starts(_ text: [UInt8], _ index: Int, _ wanted: [UInt8]) -> Bool {
    index + wanted.count <= text.count && text[index..<(index + wanted.count)].elementsEqual(wanted)
  }
}
