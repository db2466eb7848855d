import Documents

/// Finds what is no prose inside a mixed document: fenced and indented code, Markdown tables, display and inline math.
///
/// A pure function of the text in linear time. What is opened and never closed is not carved, so that nothing can hide
/// from the rules behind one stray mark.
public enum Carver {
  /// In text order, apart from each other, none empty.
  public static func segments(of text: [UInt8]) -> [Segment] {
    text.withUnsafeBufferPointer { text in
      var scan = CarveScan(text)
      scan.run()
      return scan.segments
    }
  }
}
