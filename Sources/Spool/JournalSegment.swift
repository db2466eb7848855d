import Bytes
import Journal
import Posix

/// The first line of every segment but one that an early version began: which it is, and where its chain comes from.
struct JournalSegmentHeader {
  static let version = 1
  static let kind = "segment"

  let number: Int
  /// Checksum of the last line of the segment before; zero for the first.
  let previous: JournalChain

  init(number: Int, previous: JournalChain) {
    self.number = number
    self.previous = previous
  }

  /// nil when the record is no segment's header of a version that is known.
  init?(_ record: JSONValue) {
    guard record["ev"]?.string == Self.kind, record["version"]?.integer == Self.version,
      let number = record["number"]?.integer,
      let previous = record["previous"]?.string.flatMap(JournalChain.init(text:))
    else { return nil }
    self.init(number: number, previous: previous)
  }

  var record: JSONValue {
    .object([
      "ev": .string(Self.kind), "number": .integer(number), "version": .integer(Self.version),
      "previous": .string(previous.text), "host": .string(Self.kernel("hostname")),
      "boot": .string(Self.kernel("random/boot_id")), "time": .string(Clock.stamp()),
    ])
  }

  /// A line that the kernel tells of this machine; empty where it does not.
  private static func kernel(_ name: Path) -> String {
    let bytes = (try? Directory("/proc/sys/kernel").read(name, limit: 4096)) ?? []
    return String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
  }

  /// Publishes the segment with this line in it; returns where its chain goes on.
  func publish(in folder: Directory) throws(SystemError) -> JournalChain {
    var chain = previous
    let line = chain.seal(JSONWriter.compact(record))
    try folder.publish(JournalName.segment(number), line)
    return chain
  }
}
