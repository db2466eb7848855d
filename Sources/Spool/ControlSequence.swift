import Posix

/// Numbers for requests, unique over all processes of a spool and never used again.
///
/// A number is owned by making `.seq-NNNNNN` exclusively. Only the newest marker must stay: whoever makes a marker
/// looks once more and gives way to a larger one, so a number freed by cleaning up cannot be taken a second time.
struct ControlSequence {
  let taken: Directory
  let acknowledgements: Directory

  private static let marker = ".seq-"

  func next() throws(SystemError) -> Int {
    while true {
      let candidate = try largest() + 1
      let marker = Path(ControlSequence.marker + ControlSequence.digits(candidate))
      do throws(SystemError) {
        _ = try taken.createFile(marker)
      } catch {
        if error.exists { continue }
        throw error
      }
      let markers = try markers()
      if let newest = markers.last?.number, newest > candidate {
        try? taken.remove(marker)
        continue
      }
      for old in markers where old.number < candidate { try? taken.remove(old.name) }
      return candidate
    }
  }

  private func markers() throws(SystemError) -> [(number: Int, name: Path)] {
    var found: [(number: Int, name: Path)] = []
    for name in try taken.names() where name.hasPrefix(ControlSequence.marker) {
      let digits = String(decoding: name.bytes.dropFirst(ControlSequence.marker.utf8.count), as: UTF8.self)
      if let number = Int(digits) { found.append((number, name)) }
    }
    return found.sorted { $0.number < $1.number }
  }

  private func largest() throws(SystemError) -> Int {
    if let newest = try markers().last { return newest.number }
    var largest = 0
    for folder in [taken, acknowledgements] {
      for name in try folder.names() {
        if let split = ControlSequence.split(name) { largest = max(largest, split.sequence) }
      }
    }
    return largest
  }

  static func digits(_ number: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, 6 - text.count)) + text
  }

  static func prefix(_ sequence: Int, _ name: Path) -> Path {
    Path(Array("\(digits(sequence))-".utf8) + shortened(name).bytes)
  }

  /// A name that leaves room for what is put around it; no request's name is that long.
  static func shortened(_ name: Path) -> Path {
    name.bytes.count <= 160 ? name : Path(Array(name.bytes.prefix(159)) + [UInt8(ascii: "+")])
  }

  /// `000012-save.tag` as number and name; nil for every other name.
  static func split(_ file: Path) -> (sequence: Int, name: Path)? {
    guard let dash = file.bytes.firstIndex(of: UInt8(ascii: "-")), dash > 0,
      file.bytes[..<dash].allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
      let sequence = Int(String(decoding: file.bytes[..<dash], as: UTF8.self))
    else { return nil }
    return (sequence, Path(Array(file.bytes[(dash + 1)...])))
  }
}
