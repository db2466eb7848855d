import CKernels

/// The vocabulary by bytes, in the form that the kernels search. Memory that `EncodingTables` owns.
struct VocabularyTable {
  let view: ck_vocabulary

  /// The strings with their ids; of equal ones the first counts.
  init(_ entries: [(bytes: [UInt8], id: Int32)]) {
    var size = 64
    while size < entries.count * 2 { size *= 2 }
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, entries.reduce(0) { $0 + $1.bytes.count }))
    let starts = UnsafeMutablePointer<UInt32>.allocate(capacity: entries.count + 1)
    let ids = UnsafeMutablePointer<UInt32>.allocate(capacity: max(1, entries.count))
    let slots = UnsafeMutablePointer<UInt32>.allocate(capacity: size)
    slots.initialize(repeating: .max, count: size)
    view = ck_vocabulary(bytes: bytes, starts: starts, ids: ids, slots: slots, mask: UInt64(size - 1))
    starts[0] = 0
    for (number, entry) in entries.enumerated() {
      let start = Int(starts[number])
      (bytes + start).initialize(from: entry.bytes, count: entry.bytes.count)
      starts[number + 1] = UInt32(start + entry.bytes.count)
      ids[number] = UInt32(entry.id)
      if find(entry.bytes) != nil { continue }
      var index = ck_vocabulary_slot(bytes + start, entry.bytes.count) & view.mask
      while slots[Int(index)] != .max { index = (index + 1) & view.mask }
      slots[Int(index)] = UInt32(number)
    }
  }

  func find(_ bytes: [UInt8]) -> Int32? { bytes.withUnsafeBufferPointer { find($0.baseAddress!, $0.count) } }

  func find(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int32? {
    let number = withUnsafePointer(to: view) { ck_vocabulary_find($0, bytes, count) }
    return number < 0 ? nil : Int32(bitPattern: view.ids[Int(number)])
  }

  func deallocate() {
    view.bytes.deallocate()
    view.starts.deallocate()
    view.ids.deallocate()
    view.slots.deallocate()
  }
}
