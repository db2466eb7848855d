import CKernels
import TextModels

/// Where the n-grams of a text end and how long they are.
///
/// The last `words` units where all of them are words, else the last `ideographs` units: it depends on units before
/// the end alone, so an n-gram is found in any text that holds it. A text too short for one is one n-gram itself, when
/// it is long enough to tell anything.
struct NgramWindows {
  let words: Int
  let ideographs: Int
  let minimumWords: Int
  let minimumIdeographs: Int

  init(_ settings: DecontaminateSettings) {
    words = settings.words
    ideographs = settings.ideographs
    minimumWords = settings.minimumWords
    minimumIdeographs = settings.minimumIdeographs
  }

  struct Window: Equatable {
    /// Index behind its last unit.
    let end: Int
    let length: Int
    /// A short text as a whole: its only anchor is the last one.
    let isWhole: Bool
  }

  /// Units that are no numbers, at least: 1, 2, 3, 4 ... stands in many texts.
  private static let leastNoNumbers = 3

  /// - Parameter ranges: where each unit stands in the text.
  func saysSomething(_ window: Window, _ text: [UInt8], _ ranges: [Range<Int>]) -> Bool {
    var count = 0
    for range in ranges[(window.end - window.length)..<window.end]
    where text[range].contains(where: { $0 < 0x30 || $0 > 0x39 }) {
      count += 1
      if count == Self.leastNoNumbers { return true }
    }
    return false
  }

  func windows(_ units: [UInt64]) -> [Window] {
    var found: [Window] = []
    var run = 0
    for (index, unit) in units.enumerated() {
      run = unit & 1 == 1 ? run + 1 : 0
      let end = index + 1
      if run >= words {
        found.append(Window(end: end, length: words, isWhole: false))
      } else if end >= ideographs {
        found.append(Window(end: end, length: ideographs, isWhole: false))
      }
    }
    if !found.isEmpty || units.isEmpty { return found }
    let isWords = run == units.count
    guard units.count >= (isWords ? minimumWords : minimumIdeographs) else { return [] }
    return [Window(end: units.count, length: units.count, isWhole: true)]
  }
}
