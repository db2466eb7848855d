/// A hash table from byte strings to the numbers 0, 1, 2 ... in order of insertion. The strings live in one buffer.
public struct ByteStringTable: Sendable {
  private var slots: [UInt32]
  private var hashes: [UInt32] = []
  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]

  public init(capacity: Int = 64) {
    var size = 64
    while size < capacity * 2 { size *= 2 }
    slots = [UInt32](repeating: .max, count: size)
  }

  public var count: Int { hashes.count }
  /// The sum of the lengths of all strings.
  public var byteCount: Int { bytes.count }

  /// The bytes of string `number`.
  public subscript(number: Int) -> ArraySlice<UInt8> { bytes[starts[number]..<starts[number + 1]] }

  /// The number of `string`, or nil if it was never inserted.
  public func find(_ string: UnsafeBufferPointer<UInt8>) -> Int? {
    let slot = slots[slotIndex(of: string, hash: Self.hash(string))]
    return slot == .max ? nil : Int(slot)
  }

  public func find(_ string: some Collection<UInt8>) -> Int? {
    Self.withBytes(of: string) { find($0) }
  }

  /// The number of `string`, inserted now if it is new.
  @discardableResult
  public mutating func insert(_ string: UnsafeBufferPointer<UInt8>) -> Int {
    let hash = Self.hash(string)
    let index = slotIndex(of: string, hash: hash)
    if slots[index] != .max { return Int(slots[index]) }
    let number = hashes.count
    slots[index] = UInt32(number)
    hashes.append(hash)
    bytes.append(contentsOf: string)
    starts.append(bytes.count)
    if hashes.count * 2 > slots.count { grow() }
    return number
  }

  @discardableResult
  public mutating func insert(_ string: some Collection<UInt8>) -> Int {
    Self.withBytes(of: string) { insert($0) }
  }

  private static func withBytes<R>(
    of string: some Collection<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> R
  ) -> R {
    string.withContiguousStorageIfAvailable(body) ?? Array(string).withUnsafeBufferPointer(body)
  }

  /// The slot that holds `string`, or the empty slot where it belongs.
  private func slotIndex(of string: UnsafeBufferPointer<UInt8>, hash: UInt32) -> Int {
    let mask = slots.count &- 1
    var index = Int(hash) & mask
    while slots[index] != .max {
      let number = Int(slots[index])
      if hashes[number] == hash, equals(number, string) { break }
      index = (index &+ 1) & mask
    }
    return index
  }

  private func equals(_ number: Int, _ string: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = starts[number]
    guard starts[number + 1] &- start == string.count else { return false }
    return bytes.withUnsafeBufferPointer { own in
      for offset in 0..<string.count where own[start &+ offset] != string[offset] { return false }
      return true
    }
  }

  private mutating func grow() {
    slots = [UInt32](repeating: .max, count: slots.count * 2)
    let mask = slots.count &- 1
    for (number, hash) in hashes.enumerated() {
      var index = Int(hash) & mask
      while slots[index] != .max { index = (index &+ 1) & mask }
      slots[index] = UInt32(number)
    }
  }

  /// Eight bytes at a time, multiplied and folded; good enough for words, not against an adversary.
  private static func hash(_ string: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(string.count)
    var offset = 0
    let raw = UnsafeRawBufferPointer(string)
    while offset &+ 8 <= string.count {
      state = mix(state ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset &+= 8
    }
    var last: UInt64 = 0
    while offset < string.count {
      last = last << 8 | UInt64(string[offset])
      offset &+= 1
    }
    return UInt32(truncatingIfNeeded: mix(state ^ last) >> 32)
  }

  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }
}
