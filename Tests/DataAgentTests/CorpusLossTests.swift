import Bytes
import Classification
import Documents
import Filtering
import Fixtures
import Testing

@testable import DataAgent

/// Real documents are good documents: what the built-in rules lose of them, classified and carved as the agent does it.
@Suite struct CorpusLossTests {
  @Test(arguments: [("zh", 0.05), ("en", 0.05), ("code", 0.02)])
  func goodDocumentsStay(_ folder: String, _ bound: Double) throws {
    guard let samples = CorpusSample.load(folder, documents: 40) else { return }
    let channelModel = DefaultModels.bytes(.channel)
    let genreModel = DefaultModels.bytes(.genre)
    let classifier = try Classifier(
      ClassifySettings(), channelModel: channelModel, genreModel: genreModel, channels: ChannelTable())
    let filter = Filter(rules: try RuleSet.builtIn())
    let meter = SignalMeter()
    var (lost, all) = (0, 0)
    for sample in samples {
      var rules: [String] = []
      for text in sample.texts {
        var document = Document(id: Identifier(high: 0, low: 0), text: text, source: "", origin: "")
        classifier.process(&document)
        meter.process(&document)
        if let hit = filter.firstHit(document) { rules.append(hit.rule) }
      }
      print("lost \(sample.file): \(rules.count) of \(sample.texts.count) \(rules)")
      lost += rules.count
      all += sample.texts.count
    }
    #expect(all > 0)
    #expect(Double(lost) <= bound * Double(all), "\(folder): \(lost) of \(all)")
  }
}
