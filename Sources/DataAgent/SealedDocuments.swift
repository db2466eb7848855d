import Bytes
import Documents
import Posix
import Spool

/// What never changes of a document, as the table keeps it.
struct DocumentRow: Equatable {
  var id: Identifier
  var textID: Identifier
  var score: Float
  var textBytes: UInt32
  var claim: UInt32
  /// Seconds since 1970; 0 = unknown.
  var date: UInt32
  /// State with which its batch was committed.
  var firstOther: UInt32
  var firstCode: UInt8
  var channel: UInt8
  var genre: UInt8

  init(_ record: DocumentRecord) {
    id = record.id
    textID = record.textID
    score = record.score
    textBytes = UInt32(record.textBytes)
    claim = UInt32(record.claim)
    date = UInt32(clamping: record.date)
    firstOther = record.state.other
    firstCode = record.state.code
    channel = record.channel.index
    genre = record.genre.rawValue
  }

  static let bytes = 56

  func append(to bytes: inout [UInt8]) {
    for half in [id.high, id.low, textID.high, textID.low] { LittleEndian.append(half, to: &bytes) }
    LittleEndian.append(score, to: &bytes)
    for number in [textBytes, claim, date, firstOther] { LittleEndian.append(number, to: &bytes) }
    bytes += [firstCode, channel, genre, 0]
  }

  @inline(__always)
  init(_ bytes: UnsafeRawBufferPointer, at start: Int) {
    func half(_ offset: Int) -> UInt64 { LittleEndian.read(UInt64.self, bytes, at: start + offset) }
    func number(_ offset: Int) -> UInt32 { LittleEndian.read(UInt32.self, bytes, at: start + offset) }
    id = Identifier(high: half(0), low: half(8))
    textID = Identifier(high: half(16), low: half(24))
    score = Float(bitPattern: number(32))
    textBytes = number(36)
    claim = number(40)
    date = number(44)
    firstOther = number(48)
    firstCode = bytes[start + 52]
    channel = bytes[start + 53]
    genre = bytes[start + 54]
  }
}

/// Which batches a file of `state/documents/` is of: `rows-00000000-00000041.table`.
struct SealedName: Equatable {
  let first: Int
  let last: Int

  init(first: Int, last: Int) {
    self.first = first
    self.last = last
  }

  init?(_ path: Path) {
    let words = path.description.split(separator: ".", omittingEmptySubsequences: false)
    guard words.count == 2, words[1] == "table" else { return nil }
    let parts = words[0].split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "rows", let first = Int(parts[1]), let last = Int(parts[2]) else { return nil }
    self.init(first: first, last: last)
    if path != self.path || first > last { return nil }
  }

  var path: Path { Path("rows-\(SealedName.digits(first))-\(SealedName.digits(last)).table") }

  private static func digits(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }
}

/// The rows of the documents of some batches in a row: a mapped file that is never changed. They need no memory, and no
/// start reads those batches. Made from the batches' own records, so it may be lost.
///
/// magic, version u64, first and last batch, first document, documents, CRC-32C of what follows the head, CRC-32C of
/// the head before it, all u64; then documents and bytes of text of each batch, u64; then a row a document.
final class SealedDocuments: Sendable {
  private static let magic = Array("PTROWS01".utf8)
  private static let headBytes = 64
  private static let batchBytes = 16

  struct BatchSize: Equatable {
    let documents: Int
    let textBytes: Int
  }

  let name: SealedName
  /// The first document.
  let first: Int
  let count: Int
  private let file: MappedFile

  var batches: Int { name.last - name.first + 1 }
  private var rowsStart: Int { SealedDocuments.headBytes + batches * SealedDocuments.batchBytes }

  /// Why a file is none.
  struct Damage: Error, CustomStringConvertible {
    let description: String
  }

  /// - Parameter isChecked: compare its checksum: all of it is read.
  /// - Throws: `Damage` when it is none of this version, `SystemError` when it cannot be read.
  init(_ name: SealedName, in folder: Directory, isChecked: Bool) throws {
    self.name = name
    file = try MappedFile(try folder.openFile(name.path))
    let bytes = file.bytes
    guard bytes.count >= SealedDocuments.headBytes, bytes.starts(with: SealedDocuments.magic) else {
      throw Damage(description: "it is no table of documents")
    }
    func field(_ index: Int) -> Int {
      Int(truncatingIfNeeded: LittleEndian.read(UInt64.self, bytes, at: 8 + 8 * index))
    }
    let head = UnsafeRawBufferPointer(rebasing: bytes[..<(SealedDocuments.headBytes - 8)])
    guard field(6) == Int(Checksum.crc32c(head)) else { throw Damage(description: "its head is damaged") }
    guard field(0) == SealedDocuments.version else { throw Damage(description: "made by another version") }
    guard field(1) == name.first, field(2) == name.last else { throw Damage(description: "it has another one's name") }
    (first, count) = (field(3), field(4))
    let rest = UnsafeRawBufferPointer(rebasing: bytes[SealedDocuments.headBytes...])
    let wanted = (name.last - name.first + 1) * SealedDocuments.batchBytes + count * DocumentRow.bytes
    guard rest.count == wanted else {
      throw Damage(description: "\(bytes.count) bytes do not hold \(count) documents")
    }
    if isChecked, field(5) != Int(Checksum.crc32c(rest)) { throw Damage(description: "it has another checksum") }
  }

  /// Rows of another meaning are none.
  private static var version: Int { Int(DocumentRecord.layout.version) }

  /// A batch by its number.
  func size(of batch: Int) -> BatchSize {
    let start = SealedDocuments.headBytes + (batch - name.first) * SealedDocuments.batchBytes
    return BatchSize(
      documents: Int(LittleEndian.read(UInt64.self, file.bytes, at: start)),
      textBytes: Int(LittleEndian.read(UInt64.self, file.bytes, at: start + 8)))
  }

  /// - Parameter ordinal: the number of a document that it holds.
  @inline(__always)
  func row(_ ordinal: Int) -> DocumentRow {
    DocumentRow(file.bytes, at: rowsStart + (ordinal - first) * DocumentRow.bytes)
  }

  // MARK: Writing

  /// Publishes the rows of these batches.
  static func publish(
    _ name: SealedName, first: Int, sizes: [BatchSize], in folder: Directory, row: (Int) -> DocumentRow
  ) throws(SystemError) {
    let count = sizes.reduce(0) { $0 + $1.documents }
    let file = try folder.createTemporary(name.path)
    do throws(SystemError) {
      try file.write([UInt8](repeating: 0, count: headBytes))
      var checksum: UInt32 = 0
      var buffer: [UInt8] = []
      func flush() throws(SystemError) {
        checksum = Checksum.crc32c(buffer, from: checksum)
        try file.write(buffer)
        buffer.removeAll(keepingCapacity: true)
        ServiceNotify.beat()
      }
      for size in sizes {
        LittleEndian.append(UInt64(size.documents), to: &buffer)
        LittleEndian.append(UInt64(size.textBytes), to: &buffer)
      }
      for ordinal in first..<(first + count) {
        row(ordinal).append(to: &buffer)
        if buffer.count > 1 << 20 { try flush() }
      }
      try flush()
      try write(head(name, first, count, checksum), to: file)
      try file.sync()
    } catch {
      // What a full disk cut off must not keep the room that others wait for.
      try? folder.remove(Directory.temporary(name.path))
      throw error
    }
    try commit(name, in: folder)
  }

  private static func head(_ name: SealedName, _ first: Int, _ count: Int, _ checksum: UInt32) -> [UInt8] {
    var head = magic
    for field in [version, name.first, name.last, first, count, Int(checksum)] {
      LittleEndian.append(UInt64(field), to: &head)
    }
    LittleEndian.append(UInt64(Checksum.crc32c(head)), to: &head)
    return head
  }

  private static func write(_ head: [UInt8], to file: File) throws(SystemError) {
    let failed = head.withUnsafeBytes { bytes -> SystemError? in
      do throws(SystemError) {
        try file.write(bytes, at: 0)
        return nil
      } catch {
        return error
      }
    }
    if let failed { throw failed }
  }

  private static func commit(_ name: SealedName, in folder: Directory) throws(SystemError) {
    do throws(SystemError) {
      try folder.commit(name.path)
    } catch {
      // An attempt that failed at the folder's fsync had given it its name.
      guard error.exists else { throw error }
      try folder.replace(Directory.temporary(name.path), to: folder, name.path)
      try folder.sync()
    }
  }
}
