import Bytes
import Glibc

/// Logistic regression over hashed n-grams: sigmoid(bias + mean weight of the text's features).
///
/// File, little endian: "PTLINEAR", u32 version 1, u32 bits (8...24), u32 orders (1...5), f32 bias,
/// 2^bits f32 weights, then the first 8 bytes of the SHA-256 of all that.
public struct LinearModel: Sendable, Equatable {
  public static let magic = Array("PTLINEAR".utf8)
  private static let headerSize = 24

  /// The weights table has 2^bits entries.
  public let bits: Int
  /// n-grams of 1...orders units are features; a unit is a Han character or a lower-cased word.
  public let orders: Int
  public let bias: Float
  public let weights: [Float]

  public init(bits: Int, orders: Int, bias: Float, weights: [Float]) throws(LinearModelError) {
    guard (8...24).contains(bits), (1...5).contains(orders), weights.count == 1 << bits else {
      throw LinearModelError("bits must be 8...24, orders 1...5 and there must be 2^bits weights")
    }
    guard bias.isFinite, weights.allSatisfy(\.isFinite) else { throw LinearModelError("a weight is not finite") }
    self.bits = bits
    self.orders = orders
    self.bias = bias
    self.weights = weights
  }

  /// A model from the bytes of its file.
  public init(_ bytes: [UInt8]) throws(LinearModelError) {
    guard bytes.count > LinearModel.headerSize + 8, bytes.starts(with: LinearModel.magic) else {
      throw LinearModelError("not a linear model: it does not start with PTLINEAR")
    }
    guard LittleEndian.read(UInt32.self, bytes, at: 8) == 1 else {
      throw LinearModelError("offset 8: only version 1 is known; train the model anew with this program")
    }
    let bits = Int(LittleEndian.read(UInt32.self, bytes, at: 12))
    let orders = Int(LittleEndian.read(UInt32.self, bytes, at: 16))
    guard (8...24).contains(bits), bytes.count == LinearModel.headerSize + 4 << bits + 8 else {
      throw LinearModelError("offset 12: \(bits) bits do not fit a file of \(bytes.count) bytes; is it cut?")
    }
    let end = bytes.count - 8
    guard Array(bytes[end...]) == Array(Digest.sha256(Array(bytes[..<end])).prefix(8)) else {
      throw LinearModelError("offset \(end): the checksum does not agree; copy the file again")
    }
    let weights = bytes.withUnsafeBytes { raw in
      (0..<(1 << bits)).map {
        Float(bitPattern: LittleEndian.read(UInt32.self, raw, at: LinearModel.headerSize + 4 * $0))
      }
    }
    let bias = Float(bitPattern: LittleEndian.read(UInt32.self, bytes, at: 20))
    try self.init(bits: bits, orders: orders, bias: bias, weights: weights)
  }

  /// The bytes of the model's file.
  public func encoded() -> [UInt8] {
    var bytes = LinearModel.magic
    for number in [1, UInt32(bits), UInt32(orders)] { LittleEndian.append(number, to: &bytes) }
    LittleEndian.append(bias, to: &bytes)
    for weight in weights { LittleEndian.append(weight, to: &bytes) }
    return bytes + Digest.sha256(bytes).prefix(8)
  }

  /// 0...1; a text without features gets sigmoid(bias).
  public func score(_ text: UnsafeBufferPointer<UInt8>) -> Float {
    var sum: Float = 0
    var count = 0
    weights.withUnsafeBufferPointer { weights in
      LinearModelFeatures.forEach(in: text, bits: bits, orders: orders) { feature in
        sum += weights[feature]
        count += 1
      }
    }
    let mean = count == 0 ? 0 : sum / Float(count)
    return 1 / (1 + exp(-(bias + mean)))
  }

  public func score(_ text: [UInt8]) -> Float { text.withUnsafeBufferPointer { score($0) } }
}

/// Why bytes are no usable model.
public struct LinearModelError: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String
  init(_ reason: String) { description = reason }
}
