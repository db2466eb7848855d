import Glibc
import Training

/// SplitMix64 (Steele, Lea, Flood 2014) as a function of (seed, counter): any element may be computed alone.
struct CounterRandom {
  let seed: UInt64

  func bits(_ counter: UInt64) -> UInt64 {
    var z = seed &+ (counter &+ 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// In (0, 1].
  private func unit(_ counter: UInt64) -> Double { (Double(bits(counter) >> 11) + 1) * 0x1p-53 }

  /// Two standard normal numbers (Box and Muller) from counters 2 pair and 2 pair + 1.
  func normals(_ pair: UInt64) -> (Double, Double) {
    let radius = sqrt(-2 * log(unit(2 * pair)))
    let angle = 2 * Double.pi * unit(2 * pair + 1)
    return (radius * cos(angle), radius * sin(angle))
  }
}

extension ParameterStore {
  /// N(0, 0.02); projections back into the residual stream scaled by 1/sqrt(2 layers) (GPT-2); norms 1.
  /// - Parameter tick: called after each tensor.
  func initialize(seed: UInt64, tick: () -> Void = {}) {
    for (index, tensor) in tensors.enumerated() {
      defer { tick() }
      let values = memory.base + offsets[index]
      guard tensor.shape.count > 1 else {
        values.update(repeating: 1, count: tensor.count)
        continue
      }
      let intoResidual = tensor.name.hasSuffix("o_proj.weight") || tensor.name.hasSuffix("down_proj.weight")
      let deviation = 0.02 * (intoResidual ? 1 / (2 * Double(shape.layers)).squareRoot() : 1)
      // Every tensor has a stream of its own, so that a layer more does not change the others.
      let random = CounterRandom(seed: CounterRandom(seed: seed).bits(UInt64(index)))
      for at in stride(from: 0, to: tensor.count, by: 2) {
        let (first, second) = random.normals(UInt64(at / 2))
        values[at] = Float(first * deviation)
        if at + 1 < tensor.count { values[at + 1] = Float(second * deviation) }
      }
    }
  }
}
