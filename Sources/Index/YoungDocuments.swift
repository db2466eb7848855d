/// The small numbers, from 1 on, that documents held in memory have in the table there.
struct YoungDocuments: Sendable {
  static let most = 1 << BandTable.numberBits - 1

  /// Documents in ascending order: the first has number 1.
  private var ascending: [UInt32] = []
  private var isThere: [Bool] = []
  /// Documents that came when a higher one was there, such as one that is kept again: the first has the highest number.
  private var late: [UInt32] = []
  private var lateNumbers: [UInt32: UInt32] = [:]

  /// Numbers given.
  var used: Int { ascending.count + late.count }

  /// The number of a document that is held.
  func number(_ ordinal: UInt32) -> UInt32? {
    if let place = place(ordinal) { return isThere[place] ? UInt32(place + 1) : nil }
    return lateNumbers[ordinal]
  }

  func ordinal(_ number: UInt32) -> UInt32 {
    let place = Int(number) - 1
    return place < ascending.count ? ascending[place] : late[YoungDocuments.most - Int(number)]
  }

  /// Gives a number to a document that is not held.
  mutating func add(_ ordinal: UInt32) -> UInt32 {
    precondition(used < YoungDocuments.most, "more documents in one batch than the index can number")
    if let place = place(ordinal) {
      isThere[place] = true
      return UInt32(place + 1)
    }
    if ordinal > ascending.last ?? 0 || ascending.isEmpty {
      ascending.append(ordinal)
      isThere.append(true)
      return UInt32(ascending.count)
    }
    let number = UInt32(YoungDocuments.most - late.count)
    late.append(ordinal)
    lateNumbers[ordinal] = number
    return number
  }

  /// Takes a document out and returns its number.
  mutating func remove(_ ordinal: UInt32) -> UInt32? {
    guard let number = number(ordinal) else { return nil }
    if Int(number) <= ascending.count { isThere[Int(number) - 1] = false } else { lateNumbers[ordinal] = nil }
    return number
  }

  /// The lowest and the highest document that ever was here.
  var bounds: ClosedRange<UInt32>? {
    guard let first = ascending.first, let last = ascending.last else { return nil }
    return min(first, late.min() ?? first)...last
  }

  private func place(_ ordinal: UInt32) -> Int? {
    guard let last = ascending.last, ordinal <= last else { return nil }
    var low = 0
    var high = ascending.count
    while low < high {
      let middle = (low + high) / 2
      if ascending[middle] < ordinal { low = middle + 1 } else { high = middle }
    }
    return ascending[low] == ordinal ? low : nil
  }
}
