import Bytes
import Composition
import Posix
import Spool

/// Which documents a block holds, kept beside the journal: `state/draws/part-00000.r1.draw`. From it uses, frozen
/// documents and waiting tails are known again after a restart, and `why` names a document's blocks.
struct DrawRecord {
  struct Piece: Equatable {
    let ordinal: UInt32
    let start: UInt32
    let count: UInt32
  }

  let intent: BlockIntent
  let pieces: [Piece]
  let credit: MixCredit

  init(intent: BlockIntent, draw: Draw) {
    self.intent = intent
    pieces = draw.pieces.map { Piece(ordinal: $0.ordinal, start: UInt32($0.start), count: UInt32($0.count)) }
    credit = draw.credit
  }

  init(intent: BlockIntent, pieces: [Piece], credit: MixCredit) {
    self.intent = intent
    self.pieces = pieces
    self.credit = credit
  }

  var tokens: Int { pieces.reduce(0) { $0 + Int($1.count) } }
  var ordinals: [UInt32] { Set(pieces.map(\.ordinal)).sorted() }
}

enum DrawFile {
  private static let magic = Array("PTDRAW01".utf8)

  struct DrawDamage: Error, CustomStringConvertible {
    let path: Path
    var description: String { "\(path): damaged or missing; restore it from a backup, the uses of documents are in it" }
  }

  static func name(_ intent: BlockIntent) -> Path {
    let digits = String(intent.number)
    return Path(
      "part-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits + ".r\(intent.revision).draw")
  }

  /// Number and revision of a draw file's name; nil for every other name.
  static func parts(_ name: Path) -> (number: Int, revision: Int)? {
    let words = name.description.split(separator: ".")
    guard words.count == 3, words[0].hasPrefix("part-"), words[1].hasPrefix("r"), words[2] == "draw",
      let number = Int(words[0].dropFirst(5)), let revision = Int(words[1].dropFirst())
    else { return nil }
    return (number, revision)
  }

  static func folder(_ layout: SpoolLayout) throws(SystemError) -> Directory { try layout.state.make("draws") }

  /// magic, header length u32, header JSON, piece count u32, pieces (three u32 each), CRC-32C of all before.
  static func write(_ record: DrawRecord, in layout: SpoolLayout) throws(SystemError) {
    var bytes = magic
    let header = JSONWriter.compact(
      .object(record.intent.journalRecord.members! + [JSONMember("credit", record.credit.json)]))
    LittleEndian.append(UInt32(header.count), to: &bytes)
    bytes += header
    LittleEndian.append(UInt32(record.pieces.count), to: &bytes)
    for piece in record.pieces {
      LittleEndian.append(piece.ordinal, to: &bytes)
      LittleEndian.append(piece.start, to: &bytes)
      LittleEndian.append(piece.count, to: &bytes)
    }
    LittleEndian.append(Checksum.crc32c(bytes), to: &bytes)
    try folder(layout).replaceFile(name(record.intent), with: bytes)
  }

  static func read(_ intent: BlockIntent, in layout: SpoolLayout) throws -> DrawRecord {
    try read(intent, in: try folder(layout))
  }

  /// - Parameter folder: `state/draws`.
  static func read(_ intent: BlockIntent, in folder: Directory) throws -> DrawRecord {
    let damage = DrawDamage(path: folder.path / name(intent))
    guard try folder.isThere(name(intent)) else { throw damage }
    let bytes = try folder.read(name(intent))
    guard bytes.count > magic.count + 12, bytes.starts(with: magic),
      LittleEndian.read(UInt32.self, bytes, at: bytes.count - 4) == Checksum.crc32c(Array(bytes.dropLast(4)))
    else { throw damage }
    let headerBytes = Int(LittleEndian.read(UInt32.self, bytes, at: magic.count))
    let headerStart = magic.count + 4
    let header = try JSONParser.parse(Array(bytes[headerStart..<(headerStart + headerBytes)]))
    guard let stored = BlockIntent(header), let credit = header["credit"].flatMap({ MixCredit(json: $0) }) else {
      throw damage
    }
    let countAt = headerStart + headerBytes
    let count = Int(LittleEndian.read(UInt32.self, bytes, at: countAt))
    let pieces = bytes.withUnsafeBytes { bytes in
      (0..<count).map { index in
        let at = countAt + 4 + 12 * index
        return DrawRecord.Piece(
          ordinal: LittleEndian.read(UInt32.self, bytes, at: at),
          start: LittleEndian.read(UInt32.self, bytes, at: at + 4),
          count: LittleEndian.read(UInt32.self, bytes, at: at + 8))
      }
    }
    return DrawRecord(intent: stored, pieces: pieces, credit: credit)
  }
}
