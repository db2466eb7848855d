import CModels
import Glibc
import TextModels

/// How much a text reads like an advertisement or spam: a linear model over the n-grams of its head, middle and tail.
///
/// Lists of phrases know the advertisements they were made from and few others (docs/LOG.md); n-grams know the manner.
public struct AdvertisementModel: Sendable {
  /// Shorter texts say nothing yet; longer ones are read at three places, this much together.
  static let fewestBytes = 45
  static let mostBytes = 6144

  private let model: NgramModel

  /// The model that comes with the program (docs/CLASSIFY.md says what it was trained on).
  public static let builtIn: AdvertisementModel? = {
    var size = 0
    let start = cmodels_advertisement(&size)
    return try? AdvertisementModel(Array(UnsafeBufferPointer(start: start, count: size)))
  }()

  /// - Parameter bytes: a file made by `classifier train --task quality`: low margins are advertisements.
  public init(_ bytes: [UInt8]) throws(NgramModelError) {
    model = try NgramModel(bytes)
    guard model.outputs == 1, model.factCount == 0 else {
      throw NgramModelError(
        "clean.advertisement_model: made for \(model.task); train one with: pretraind classifier train --task quality")
    }
  }

  /// 0...1; 0 for a text too short to be judged.
  func probability(_ text: UnsafeBufferPointer<UInt8>) -> Float {
    guard text.count >= AdvertisementModel.fewestBytes else { return 0 }
    let margin = model.margins(text, spans: AdvertisementModel.spans(text.count))[0]
    return 1 / (1 + exp(margin))
  }

  /// The whole text, or three places of it.
  static func spans(_ count: Int) -> [Range<Int>] {
    if count <= mostBytes { return [0..<count] }
    let part = mostBytes / 3
    return [0, (count - part) / 2, count - part].map { $0..<($0 + part) }
  }
}
