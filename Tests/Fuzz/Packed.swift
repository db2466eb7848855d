import Spool

/// Seeds in the formats we write.
enum Packed {
  static func frame(_ plain: [UInt8]) -> [UInt8] { plain.withUnsafeBytes { ZstdFrames.compress($0) } }
}
