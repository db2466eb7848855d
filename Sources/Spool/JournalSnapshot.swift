import Bytes
import Journal
import Posix

/// `00000002.snapshot`: records that replay to the state that segments before 2 leave. Lines as in the journal, with a
/// chain of their own; the first says which state this is, the last that the file is whole.
enum JournalSnapshot {
  static let version = 1

  /// Publishes a snapshot; one of the same number, left by a rotation that failed, is replaced.
  /// - Parameter previous: the journal's chain at the end of the segment before.
  static func publish(
    _ number: Int, previous: JournalChain, records: [JSONValue], in folder: Directory
  ) throws(SystemError) {
    let name = JournalName.snapshot(number)
    let file = try folder.createTemporary(name)
    var chain = JournalChain()
    var buffer = chain.seal(JSONWriter.compact(head(number, previous)))
    for record in records {
      buffer += chain.seal(JSONWriter.compact(record))
      if buffer.count < 1 << 20 { continue }
      try file.write(buffer)
      buffer.removeAll(keepingCapacity: true)
    }
    let end = JSONValue.object(["ev": .string("snapshot-end"), "records": .integer(records.count)])
    try file.write(buffer + chain.seal(JSONWriter.compact(end)))
    try file.sync()
    try folder.replace(Directory.temporary(name), to: folder, name)
    try folder.sync()
  }

  private static func head(_ number: Int, _ previous: JournalChain) -> JSONValue {
    .object([
      "ev": .string("snapshot"), "number": .integer(number), "version": .integer(version),
      "previous": .string(previous.text), "time": .string(Clock.stamp()),
    ])
  }

  /// Why a snapshot cannot be used.
  struct Unusable: Error, CustomStringConvertible {
    let description: String
  }

  /// The chain that the segment of this number begins with. Every line of the snapshot is checked before any is used.
  static func check(_ number: Int, in folder: Directory) throws -> JournalChain {
    try folder.withMapped(JournalName.snapshot(number)) { bytes in
      var scan = JournalScan(bytes)
      guard let first = try scan.next(), let head = try? JSONParser.parse(Array(first)),
        head["ev"]?.string == "snapshot", head["version"]?.integer == version, head["number"]?.integer == number,
        let previous = head["previous"]?.string.flatMap(JournalChain.init(text:))
      else { throw Unusable(description: "its first line is not that of snapshot \(number)") }
      var last: UnsafeRawBufferPointer?
      while let record = try scan.next() { last = record }
      let end = last.flatMap { try? JSONParser.parse(Array($0)) }
      guard scan.torn == 0, end?["ev"]?.string == "snapshot-end", end?["records"]?.integer == scan.lines - 2 else {
        throw Unusable(description: "it ends too early")
      }
      return previous
    }
  }

  /// The records between the first line and the last, of a snapshot that was checked.
  static func read(_ number: Int, in folder: Directory, each: (UnsafeRawBufferPointer) throws -> Void) throws {
    try folder.withMapped(JournalName.snapshot(number)) { bytes in
      var scan = JournalScan(bytes)
      _ = try scan.next()
      var held: UnsafeRawBufferPointer?
      while let record = try scan.next() {
        if let held { try each(held) }
        held = record
      }
    }
  }
}
