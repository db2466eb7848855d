import Bytes
import Glibc
import Posix
import Spool

/// Brings a journalled claim's file into `state/claimed/`: renamed, or copied where it has several links, lies on
/// another file system or may not be moved.
final class ClaimMover {
  enum Outcome: Equatable {
    case moved
    /// Another file has its name, or none.
    case gone
    /// It stays where it is until somebody does what the reason says.
    case stuck(String)
  }

  private let layout: SpoolLayout
  private let journal: JournalFile
  private let incoming: IncomingFolder
  private let patience: DiskPatience
  /// Copied files whose originals could not be removed: not to be taken again as long as they are the same.
  private(set) var leftBehind: [Path: ClaimedStatus]
  /// The folder of the last file: files come in byte order of path.
  private var lastFolder: (path: Path, directory: Directory)?

  init(
    layout: SpoolLayout, journal: JournalFile, incoming: IncomingFolder, leftBehind: [Path: ClaimedStatus],
    patience: DiskPatience
  ) {
    self.patience = patience
    self.layout = layout
    self.journal = journal
    self.incoming = incoming
    self.leftBehind = leftBehind
  }

  /// Lets go of open folders and of originals that are no longer there.
  func refresh() {
    lastFolder = nil
    for path in leftBehind.keys where !incoming.directory.exists(path) { leftBehind[path] = nil }
  }

  /// True when the file was taken before and is there still because it could not be removed.
  func wasTaken(_ found: IncomingScan.Found) -> Bool { leftBehind[found.path]?.isSame(as: found.status) ?? false }

  /// Also what recovery does for a journalled claim whose file is not there. What is not moved is journalled as void.
  func move(_ claim: Claim) throws -> Outcome {
    let outcome = try patience.wait { try bring(claim) }
    if outcome == .moved { return .moved }
    try journal.write(.object(["ev": .string("void"), "seq": .integer(claim.sequence)]))
    return outcome
  }

  private func bring(_ claim: Claim) throws -> Outcome {
    if try layout.claimed.isThere(claim.claimedName) {
      // Of a copy the original may still be there: a process died before it could remove it.
      try removeOriginal(claim)
      return .moved
    }
    let folder: Directory
    do throws(SystemError) {
      folder = try self.folder(of: claim.path)
    } catch {
      if error.isScarce { throw error }
      return error.code == EACCES ? .stuck("\(error)") : .gone
    }
    let name = claim.path.name
    let status: FileStatus
    do throws(SystemError) {
      status = try folder.status(name)
    } catch {
      if error.isScarce { throw error }
      return .gone
    }
    guard claim.status.isSame(as: status) else { return .gone }
    if claim.status.copied { return try copy(claim, folder) }
    do throws(SystemError) {
      try folder.rename(name, to: layout.claimed, claim.claimedName)
      return .moved
    } catch {
      if error.isMissing {
        // It went this moment; if not, it is our own folder that is not there.
        if !folder.exists(name) { return .gone }
        throw error
      }
      if error.isScarce || error.code == EIO { throw error }
      return status.kind == .regular ? try copy(claim, folder) : .stuck("\(error): move it away yourself")
    }
  }

  private func folder(of path: Path) throws(SystemError) -> Directory {
    let parent = path.parent
    if let lastFolder, lastFolder.path == parent { return lastFolder.directory }
    let directory = try incoming.folder(of: path)
    lastFolder = (parent, directory)
    return directory
  }

  /// A file that changes while it is copied is copied again; after three looks it stays until it is quiet.
  private func copy(_ claim: Claim, _ folder: Directory) throws -> Outcome {
    let from: File
    do throws(SystemError) {
      from = try folder.openFile(claim.path.name)
    } catch {
      if error.isScarce { throw error }
      return error.isMissing ? .gone : .stuck("\(error)")
    }
    for _ in 0..<3 {
      guard let before = try? from.status(), before.kind == .regular, claim.status.isSame(as: before) else {
        return .gone
      }
      let failure = try copyBytes(from, claim)
      if failure == nil, let after = try? from.status(), after.isSame(as: before) {
        try layout.claimed.commit(claim.claimedName)
        try removeOriginal(claim)
        return .moved
      }
      try layout.claimed.remove(Directory.temporary(claim.claimedName))
      // It cannot be read: it stays where it is, the others go on.
      if let failure {
        if failure.isScarce { throw failure }
        return .stuck("\(failure)")
      }
    }
    return .stuck("it changes while it is copied: write it under a temporary name and rename it when it is complete")
  }

  /// Why the file could not be read; trouble with what is written is thrown.
  private func copyBytes(_ from: File, _ claim: Claim) throws -> SystemError? {
    let to = try layout.claimed.createTemporary(claim.claimedName)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { buffer.deallocate() }
    var offset = 0
    var writeBack = WriteBack()
    while true {
      let count: Int
      do throws(SystemError) {
        count = try from.read(at: offset, into: buffer)
      } catch {
        return error
      }
      if count == 0 { break }
      try to.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      offset += count
      try writeBack.wrote(count, to: to)
      ServiceNotify.beat()
    }
    try to.sync()
    return nil
  }

  /// Where that is not allowed, the journal remembers that the file was taken. A file that changed meanwhile is a new
  /// one.
  private func removeOriginal(_ claim: Claim) throws {
    guard let folder = try? folder(of: claim.path), let status = try? folder.status(claim.path.name),
      claim.status.isSame(as: status)
    else { return }
    do throws(SystemError) {
      try folder.remove(claim.path.name)
    } catch {
      if error.isMissing || leftBehind[claim.path] == claim.status { return }
      try journal.write(.object(["ev": .string("left"), "seq": .integer(claim.sequence)]))
      leftBehind[claim.path] = claim.status
    }
  }
}
