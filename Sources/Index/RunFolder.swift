import Posix

/// The runs of a folder: for a start, and for who only looks.
public struct RunFolder {
  public enum Kind: Equatable, Sendable {
    case run
    /// Another run holds all of it: a merge ended before it was removed.
    case covered
    /// Cannot be used; why.
    case damaged(String)
  }

  let folder: Directory
  let format: Int
  let knows: (RunWitness) -> Bool
  let isDeep: Bool

  /// - Parameters:
  ///   - format: what the keys mean.
  ///   - knows: whether the corpus has this document at this place.
  ///   - isDeep: compare every checksum.
  public init(_ folder: Directory, format: Int, isDeep: Bool = false, knows: @escaping (RunWitness) -> Bool) {
    self.folder = folder
    self.format = format
    self.isDeep = isDeep
    self.knows = knows
  }

  /// Every name that is a run's.
  public func look() throws(SystemError) -> [(name: Path, kind: Kind)] { try sort().map { ($0.path, $0.kind) } }

  struct Entry {
    let path: Path
    let kind: Kind
    let run: BandRun?
  }

  func sort() throws(SystemError) -> [Entry] {
    var entries: [Entry] = []
    var runs: [BandRun] = []
    for path in try folder.names() {
      guard let name = RunName(path) else { continue }
      do {
        runs.append(try open(name))
      } catch let error as SystemError where error.isScarce {
        throw error
      } catch {
        entries.append(Entry(path: path, kind: .damaged("\(error)"), run: nil))
      }
    }
    for run in runs {
      let isCovered = runs.contains { $0.name.covers(run.name) }
      entries.append(Entry(path: run.name.path, kind: isCovered ? .covered : .run, run: run))
    }
    return entries
  }

  private func open(_ name: RunName) throws -> BandRun {
    let run = try BandRun(name, in: folder, format: format)
    guard knows(run.header.witness) else {
      throw BandRun.Damage(description: "made of documents that the journal does not know")
    }
    if isDeep { try run.verify() }
    return run
  }
}
