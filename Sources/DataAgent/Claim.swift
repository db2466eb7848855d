import Bytes
import Decoding
import Posix

/// One file that was taken: its place in the claim order decides the numbers of its documents.
struct Claim {
  let sequence: Int
  /// Relative to `incoming/`.
  let path: Path
  let status: ClaimedStatus
  /// The folder's `.source.json5` as it was when the file was taken; empty when there was none.
  let options: [UInt8]

  /// Where reading goes on: committed with every batch.
  var progress = ClaimProgress()

  /// The folder under `incoming/` it was dropped into.
  var source: String {
    // A million of them at a start: no array of components.
    guard let slash = path.bytes.firstIndex(of: 0x2F) else { return "default" }
    return Path(Array(path.bytes[..<slash])).description
  }

  /// The path below the source folder.
  var nameInSource: Path {
    let parts = path.components
    return parts.count > 1 ? parts.dropFirst().reduce(Path([])) { $0 / $1 } : path
  }

  /// Its name in `state/claimed/`.
  var claimedName: Path { Claim.claimedName(sequence) }
  var badLinesName: Path { claimedName + ".bad.jsonl" }

  static func claimedName(_ sequence: Int) -> Path {
    let digits = String(sequence)
    return Path(String(repeating: "0", count: max(0, 12 - digits.count)) + digits)
  }
}

/// What tells a file from another one that gets its name later.
struct ClaimedStatus: Equatable {
  var size: Int
  var modified: Int
  var device: UInt64
  var inode: UInt64
  /// Copied instead of moved: more than one link, another file system, or no permission to move.
  var copied = false

  init(_ status: FileStatus) {
    size = status.size
    modified = status.modified
    device = status.device
    inode = status.inode
  }

  init(size: Int, modified: Int, device: UInt64, inode: UInt64, copied: Bool) {
    self.size = size
    self.modified = modified
    self.device = device
    self.inode = inode
    self.copied = copied
  }

  func isSame(as status: FileStatus) -> Bool {
    size == status.size && modified == status.modified && device == status.device && inode == status.inode
  }
}

/// How far a file was read, as the journal's batch records say it.
struct ClaimProgress: Equatable {
  /// Byte offset in the decoded stream, number of the next record, lines passed.
  var offset = 0
  var record = 0
  var line = 0
  var documents = 0
  /// Lines that could not be used, and the size of the file that collects them.
  var badLines = 0
  var badBytes = 0
  var end: End?

  var position: ReadPosition { ReadPosition(offset: offset, record: record, line: line) }

  enum End: Equatable {
    case used
    /// Nothing of it could be used.
    case rejected(code: String, message: String, offset: Int, remedy: String)
  }
}

extension Claim {
  var journalRecord: JSONValue {
    .object([
      "ev": .string("claim"), "seq": .integer(sequence), "path": .string(path.description),
      "size": .integer(status.size),
      "mtime": .integer(status.modified), "dev": .integer(Int(bitPattern: UInt(status.device))),
      "ino": .integer(Int(bitPattern: UInt(status.inode))), "copied": .bool(status.copied), "options": .text(options),
    ])
  }

  init?(_ record: JSONValue) {
    guard let sequence = record["seq"]?.integer, let path = record["path"]?.string, let size = record["size"]?.integer,
      let modified = record["mtime"]?.integer, let device = record["dev"]?.integer, let inode = record["ino"]?.integer,
      let copied = record["copied"]?.bool, let options = record["options"]?.bytes
    else { return nil }
    self.sequence = sequence
    self.path = Path(escaped: path)
    status = ClaimedStatus(
      size: size, modified: modified, device: UInt64(UInt(bitPattern: device)), inode: UInt64(UInt(bitPattern: inode)),
      copied: copied)
    self.options = options
  }
}

extension ClaimProgress {
  func json(_ sequence: Int) -> JSONValue {
    var members: KeyValuePairs<String, JSONValue> {
      [
        "claim": .integer(sequence), "offset": .integer(offset), "record": .integer(record), "line": .integer(line),
        "documents": .integer(documents),
        "bad_lines": .integer(badLines), "bad_bytes": .integer(badBytes),
      ]
    }
    guard case .object(var list) = JSONValue.object(members) else { return .null }
    switch end {
    case nil: break
    case .used: list.append(JSONMember("end", .string("used")))
    case .rejected(let code, let message, let offset, let remedy):
      list.append(JSONMember("end", .string("rejected")))
      list.append(
        JSONMember(
          "reason",
          .object([
            "code": .string(code), "message": .string(message), "offset": .integer(offset), "remedy": .string(remedy),
          ])))
    }
    return .object(list)
  }

  init?(_ json: JSONValue) {
    guard let offset = json["offset"]?.integer, let record = json["record"]?.integer, let line = json["line"]?.integer,
      let documents = json["documents"]?.integer, let badLines = json["bad_lines"]?.integer,
      let badBytes = json["bad_bytes"]?.integer
    else { return nil }
    self.offset = offset
    self.record = record
    self.line = line
    self.documents = documents
    self.badLines = badLines
    self.badBytes = badBytes
    switch json["end"]?.string {
    case "used": end = .used
    case "rejected":
      let reason = json["reason"]
      end = .rejected(
        code: reason?["code"]?.string ?? "", message: reason?["message"]?.string ?? "",
        offset: reason?["offset"]?.integer ?? 0, remedy: reason?["remedy"]?.string ?? "")
    default: end = nil
    }
  }
}
