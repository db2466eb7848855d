/// A tag as the scanner sees it: its name in one word, what its attributes say about its role.
struct HTMLTag {
  let name: HTMLName
  let isEnd: Bool
  let isSelfClosing: Bool
  /// Class, id or role names it as navigation, footer or the like.
  let isBoilerplate: Bool
  /// A span that a script may show in place of another: it touches no word beside it.
  let isHidden: Bool
  /// What stands between the name and `>`, in the page.
  let attributes: Range<Int>
}

/// The first eight letters of an element's name, in lower case, as a number: names are compared millions of times.
struct HTMLName: Hashable {
  let packed: UInt64

  init(_ text: StaticString) {
    packed = HTMLName.pack(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  init(_ bytes: UnsafeBufferPointer<UInt8>) { packed = HTMLName.pack(bytes) }

  private static func pack(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var packed: UInt64 = 0
    for byte in bytes.prefix(8) { packed = packed << 8 | UInt64(byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte) }
    return packed
  }

  private static func all(_ names: [StaticString]) -> Set<HTMLName> { Set(names.map { HTMLName($0) }) }

  /// Their content is no markup: it ends at the matching end tag only.
  static let raw = all(["script", "style", "title", "textarea", "noscript", "xmp", "iframe", "noframes"])
  /// Never the text of the page.
  static let skipped = all([
    "nav", "header", "footer", "aside", "form", "template", "svg", "select", "button", "object", "canvas", "audio",
    "video", "menu",
  ])
  /// May be skipped by what their class, id or role says.
  static let containers = all(["div", "ul", "ol", "dl", "table", "section", "td", "p", "a"])
  static let blocks = all([
    "p", "div", "section", "article", "main", "ul", "ol", "dl", "table", "blockquote", "figure", "figcaption",
    "address",
    "details", "summary", "center", "fieldset", "hr", "body", "caption", "header",
  ])
  static let lines = all(["dt", "dd", "br", "tr", "option"])
  static let headings: [HTMLName: Int] = [
    HTMLName("h1"): 1, HTMLName("h2"): 2, HTMLName("h3"): 3, HTMLName("h4"): 4, HTMLName("h5"): 5, HTMLName("h6"): 6,
  ]
  static let contentStarts = all(["main", "article"])
  static let span = HTMLName("span")
  static let script = HTMLName("script")
  static let math = HTMLName("math")
  static let header = HTMLName("header")
  static let body = HTMLName("body")
  static let pre = HTMLName("pre")
  static let code = HTMLName("code")
  static let anchor = HTMLName("a")
  static let listItem = HTMLName("li")
  static let unordered = HTMLName("ul")
  static let ordered = HTMLName("ol")
  static let cell = HTMLName("td")
  static let headCell = HTMLName("th")
  static let row = HTMLName("tr")
}

/// Class, id and role names of page furniture, as the common site and manual generators write them.
enum HTMLBoilerplate {
  private static let words: Set<[UInt8]> = Set(
    [
      "nav", "navbar", "navigation", "navheader", "navfooter", "menu", "sidebar", "breadcrumb", "breadcrumbs", "toc",
      "footer",
      "site-footer", "site-header", "page-footer", "cookie", "cookies", "social", "share", "toplang", "bottomlang",
      "quickview",
      "banner", "contentinfo", "search", "related", "pagination", "permalink", "headerlink", "crumb", "crumbs",
      "topbar",
      "top-bar", "topnav", "site-nav", "main-nav", "nav-bar", "nav-menu", "sidebar-left", "sidebar-right",
      "related-posts", "related-articles", "related-links", "share-bar", "sharebar", "share-buttons", "newsletter",
      "subscribe", "advert", "advertisement", "ads", "adsbygoogle", "cookie-banner", "cookie-notice", "skip-link",
      "pager", "copyright", "page-nav", "navbox", "catlinks", "printfooter", "mw-editsection", "mw-jump-link",
      "noprint",
    ].map { Array($0.utf8) })

  /// - Parameter tag: what stands between the element's name and `>`.
  static func isIn(_ tag: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    while index < tag.count {
      let nameStart = index
      while index < tag.count, tag[index] != UInt8(ascii: "="), tag[index] > 0x20 { index += 1 }
      let name = HTMLName(UnsafeBufferPointer(rebasing: tag[nameStart..<index]))
      if index < tag.count, tag[index] == UInt8(ascii: "=") {
        let value = attributeValue(tag, &index)
        if interesting.contains(name), hasWord(tag, value) { return true }
      } else {
        index += 1
      }
    }
    return false
  }

  private static let interesting: Set<HTMLName> = [HTMLName("class"), HTMLName("id"), HTMLName("role")]

  private static func attributeValue(_ tag: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Range<Int> {
    index += 1
    guard index < tag.count else { return index..<index }
    let quote = tag[index]
    let isQuoted = quote == 0x22 || quote == 0x27
    if isQuoted { index += 1 }
    let start = index
    while index < tag.count, isQuoted ? tag[index] != quote : tag[index] > 0x20 { index += 1 }
    let end = index
    index += 1
    return start..<end
  }

  private static func hasWord(_ tag: UnsafeBufferPointer<UInt8>, _ value: Range<Int>) -> Bool {
    var word: [UInt8] = []
    for index in value {
      if tag[index] <= 0x20 {
        if words.contains(word) { return true }
        word.removeAll(keepingCapacity: true)
      } else if word.count < 16 {
        word.append(tag[index] >= 0x41 && tag[index] <= 0x5A ? tag[index] | 0x20 : tag[index])
      }
    }
    return words.contains(word)
  }
}
