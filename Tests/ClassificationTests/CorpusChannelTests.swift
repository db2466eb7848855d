import Bytes
import Classification
import Documents
import Fixtures
import Testing
import Text

/// The folder of the corpus is the label; the models that come with the program judge.
@Suite struct CorpusChannelTests {
  /// Only documents that no training saw: the same fifth that `classifier train` holds out, by the hash of the text as
  /// the reader normalizes it.
  private static func heldOut(_ texts: [[UInt8]]) -> [[UInt8]] {
    texts.map(Normalizer.normalize).filter { Identifier(of: $0).high % 5 == 0 }
  }

  @Test(arguments: [("zh", Channel.chinese), ("en", Channel.english), ("code", Channel.code)])
  func folderIsFoundAgain(_ folder: String, _ channel: Channel) throws {
    guard let samples = CorpusSample.load(folder, documents: 300) else { return }
    let classifier = try Classifier.withDefaultModels()
    var right = 0
    var all = 0
    var mislabelled = 0
    for sample in samples {
      let held = Self.heldOut(sample.texts)
      // Pages of Chinese projects that were never translated hold no Han character: their folder is no label.
      let texts = held.filter { folder != "zh" || Self.hasHan($0) }
      mislabelled += held.count - texts.count
      let hits = texts.count { classifier.channel(of: $0) == channel }
      print("classify \(sample.file): \(hits) of \(texts.count), by folder of \(held.count)")
      right += hits
      all += texts.count
    }
    print("classify \(folder): \(right) of \(all), and \(mislabelled) whose folder is no label")
    #expect(all > 0)
    #expect(Double(right) >= 0.98 * Double(all), "\(folder): \(right) of \(all)")
    // What is set aside stays a small part, so that it cannot hide a classifier that fails.
    #expect(mislabelled * 20 <= all, "\(folder): \(mislabelled) of \(all)")
  }

  private static func hasHan(_ text: [UInt8]) -> Bool {
    String(decoding: text, as: UTF8.self).unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
  }
}

extension Classifier {
  static func withDefaultModels() throws -> Classifier {
    try Classifier(
      ClassifySettings(), channelModel: DefaultModels.bytes(.channel), genreModel: DefaultModels.bytes(.genre),
      channels: ChannelTable())
  }
}
