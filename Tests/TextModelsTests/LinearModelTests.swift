import Testing
import TextModels

@Suite struct LinearModelTests {
  private func places(_ text: String, bits: Int = 12, orders: Int = 3) -> [Int] {
    var places: [Int] = []
    Array(text.utf8).withUnsafeBufferPointer { bytes in
      LinearModelFeatures.forEach(in: bytes, bits: bits, orders: orders) { places.append($0) }
    }
    return places
  }

  @Test(arguments: [
    ("good words here", 3 + 2 + 1),
    ("天地玄黄", 4 + 3 + 2),
    ("Swift 语言 6", 4 + 3 + 2),
    ("... !!!", 0),
    ("", 0),
  ])
  func featuresAreNGramsOfWordsAndHanCharacters(_ text: String, _ count: Int) {
    #expect(places(text).count == count)
  }

  @Test func caseAndPunctuationDoNotMatter() {
    #expect(places("Good, WORDS!") == places("good words"))
    #expect(places("good words") != places("words good"))
  }

  @Test func weightsDecide() throws {
    var weights = [Float](repeating: 0, count: 1 << 12)
    for place in places("good") { weights[place] = 4 }
    for place in places("坏") { weights[place] = -4 }
    let model = try LinearModel(bits: 12, orders: 1, bias: 0, weights: weights)
    #expect(model.score(Array("good good".utf8)) > 0.95)
    #expect(model.score(Array("坏坏".utf8)) < 0.05)
    #expect(model.score([]) == 0.5)
  }

  @Test func fileGivesTheModelBack() throws {
    let weights = (0..<256).map { Float($0) / 100 }
    let model = try LinearModel(bits: 8, orders: 2, bias: -0.25, weights: weights)
    #expect(try LinearModel(model.encoded()) == model)
  }

  @Test func damagedFilesAreRefused() throws {
    let bytes = try LinearModel(bits: 8, orders: 2, bias: 0, weights: [Float](repeating: 0, count: 256)).encoded()
    var flipped = bytes
    flipped[100] ^= 1
    var newer = bytes
    newer[8] = 9
    for damaged in [flipped, newer, Array(bytes.dropLast()), Array("PTLINEAR".utf8), []] {
      #expect(throws: LinearModelError.self) { try LinearModel(damaged) }
    }
  }
}
