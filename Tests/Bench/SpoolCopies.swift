import Bytes
import Posix
import Spool

/// A spool with many documents out of one with few: its batches many times over, by links, and a journal that says so.
/// For looking at starts: documents of one copy are those of the other, names and all.
struct SpoolCopies {
  let base: Directory
  let grown: Directory
  private var batches = 0
  private var documents = 0

  init(_ base: Directory, _ grown: Directory) {
    self.base = base
    self.grown = grown
  }

  mutating func make(_ copies: Int) throws {
    let (corpus, journal) = (try grown.make("corpus"), try JournalFile(grown.make("state/journal")))
    let from = try base.open("corpus")
    let names = try from.names()
    let records = try JournalFile.peek(base.open("state/journal"))
    for record in records where record["ev"]?.string == "tokenizer" || record["ev"]?.string == "claim" {
      try journal.write(record)
    }
    for _ in 0..<copies {
      let first = documents
      for record in records where record["ev"]?.string == "batch" {
        let old = record["number"]?.integer ?? 0
        for name in names where name.hasPrefix(SpoolCopies.stem(old)) {
          try from.hardLink(name, to: corpus, Path(SpoolCopies.stem(batches) + name.description.dropFirst(8)))
        }
        try journal.add(moved(record, first))
        documents += record["count"]?.integer ?? 0
        batches += 1
      }
      try journal.commit()
    }
    StandardStreams.print("\(documents) documents of \(batches) batches")
  }

  private static func stem(_ batch: Int) -> String { String(String(100_000_000 + batch).dropFirst()) }

  /// The record of a batch in its new place; its claims are as far as they were.
  private func moved(_ record: JSONValue, _ first: Int) -> JSONValue {
    .object(
      (record.members ?? []).map { member in
        switch member.name {
        case "number": JSONMember(member.name, .integer(batches))
        case "first": JSONMember(member.name, .integer(documents))
        case "changes":
          JSONMember(
            member.name,
            .array(
              (member.value.array ?? []).map { change in
                let parts = (change.array ?? []).compactMap(\.integer)
                return .array([.integer(parts[0] + first), .integer(parts[1]), .integer(parts[2] + first)])
              }))
        default: member
        }
      })
  }
}
