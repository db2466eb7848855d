import CKernels

/// The merges of a tokenizer, laid out for speed: from two neighbouring ids to the rank of their merge.
///
/// A plain view of memory that `EncodingTables` owns; immutable after `init`.
struct MergeTable {
  /// No merge; sorts behind every rank.
  static let none = UInt32(CK_NO_RANK)
  /// Ids must be below this, ranks below `none`: both halves of a pair and its rank share one 64-bit slot.
  static let idLimit = CK_NO_ID
  /// Stands for a byte that the vocabulary lacks.
  static let missing = UInt32(CK_NO_ID)

  /// Slots `left << 43 | right << 22 | rank`; a slot of all ones is empty.
  private let slots: UnsafeMutablePointer<UInt64>
  private let mask: Int
  /// The id each rank makes.
  let results: UnsafeMutablePointer<UInt32>
  /// Whether each merge makes the id behind that of the merge before it.
  private let inOrder: Bool
  /// The id of each single byte.
  private let byteIDs: UnsafeMutablePointer<UInt32>
  /// The rank of each pair of bytes, at `left << 8 | right`.
  private let byteRanks: UnsafeMutablePointer<UInt32>

  /// `byteIDs` are the 256 ids of single bytes (`missing` where there is none).
  init(merges: [Merge], byteIDs ids: [UInt32]) {
    var size = 1024
    while size < merges.count * 2 { size *= 2 }
    slots = LargeMemory.filled(size, with: 0xFF)
    mask = size - 1
    results = .allocate(capacity: merges.count + 1)
    results[0] = 0
    inOrder = zip(merges, merges.dropFirst()).allSatisfy { $0.result + 1 == $1.result }
    byteIDs = .allocate(capacity: 256)
    byteRanks = .allocate(capacity: 65536)
    for rank in merges.indices { insert(merges[rank], rank: rank) }
    for byte in 0..<256 { byteIDs[byte] = ids[byte] }
    for pair in 0..<65536 { byteRanks[pair] = rank(ids[pair >> 8], ids[pair & 255]) }
  }

  func deallocate() {
    UnsafeMutableRawPointer(slots).deallocate()
    results.deallocate()
    byteIDs.deallocate()
    byteRanks.deallocate()
  }

  var view: ck_merges {
    ck_merges(
      slots: slots, mask: UInt64(mask), results: inOrder ? nil : results, first_result: results[0],
      byte_ids: byteIDs, byte_ranks: byteRanks)
  }

  /// The rank of the merge of `left` and `right`, or `none`.
  func rank(_ left: UInt32, _ right: UInt32) -> UInt32 {
    let key = UInt64(left) << 21 | UInt64(right)
    var index = Self.place(key) & mask
    while true {
      let slot = slots[index]
      if slot >> 22 == key { return UInt32(truncatingIfNeeded: slot) & Self.none }
      if slot == .max { return Self.none }
      index = (index &+ 1) & mask
    }
  }

  /// A pair listed twice keeps its later rank, as in Hugging Face's map.
  private func insert(_ merge: Merge, rank: Int) {
    results[rank] = UInt32(merge.result)
    let key = UInt64(merge.left) << 21 | UInt64(merge.right)
    var index = Self.place(key) & mask
    while slots[index] != .max, slots[index] >> 22 != key { index = (index + 1) & mask }
    slots[index] = key << 22 | UInt64(rank)
  }

  private static func place(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32)
  }
}
