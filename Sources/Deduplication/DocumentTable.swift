import Bytes
import Documents
import Index

/// Rank and state of every document, and which documents a kept one keeps out. Arrays by ordinal; 28 bytes a document,
/// and a bit.
struct DocumentTable {
  enum State: UInt8 { case absent, undecided, kept, dropped }

  struct Entry {
    /// Seconds since 1970.
    var date: UInt32 = 0
    var score: Float = 0
    var length: UInt32 = 0
    /// The kept document this one is dropped for.
    var survivor: UInt32 = 0
    var channel: UInt8 = 0
    var genre: Genre = .unknown
    var state: State = .absent
    fileprivate var marks: UInt8 = 0

    var frozen: Bool {
      get { marks & 1 != 0 }
      set { marks = newValue ? marks | 1 : marks & ~1 }
    }
    var wasKept: Bool {
      get { marks & 2 != 0 }
      set { marks = newValue ? marks | 2 : marks & ~2 }
    }
  }

  private static let none = UInt32.max
  /// The date goes before the score.
  var newestFirst = false
  private var entries: [Entry] = []
  /// The first document dropped for this one, and the next of the same survivor.
  private var first: [UInt32] = []
  private var next: [UInt32] = []
  private(set) var kept = OrdinalSet()
  private let names: ((UInt32) -> DocumentNames)?
  private let address: (UInt32) -> UInt64
  /// Names that nobody else knows, or does not know yet: all of them, or those of the newest document.
  private var ownNames: [UInt32: (names: DocumentNames, address: UInt64?)] = [:]

  /// - Parameters:
  ///   - names: of documents that came before; nil: the table remembers them, and their addresses.
  ///   - address: the key of the normalised URL of a document that came before; 0 = none.
  init(names: ((UInt32) -> DocumentNames)? = nil, address: @escaping (UInt32) -> UInt64 = { _ in 0 }) {
    self.names = names
    self.address = address
  }

  subscript(_ ordinal: UInt32) -> Entry { entries[Int(ordinal)] }

  func holds(_ ordinal: UInt32) -> Bool { Int(ordinal) < entries.count && entries[Int(ordinal)].state != .absent }

  func isKept(_ ordinal: UInt32) -> Bool { kept.contains(ordinal) }

  /// - Parameter address: the key of its normalised URL; nil: it is asked for like that of a document before.
  mutating func add(_ candidate: Candidate, address: UInt64?) {
    precondition(!holds(candidate.ordinal), "document \(candidate.ordinal) is known already")
    makeRoom(candidate.ordinal)
    var entry = Entry(
      date: UInt32(clamping: candidate.date), score: candidate.score.isNaN ? -.infinity : candidate.score,
      length: UInt32(clamping: candidate.length), channel: candidate.channel, genre: candidate.genre,
      state: .undecided)
    entry.frozen = candidate.frozen
    entries[Int(candidate.ordinal)] = entry
    if names != nil { ownNames.removeAll(keepingCapacity: true) }
    ownNames[candidate.ordinal] = (DocumentNames(textID: candidate.textID, id: candidate.id), address)
  }

  private mutating func makeRoom(_ ordinal: UInt32) {
    let missing = Int(ordinal) + 1 - entries.count
    if missing <= 0 { return }
    entries.append(contentsOf: repeatElement(Entry(), count: missing))
    first.append(contentsOf: repeatElement(DocumentTable.none, count: missing))
    next.append(contentsOf: repeatElement(DocumentTable.none, count: missing))
  }

  /// Takes a document out that keeps no other out.
  mutating func remove(_ ordinal: UInt32) {
    let index = Int(ordinal)
    if entries[index].state == .dropped { unlink(ordinal, from: entries[index].survivor) }
    entries[index] = Entry()
    kept.remove(ordinal)
    ownNames[ordinal] = nil
  }

  private mutating func unlink(_ ordinal: UInt32, from survivor: UInt32) {
    if first[Int(survivor)] == ordinal {
      first[Int(survivor)] = next[Int(ordinal)]
    } else {
      var at = first[Int(survivor)]
      while at != DocumentTable.none && next[Int(at)] != ordinal { at = next[Int(at)] }
      if at != DocumentTable.none { next[Int(at)] = next[Int(ordinal)] }
    }
    next[Int(ordinal)] = DocumentTable.none
  }

  func ordinals(of channels: Set<UInt8>) -> [UInt32] {
    let wanted = (0...UInt8.max).map(channels.contains)
    return entries.indices.filter { entries[$0].state != .absent && wanted[Int(entries[$0].channel)] }.map {
      UInt32($0)
    }
  }

  /// Forgets what was decided of a document and whom it keeps out, unless it is frozen. For all documents of a channel
  /// at once: no other's list is looked at.
  mutating func undecide(_ ordinal: UInt32) {
    let index = Int(ordinal)
    first[index] = DocumentTable.none
    next[index] = DocumentTable.none
    if entries[index].frozen && entries[index].state == .kept { return }
    entries[index].state = .undecided
    kept.remove(ordinal)
  }

  mutating func freeze(_ ordinal: UInt32) { entries[Int(ordinal)].frozen = true }

  mutating func thaw() { for index in entries.indices { entries[index].frozen = false } }

  mutating func keep(_ ordinal: UInt32) {
    entries[Int(ordinal)].state = .kept
    entries[Int(ordinal)].wasKept = true
    kept.insert(ordinal)
  }

  /// Drops a document that belongs to no survivor at the moment; `survivor` may be a document that comes later.
  mutating func drop(_ ordinal: UInt32, for survivor: UInt32) {
    makeRoom(survivor)
    entries[Int(ordinal)].state = .dropped
    entries[Int(ordinal)].survivor = survivor
    kept.remove(ordinal)
    next[Int(ordinal)] = first[Int(survivor)]
    first[Int(survivor)] = ordinal
  }

  mutating func markKeptOnce(_ ordinal: UInt32) { entries[Int(ordinal)].wasKept = true }

  /// Takes away all documents dropped for this one, in no order; they are undecided from now on.
  mutating func takeDropped(by survivor: UInt32) -> [UInt32] {
    var dropped: [UInt32] = []
    var at = first[Int(survivor)]
    while at != DocumentTable.none {
      dropped.append(at)
      entries[Int(at)].state = .undecided
      let following = next[Int(at)]
      next[Int(at)] = DocumentTable.none
      at = following
    }
    first[Int(survivor)] = DocumentTable.none
    return dropped
  }

  func clusterSize(_ ordinal: UInt32, atMost most: Int) -> Int {
    guard Int(ordinal) < first.count else { return 1 }
    var size = 1
    var at = first[Int(ordinal)]
    while at != DocumentTable.none && size < most {
      size += 1
      at = next[Int(at)]
    }
    return size
  }

  func state(_ ordinal: UInt32) -> DuplicateState {
    let entry = entries[Int(ordinal)]
    if entry.state == .kept { return .kept }
    return entry.wasKept ? .superseded(by: entry.survivor) : .duplicate(of: entry.survivor)
  }

  /// The order survivors are chosen in: frozen, score, length, date, text, URL, identifier; at last who came first.
  ///
  /// Of equal texts the URL goes before the identifier, because that follows from the file a document came in: the same
  /// copy stays however documents are put into files, or where they have no files at all.
  func isBetter(_ a: UInt32, _ b: UInt32) -> Bool {
    let x = entries[Int(a)]
    let y = entries[Int(b)]
    if x.frozen != y.frozen { return x.frozen }
    if newestFirst && x.date != y.date { return x.date > y.date }
    if x.score != y.score { return x.score > y.score }
    if x.length != y.length { return x.length > y.length }
    if x.date != y.date { return x.date > y.date }
    let (one, other) = (namesOf(a), namesOf(b))
    if one.textID != other.textID { return one.textID < other.textID }
    // A key of 0, none, becomes the greatest: with a URL goes before without.
    let (place, otherPlace) = (addressOf(a) &- 1, addressOf(b) &- 1)
    if place != otherPlace { return place < otherPlace }
    return one.id == other.id ? a < b : one.id < other.id
  }

  private func addressOf(_ ordinal: UInt32) -> UInt64 { ownNames[ordinal]?.address ?? address(ordinal) }

  private func namesOf(_ ordinal: UInt32) -> DocumentNames {
    guard let found = ownNames[ordinal]?.names ?? names?(ordinal) else {
      preconditionFailure("document \(ordinal) has no name")
    }
    return found
  }
}
