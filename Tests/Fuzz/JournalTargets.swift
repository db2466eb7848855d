import Bytes
import Journal
import Posix

@testable import Spool

extension FuzzTarget {
  private static let journalFiles = [JournalName.segment(1), JournalName.snapshot(2), JournalName.segment(2)]

  /// First segment, snapshot, second segment. What can be read can be opened and written on, and says the same then.
  static let journalFolder = FuzzTarget(name: "journal-files") {
    guard let folder = Ground.journal else { return [] }
    for name in journalFiles { try folder.removeAll(name) }
    let file = try JournalFile(folder)
    try file.write([record("claim", 1), record("claim", 2)])
    let young = try folder.read(journalFiles[0])
    try file.rotate([record("state", 2)])
    try file.write(record("claim", 3))
    let files = try journalFiles.map { try folder.read($0) }
    return [joined(files), joined([files[0], [], files[2]]), joined([[], files[1], files[2]])]
      + [joined([files[0], files[1], []]), joined([young + bytes("{\"ev\":")])]
  } run: { input in
    try survives(parts(input, 3))
  }

  /// The same with lines of any content under right checksums.
  static let journalRecords = FuzzTarget(name: "journal-records") {
    let head = "{\"ev\":\"segment\",\"version\":1,\"number\":2,\"previous\":\"00000000\"}\n"
    let first = "{\"ev\":\"segment\",\"version\":1,\"number\":1,\"previous\":\"00000000\"}\n{\"ev\":\"claim\"}\n"
    let snapshot =
      "{\"ev\":\"snapshot\",\"version\":1,\"number\":2,\"previous\":\"00000000\"}\n{\"ev\":\"state\"}\n"
      + "{\"ev\":\"snapshot-end\",\"records\":1}\n"
    return [
      joined([bytes(first), bytes(snapshot), bytes(head + "{\"ev\":\"claim\"}\n")]),
      joined([bytes(first), [], bytes(head)]), joined([bytes("{}\n[]\n1\n"), [], []]),
    ]
  } run: { input in
    var chain = JournalChain()
    var files: [[UInt8]] = []
    for (index, lines) in parts(input, 3).enumerated() {
      // A snapshot has a chain of its own; the second segment goes on from the first.
      var own = index == 1 ? JournalChain() : chain
      let previous = bytes(chain.text)
      let sealed = lines.split(separator: 0x0A).map { own.seal(connected(Array($0), previous)) }
      files.append(Array(sealed.joined()))
      if index == 0 { chain = own }
    }
    try survives(files)
  }

  /// `"00000000"` stands for the checksum with which a file is connected to the one before it.
  private static func connected(_ line: [UInt8], _ previous: [UInt8]) -> [UInt8] {
    let blank = bytes("\"00000000\"")
    guard let place = line.firstRange(of: blank) else { return line }
    var line = line
    line.replaceSubrange(place, with: [0x22] + previous + [0x22])
    return line
  }

  private static func record(_ kind: String, _ number: Int) -> JSONValue {
    .object(["ev": .string(kind), "seq": .integer(number)])
  }

  private static func survives(_ files: [[UInt8]]) throws {
    guard let folder = Ground.journal else { return }
    for name in try folder.names() { try folder.removeAll(name) }
    for (name, content) in zip(journalFiles, files) where !content.isEmpty {
      try folder.replaceFile(name, with: content, durable: false)
    }
    var read: [JSONValue] = []
    let isReadable = (try? JournalReader(folder).replay { read.append($0) }) != nil
    _ = try? JournalFile.peek(folder)
    var opened: [JSONValue] = []
    let file = JournalFile(toOpen: folder)
    let isOpen = (try? file.open { opened.append($0) }) != nil
    promise(isOpen == isReadable, "what can be read cannot be opened, or the other way round")
    guard isOpen else { return }
    promise(opened == read, "opening says something else than reading")
    let more = record("more", 1)
    try file.write(more)
    try same(folder, read + [more], "what was written after it")
    // A snapshot of everything must replay to the same.
    try file.rotate([])
    try file.write(more)
    let again = JournalFile(toOpen: folder)
    opened = []
    try again.open { opened.append($0) }
    let told = (read + [more]).filter { $0["ev"]?.string != nil } + [more]
    promise(opened == told, "a rotation loses or changes records")
  }

  private static func same(_ folder: Directory, _ expected: [JSONValue], _ what: String) throws {
    var found: [JSONValue] = []
    let end = try JournalReader(folder).replay { found.append($0) }
    promise(found == expected && end.torn == 0 && end.refused.isEmpty, "not read back: \(what)")
  }
}
