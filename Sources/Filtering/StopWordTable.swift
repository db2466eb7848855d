/// English function words that its neighbours do not share (no `in`, `is`, `a`, `on`), as packed lower-case bytes.
enum StopWordTable {
  /// 1...8: one of Gopher's eight stop words (arXiv 2112.11446, A.1); 9: another function word; 0: no function word.
  @inline(__always)
  static func place(_ key: UInt32) -> Int {
    switch key {
    case 0x65_6874: 1  // the
    case 0x6562: 2  // be
    case 0x6F74: 3  // to
    case 0x666F: 4  // of
    case 0x64_6E61: 5  // and
    case 0x7461_6874: 6  // that
    case 0x6576_6168: 7  // have
    case 0x6874_6977: 8  // with
    // for are this not from you by it
    case 0x726F66, 0x657261, 0x7369_6874, 0x746F6E, 0x6D6F7266, 0x756F79, 0x7962, 0x7469: 9
    default: 0
    }
  }
}
