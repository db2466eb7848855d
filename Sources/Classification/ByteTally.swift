import CKernels

/// What kinds of bytes a line is made of.
struct ByteTally {
  private let counts: ck_line_tally
  /// Offset of the line feed that ends it, or where the reader stopped.
  let end: Int

  var letters: Int { Int(counts.letters) }
  var symbols: Int { Int(counts.symbols) }
  var han: Int { Int(counts.han) }
  var wide: Int { Int(counts.wide) }
  var visible: Int { Int(counts.visible) }
  var backslashes: Int { Int(counts.backslashes) }
  var dollars: Int { Int(counts.dollars) }

  /// Counts the line from `start`, no further than `limit`.
  @inline(__always)
  init(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ limit: Int) {
    var counts = ck_line_tally()
    end = ck_tally_line(text.baseAddress!, start, limit, &counts)
    self.counts = counts
  }
}
