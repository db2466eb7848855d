import Bytes

/// What happens to the text between added tokens before it is cut into words. In the order of the file.
public enum NormalizerStep: Equatable, Sendable {
  /// Canonical composition, data of Unicode 9.0 as in Hugging Face's tokenizers.
  case composed
  /// Set before every text that is not empty.
  case prepend([UInt8])
  /// Each occurrence of the first, from the left, becomes the second.
  case replace([UInt8], by: [UInt8])
}

/// The steps over bytes. Text that no step changes is passed through without a copy.
struct TextNormalizer: Sendable {
  let steps: [NormalizerStep]

  /// The text behind all steps, or nil when none changes it.
  func changed(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var result: [UInt8]?
    for step in steps {
      if let current = result {
        result = current.withUnsafeBufferPointer { Self.apply(step, $0) } ?? current
      } else {
        result = Self.apply(step, text)
      }
    }
    return result
  }

  /// The text of an added token as it is looked for behind the steps.
  func normalized(_ text: [UInt8]) -> [UInt8] { text.withUnsafeBufferPointer { changed($0) } ?? text }

  private static func apply(_ step: NormalizerStep, _ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    switch step {
    case .composed: composed(text)
    case .prepend(let bytes): text.isEmpty ? nil : bytes + text
    case .replace(let old, let new): replaced(text, old, new)
    }
  }

  /// Malformed bytes stay as they are; what stands between them is composed piece by piece.
  private static func composed(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard var bad = UTF8Text.firstInvalid(text) else { return CanonicalForm.composed(text, .nine) }
    var result: [UInt8] = []
    var start = 0
    while true {
      let good = UnsafeBufferPointer(rebasing: text[start..<bad])
      result += CanonicalForm.composed(good, .nine) ?? Array(good)
      if bad == text.count { return result }
      result.append(text[bad])
      start = bad + 1
      let rest = UnsafeBufferPointer(rebasing: text[start...])
      bad = UTF8Text.firstInvalid(rest).map { start + $0 } ?? text.count
    }
  }

  private static func replaced(_ text: UnsafeBufferPointer<UInt8>, _ old: [UInt8], _ new: [UInt8]) -> [UInt8]? {
    guard let first = old.first else { return nil }
    var result: [UInt8]?
    var copied = 0
    var index = 0
    while index + old.count <= text.count {
      guard text[index] == first, text[index..<index + old.count].elementsEqual(old) else {
        index += 1
        continue
      }
      if result == nil {
        result = []
        result?.reserveCapacity(text.count + text.count / 4)
      }
      result?.append(contentsOf: UnsafeBufferPointer(rebasing: text[copied..<index]))
      result?.append(contentsOf: new)
      index += old.count
      copied = index
    }
    result?.append(contentsOf: UnsafeBufferPointer(rebasing: text[copied...]))
    return result
  }
}
