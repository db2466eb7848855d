import Posix
import Testing

/// Every input that once broke a parser, and every seed, through the same entry points as libFuzzer uses (`make fuzz`).
/// One after the other: targets of files share a folder.
@Suite(.serialized) struct ReplayTests {
  private static let cases: Path =
    Path("/" + #filePath.split(separator: "/").dropLast().joined(separator: "/")) / "cases"

  @Test(arguments: FuzzTarget.all.map(\.name))
  func seedsAndFoundCases(_ name: String) throws {
    let target = try #require(FuzzTarget.named(name))
    let seeds = try target.seeds()
    #expect(!seeds.isEmpty)
    for seed in seeds { try target.run(seed) }
    // Damage that needs no search: cut, doubled, each bit of the first bytes turned.
    for seed in seeds {
      try target.run(Array(seed.prefix(seed.count / 2)))
      try target.run(seed + seed)
      for index in 0..<min(seed.count, 24) {
        var turned = seed
        turned[index] ^= UInt8(1 << (index % 8))
        try target.run(turned)
      }
    }
    guard let folder = try? Directory(Self.cases / Path(name)) else { return }
    for file in try folder.names() { try target.run(try folder.read(file)) }
  }

  @Test func everyCaseHasItsTarget() throws {
    guard let folder = try? Directory(Self.cases) else { return }
    for name in try folder.names() {
      #expect(FuzzTarget.named(name.description) != nil, "cases/\(name) belongs to no target")
    }
  }
}
