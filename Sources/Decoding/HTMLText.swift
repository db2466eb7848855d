/// A page as the text a reader wants: headings, paragraphs, lists, code and tables as Markdown; scripts, navigation,
/// headers, footers, forms and runs of bare links left out. Time is linear in the page.
public enum HTMLText {
  /// - Parameter page: UTF-8.
  public static func markdown(_ page: [UInt8]) -> [UInt8] {
    page.withUnsafeBufferPointer { bytes in
      var careful = HTMLExtractor(bytes, skipsFurniture: true)
      let text = careful.extract()
      // A page whose furniture never closes, or holds all the text (a form around everything), is read whole.
      let isMost = !text.isEmpty && text.count * 40 >= careful.skippedText
      if !careful.endedInside && isMost { return text }
      var whole = HTMLExtractor(bytes, skipsFurniture: false)
      return whole.extract()
    }
  }
}

struct HTMLExtractor {
  private var scanner: HTMLScanner
  private var builder = MarkdownBuilder()
  private let skipsFurniture: Bool
  /// The element being left out and how many of its name are open.
  private var skipping: (name: HTMLName, depth: Int)?
  /// Bytes of text left out, white space and links aside.
  private(set) var skippedText = 0
  private var skipsLink = false
  private(set) var endedInside = false
  /// 0 for a bullet, else the next number.
  private var lists: [Int] = []

  init(_ bytes: UnsafeBufferPointer<UInt8>, skipsFurniture: Bool) {
    scanner = HTMLScanner(bytes)
    formulaBudget = 2 * bytes.count + HTMLMath.longest
    self.skipsFurniture = skipsFurniture
  }

  mutating func extract() -> [UInt8] {
    while true {
      switch scanner.next() {
      case .end:
        endedInside = skipping != nil
        return builder.finish()
      case .text(let range):
        if isSilent {
          if !skipsLink { for byte in scanner.bytes[range] where byte > 0x20 { skippedText += 1 } }
        } else {
          builder.text(UnsafeBufferPointer(rebasing: scanner.bytes[range]))
        }
      case .tag(let tag):
        if !passesSkip(tag) { handle(tag) }
      }
    }
  }

  /// A page's title often stands in its header: headings there are kept.
  private var headingInHeader = false
  private var isSilent: Bool { skipping != nil && !headingInHeader }

  /// True when the tag belongs to what is left out.
  private mutating func passesSkip(_ tag: HTMLTag) -> Bool {
    guard let current = skipping else { return false }
    if HTMLName.raw.contains(tag.name), !tag.isEnd, !tag.isSelfClosing {
      scanner.passRaw(tag.name)
      return true
    }
    if tag.name == HTMLName.anchor { skipsLink = !tag.isEnd }
    if HTMLName.contentStarts.contains(tag.name) || (tag.name == HTMLName.body && tag.isEnd) {
      skipping = nil
      headingInHeader = false
      return false
    }
    if current.name == HTMLName.header, let level = HTMLName.headings[tag.name], level <= 2 {
      headingInHeader = !tag.isEnd
      return false
    }
    if tag.name == current.name, !tag.isSelfClosing {
      let depth = current.depth + (tag.isEnd ? -1 : 1)
      skipping = depth == 0 ? nil : (current.name, depth)
      if depth == 0 { headingInHeader = false }
    }
    return true
  }

  private mutating func handle(_ tag: HTMLTag) {
    let name = tag.name
    if !tag.isEnd && !tag.isSelfClosing {
      if name == HTMLName.script, HTMLMath.isScript(scanner, tag) { return formula(scanner.passRaw(name)) }
      if name == HTMLName.math, let source = formulaSource() { return formula(source) }
      if HTMLName.raw.contains(name) {
        scanner.passRaw(name)
        return
      }
      if skipsFurniture, HTMLName.skipped.contains(name) || tag.isBoilerplate {
        if name != HTMLName.anchor { builder.breakLine(2) }
        skipping = (name, 1)
        skipsLink = name == HTMLName.anchor
        return
      }
    }
    if let level = HTMLName.headings[name] { return builder.heading(tag.isEnd ? 0 : level) }
    switch name {
    case .pre: tag.isEnd ? builder.endCode() : builder.beginCode(HTMLMath.language(scanner, tag))
    case .code where !tag.isEnd && builder.isAtCodeStart: builder.nameCode(HTMLMath.language(scanner, tag))
    case .code: tag.isEnd ? builder.endInlineCode() : builder.beginInlineCode()
    case .anchor: tag.isEnd ? builder.endLink() : builder.beginLink()
    case .span: if tag.isHidden && !tag.isEnd { builder.space() }
    case .cell, .headCell: if !tag.isEnd { builder.cell(isHead: name == HTMLName.headCell) }
    case .row: builder.row()
    case .unordered, .ordered: list(tag)
    case .listItem: item(tag)
    default:
      if HTMLName.blocks.contains(name) {
        builder.breakLine(2)
      } else if HTMLName.lines.contains(name) {
        builder.breakLine(1)
      }
    }
  }

  /// Bytes that may still be searched for the ends of formulas: broken pages do not cost more than whole ones.
  private var formulaBudget = 0

  private mutating func formulaSource() -> Range<Int>? {
    if formulaBudget <= 0 { return nil }
    let start = scanner.index
    let source = HTMLMath.source(&scanner)
    formulaBudget -= source == nil ? HTMLMath.longest : scanner.index - start
    return source
  }

  /// TeX between dollar signs.
  private mutating func formula(_ source: Range<Int>) {
    builder.formula(UnsafeBufferPointer(rebasing: scanner.bytes[source]))
  }

  private mutating func list(_ tag: HTMLTag) {
    builder.breakLine(lists.isEmpty ? 2 : 1)
    if !tag.isEnd {
      if lists.count < 64 { lists.append(tag.name == HTMLName.ordered ? 1 : 0) }
    } else if !lists.isEmpty {
      lists.removeLast()
      builder.breakLine(lists.isEmpty ? 2 : 1)
    }
  }

  private mutating func item(_ tag: HTMLTag) {
    builder.breakLine(1)
    if tag.isEnd { return }
    var marker = [UInt8](repeating: 0x20, count: 2 * max(min(lists.count, 16) - 1, 0))
    if let number = lists.last, number > 0 {
      marker += Array("\(number). ".utf8)
      lists[lists.count - 1] = number + 1
    } else {
      marker += [UInt8(ascii: "-"), 0x20]
    }
    builder.marker(marker)
  }
}
