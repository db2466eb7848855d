import Composition
import Phases
import Settings
import Testing

/// `compose.inject`: given documents in every so many tokens.
@Suite struct InjectionTests {
  private static func composer(_ supply: [Supply]) -> Composer {
    Sample.composer(supply) {
      $0.inject = ["creed=2000"]
      $0.blockTokens = 10_000
    }
  }

  private static var supply: [Supply] {
    var supply = Sample.documents(9000, seed: 51)
    for index in [30, 61, 92] {
      supply[index].source = "creed"
      supply[index].tokens = 40 + index % 3
    }
    return supply
  }

  @Test func theyStandInEveryBlockInTurnAndTheMixDividesTheRest() throws {
    let supply = Self.supply
    let composer = Self.composer(supply)
    let blocks = Sample.draws(composer, Phase(), 0..<6)
    #expect(blocks.count == 6)
    var uses: [UInt32: Int] = [:]
    for block in blocks {
      #expect(block.tokens == 10_000 && block.pieces.reduce(0) { $0 + $1.count } == 10_000)
      let creeds = block.pieces.filter { supply[Int($0.ordinal)].source == "creed" }
      #expect(creeds.count == 5)
      var position = 0
      var places: [Int] = []
      for piece in block.pieces {
        if supply[Int(piece.ordinal)].source == "creed" {
          places.append(position)
          uses[piece.ordinal, default: 0] += 1
          #expect(piece.use == uses[piece.ordinal] && piece.count == supply[Int(piece.ordinal)].tokens)
        }
        position += piece.count
      }
      for (index, place) in places.enumerated() {
        #expect((0...120).contains(place - 2000 * index - 1000), "\(places)")
      }
      let injected = creeds.reduce(0) { $0 + $1.count }
      let others = block.pieces.filter { supply[Int($0.ordinal)].source != "creed" && $0.channel == 2 }
      #expect(abs(Double(others.reduce(0) { $0 + $1.count }) - 0.2 * Double(10_000 - injected)) <= 1)
    }
    #expect(uses.values.sorted() == [10, 10, 10])
  }

  @Test func aRestartGoesOnWithTheirUses() throws {
    let supply = Self.supply
    let old = Self.composer(supply)
    let blocks = Sample.draws(old, Phase(), 0..<3)
    let new = Self.composer(supply)
    SpacingTests.restore(new, blocks, supply, old.credit)
    #expect(new.draw(number: 3, phase: Phase()) == old.draw(number: 3, phase: Phase()))
  }

  @Test(arguments: ["creed", "creed=", "creed=10", "=2000", "creed=2000=1"])
  func rulesThatAreNoneAreRefused(_ text: String) throws {
    var settings = ComposeSettings()
    settings.inject = [text]
    #expect(throws: SettingError.self) { try settings.validate() }
  }
}
