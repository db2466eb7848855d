import Posix

/// Numbers for requests, unique over all processes of a spool and never used again.
///
/// A number is owned by making `.seq-NNNNNN` exclusively. Only the newest marker must stay: whoever makes a marker
/// looks once more and gives way to a larger one, so a number freed by cleaning up cannot be taken a second time. Old
/// markers go in ascending order: while one stands, the number after it was never freed.
struct ControlSequence {
  let taken: Directory
  let acknowledgements: Directory
  /// The number that was handed out last, when every marker before it is gone.
  private var last: Int?

  init(taken: Directory, acknowledgements: Directory) {
    self.taken = taken
    self.acknowledgements = acknowledgements
  }

  mutating func next() throws(SystemError) -> Int {
    if let number = try following() { return number }
    while true {
      let candidate = try largest() + 1
      guard try make(candidate) else { continue }
      let markers = try markers()
      if let newest = markers.last, newest > candidate {
        try? taken.remove(ControlSequence.marker(candidate))
        continue
      }
      last = remove(markers.filter { $0 < candidate }) ? candidate : nil
      return candidate
    }
  }

  /// The number after the own last one, found without reading the folder: thousands of requests may lie in it. nil when
  /// another process took numbers since.
  private mutating func following() throws(SystemError) -> Int? {
    guard let own = last else { return nil }
    last = nil
    guard try make(own + 1) else { return nil }
    guard try taken.isThere(ControlSequence.marker(own)) else {
      try? taken.remove(ControlSequence.marker(own + 1))
      return nil
    }
    last = remove([own]) ? own + 1 : nil
    return own + 1
  }

  /// False when somebody else has the number.
  private func make(_ number: Int) throws(SystemError) -> Bool {
    do throws(SystemError) {
      _ = try taken.createFile(ControlSequence.marker(number))
      return true
    } catch {
      guard error.exists else { throw error }
      return false
    }
  }

  /// Stops at the first that cannot be removed; false then.
  private func remove(_ numbers: some Sequence<Int>) -> Bool {
    for number in numbers {
      do throws(SystemError) {
        try taken.remove(ControlSequence.marker(number))
      } catch {
        // Another process cleans up too.
        guard error.isMissing else { return false }
      }
    }
    return true
  }

  private static let prefix = ".seq-"

  private static func marker(_ number: Int) -> Path { Path(prefix + digits(number)) }

  /// Numbers of the markers, ascending.
  private func markers() throws(SystemError) -> [Int] {
    var found: [Int] = []
    for name in try taken.names() where name.hasPrefix(ControlSequence.prefix) {
      let digits = String(decoding: name.bytes.dropFirst(ControlSequence.prefix.utf8.count), as: UTF8.self)
      if let number = Int(digits) { found.append(number) }
    }
    return found.sorted()
  }

  private func largest() throws(SystemError) -> Int {
    if let newest = try markers().last { return newest }
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
