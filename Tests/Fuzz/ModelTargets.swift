import Bytes
import Decoding
import Documents
import Filtering
import Posix
import Scoring
import TextModels
import Tokens

/// What is measured and judged over any text, and files of models.
extension FuzzTarget {
  /// The loops with vectors say of any bytes what the plain ones say.
  static let signals = FuzzTarget(name: "signals") {
    [
      bytes(
        "The quick brown fox jumps.\n• a list\n• of lines...\nword word word, word 12.5 #tag http://a.b/c\n\nlorem ipsum {\n"
      ),
      bytes("这是一个句子，有标点。第二句话！\n第一章 标题\n「引用」1234567890\n重复的一行\n重复的一行\n"),
      bytes("кириллица ひらがな 한국어 \u{200B}e\u{301} \u{1F600}\u{FFFD}\t  x\r\n"),
      [0xFF, 0xC0, 0x80, 0xED, 0xA0, 0x80, 0x41],
    ]
  } run: { input in
    let meter = SignalMeter()
    let fast = meter.measure(input)
    let plain = input.withUnsafeBufferPointer { meter.measure($0, plain: true) }
    for signal in Signal.allCases {
      promise(fast[signal].isFinite, "\(signal) is \(fast[signal])")
      promise(fast[signal] == plain[signal], "\(signal) is \(fast[signal]) with vectors and \(plain[signal]) without")
    }
  }

  /// Any bytes as text of an encoding that the folder names: the first byte says which.
  static let encodings = FuzzTarget(name: "encodings") {
    labels.indices.map {
      [UInt8($0)] + bytes("plain text, caf") + [0xC4, 0xE3, 0xBA, 0xC3, 0x81, 0x30, 0x81, 0x30, 0x1B, 0x24, 0x42]
    }
      + [[8] + bytes("~{VPND~}x"), [9] + bytes("\u{1B}$)A\u{0E}VP\u{0F}"), [1, 0x3D, 0xD8, 0x00, 0xDE, 0x41, 0]]
  } run: { input in
    guard let first = input.first else { return }
    var options = SourceOptions()
    options.encoding = labels[Int(first) % labels.count]
    var settings = ReadSettings()
    settings.maxDocumentMegabytes = 1
    for kind in [FileFormat.Kind.text, .jsonLines, .html] {
      let reader = DocumentReader(
        source: MemorySource(Array(input.dropFirst())), format: FileFormat(kind), settings: settings, options: options)
      while let item = try? reader.next() {
        guard case .document(let document) = item else { continue }
        promise(UTF8Text.firstInvalid(document.text) == nil, "a text is not UTF-8")
      }
    }
  }

  private static let labels = [
    "utf-8", "utf-16le", "utf-16be", "utf-32le", "gb18030", "big5", "windows-1252", "iso-8859-1", "hz-gb-2312",
    "iso-2022-cn", "iso-2022-jp", "iso-2022-kr", "euc-kr", "shift_jis", "euc-jp",
  ]

  /// Any bytes through a trained tokenizer: they come back.
  static let encode = FuzzTarget(name: "encode") {
    [
      bytes("It's 3 o'clock, we'LL see  \n\n  x=1234 <|endoftext|><|reserved_1|>\tend "),
      bytes("中文，标点。１２３ é e\u{301} \u{1F468}\u{200D}\u{1F469} \u{3000}\u{85}\u{2028}x"), [0xFF, 0xC3, 0x28, 0xE4, 0xB8],
    ]
  } run: { input in
    guard let tokenizer = fixture else { preconditionFailure("the fixture's tokenizer cannot be read") }
    promise(
      tokenizer.decode(tokenizer.makeEncoder(matchSpecial: false, cacheEntries: 64).encode(input)) == input,
      "the bytes do not come back")
  }

  private static let fixture: Tokenizer? = {
    let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    return (try? Directory(Path("/\(tests)/Fixtures/tokens")).read("tokenizer.json")).flatMap {
      try? Tokenizer(json: $0)
    }
  }()

  /// A model's file, then a text that it judges.
  static let ngramModel = FuzzTarget(name: "ngram-model") {
    let examples = (0..<8).map { number in
      let text = bytes(number % 2 == 0 ? "good words \(number)" : "bad words \(number)")
      return text.withUnsafeBufferPointer {
        NgramExample($0, spans: [0..<text.count], facts: [], label: number % 2, key: UInt64(number), bits: 10)
      }
    }
    var training = NgramTraining()
    training.bits = 10
    var model = try training.train(
      task: "quality", classes: ["bad", "good"], examples: examples, factCount: 0, ordered: [0, 1])
    model.percentiles = [NgramModel.Percentiles(channel: "", margins: (0...100).map { Float($0) })]
    return [joined([model.encoded(), bytes("good words")]), joined([Array(model.encoded().dropLast(9)), bytes("x")])]
  } run: { input in
    let files = parts(input, 2)
    guard let model = try? NgramModel(files[0]) else { return }
    promise((try? NgramModel(model.encoded())) == model, "a model does not read back")
    let margins = model.margins(files.count > 1 ? files[1] : [])
    promise(margins.count == model.outputs, "\(margins.count) margins of \(model.outputs)")
    promise((0...1).contains(model.percentile(margins[0], channel: "en")), "a percentile beyond 0...1")
  }

  /// A line that a score command printed.
  static let scoreAnswer = FuzzTarget(name: "score-answer") {
    [
      #"{"id": "00000000000000010000000000000002", "score": 0.5, "model": "m"}"#, #"{"score": 1e-3}"#,
      #"{"score": 1e999}"#,
      "[1]", "",
    ].map { bytes($0) }
  } run: { input in
    var document = Document(id: Identifier(high: 1, low: 2), text: input, source: "fuzz", origin: "0")
    document.score = 0.25
    let questions = ScoreQuestions(ScoreSettings(), channels: ChannelTable())
    _ = try? questions.take(input, for: &document)
    promise((0...1).contains(document.score) && document.scoredBy.utf8.count <= 800, "\(document.score)")
    promise((try? JSONParser.parse(questions.line(document))) != nil, "the question is no JSON")
  }
}
