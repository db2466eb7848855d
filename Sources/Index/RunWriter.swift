import Bytes
import Posix

/// Writes one run from its entries in ascending order of keys, in one pass and without holding them.
struct RunWriter {
  private var header: RunHeader
  private let folder: Directory
  private let file: File
  private var directory: PackedWriter
  private var lows: PackedWriter
  private var ordinals: PackedWriter
  private var held: [UInt64]
  private var bucket = 0

  /// - Parameters:
  ///   - documents: what is held lies within.
  ///   - capacity: entries at most.
  init(_ name: RunName, in folder: Directory, format: Int, documents: ClosedRange<UInt32>, capacity: Int)
    throws(SystemError)
  {
    header = RunHeader(format: format, name: name, documents: documents, capacity: capacity)
    self.folder = folder
    file = try folder.createTemporary(name.path)
    directory = PackedWriter(file, at: header.directoryStart, width: header.directoryWidth)
    lows = PackedWriter(file, at: header.lowStart, width: header.lowBits)
    ordinals = PackedWriter(file, at: header.ordinalStart, width: header.ordinalBits)
    held = [UInt64](repeating: 0, count: header.words)
  }

  @inline(__always)
  mutating func append(_ key: UInt64, _ ordinal: UInt32) throws(SystemError) {
    let bucket = Int(truncatingIfNeeded: key >> UInt64(header.lowBits))
    while self.bucket <= bucket { try beginBucket() }
    let place = Int(ordinal) - Int(header.base)
    try lows.append(key & (1 << UInt64(header.lowBits) - 1))
    try ordinals.append(UInt64(place))
    held[place >> 6] |= 1 << UInt64(place & 63)
  }

  private mutating func beginBucket() throws(SystemError) {
    try directory.append(UInt64(lows.count))
    bucket += 1
  }

  /// Publishes the run, the head written last.
  /// - Parameter witness: no document held comes after this one.
  mutating func publish(_ witness: RunWitness) throws(SystemError) {
    precondition(lows.count <= header.capacity, "more entries than there was room for")
    while bucket <= header.buckets { try beginBucket() }
    try directory.finish()
    try lows.finish()
    try ordinals.finish()
    let bits = held.withUnsafeBytes { Array($0) }
    try write(bits, at: header.heldStart)
    header.entries = lows.count
    header.documents = held.reduce(0) { $0 + $1.nonzeroBitCount }
    header.witness = witness
    header.checksums = [Checksum.crc32c(bits), directory.checksum, lows.checksum, ordinals.checksum]
    try write(header.encoded, at: 0)
    try file.sync()
    do throws(SystemError) {
      try folder.commit(header.name.path)
    } catch {
      // An attempt that failed at the folder's fsync had given it its name.
      guard error.exists else { throw error }
      try folder.replace(Directory.temporary(header.name.path), to: folder, header.name.path)
      try folder.sync()
    }
  }

  private func write(_ bytes: [UInt8], at offset: Int) throws(SystemError) {
    let failed = bytes.withUnsafeBytes { bytes -> SystemError? in
      do throws(SystemError) {
        try file.write(bytes, at: offset)
        return nil
      } catch {
        return error
      }
    }
    if let failed { throw failed }
  }
}
