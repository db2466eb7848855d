/// Tokens left against the threshold, per channel: as a table, as a plot of characters, as an SVG file.
public struct ThresholdCurve {
  public struct Point: Sendable {
    public let threshold: Double
    /// By channel, as `names`.
    public let tokens: [Int]
    public let documents: Int

    public init(threshold: Double, tokens: [Int], documents: Int) {
      self.threshold = threshold
      self.tokens = tokens
      self.documents = documents
    }

    var all: Int { tokens.reduce(0, +) }
  }

  private let names: [String]
  private let before: Point
  private let points: [Point]
  /// Channels that hold anything.
  private var shown: [Int] { names.indices.filter { before.tokens[$0] > 0 } }

  /// - Parameters:
  ///   - names: the channels'.
  ///   - before: without any deduplication.
  ///   - points: with ascending thresholds.
  public init(names: [String], before: Point, points: [Point]) {
    self.names = names
    self.before = before
    self.points = points
  }

  /// A line a threshold: tokens and share left, in all and by channel.
  public var table: [String] {
    let head = ["threshold", "documents", "tokens", "left"] + shown.flatMap { [names[$0], "left"] }
    let rows = [("none", before)] + points.map { (ThresholdCurve.fixed($0.threshold, 2), $0) }
    let cells =
      [head]
      + rows.map { name, point in
        [name, "\(point.documents)", "\(point.all)", percent(point.all, before.all)]
          + shown.flatMap { ["\(point.tokens[$0])", percent(point.tokens[$0], before.tokens[$0])] }
      }
    let widths = head.indices.map { column in cells.map { $0[column].count }.max()! }
    return cells.map { row in
      row.indices.map { String(repeating: " ", count: widths[$0] - row[$0].count) + row[$0] }.joined(separator: "  ")
    }
  }

  /// Bars of the share left, threshold by threshold, for all tokens and each channel.
  public func plot(width: Int = 50) -> [String] {
    let kinds = [("all", nil)] + (shown.count > 1 ? shown.map { (names[$0], Optional($0)) } : [])
    return kinds.flatMap { name, channel in
      ["", "\(name): share of tokens left"]
        + points.map { point in
          let share = share(point, channel)
          let bar = String(repeating: "#", count: Int((share * Double(width)).rounded()))
          let rest = String(repeating: ".", count: width - bar.count)
          return
            "  \(ThresholdCurve.fixed(point.threshold, 2)) |\(bar)\(rest)| \(ThresholdCurve.fixed(share * 100, 1)) %"
        }
    }
  }

  /// One line a channel over the thresholds; the axis begins at the least share shown, rounded down to tens.
  public var svg: String {
    let (width, height, left, bottom) = (640.0, 360.0, 60.0, 40.0)
    let series = [("all", nil)] + shown.map { (names[$0], Optional($0)) }
    let shares = series.map { series in points.map { share($0, series.1) } }
    let least = ((shares.joined().min() ?? 0) * 10).rounded(.down) / 10
    let first = points.first?.threshold ?? 0
    let span = max(1e-9, (points.last?.threshold ?? 1) - first)
    func x(_ threshold: Double) -> Double { left + (threshold - first) / span * (width - left - 110) }
    func y(_ share: Double) -> Double { 10 + (1 - share) / max(1e-9, 1 - least) * (height - bottom - 10) }
    var parts = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 360\" font-family=\"sans-serif\" font-size=\"12\">",
      "<rect width=\"640\" height=\"360\" fill=\"white\"/>",
    ]
    for point in points {
      let at = ThresholdCurve.fixed(x(point.threshold), 1)
      parts.append(
        "<text x=\"\(at)\" y=\"340\" text-anchor=\"middle\">\(ThresholdCurve.fixed(point.threshold, 2))</text>")
    }
    for share in [least, (least + 1) / 2, 1] {
      let at = ThresholdCurve.fixed(y(share), 1)
      parts.append("<line x1=\"60\" x2=\"530\" y1=\"\(at)\" y2=\"\(at)\" stroke=\"#ddd\"/>")
      parts.append("<text x=\"54\" y=\"\(at)\" text-anchor=\"end\">\(ThresholdCurve.fixed(share * 100, 1)) %</text>")
    }
    for (index, (name, _)) in series.enumerated() {
      let colour = ThresholdCurve.colours[index % ThresholdCurve.colours.count]
      let line = zip(points, shares[index]).map {
        "\(ThresholdCurve.fixed(x($0.threshold), 1)),\(ThresholdCurve.fixed(y($1), 1))"
      }
      parts.append(
        "<polyline fill=\"none\" stroke=\"\(colour)\" stroke-width=\"2\" points=\"\(line.joined(separator: " "))\"/>")
      parts.append("<text x=\"545\" y=\"\(20 + 16 * index)\" fill=\"\(colour)\">\(name)</text>")
    }
    parts.append("<text x=\"295\" y=\"357\" text-anchor=\"middle\">threshold; share of tokens left</text></svg>")
    return parts.joined(separator: "\n") + "\n"
  }

  private static let colours = ["#222", "#c33", "#36c", "#393", "#a6a", "#c80", "#088"]

  private func share(_ point: Point, _ channel: Int?) -> Double {
    let (part, whole) = channel.map { (point.tokens[$0], before.tokens[$0]) } ?? (point.all, before.all)
    return whole == 0 ? 1 : Double(part) / Double(whole)
  }

  private func percent(_ part: Int, _ whole: Int) -> String {
    whole == 0 ? "-" : ThresholdCurve.fixed(Double(part) / Double(whole) * 100, 1) + "%"
  }

  /// With this many digits after the point.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    let scale = digits == 1 ? 10.0 : 100.0
    let scaled = Int((value * scale).rounded())
    let fraction = String(abs(scaled) % Int(scale))
    let whole = (scaled < 0 ? "-" : "") + "\(abs(scaled) / Int(scale))"
    return whole + "." + String(repeating: "0", count: digits - fraction.count) + fraction
  }
}
