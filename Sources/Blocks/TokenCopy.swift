/// Copies of tokens between widths that also find the highest id; plain loops that the compiler makes vectors of.
enum TokenCopy {
  /// 32 to 16 bits; a negative id counts as a huge one.
  static func narrow(_ source: UnsafePointer<Int32>, _ target: UnsafeMutableRawPointer, _ count: Int) -> UInt32 {
    let out = target.assumingMemoryBound(to: UInt16.self)
    var highest: UInt32 = 0
    for index in 0..<count {
      let token = UInt32(bitPattern: source[index])
      highest = max(highest, token)
      out[index] = UInt16(truncatingIfNeeded: token)
    }
    return highest
  }

  static func copy(_ source: UnsafePointer<Int32>, _ target: UnsafeMutableRawPointer, _ count: Int) -> UInt32 {
    target.copyMemory(from: source, byteCount: 4 * count)
    var highest: UInt32 = 0
    for index in 0..<count { highest = max(highest, UInt32(bitPattern: source[index])) }
    return highest
  }

  static func copy(_ source: UnsafePointer<UInt16>, _ target: UnsafeMutableRawPointer, _ count: Int) -> UInt32 {
    target.copyMemory(from: source, byteCount: 2 * count)
    var highest: UInt16 = 0
    for index in 0..<count { highest = max(highest, source[index]) }
    return UInt32(highest)
  }

  static func widen(_ source: UnsafePointer<UInt16>, _ target: UnsafeMutableRawPointer, _ count: Int) -> UInt32 {
    let out = target.assumingMemoryBound(to: UInt32.self)
    var highest: UInt32 = 0
    for index in 0..<count {
      let token = UInt32(source[index])
      highest = max(highest, token)
      out[index] = token
    }
    return highest
  }
}
