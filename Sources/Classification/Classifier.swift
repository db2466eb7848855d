import Documents
import TextModels

/// Channel and genre by linear models over n-grams and a profile of lines, and what is carved out of a mixed document;
/// what the user gave is never changed.
///
/// A text in another language gets the nearest channel: the filter's language rules judge it.
public struct Classifier: Stage {
  /// Shorter texts are judged by the plain rules: their n-grams say nothing yet.
  static let fewestBytes = 48

  private let settings: ClassifySettings
  private let channelModel: NgramModel?
  private let genreModel: NgramModel?
  /// Both, for documents that give neither.
  private let pair: NgramPair?
  /// What each class of a model stands for.
  private let channels: [Channel]
  private let genres: [Genre]

  /// Plain rules alone; for the models see the other one.
  public init(_ settings: ClassifySettings = ClassifySettings()) {
    self.settings = settings
    channelModel = nil
    genreModel = nil
    pair = nil
    channels = []
    genres = []
  }

  /// - Parameters:
  ///   - channelModel: bytes of a model for the task `channel`; nil: plain rules.
  ///   - genreModel: the same for `genre`.
  ///   - table: the channels there are; a model that knows others is refused.
  public init(
    _ settings: ClassifySettings, channelModel: [UInt8]?, genreModel: [UInt8]?, channels table: ChannelTable
  ) throws(ClassifierError) {
    self.settings = settings
    self.channelModel = try ClassifierError.model(channelModel, task: .channel)
    self.genreModel = try ClassifierError.model(genreModel, task: .genre)
    pair = NgramPair(self.channelModel, self.genreModel)
    channels = try ClassifierError.meanings(self.channelModel, "channel", table.names) { table.channel($0) }
    genres = try ClassifierError.meanings(self.genreModel, "genre", Genre.allCases.map(\.name)) { Genre(name: $0) }
  }

  /// What judges, for status and logs.
  public var describe: String {
    func name(_ model: NgramModel?) -> String { model.map { "model of \($0.documents) documents" } ?? "plain rules" }
    return "channel by \(name(channelModel)), genre by \(name(genreModel))"
  }

  public func process(_ document: inout Document) {
    if !document.flags.contains(.channelGiven) || !document.flags.contains(.genreGiven) { classify(&document) }
    carve(&document)
  }

  /// Finds the segments of the text as it is now. Source code is of one kind: nothing is carved out of it.
  public func carve(_ document: inout Document) {
    document.segments = document.channel == .code || !settings.carve ? [] : Carver.segments(of: document.text)
  }

  /// The channel of a text alone.
  public func channel(of text: [UInt8]) -> Channel {
    text.withUnsafeBufferPointer { channel(Look(self, $0)) }
  }

  private func classify(_ document: inout Document) {
    document.text.withUnsafeBufferPointer { text in
      let look = Look(self, text)
      let asksChannel = !document.flags.contains(.channelGiven)
      let asksGenre = !document.flags.contains(.genreGiven)
      let asksBoth = asksChannel && asksGenre && text.count >= Classifier.fewestBytes
      let margins = asksBoth ? pair?.margins(text, spans: look.spans, facts: look.facts) : nil
      if asksChannel { document.channel = channel(look, margins?.first) }
      if asksGenre { document.genre = genre(look, document.channel, margins?.second) }
    }
  }

  /// What is known about a text before any model is asked.
  struct Look {
    let text: UnsafeBufferPointer<UInt8>
    let profile: TextProfile
    let channel: Channel
    let genre: Genre
    /// What the models read.
    let spans: [Range<Int>]

    init(_ classifier: Classifier, _ text: UnsafeBufferPointer<UInt8>) {
      let settings = classifier.settings
      self.text = text
      var profile = TextProfile()
      for span in TextSample.spans(text, most: settings.sampleKilobytes * 1024) { profile.read(text, span) }
      self.profile = profile
      channel = ChannelGuess(settings: settings).channel(profile)
      genre = GenreGuess.genre(profile, channel: channel, bytes: text.count)
      spans = TextSample.spans(text, most: settings.ngramKilobytes * 1024)
    }

    var facts: [Int] { ProfileFacts.holding(profile, channel: channel, genre: genre, bytes: text.count) }
  }

  /// - Parameter known: the model's margins where they were asked for already.
  private func channel(_ look: Look, _ known: [Float]? = nil) -> Channel {
    guard let channelModel, look.text.count >= Classifier.fewestBytes else { return look.channel }
    var margins = known ?? channelModel.margins(look.text, spans: look.spans, facts: look.facts)
    // Without a Han character nothing is Chinese, whatever its links and its layout look like.
    if look.profile.han == 0 {
      for (index, channel) in channels.enumerated() where channel == .chinese { margins[index] = -.infinity }
    }
    return channels[NgramModel.best(margins).index]
  }

  private func genre(_ look: Look, _ channel: Channel, _ known: [Float]?) -> Genre {
    // Source code is of one genre, and nothing else is of it.
    if channel == .code { return .code }
    let guess = GenreGuess.genre(look.profile, channel: channel, bytes: look.text.count)
    guard let genreModel, look.text.count >= Classifier.fewestBytes else { return guess }
    let best = NgramModel.best(known ?? genreModel.margins(look.text, spans: look.spans, facts: look.facts))
    let isSure = Double(best.probability) >= settings.genreProbability && genres[best.index] != .code
    return isSure ? genres[best.index] : guess
  }

  /// A labelled text for the trainer, seen as this classifier will see it.
  public func example(_ text: [UInt8], label: Int, key: UInt64, bits: Int) -> NgramExample {
    text.withUnsafeBufferPointer { text in
      let look = Look(self, text)
      return NgramExample(text, spans: look.spans, facts: look.facts, label: label, key: key, bits: bits)
    }
  }

  /// Facts that its examples have.
  public static var factCount: Int { ProfileFacts.count }
}

/// What a classifier is asked.
public enum ClassifierTask: String, CaseIterable, Sendable { case channel, genre, quality }

/// Why a model cannot be used for classifying.
public struct ClassifierError: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String

  static func model(_ bytes: [UInt8]?, task: ClassifierTask) throws(ClassifierError) -> NgramModel? {
    guard let bytes else { return nil }
    let model: NgramModel
    do throws(NgramModelError) {
      model = try NgramModel(bytes)
    } catch {
      throw ClassifierError(description: "classify.\(task.rawValue)_model: \(error)")
    }
    guard model.task == task.rawValue, model.factCount == ProfileFacts.count else {
      throw ClassifierError(
        description:
          "classify.\(task.rawValue)_model: made for \(model.task) with \(model.factCount) facts; train one with: "
          + "pretraind classifier train --task \(task.rawValue)")
    }
    return model
  }

  static func meanings<Meaning>(
    _ model: NgramModel?, _ kind: String, _ known: [String], _ find: (String) -> Meaning?
  ) throws(ClassifierError) -> [Meaning] {
    var meanings: [Meaning] = []
    for name in model?.classes ?? [] {
      guard let meaning = find(name) else {
        throw ClassifierError(
          description:
            "classify.\(kind)_model knows the \(kind) '\(name)', which is none of: \(known.joined(separator: ", "))")
      }
      meanings.append(meaning)
    }
    return meanings
  }
}
