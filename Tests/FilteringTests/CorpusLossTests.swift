import Bytes
import Documents
import Filtering
import Testing

/// Real documents are good documents: what the built-in rules lose of them, by folder, channel given by the folder.
@Suite struct CorpusLossTests {
  private static func genre(_ file: String) -> Genre {
    if file.contains("poetry") { return .poetry }
    if file.contains("law") { return .law }
    return ["docs", "wiki.", "guide", "book-zh", "react", "d2l", "peps", "rfcs", "pod"].contains { file.contains($0) }
      ? .manual : .unknown
  }

  @Test(arguments: [("zh", Channel.chinese), ("en", Channel.english), ("code", Channel.code)])
  func goodDocumentsStay(_ folder: String, _ channel: Channel) throws {
    guard let samples = CorpusSample.load(folder, documents: 20) else { return }
    let filter = Filter(rules: try RuleSet.builtIn())
    var lost = 0
    var all = 0
    for sample in samples {
      var rules: [String] = []
      for text in sample.texts {
        var document = Document(id: Identifier(high: 0, low: 0), text: text, source: "", origin: "")
        document.channel = channel
        document.genre = Self.genre(sample.file)
        document.signals = SignalMeter().measure(text)
        if let hit = filter.firstHit(document) { rules.append(hit.rule) }
      }
      print("lost \(sample.file): \(rules.count) of \(sample.texts.count) \(rules)")
      lost += rules.count
      all += sample.texts.count
    }
    #expect(all > 0)
    #expect(Double(lost) <= 0.1 * Double(all), "\(folder): \(lost) of \(all)")
  }
}
