import Bytes
import Posix
import Spool

/// Puts what could not be used where its owner finds it, with the reason.
struct Rejections {
  let layout: SpoolLayout

  /// Moves a claimed file to `rejected/<source>/NAME`, byte for byte as it came, its reason beside it.
  /// Does nothing when that was done before.
  func reject(_ claim: Claim, code: String, message: String, offset: Int, remedy: String) throws(SystemError) {
    let folder = try folder(of: claim)
    let name = claim.nameInSource.name
    guard try layout.claimed.isThere(claim.claimedName) else { return }
    let target = try freeName(name, in: folder)
    let reason = JSONValue.object([
      "file": .string(claim.path.description), "stage": .string("read"), "code": .string(code),
      "message": .string(message),
      "offset": .integer(offset), "claim": .integer(claim.sequence),
      "attempts": .integer(code == "poison" ? RecordTrial.attempts : 1),
      "what_to_do": .string(remedy.isEmpty ? "mend the file and mv it back into incoming/" : remedy),
    ])
    try folder.replaceFile(target + ".reason.json", with: JSONWriter.pretty(reason))
    try layout.claimed.rename(claim.claimedName, to: folder, target)
    try folder.sync()
  }

  /// Publishes the bad lines of an otherwise good file and removes the claimed file: its documents are in the corpus.
  func finish(_ claim: Claim) throws(SystemError) {
    if try layout.claimed.isThere(claim.badLinesName) {
      let folder = try folder(of: claim)
      let target = try freeName(claim.nameInSource.name + ".bad.jsonl", in: folder)
      try layout.claimed.rename(claim.badLinesName, to: folder, target)
      try folder.sync()
    }
    if try layout.claimed.isThere(claim.claimedName) { try layout.claimed.remove(claim.claimedName) }
  }

  /// Appends to the bad lines of a claim what the next commit will say is there.
  /// - Parameter anew: an attempt failed: a new file takes the place of the one whose fdatasync may have failed, for
  ///   that is never tried again on the same file.
  func addBadLines(
    _ claim: Claim, _ bytes: [UInt8], after committed: Int, anew: Bool = false
  ) throws(SystemError) {
    if anew {
      let before = try layout.claimed.readIfThere(claim.badLinesName, limit: .max) ?? []
      return try layout.claimed.replaceFile(claim.badLinesName, with: before.prefix(committed) + bytes)
    }
    let file = try layout.claimed.appendFile(claim.badLinesName)
    try file.truncate(to: committed)
    try file.write(bytes)
    try file.syncData()
  }

  static func badLine(number: Int, offset: Int, reason: String, bytes: [UInt8]) -> [UInt8] {
    let text = UTF8Repair.repaired(bytes)
    let line = JSONValue.object([
      "line": .integer(number), "offset": .integer(offset), "reason": .string(reason), "bytes": .integer(bytes.count),
      "text": .text(text),
    ])
    return JSONWriter.compact(line) + [0x0A]
  }

  private func folder(of claim: Claim) throws(SystemError) -> Directory {
    var folder = layout.rejected
    for part in (Path(escaped: claim.source) / claim.nameInSource.parent).components {
      folder = try folder.make(try Rejections.folderName(part, in: folder))
    }
    return folder
  }

  /// A rejected file or link may have the name of a folder that comes later.
  private static func folderName(_ part: Path, in folder: Directory) throws(SystemError) -> Path {
    guard let status = try folder.statusIfThere(part), status.kind != .directory else { return part }
    var number = 2
    while let status = try folder.statusIfThere(RejectedName.choice(number, of: part)), status.kind != .directory {
      number += 1
    }
    return RejectedName.choice(number, of: part)
  }

  private func freeName(_ name: Path, in folder: Directory) throws(SystemError) -> Path {
    var number = 1
    while try folder.isThere(RejectedName.choice(number, of: name)) { number += 1 }
    return RejectedName.choice(number, of: name)
  }
}

/// Bytes as text that JSON can hold: what is not UTF-8 becomes U+FFFD.
enum UTF8Repair {
  static func repaired(_ bytes: [UInt8]) -> [UInt8] {
    UTF8Text.firstInvalid(bytes) == nil ? bytes : Array(String(decoding: bytes, as: UTF8.self).utf8)
  }
}
