import Bytes
import Classification
import DataAgent
import Documents
import Parallel
import Scoring
import TextModels

/// From labelled texts to a model, and from a model to how good it is.
struct ClassifierTrainer {
  private let set: LabelledSet
  private let settings: AgentSettings
  private let pool: WorkerPool
  /// Tells the channels whose percentiles a quality model keeps.
  private let channelModel: [UInt8]?
  /// Fewer documents are no measure of how margins are spread.
  private static let fewestForPercentiles = 50

  init(_ set: LabelledSet, _ settings: AgentSettings, _ pool: WorkerPool, _ channelModel: [UInt8]?) {
    self.set = set
    self.settings = settings
    self.pool = pool
    self.channelModel = channelModel
  }

  func train(_ texts: [LabelledText], _ training: NgramTraining) throws -> NgramModel {
    let values = set.task == .quality ? try ClassifierTrainer.values(set.classes) : nil
    let places = Dictionary(uniqueKeysWithValues: set.classes.enumerated().map { ($0.element, $0.offset) })
    let classifier = try self.classifier()
    let examples = pool.map(texts.count) { index -> NgramExample in
      let text = texts[index]
      let label = places[text.label] ?? 0
      if set.task != .quality {
        return classifier.example(text.text, label: label, key: text.id.low, bits: training.bits)
      }
      let document = ClassifierTrainer.document(text, classifier)
      return document.text.withUnsafeBufferPointer {
        NgramExample(
          $0, spans: document.proseSpans, facts: [], label: label, key: text.id.low, bits: training.bits)
      }
    }
    var model = try training.train(
      task: set.task.rawValue, classes: set.classes, examples: examples,
      factCount: set.task == .quality ? 0 : Classifier.factCount, ordered: values)
    if set.task == .quality { model.percentiles = percentiles(model, texts, classifier) }
    return model
  }

  private func classifier() throws -> Classifier {
    // What learns channels or genres must not lean on models of them.
    if set.task != .quality { return Classifier(settings.classify) }
    return try Classifier(
      settings.classify, channelModel: channelModel, genreModel: nil, channels: settings.channels)
  }

  private static func document(_ text: LabelledText, _ classifier: Classifier) -> Document {
    var document = Document(id: text.id, text: text.text, source: "labels", origin: text.label)
    classifier.process(&document)
    return document
  }

  /// What quality each class stands for, 0...1.
  private static func values(_ classes: [String]) throws -> [Float] {
    let named: [String: Float] = ["good": 1, "high": 1, "bad": 0, "low": 0]
    if classes.allSatisfy({ named[$0] != nil }) { return classes.map { named[$0] ?? 0 } }
    let numbers = classes.compactMap { Float($0) }
    guard numbers.count == classes.count, let low = numbers.min(), let high = numbers.max(), high > low else {
      throw LabelError(
        "classes of quality are good and bad, high and low, or numbers; not: \(classes.joined(separator: ", "))")
    }
    return numbers.map { ($0 - low) / (high - low) }
  }

  private func percentiles(
    _ model: NgramModel, _ texts: [LabelledText], _ classifier: Classifier
  ) -> [NgramModel.Percentiles] {
    let table = settings.channels
    let margins = pool.map(texts.count) { index -> (String, Float) in
      let document = ClassifierTrainer.document(texts[index], classifier)
      let margin = document.text.withUnsafeBufferPointer { model.margins($0, spans: document.proseSpans)[0] }
      return (table.name(document.channel), margin)
    }
    let groups = [""] + table.names
    return groups.compactMap { name in
      let own = margins.filter { name.isEmpty || $0.0 == name }.map(\.1).sorted()
      guard name.isEmpty || own.count >= ClassifierTrainer.fewestForPercentiles else { return nil }
      let spread = (0...100).map { own[(own.count - 1) * $0 / 100] }
      return NgramModel.Percentiles(channel: name, margins: spread)
    }
  }

  /// - Parameter model: nil: the plain rules.
  func judge(_ model: [UInt8]?, _ texts: [LabelledText]) throws -> ClassifierReport {
    if set.task == .quality, let model { return try judgeQuality(try NgramModel(model), texts) }
    let classifier = try Classifier(
      settings.classify, channelModel: set.task == .channel ? model : channelModel,
      genreModel: set.task == .genre ? model : nil, channels: settings.channels)
    let table = settings.channels
    let judged = pool.map(texts.count) { index in
      let document = ClassifierTrainer.document(texts[index], classifier)
      return set.task == .channel ? table.name(document.channel) : document.genre.name
    }
    return ClassifierReport(labels: texts.map(\.label), judged: judged)
  }

  /// Good and bad are told apart by the sign of the margin.
  private func judgeQuality(_ model: NgramModel, _ texts: [LabelledText]) throws -> ClassifierReport {
    let values = try ClassifierTrainer.values(set.classes)
    let top = set.classes[values.firstIndex(of: 1) ?? 0]
    let bottom = set.classes[values.firstIndex(of: 0) ?? 0]
    let classifier = try self.classifier()
    let margins = pool.map(texts.count) { index -> Float in
      let document = ClassifierTrainer.document(texts[index], classifier)
      return document.text.withUnsafeBufferPointer { model.margins($0, spans: document.proseSpans)[0] }
    }
    var report = ClassifierReport(labels: texts.map(\.label), judged: margins.map { $0 > 0 ? top : bottom })
    let pairs = zip(texts, margins)
    report.ranking = ClassifierReport.ranking(
      pairs.filter { $0.0.label == top }.map(\.1), over: pairs.filter { $0.0.label == bottom }.map(\.1))
    return report
  }
}
