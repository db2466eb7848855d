import Fixtures

/// Documents that a number decides, in the manner of English, Chinese and code.
enum Lorem {
  private static let words = """
    the of and to in is that it was for on as with his they be at one have this from or had by hot word but \
    what some we can out other were all there when up use your how said an each she which do their time if will \
    way about many then them write would like so these her long make thing see him two has look more day could \
    go come did number sound no most people my over know water than call first who may down side been now find \
    river mountain market window engine letter history teacher garden morning evening winter summer village \
    island captain doctor science question answer picture
    """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init)

  private static let phrases = [
    "我们", "今天", "研究", "这个问题", "天气", "很好", "老师", "学生", "认为", "城市", "发展", "的时候", "历史", "文化", "非常", "重要", "如果",
    "没有", "可以", "使用", "方法", "解决", "图书馆", "里面", "有很多", "书", "春天", "来了", "花", "开了", "河流", "经过", "村庄", "人们", "喜欢",
    "在傍晚", "散步", "科学家", "发现", "新的", "现象", "并且", "写成", "文章", "发表", "工程师", "设计", "机器", "运行", "得", "很快", "因为", "所以",
  ]

  static func sentence(_ number: Int) -> String {
    var random = SeededRandom(UInt64(number))
    return english(&random)
  }

  private static func english(_ random: inout SeededRandom) -> String {
    let chosen = (0..<(6 + random.below(12))).map { _ in words[random.below(words.count)] }
    return chosen[0].prefix(1).uppercased() + chosen[0].dropFirst() + " " + chosen.dropFirst().joined(separator: " ")
      + "."
  }

  private static func chinese(_ random: inout SeededRandom) -> String {
    let chosen = (0..<(5 + random.below(9))).map { _ in phrases[random.below(phrases.count)] }
    return chosen.joined() + (random.below(3) == 0 ? "，" + phrases[random.below(phrases.count)] : "") + "。"
  }

  private static func code(_ random: inout SeededRandom, _ index: Int) -> String {
    let names = (0..<4).map { _ in words[random.below(words.count)] + "_" + words[random.below(words.count)] }
    return """
      def \(names[0])_\(index)(\(names[1]), \(names[2])=\(random.below(100))):
          if \(names[1]) > \(random.below(1000)):
              return \(names[2]) * \(random.below(50)) + \(names[1])
          \(names[3]) = [\(random.below(9)), \(random.below(99)), \(random.below(999))]
          return sum(\(names[3])) - \(names[1])

      """
  }

  enum Kind: String, CaseIterable { case zh, en, code }

  /// Paragraphs of about `bytes` bytes.
  static func paragraphs(_ kind: Kind, _ number: Int, bytes: Int) -> [String] {
    var random = SeededRandom(UInt64(number) &* 1_000_003 &+ UInt64(kind.rawValue.utf8.count))
    var list: [String] = []
    var size = 0
    while size < bytes {
      let paragraph =
        switch kind {
        case .en: (0..<(3 + random.below(4))).map { _ in english(&random) }.joined(separator: " ")
        case .zh: (0..<(3 + random.below(4))).map { _ in chinese(&random) }.joined()
        case .code: code(&random, list.count)
        }
      list.append(paragraph)
      size += paragraph.utf8.count + 1
    }
    return list
  }

  /// A document; every eighth is a near-duplicate of the one before it: a word more.
  static func document(_ kind: Kind, _ number: Int, bytes: Int) -> String {
    let isCopy = number % 8 == 7
    var list = paragraphs(kind, isCopy ? number - 1 : number, bytes: bytes)
    if isCopy { list[list.count / 2] += " \(number)" }
    return list.joined(separator: "\n")
  }
}
