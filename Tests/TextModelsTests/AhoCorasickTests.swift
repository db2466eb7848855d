import Testing
import TextModels

@Suite struct AhoCorasickTests {
  private func matches(_ patterns: [String], _ text: String, foldsCase: Bool = false) -> [String] {
    let automaton = AhoCorasick(patterns.map { Array($0.utf8) }, foldsCase: foldsCase)
    var found: [String] = []
    Array(text.utf8).withUnsafeBufferPointer { bytes in
      automaton.forEachMatch(in: bytes) { pattern, end in found.append("\(patterns[pattern])@\(end)") }
    }
    return found
  }

  @Test(arguments: [
    (["he", "she", "his", "hers"], "ushers", ["she@4", "hers@6"]),
    (["a"], "banana", ["a@2", "a@4", "a@6"]),
    (["ab", "bc", "abcd"], "abcd", ["ab@2", "bc@3", "abcd@4"]),
    (["转载", "来源"], "本文转载自新华社，来源：网络", ["转载@12", "来源@33"]),
    (["x"], "", []),
    ([], "anything", []),
  ])
  func everyPatternIsFoundWhereItEnds(_ patterns: [String], _ text: String, _ expected: [String]) {
    #expect(matches(patterns, text) == expected)
  }

  @Test func caseFoldsOnDemand() {
    #expect(matches(["Click Here"], "CLICK here", foldsCase: true) == ["Click Here@10"])
    #expect(matches(["click here"], "CLICK here") == [])
  }

  /// Against the plain search: every pattern at every end, longest first, the same one twice if it is there twice.
  @Test func agreesWithPlainSearchOnRandomTexts() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("AhoCorasickTests seed \(seed)")
    var state = seed
    func random(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    for _ in 0..<100 {
      let patterns = (0..<6).map { _ in (0..<(1 + random(4))).map { _ in UInt8(97 + random(3)) } }
      let text = (0..<60).map { _ in UInt8(97 + random(4)) }
      let automaton = AhoCorasick(patterns)
      var found: [Int: [Int]] = [:]
      text.withUnsafeBufferPointer { bytes in
        automaton.forEachMatch(in: bytes) { longest, end in
          var pattern = longest
          while pattern >= 0 {
            found[end, default: []].append(pattern)
            pattern = Int(automaton.alsoEnding[pattern])
          }
        }
      }
      for end in 1...text.count {
        let all = patterns.indices.filter { text[..<end].suffix(patterns[$0].count).elementsEqual(patterns[$0]) }
        #expect((found[end] ?? []).sorted() == all, "seed \(seed)")
        let lengths = (found[end] ?? []).map { patterns[$0].count }
        #expect(lengths == lengths.sorted(by: >), "seed \(seed)")
      }
    }
  }
}
