import Bytes
import Classification
import Documents
import Testing
import TextModels

@Suite struct ClassifierTests {
  private func classify(_ text: String, flags: DocumentFlags = [], channel: Channel = .english) -> Document {
    var document = Document(id: Identifier(high: 0, low: 0), text: Array(text.utf8), source: "test", origin: "test")
    document.flags = flags
    document.channel = channel
    Classifier(ClassifySettings()).process(&document)
    return document
  }

  private static let law = """
    # 某某条例

    第一条 为了规范管理，制定本条例。

    第二条 本条例适用于本行政区域内的管理活动。

    第三条 市人民政府应当加强领导。
    """
  private static let formulas = #"""
    We prove the claim. Let $\alpha \in \mathbb{R}$ and $\beta = \frac{\alpha}{2}$; then
    \[ \sum_{i=1}^{n} \alpha_i \leq \int_0^1 \beta(x) \, dx . \]
    Hence $\lim_{n \to \infty} \alpha_n = \sqrt{\beta}$, and $\gamma \cdot \delta = 0$ as claimed.
    """#

  static let cases: [(String, Channel, Genre)] = [
    ("这是一篇普通的中文文章，讲的是春天里的故事。作者在文中写道，万物复苏。", .chinese, .unknown),
    ("This is a plain English text about spring. The author writes that everything wakes up.", .english, .unknown),
    ("def add(a, b):\n    # sums two numbers\n    return a + b\n\nprint(add(1, 2))\n", .code, .code),
    ("#include <stdio.h>\n/* 打印一行 */\nint main(void) {\n  printf(\"你好\\n\");\n  return 0;\n}\n", .code, .code),
    ("class A\n  def name\n    @name\n  end\nend\n", .code, .code),
    ("静夜思\n床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡。", .chinese, .poetry),
    (law, .chinese, .law),
    ("# 安装\n\n先运行下面的命令：\n\n```sh\nmake\nsudo make install\n```\n\n然后重启服务。", .chinese, .manual),
    ("# Install\n\nRun the command below first.\n\n```sh\nmake\n```\n\nThen restart the service.", .english, .manual),
    (formulas, .math, .unknown),
    ("我们用 `git commit` 提交代码，用 `git push` 推送到远端仓库，然后等待检查通过。", .chinese, .unknown),
    ("", .english, .unknown),
  ]

  @Test(arguments: cases)
  func channelAndGenre(_ text: String, _ channel: Channel, _ genre: Genre) {
    let document = classify(text)
    #expect(document.channel == channel, "\(text.prefix(40))")
    #expect(document.genre == genre, "\(text.prefix(40))")
  }

  /// The same texts before the models that come with the program.
  @Test(arguments: cases)
  func theDefaultModelsKnowTheChannelsToo(_ text: String, _ channel: Channel, _ genre: Genre) throws {
    #expect(try Classifier.withDefaultModels().channel(of: Array(text.utf8)) == channel, "\(text.prefix(40))")
  }

  @Test func modelsOfAnotherTaskOrWithUnknownClassesAreRefused() throws {
    let channel = try #require(DefaultModels.bytes(.channel))
    let genre = try #require(DefaultModels.bytes(.genre))
    #expect(throws: ClassifierError.self) {
      try Classifier(ClassifySettings(), channelModel: genre, genreModel: nil, channels: ChannelTable())
    }
    #expect(throws: ClassifierError.self) {
      try Classifier(
        ClassifySettings(), channelModel: Array(channel.dropLast()), genreModel: nil, channels: ChannelTable())
    }
    var medicine = try NgramModel(channel)
    medicine = try NgramModel(
      task: "channel", classes: ["medicine"] + medicine.classes.dropFirst(), bits: medicine.bits, scale: medicine.scale,
      bias: medicine.bias, table: medicine.table, facts: medicine.facts, documents: 1)
    #expect(throws: ClassifierError.self) {
      try Classifier(ClassifySettings(), channelModel: medicine.encoded(), genreModel: nil, channels: ChannelTable())
    }
    // A channel of the configuration's own.
    let table = ChannelTable(extra: ["medicine"])
    _ = try Classifier(ClassifySettings(), channelModel: medicine.encoded(), genreModel: nil, channels: table)
  }

  @Test func givenHintsStay() {
    let document = classify("这是中文。这是中文。", flags: [.channelGiven, .genreGiven], channel: .instruct)
    #expect(document.channel == .instruct)
    #expect(document.genre == .unknown)
  }

  @Test func longTextsAreJudgedByThreeParts() {
    let head = String(repeating: "This is English prose that goes on and on.\n", count: 100)
    let body = String(repeating: "中文的正文占了绝大部分，一行接着一行地写下去。\n", count: 5000)
    #expect(classify(head + body).channel == .chinese)
  }

  @Test func randomTextsAreJudgedWithoutTrouble() {
    var generator = SystemRandomNumberGenerator()
    let seed = generator.next()
    print("ClassifierTests seed \(seed)")
    var state = seed
    for _ in 0..<300 {
      var text = ""
      for _ in 0..<80 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        if let scalar = Unicode.Scalar(UInt32(state >> 33) % 0x11_0000) { text.unicodeScalars.append(scalar) }
        if state >> 60 == 3 { text += "\n" }
      }
      let document = classify(text)
      #expect(document.channel.index <= 3, "seed \(seed)")
    }
  }
}
