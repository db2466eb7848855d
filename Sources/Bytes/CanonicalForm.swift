import CKernels

/// Which version of the Unicode character database canonical composition follows.
public enum UnicodeEdition: Sendable {
  /// 16.0.
  case current
  /// 9.0, as in the NFC of Hugging Face's tokenizers: what came later neither combines nor composes.
  case nine

  @inline(__always)
  fileprivate func property(_ scalar: UInt32) -> UInt16 {
    let property = ck_nfc_property(scalar)
    return property == 0 || knows(scalar) ? property : 0
  }

  @inline(__always)
  fileprivate func knows(_ scalar: UInt32) -> Bool { self == .current || ck_nfc_is_newer(scalar) == 0 }
}

/// Canonical composition (NFC, Unicode standard annex 15; data of Unicode 16.0 or 9.0): letters with their marks as one
/// character where there is one, marks in their order. Most texts are in it and pass a vector scan; only what stands
/// between two characters that no mark can change is written anew.
public enum CanonicalForm {
  /// The text in NFC; the same array when it is already.
  /// - Parameter text: well-formed UTF-8.
  public static func composed(_ text: [UInt8], _ edition: UnicodeEdition = .current) -> [UInt8] {
    text.withUnsafeBufferPointer { composed($0, edition) } ?? text
  }

  /// The text in NFC, or nil when it is already.
  /// - Parameter bytes: well-formed UTF-8.
  public static func composed(_ bytes: UnsafeBufferPointer<UInt8>, _ edition: UnicodeEdition) -> [UInt8]? {
    guard var found = firstOutside(bytes, edition) else { return nil }
    let spans = CanonicalSpan(edition: edition)
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var copied = 0
    while true {
      let span = spans.around(found, in: bytes, notBefore: copied)
      out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[copied..<span.lowerBound]))
      spans.append(bytes, span, to: &out)
      copied = span.upperBound
      guard let next = firstOutside(bytes, edition, from: copied) else { break }
      found = next
    }
    out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[copied...]))
    return out
  }

  /// The first place where the quick check of annex 15 cannot say yes.
  private static func firstOutside(
    _ text: UnsafeBufferPointer<UInt8>, _ edition: UnicodeEdition, from start: Int = 0
  ) -> Int? {
    guard let base = text.baseAddress else { return nil }
    var index = start
    var end = -1
    var last: UInt16 = 0
    while true {
      index = ck_next_composing(base, index, text.count)
      if index == text.count { return nil }
      let (scalar, length) = UTF8Text.scalar(text, at: index)
      let property = edition.property(scalar)
      // Two marks side by side must be in the order of their classes.
      if index != end { last = 0 }
      let combining = property & classBits
      if property > classBits || combining < last { return index }
      last = combining
      index += length
      end = index
    }
  }
}

/// Of `ck_nfc_property`.
private let classBits = UInt16(CK_NFC_CLASS)

/// A piece of text between two boundaries of composition.
struct CanonicalSpan {
  let edition: UnicodeEdition

  /// From the last character before `index` that no mark changes and that changes none behind it, to the next one.
  func around(
    _ index: Int, in text: UnsafeBufferPointer<UInt8>, notBefore least: Int
  ) -> Range<Int> {
    var start = index
    while start > least {
      start -= 1
      while text[start] & 0xC0 == 0x80 { start -= 1 }
      if isBoundary(UTF8Text.scalar(text, at: start).value) { break }
    }
    var end = index + UTF8Text.scalar(text, at: index).length
    while end < text.count {
      let next = UTF8Text.scalar(text, at: end)
      if isBoundary(next.value) { break }
      end += next.length
    }
    return start..<end
  }

  private func isBoundary(_ scalar: UInt32) -> Bool { edition.property(scalar) == 0 }

  /// The span in NFC.
  func append(_ text: UnsafeBufferPointer<UInt8>, _ span: Range<Int>, to out: inout [UInt8]) {
    var scalars: [UInt32] = []
    var index = span.lowerBound
    while index < span.upperBound {
      let next = UTF8Text.scalar(text, at: index)
      decompose(next.value, into: &scalars)
      index += next.length
    }
    sortMarks(&scalars)
    compose(&scalars)
    for scalar in scalars { UTF8Text.append(scalar, to: &out) }
  }

  private func combiningClass(_ scalar: UInt32) -> UInt16 {
    edition.property(scalar) & classBits
  }

  private func decompose(_ scalar: UInt32, into scalars: inout [UInt32]) {
    if let parts = Hangul.parts(scalar) { return scalars += parts }
    var first: UInt32 = 0
    var second: UInt32 = 0
    guard edition.knows(scalar), ck_nfc_decompose(scalar, &first, &second) != 0 else { return scalars.append(scalar) }
    decompose(first, into: &scalars)
    // The second part of no character decomposes further.
    if second != 0 { scalars.append(second) }
  }

  /// Each run of marks in the order of their classes, those of one class as they stood.
  private func sortMarks(_ scalars: inout [UInt32]) {
    var index = 0
    while index < scalars.count {
      var end = index
      while end < scalars.count, combiningClass(scalars[end]) != 0 { end += 1 }
      if end - index > 1 { sortRun(&scalars, index..<end) }
      index = max(end, index + 1)
    }
  }

  /// Stable, and quick for a run of a million marks too.
  private func sortRun(_ scalars: inout [UInt32], _ run: Range<Int>) {
    let ranked = scalars[run].enumerated().map { (rank: UInt64(combiningClass($1)) << 32 | UInt64($0), scalar: $1) }
    for (offset, entry) in ranked.sorted(by: { $0.rank < $1.rank }).enumerated() {
      scalars[run.lowerBound + offset] = entry.scalar
    }
  }

  private func compose(_ scalars: inout [UInt32]) {
    var starter: Int?
    var kept = 0
    // Class of the last mark that stayed behind the starter; a mark of that class or a greater one blocks.
    var last: UInt16 = 0
    for scalar in scalars {
      let combining = combiningClass(scalar)
      if let starter, last == 0 ? starter == kept - 1 : last < combining,
        let whole = pair(scalars[starter], scalar)
      {
        scalars[starter] = whole
        continue
      }
      if combining == 0 { starter = kept }
      last = combining
      scalars[kept] = scalar
      kept += 1
    }
    scalars.removeLast(scalars.count - kept)
  }

  private func pair(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if let syllable = Hangul.whole(first, second) { return syllable }
    let whole = ck_nfc_compose(first, second)
    return whole == 0 || !edition.knows(whole) ? nil : whole
  }
}

/// Hangul syllables are arithmetic (Unicode standard, 3.12).
enum Hangul {
  private static let syllables: ClosedRange<UInt32> = 0xAC00...0xD7A3
  private static let leading: ClosedRange<UInt32> = 0x1100...0x1112
  private static let vowels: ClosedRange<UInt32> = 0x1161...0x1175
  private static let trailing: ClosedRange<UInt32> = 0x11A8...0x11C2

  static func parts(_ scalar: UInt32) -> [UInt32]? {
    guard syllables.contains(scalar) else { return nil }
    let place = scalar - 0xAC00
    let parts = [0x1100 + place / 588, 0x1161 + place % 588 / 28]
    return place % 28 == 0 ? parts : parts + [0x11A7 + place % 28]
  }

  static func whole(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if leading.contains(first), vowels.contains(second) {
      return 0xAC00 + ((first - 0x1100) * 21 + (second - 0x1161)) * 28
    }
    if syllables.contains(first), (first - 0xAC00) % 28 == 0, trailing.contains(second) {
      return first + (second - 0x11A7)
    }
    return nil
  }
}
