import Bytes
import CKernels
import Glibc

/// A linear model over hashed n-grams of a text (`ck_ngram.h`) and, beside them, over facts that the caller counts.
///
/// The margin of a class is its bias, the mean weight of the text's n-grams, and the weights of its facts. Classes
/// exclude each other, but for a task with an order (quality): there one margin says how far up a text stands.
public struct NgramModel: Sendable, Equatable {
  /// `channel`, `genre` or `quality`.
  public let task: String
  public let classes: [String]
  /// The table has 2^bits rows of `lanes` weights.
  public let bits: Int
  /// What one unit of a weight in the table is worth.
  public let scale: Float
  public let bias: [Float]
  public let table: [Int8]
  /// Weights of each fact, `outputs` apiece; empty for a model over n-grams alone.
  public let facts: [Float]
  /// Documents it was trained on.
  public let documents: Int
  /// Margins at percentiles 0...100 by channel name, the empty name for all channels; none for a plain classifier.
  public var percentiles: [Percentiles]

  /// How margins are spread among the documents of a channel.
  public struct Percentiles: Sendable, Equatable {
    public let channel: String
    /// 101 margins, rising.
    public let margins: [Float]

    public init(channel: String, margins: [Float]) {
      self.channel = channel
      self.margins = margins
    }
  }

  /// Margins a text gets: one per class, or one in all where classes have an order.
  public var outputs: Int { bias.count }
  /// Weights a row of the table: `outputs`, rounded up to what the kernel takes.
  public var lanes: Int { NgramModel.lanes(outputs) }

  /// Most classes a model can tell apart.
  public static let mostClasses = 16

  static func lanes(_ outputs: Int) -> Int { outputs == 1 ? 1 : outputs <= 8 ? 8 : 16 }

  public init(
    task: String, classes: [String], bits: Int, scale: Float, bias: [Float], table: [Int8], facts: [Float],
    documents: Int, percentiles: [Percentiles] = []
  ) throws(NgramModelError) {
    guard (2...NgramModel.mostClasses).contains(classes.count), bias.count == 1 || bias.count == classes.count else {
      throw NgramModelError("a model tells 2...\(NgramModel.mostClasses) classes apart")
    }
    guard (8...22).contains(bits), table.count == NgramModel.lanes(bias.count) << bits else {
      throw NgramModelError("bits must be 8...22 and there must be 2^bits rows")
    }
    guard facts.count % bias.count == 0, scale.isFinite, (bias + facts).allSatisfy(\.isFinite) else {
      throw NgramModelError("a weight is not finite, or one is missing")
    }
    for known in percentiles {
      guard known.margins.count == 101, known.margins.allSatisfy(\.isFinite) else {
        throw NgramModelError("percentiles are 101 finite margins")
      }
    }
    self.task = task
    self.classes = classes
    self.bits = bits
    self.scale = scale
    self.bias = bias
    self.table = table
    self.facts = facts
    self.documents = documents
    self.percentiles = percentiles
  }

  /// Number of facts the model was trained with.
  public var factCount: Int { facts.count / outputs }

  /// The margins of a text of which only `spans` are read.
  /// - Parameter facts: indices, below `factCount`, of what holds for the text.
  public func margins(_ text: UnsafeBufferPointer<UInt8>, spans: [Range<Int>], facts holding: [Int] = []) -> [Float] {
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: NgramModel.mostClasses) { sums in
      sums.initialize(repeating: 0)
      let found = NgramModel.sum(text, spans, table, bits, lanes: lanes, into: sums)
      return margins(UnsafeBufferPointer(sums), found, holding)
    }
  }

  /// Adds up the rows of all n-grams in `spans`; returns how many there are.
  static func sum(
    _ text: UnsafeBufferPointer<UInt8>, _ spans: [Range<Int>], _ table: [Int8], _ bits: Int, lanes: Int,
    into sums: UnsafeMutableBufferPointer<Int64>
  ) -> Int {
    var found = 0
    table.withUnsafeBufferPointer { table in
      for span in spans {
        ck_ngram_sum(
          text.baseAddress! + span.lowerBound, span.count, table.baseAddress!, UInt32(bits), UInt32(lanes),
          sums.baseAddress!, &found)
      }
    }
    return found
  }

  /// The margins from the sums over a text's rows.
  func margins(_ sums: UnsafeBufferPointer<Int64>, _ found: Int, _ holding: [Int]) -> [Float] {
    var margins = bias
    let unit = scale / Float(max(1, found))
    for output in 0..<outputs { margins[output] += Float(sums[output]) * unit }
    for fact in holding {
      for output in 0..<outputs { margins[output] += facts[fact * outputs + output] }
    }
    return margins
  }

  public func margins(_ text: [UInt8], facts holding: [Int] = []) -> [Float] {
    text.withUnsafeBufferPointer { margins($0, spans: text.isEmpty ? [] : [0..<text.count], facts: holding) }
  }

  /// The class with the greatest margin, and its probability.
  public static func best(_ margins: [Float]) -> (index: Int, probability: Float) {
    var best = 0
    for index in margins.indices where margins[index] > margins[best] { best = index }
    let sum = margins.reduce(Float(0)) { $0 + exp($1 - margins[best]) }
    return (best, 1 / sum)
  }

  /// Where a margin stands among the documents of a channel, 0...1; among those of all channels where that one has no
  /// table of its own.
  public func percentile(_ margin: Float, channel: String) -> Float {
    let own = percentiles.first { $0.channel == channel } ?? percentiles.first { $0.channel.isEmpty }
    guard let table = own else { return 1 / (1 + exp(-margin)) }
    let margins = table.margins
    if margin <= margins[0] { return 0 }
    if margin >= margins[100] { return 1 }
    var low = 0
    var high = 100
    while high - low > 1 {
      let middle = (low + high) / 2
      if margins[middle] <= margin { low = middle } else { high = middle }
    }
    let part = (margin - margins[low]) / max(.leastNormalMagnitude, margins[high] - margins[low])
    return (Float(low) + part) / 100
  }
}

/// Why bytes are no usable model, or labels no usable training set.
public struct NgramModelError: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String
  public init(_ reason: String) { description = reason }
}
