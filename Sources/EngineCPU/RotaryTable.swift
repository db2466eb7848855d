import Glibc

/// Cosine and sine of every (position, pair of dimensions), rounded as Hugging Face rounds them (all in fp32).
struct RotaryTable {
  let length: Int
  let theta: Double
  /// [length, dimension / 2]
  let cosines: Memory<Float>
  let sines: Memory<Float>

  init(length: Int, dimension: Int, theta: Double) {
    self.length = length
    self.theta = theta
    let half = dimension / 2
    cosines = Memory(length * half)
    sines = Memory(length * half)
    for pair in 0..<half {
      let exponent = Float(2 * pair) / Float(dimension)
      let frequency = 1 / Float(pow(theta, Double(exponent)))
      for position in 0..<length {
        let angle = Double(Float(position) * frequency)
        cosines.base[position * half + pair] = Float(cos(angle))
        sines.base[position * half + pair] = Float(sin(angle))
      }
    }
  }
}
