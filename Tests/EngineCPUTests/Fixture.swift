import Glibc
import Parallel
import Training

@testable import EngineCPU

/// What PyTorch said about a tiny model (Tests/Fixtures/engine/record.py).
struct Fixture {
  static let windows = 2
  static let length = 16
  let shape: ModelShape
  private let tensors: [String: [Float]]

  init(tied: Bool, file: String = #filePath) {
    let tests = file.split(separator: "/").dropLast(2).joined(separator: "/")
    let bytes = Self.read("/\(tests)/Fixtures/engine/\(tied ? "tied" : "untied").tensors")
    var lines = [String]()
    var start = 0
    while let end = bytes[start...].firstIndex(of: 10), end > start {
      lines.append(String(decoding: bytes[start..<end], as: UTF8.self))
      start = end + 1
    }
    var offset = start + 1
    var tensors = [String: [Float]]()
    for line in lines {
      let words = line.split(separator: " ")
      let count = words.dropFirst().reduce(1) { $0 * Int($1)! }
      tensors[String(words[0])] = (0..<count).map { index in
        let at = offset + 4 * index
        let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[at + $1]) << (8 * UInt32($1)) }
        return Float(bitPattern: bits)
      }
      offset += 4 * count
    }
    precondition(offset == bytes.count, "the fixture is cut short")
    self.tensors = tensors
    shape = ModelShape(vocabulary: 96, layers: 2, hidden: 32, heads: 4, kvHeads: 2, intermediate: 48, tied: tied)
  }

  private static func read(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "rb") else { preconditionFailure("no fixture at \(path)") }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    return bytes
  }

  subscript(name: String) -> [Float] { tensors[name]! }

  var batch: StepBatch {
    StepBatch(
      windows: Self.windows, length: Self.length, inputs: self["ids"].map { Int32($0) },
      targets: self["targets"].map { Int32($0) },
      channels: [UInt8](repeating: 0, count: Self.windows * Self.length))
  }

  /// An engine with the recorded weights.
  func engine(threads: Int = 2) -> LlamaEngine {
    let engine = LlamaEngine(shape: shape, pool: WorkerPool(threads: threads))
    for (index, tensor) in shape.tensors.enumerated() {
      engine.withTensor(.weights, index) { _ = $0.update(fromContentsOf: self["weights/" + tensor.name]) }
    }
    return engine
  }
}

/// The length of the difference, relative to the length of `expected`.
func relativeError(_ actual: some Collection<Float>, _ expected: some Collection<Float>) -> Double {
  precondition(actual.count == expected.count, "vectors of different lengths")
  var difference = 0.0
  var length = 0.0
  for (a, b) in zip(actual, expected) {
    difference += (Double(a) - Double(b)) * (Double(a) - Double(b))
    length += Double(b) * Double(b)
  }
  return length == 0 ? difference.squareRoot() : (difference / length).squareRoot()
}

/// Repeatable numbers in -1 ... 1.
struct Noise {
  private let random: CounterRandom
  private var counter: UInt64 = 0

  init(_ seed: UInt64) { random = CounterRandom(seed: seed) }

  mutating func bits() -> UInt64 {
    counter += 1
    return random.bits(counter)
  }
  mutating func float() -> Float { Float(bits() >> 40) / Float(1 << 23) - 1 }
  mutating func floats(_ count: Int) -> [Float] { (0..<count).map { _ in float() } }
  mutating func ids(_ count: Int, below limit: Int) -> [Int32] {
    (0..<count).map { _ in Int32(bits() % UInt64(limit)) }
  }
}

func exponential(_ x: Double) -> Double { exp(x) }
