import CKernels
import TextModels

/// What of the suites a text holds: a pure function of the text and the index.
extension SuiteIndex {
  static let chunk = 4096

  /// The entries whose n-gram the text holds: places in `entries`, ascending, each once.
  public func search(_ text: [UInt8]) -> [Int32] {
    if entries.isEmpty || text.isEmpty { return [] }
    var found: [Int32] = []
    text.withUnsafeBufferPointer { text in
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.chunk + DecontaminateSettings.longest) { buffer in
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.chunk + 1) { places in
          search(text, buffer.baseAddress!, places.baseAddress!, &found)
        }
      }
    }
    if found.count < 2 { return found }
    found.sort()
    var last: Int32 = -1
    return found.filter { entry in
      defer { last = entry }
      return entry != last
    }
  }

  private func search(
    _ text: UnsafeBufferPointer<UInt8>, _ buffer: UnsafeMutablePointer<UInt64>, _ places: UnsafeMutablePointer<UInt32>,
    _ found: inout [Int32]
  ) {
    // Zeros before the text are no words, and no n-gram of a suite holds one.
    let carried = DecontaminateSettings.longest
    buffer.initialize(repeating: 0, count: carried)
    let units = buffer + carried
    var at = 0
    var run = 0
    filter.withUnsafeBufferPointer { bits in
      var filter = ck_match_filter(
        bits: bits.baseAddress, shift: shift, words: UInt32(settings.minimumWords),
        ideographs: UInt32(settings.minimumIdeographs))
      while true {
        let count = ck_match_units(text.baseAddress, text.count, &at, MatchUnits.classes, units, nil, Self.chunk)
        let candidates = ck_match_anchors(units, count, &run, &filter, places)
        if candidates > 0 { verify(units, places, candidates, &found) }
        if count < Self.chunk { return }
        buffer.update(from: buffer + count, count: carried)
      }
    }
  }

  private func verify(
    _ units: UnsafeMutablePointer<UInt64>, _ places: UnsafeMutablePointer<UInt32>, _ count: Int,
    _ found: inout [Int32]
  ) {
    for candidate in 0..<count {
      let end = units + Int(places[candidate]) + 1
      let length = isWords(end) ? settings.minimumWords : settings.minimumIdeographs
      let anchor = ck_match_hash(end - length, length)
      guard var entry = first(anchor) else { continue }
      var hashed = (length: 0, hash: UInt64(0))
      while entry < entries.count && entries[entry].anchor == anchor {
        let wanted = Int(entries[entry].length)
        if wanted != hashed.length { hashed = (wanted, ck_match_hash(end - wanted, wanted)) }
        if entries[entry].hash == hashed.hash { found.append(Int32(entry)) }
        entry += 1
      }
    }
  }

  /// The last `minimumWords` units are words: padding before the text is none.
  private func isWords(_ end: UnsafeMutablePointer<UInt64>) -> Bool {
    for back in 1...settings.minimumWords where (end - back).pointee & 1 == 0 { return false }
    return true
  }
}
