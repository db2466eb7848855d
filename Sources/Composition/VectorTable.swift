/// Vectors of one length, one a document: 128 numbers each, of length 1, made by sums and products in a fixed order, so
/// that they are the same on every machine.
struct VectorTable {
  typealias Lane = SIMD16<Float>
  static let lanes = 8
  static let dimensions = 16 * lanes

  private(set) var values: [Lane]
  let count: Int

  init(count: Int) {
    self.count = count
    values = [Lane](repeating: .zero, count: count * VectorTable.lanes)
  }

  static func dot(_ a: UnsafePointer<Lane>, _ b: UnsafePointer<Lane>) -> Float {
    var sum = a[0] * b[0]
    for lane in 1..<lanes { sum += a[lane] * b[lane] }
    return total(sum)
  }

  /// The numbers of a lane added up, halves first.
  static func total(_ lane: Lane) -> Float {
    let eight = lane.lowHalf + lane.highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }

  func dot(_ a: Int, _ b: Int) -> Float {
    values.withUnsafeBufferPointer { values in
      VectorTable.dot(values.baseAddress! + a * VectorTable.lanes, values.baseAddress! + b * VectorTable.lanes)
    }
  }

  mutating func set(_ index: Int, _ lanes: [Lane]) {
    for lane in 0..<VectorTable.lanes { values[index * VectorTable.lanes + lane] = lanes[lane] }
  }

  /// Adds `weight` times a row of another table to a vector.
  mutating func add(_ index: Int, _ rows: VectorTable, _ row: Int, weight: Float) {
    values.withUnsafeMutableBufferPointer { values in
      rows.values.withUnsafeBufferPointer { rows in
        let target = values.baseAddress! + index * VectorTable.lanes
        let source = rows.baseAddress! + row * VectorTable.lanes
        for lane in 0..<VectorTable.lanes { target[lane] += source[lane] * weight }
      }
    }
  }

  /// Takes what all of these have in common off them and makes them of length 1.
  mutating func centre(_ members: [Int]) {
    var mean = [Lane](repeating: .zero, count: VectorTable.lanes)
    for member in members {
      for lane in 0..<VectorTable.lanes { mean[lane] += values[member * VectorTable.lanes + lane] }
    }
    for lane in mean.indices { mean[lane] /= Lane(repeating: Float(max(1, members.count))) }
    for member in members {
      for lane in 0..<VectorTable.lanes { values[member * VectorTable.lanes + lane] -= mean[lane] }
      normalize(member)
    }
  }

  mutating func normalize(_ index: Int) {
    let length = dot(index, index).squareRoot()
    if length <= 0 { return }
    let factor = Lane(repeating: 1 / length)
    for lane in 0..<VectorTable.lanes { values[index * VectorTable.lanes + lane] *= factor }
  }
}
