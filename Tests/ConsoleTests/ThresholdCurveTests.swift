import Console
import Testing

@Suite("Tokens against the threshold")
struct ThresholdCurveTests {
  private static func point(_ threshold: Double, _ tokens: [Int]) -> ThresholdCurve.Point {
    ThresholdCurve.Point(threshold: threshold, tokens: tokens, documents: tokens.reduce(0, +) / 10)
  }

  private let curve = ThresholdCurve(
    names: ["zh", "en", "code"], before: point(1, [1000, 3000, 0]),
    points: [point(0.5, [500, 1500, 0]), point(1, [1000, 2997, 0])])

  @Test("A line a threshold; channels that hold nothing are left out")
  func table() {
    #expect(
      curve.table == [
        "threshold  documents  tokens    left    zh    left    en    left",
        "     none        400    4000  100.0%  1000  100.0%  3000  100.0%",
        "     0.50        200    2000   50.0%   500   50.0%  1500   50.0%",
        "     1.00        399    3997   99.9%  1000  100.0%  2997   99.9%",
      ])
  }

  @Test("Bars for all tokens and each channel")
  func plot() {
    #expect(
      curve.plot(width: 10).prefix(4) == [
        "", "all: share of tokens left", "  0.50 |#####.....| 50.0 %", "  1.00 |##########| 99.9 %",
      ])
    #expect(curve.plot(width: 10).contains("en: share of tokens left"))
  }

  @Test("The picture has a line for all and each channel, inside its frame")
  func picture() {
    #expect(curve.svg.split(separator: "<polyline").count == 4)
    #expect(curve.svg.contains("points=\"60.0,320.0 530.0,10."))
    let empty = ThresholdCurve(names: ["zh"], before: Self.point(1, [0]), points: [Self.point(0.5, [0])])
    #expect(empty.svg.hasSuffix("</svg>\n") && !empty.svg.contains("nan"))
  }
}
