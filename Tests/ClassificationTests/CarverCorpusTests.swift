import Bytes
import Classification
import Documents
import Fixtures
import Testing

/// Real mixed documents: what is carved is what it is called, and nothing is lost.
@Suite struct CarverCorpusTests {
  @Test(arguments: ["zh", "en", "code"]) func nothingIsLostOrMoved(_ folder: String) {
    guard let samples = CorpusSample.load(folder, documents: 15) else { return }
    for sample in samples {
      var carved: [Segment.Kind: Int] = [:]
      for text in sample.texts {
        #expect(CarverTests.complaints(text) == nil, "\(sample.file)")
        var document = Document(id: .init(high: 0, low: 0), text: text, source: "", origin: "")
        document.segments = Carver.segments(of: text)
        // Prose and segments put together in order give the text back, byte for byte.
        var whole: [UInt8] = []
        var parts = document.proseSpans + document.segments.map(\.range)
        parts.sort { $0.lowerBound < $1.lowerBound }
        for part in parts { whole += text[part] }
        #expect(whole == text, "\(sample.file)")
        for segment in document.segments { carved[segment.kind, default: 0] += segment.length }
      }
      let all = sample.texts.reduce(0) { $0 + $1.count }
      print("carved \(sample.file): \(carved.map { "\($0.key) \(100 * $0.value / max(1, all)) %" }.sorted())")
    }
  }

  /// Books, verse and statutes hold next to no code, tables or math: carving must not eat prose.
  @Test(arguments: [
    "zh/chinese-poetry", "zh/niutrans-bitext", "zh/lawrefbook", "en/standardebooks", "zh/cmrc2018-wiki-zh",
  ])
  func proseIsNotCarved(_ file: String) {
    let folder = String(file.prefix { $0 != "/" })
    guard let samples = CorpusSample.load(folder, documents: 40) else { return }
    for sample in samples where sample.file.hasPrefix(file) {
      let carved = sample.texts.reduce(0) { sum, text in
        Carver.segments(of: text).reduce(sum) { $0 + $1.length }
      }
      let all = sample.texts.reduce(0) { $0 + $1.count }
      #expect(carved * 500 <= all, "\(sample.file): \(carved) of \(all) bytes")
    }
  }
}
