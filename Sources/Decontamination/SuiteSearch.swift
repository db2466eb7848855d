import CKernels
import TextModels

/// What of the suites a text holds: a pure function of the text and the index.
extension SuiteIndex {
  private static let chunk = 4096
  /// Units kept in front of a chunk: n-grams and windows reach over its beginning.
  private static let carried = DecontaminateSettings.longest + CK_MATCH_WINDOW
  private static let mostAnchors = 2 * (chunk + CK_MATCH_WINDOW * (chunk / 512 + 1) + 1)

  /// The entries whose n-gram the text holds: places in `entries`, ascending, each once.
  public func search(_ text: [UInt8]) -> [Int32] {
    if entries.isEmpty || text.isEmpty { return [] }
    var found: [Int32] = []
    text.withUnsafeBufferPointer { text in
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.carried + Self.chunk) { buffer in
        withUnsafeTemporaryAllocation(of: ck_match_anchor.self, capacity: Self.mostAnchors) { anchors in
          search(text, buffer.baseAddress!, anchors.baseAddress!, &found)
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
    _ text: UnsafeBufferPointer<UInt8>, _ buffer: UnsafeMutablePointer<UInt64>,
    _ anchors: UnsafeMutablePointer<ck_match_anchor>, _ found: inout [Int32]
  ) {
    // Zeros before the text are no words, and no n-gram of a suite holds one.
    buffer.initialize(repeating: 0, count: Self.carried)
    let units = buffer + Self.carried
    var at = 0
    least.bits.withUnsafeBufferPointer { least in
      every.bits.withUnsafeBufferPointer { every in
        var search = settings.search
        search.least = ck_match_filter(bits: least.baseAddress, shift: self.least.shift)
        if !self.every.isEmpty { search.every = ck_match_filter(bits: every.baseAddress, shift: self.every.shift) }
        while true {
          let count = ck_match_units(text.baseAddress, text.count, &at, MatchUnits.classes, units, nil, Self.chunk)
          let made = ck_match_anchors(units, count, &search, anchors)
          for index in 0..<made { verify(anchors[index], units, count, &found) }
          if count < Self.chunk { return }
          buffer.update(from: buffer + count, count: Self.carried)
        }
      }
    }
  }

  /// N-grams that hold the anchor, where they end among the first `count` units: others belong to another chunk.
  private func verify(
    _ anchor: ck_match_anchor, _ units: UnsafeMutablePointer<UInt64>, _ count: Int, _ found: inout [Int32]
  ) {
    guard var entry = first(anchor.hash) else { return }
    var hashed = (length: 0, after: 0, hash: UInt64(0))
    while entry < entries.count && entries[entry].anchor == anchor.hash {
      let (length, after) = (Int(entries[entry].length), Int(entries[entry].after))
      let end = Int(anchor.place) + 1 + after
      if end > 0 && end <= count {
        if length != hashed.length || after != hashed.after {
          hashed = (length, after, ck_match_hash(units + end - length, length))
        }
        if entries[entry].hash == hashed.hash { found.append(Int32(entry)) }
      }
      entry += 1
    }
  }
}
