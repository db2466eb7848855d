import CKernels
import Glibc

/// One labelled text as the trainer sees it: its n-grams with their shares, the facts that hold, its class.
public struct NgramExample: Sendable {
  var rows: [UInt32]
  var shares: [Float]
  let facts: [Int]
  let label: Int
  /// Orders the examples, so that the order they came in plays no part.
  let key: UInt64

  /// - Parameters:
  ///   - spans: the parts of the text that are read.
  ///   - key: the same for the same text: the low half of its id.
  public init(
    _ text: UnsafeBufferPointer<UInt8>, spans: [Range<Int>], facts: [Int], label: Int, key: UInt64, bits: Int
  ) {
    let total = spans.reduce(0) { $0 + $1.count }
    var found = [UInt32](unsafeUninitializedCapacity: 2 * total + 2) { buffer, count in
      for span in spans {
        count += ck_ngram_rows(
          text.baseAddress! + span.lowerBound, span.count, UInt32(bits), buffer.baseAddress! + count)
      }
    }
    found.sort()
    rows = []
    shares = []
    let unit = 1 / Float(max(1, found.count))
    for row in found {
      if rows.last == row {
        shares[shares.count - 1] += unit
      } else {
        rows.append(row)
        shares.append(unit)
      }
    }
    self.facts = facts
    self.label = label
    self.key = key
  }
}

/// Logistic regression by AdaGrad, one example after another in an order that only the texts decide: the same examples
/// give the same model, however many threads made them.
public struct NgramTraining: Sendable {
  public var bits = 15
  public var epochs = 12
  /// n-grams of fewer documents are not learnt: they would tell documents apart, not classes.
  public var leastDocuments = 4
  private let rate: Float = 0.4
  private let factRate: Float = 0.08
  private let decay: Float = 2e-5

  public init() {}

  /// - Parameters:
  ///   - ordered: classes stand for rising values; the model gets one margin.
  public func train(
    task: String, classes: [String], examples: [NgramExample], factCount: Int, ordered: [Float]? = nil
  ) throws(NgramModelError) -> NgramModel {
    let counts = classes.indices.map { label in examples.count { $0.label == label } }
    if let missing = counts.firstIndex(of: 0) {
      throw NgramModelError(
        "class '\(classes[missing])' has no document to learn from; label some, or remove its folder")
    }
    var state = State(bits: bits, classes: classes.count, facts: factCount)
    var sorted = examples.sorted { ($0.key, $0.label) < ($1.key, $1.label) }
    dropRare(&sorted)
    // A class with few documents is heard as loudly as one with many, within bounds.
    let weights = counts.map { min(4, Float(examples.count) / Float(classes.count * $0)) }
    var order = Array(sorted.indices)
    var random: UInt64 = 0x9E37_79B9_7F4A_7C15
    for _ in 0..<epochs {
      NgramTraining.shuffle(&order, &random)
      for index in order { step(sorted[index], weights[sorted[index].label], &state) }
    }
    return try model(task, classes, state, examples.count, ordered)
  }

  private func dropRare(_ examples: inout [NgramExample]) {
    var documents = [UInt16](repeating: 0, count: 1 << bits)
    for example in examples {
      for row in example.rows where documents[Int(row)] < .max { documents[Int(row)] += 1 }
    }
    let least = UInt16(min(leastDocuments, max(1, examples.count / 20)))
    for index in examples.indices {
      let kept = examples[index].rows.indices.filter { documents[Int(examples[index].rows[$0])] >= least }
      examples[index].shares = kept.map { examples[index].shares[$0] }
      examples[index].rows = kept.map { examples[index].rows[$0] }
    }
  }

  private static func shuffle(_ order: inout [Int], _ random: inout UInt64) {
    for index in stride(from: order.count - 1, to: 0, by: -1) {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      order.swapAt(index, Int((random >> 33) % UInt64(index + 1)))
    }
  }

  private struct State {
    var weights: [Float]
    var squares: [Float]
    var facts: [Float]
    var factSquares: [Float]
    var bias: [Float]
    var biasSquares: [Float]
    let classes: Int

    init(bits: Int, classes: Int, facts: Int) {
      self.classes = classes
      weights = [Float](repeating: 0, count: classes << bits)
      squares = [Float](repeating: 1e-12, count: classes << bits)
      self.facts = [Float](repeating: 0, count: classes * facts)
      factSquares = [Float](repeating: 1e-3, count: classes * facts)
      bias = [Float](repeating: 0, count: classes)
      biasSquares = [Float](repeating: 1e-3, count: classes)
    }
  }

  private func step(_ example: NgramExample, _ weight: Float, _ state: inout State) {
    let classes = state.classes
    withUnsafeTemporaryAllocation(of: Float.self, capacity: classes) { errors in
      for output in 0..<classes { errors[output] = state.bias[output] }
      for fact in example.facts {
        for output in 0..<classes { errors[output] += state.facts[fact * classes + output] }
      }
      state.weights.withUnsafeBufferPointer { weights in
        for (row, share) in zip(example.rows, example.shares) {
          let base = Int(row) * classes
          for output in 0..<classes { errors[output] += weights[base + output] * share }
        }
      }
      NgramTraining.toErrors(errors, label: example.label, weight: weight)
      for output in 0..<classes {
        NgramTraining.descend(&state.bias[output], &state.biasSquares[output], errors[output], factRate)
      }
      for fact in example.facts {
        for output in 0..<classes {
          let place = fact * classes + output
          NgramTraining.descend(&state.facts[place], &state.factSquares[place], errors[output], factRate)
        }
      }
      descend(example, errors, &state)
    }
  }

  /// Margins to weight * (probability - wanted).
  private static func toErrors(_ errors: UnsafeMutableBufferPointer<Float>, label: Int, weight: Float) {
    let most = errors.max() ?? 0
    var sum: Float = 0
    for index in errors.indices {
      errors[index] = exp(errors[index] - most)
      sum += errors[index]
    }
    for index in errors.indices { errors[index] = weight * (errors[index] / sum - (index == label ? 1 : 0)) }
  }

  private func descend(_ example: NgramExample, _ errors: UnsafeMutableBufferPointer<Float>, _ state: inout State) {
    let classes = state.classes
    state.weights.withUnsafeMutableBufferPointer { weights in
      state.squares.withUnsafeMutableBufferPointer { squares in
        for (row, share) in zip(example.rows, example.shares) {
          let base = Int(row) * classes
          for output in 0..<classes {
            let gradient = errors[output] * share + decay * share * weights[base + output]
            squares[base + output] += gradient * gradient
            weights[base + output] -= rate * gradient / squares[base + output].squareRoot()
          }
        }
      }
    }
  }

  @inline(__always)
  private static func descend(_ weight: inout Float, _ square: inout Float, _ gradient: Float, _ rate: Float) {
    square += gradient * gradient
    weight -= rate * gradient / square.squareRoot()
  }

  /// The weights in 8 bits; for ordered classes the one margin that their margins add up to.
  private func model(
    _ task: String, _ classes: [String], _ state: State, _ documents: Int, _ ordered: [Float]?
  ) throws(NgramModelError) -> NgramModel {
    let mix =
      ordered.map { values in [values.map { 2 * $0 - 1 }] }
      ?? classes.indices.map { own in classes.indices.map { $0 == own ? 1 : 0 } }
    let weights = NgramTraining.mixed(state.weights, classes.count, mix)
    let most = weights.reduce(Float(1e-6)) { max($0, abs($1)) }
    let scale = most / 127
    let lanes = NgramModel.lanes(mix.count)
    var table = [Int8](repeating: 0, count: lanes << bits)
    for row in 0..<(1 << bits) {
      for output in mix.indices {
        table[row * lanes + output] = Int8((weights[row * mix.count + output] / scale).rounded())
      }
    }
    return try NgramModel(
      task: task, classes: classes, bits: bits, scale: scale, bias: NgramTraining.mixed(state.bias, classes.count, mix),
      table: table, facts: NgramTraining.mixed(state.facts, classes.count, mix), documents: documents)
  }

  private static func mixed(_ weights: [Float], _ classes: Int, _ mix: [[Float]]) -> [Float] {
    (0..<(weights.count / classes)).flatMap { row in
      mix.map { shares in zip(shares, weights[(row * classes)..<((row + 1) * classes)]).reduce(0) { $0 + $1.0 * $1.1 } }
    }
  }
}
