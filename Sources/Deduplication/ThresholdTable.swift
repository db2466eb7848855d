import Documents
import Glibc
import TextModels

/// The threshold of a pair, and how many common bands make it worth comparing.
struct ThresholdTable: Sendable {
  struct Threshold: Equatable, Sendable {
    let value: Double
    /// With fewer common bands a pair is not compared: pairs at the threshold itself are lost in 1 of 200 at most.
    let commonBands: Int

    init(_ value: Double) {
      self.value = value
      commonBands = Threshold.commonBands(at: value)
    }

    /// The largest m with P(fewer than m common bands | similarity) <= 0.005, the bands being independent.
    static func commonBands(at similarity: Double) -> Int {
      let chance = pow(similarity, Double(Sketch.rows))
      var missed = 0.0
      var term = pow(1 - chance, Double(Sketch.bands))
      for bands in 0..<Sketch.bands {
        missed += term
        if missed > 0.005 { return max(1, bands) }
        term *= Double(Sketch.bands - bands) / Double(bands + 1) * chance / (1 - chance)
      }
      return Sketch.bands
    }
  }

  private let general: Threshold
  /// By channel, instead of all that the settings say.
  private var chosen: [UInt8: Threshold] = [:]
  private let overrides: [(channel: UInt8?, genre: Genre?, threshold: Threshold)]

  init(_ settings: DedupeSettings, _ channels: ChannelTable) {
    general = Threshold(settings.threshold)
    overrides = settings.thresholds.compactMap { ThresholdOverride($0) }.compactMap { entry in
      guard let name = entry.channel else { return (nil, entry.genre, Threshold(entry.value)) }
      // A channel this spool does not have holds no document.
      guard let channel = channels.channel(name) else { return nil }
      return (channel.index, entry.genre, Threshold(entry.value))
    }
  }

  mutating func use(_ value: Double?, for channel: UInt8) { chosen[channel] = value.map { Threshold($0) } }

  func threshold(_ channel: UInt8, _ genre: Genre) -> Threshold {
    if let chosen = chosen[channel] { return chosen }
    for entry in overrides.reversed() where (entry.channel ?? channel) == channel && (entry.genre ?? genre) == genre {
      return entry.threshold
    }
    return general
  }

  /// The higher of both sides', so that it does not matter which is asked first.
  func threshold(_ channel: UInt8, _ a: Genre, _ b: Genre) -> Threshold {
    let first = threshold(channel, a)
    if a == b { return first }
    let second = threshold(channel, b)
    return first.value >= second.value ? first : second
  }
}
