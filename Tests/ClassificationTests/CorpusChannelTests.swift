import Bytes
import Classification
import Documents
import Testing

/// The folder of the corpus is the label.
@Suite struct CorpusChannelTests {
  @Test(arguments: [("zh", Channel.chinese), ("en", Channel.english), ("code", Channel.code)])
  func folderIsFoundAgain(_ folder: String, _ channel: Channel) {
    guard let samples = CorpusSample.load(folder, documents: 25) else { return }
    let classifier = Classifier()
    var right = 0
    var all = 0
    for sample in samples {
      let hits = sample.texts.count { classifier.channel(of: $0) == channel }
      print("classify \(sample.file): \(hits) of \(sample.texts.count)")
      right += hits
      all += sample.texts.count
    }
    #expect(all > 0)
    #expect(Double(right) >= 0.93 * Double(all), "\(folder): \(right) of \(all)")
  }
}
