import Bytes
import Classification
import Documents
import Testing

/// The folder of the corpus is the label; the models that come with the program judge.
@Suite struct CorpusChannelTests {
  /// Only documents that no training saw: the same fifth that `classifier train` holds out.
  private static func heldOut(_ texts: [[UInt8]]) -> [[UInt8]] { texts.filter { Identifier(of: $0).high % 5 == 0 } }

  @Test(arguments: [("zh", Channel.chinese), ("en", Channel.english), ("code", Channel.code)])
  func folderIsFoundAgain(_ folder: String, _ channel: Channel) throws {
    guard let samples = CorpusSample.load(folder, documents: 300) else { return }
    let classifier = try Classifier.withDefaultModels()
    var right = 0
    var all = 0
    for sample in samples {
      let texts = Self.heldOut(sample.texts)
      let hits = texts.count { classifier.channel(of: $0) == channel }
      print("classify \(sample.file): \(hits) of \(texts.count)")
      right += hits
      all += texts.count
    }
    #expect(all > 0)
    #expect(Double(right) >= 0.975 * Double(all), "\(folder): \(right) of \(all)")
  }
}

extension Classifier {
  static func withDefaultModels() throws -> Classifier {
    try Classifier(
      ClassifySettings(), channelModel: DefaultModels.bytes(.channel), genreModel: DefaultModels.bytes(.genre),
      channels: ChannelTable())
  }
}
