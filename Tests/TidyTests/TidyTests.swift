import Testing

/// The house rules, held over every source file. What each rule catches is shown in CheckerTests.
@Suite struct TidyTests {
  let plan: HousePlan
  let everything: [Repository.SourceFile]

  init() throws {
    plan = HousePlan(manifest: try Repository.text("Package.swift"))
    everything = try Repository.everything()
  }

  private func expectNone(_ complaints: [String]) {
    for complaint in complaints { Issue.record("\(complaint)") }
  }

  @Test func theManifestDrawsTheHouse() throws {
    #expect(plan.rooms.count > 30)
    #expect(Set(plan.floorOf.values) == Set(HousePlan.floors.indices))
    expectNone(plan.upwardArrows)
    let folders = Set(try Repository.root.open("Sources").names().map(\.description))
    // The Python side of external engines is no Swift room.
    #expect(folders.subtracting(["Engines"]) == Set(plan.rooms))
  }

  @Test func importsGoDown() throws {
    for file in try Repository.swift(in: "Sources") { expectNone(plan.importComplaints(file)) }
  }

  @Test func filesAreSmall() { for file in everything { expectNone(StyleRules.size(file)) } }

  @Test func linesAreShort() { for file in everything { expectNone(StyleRules.columns(file)) } }

  @Test func functionsAreShort() { for file in everything { expectNone(StyleRules.functions(file)) } }

  @Test func nothingBannedIsCalled() {
    for file in everything {
      let floor = file.path.hasPrefix("Sources/") ? plan.floorOf[file.room].map { HousePlan.floors[$0] } ?? "" : ""
      expectNone(StyleRules.banned(file, floor: floor))
    }
  }

  @Test func nothingUnfinishedStays() throws {
    let texts = try Repository.files(in: "docs", [".md"]) + Repository.files(in: "etc", [".json5"])
    for file in everything + texts { expectNone(StyleRules.leftovers(file)) }
  }

  @Test func everyRoomHasItsTests() throws {
    let tests = Set(try Repository.root.open("Tests").names().map(\.description))
    // Bedrock is tested by the rooms above it, the door by scenes.
    for (room, floor) in plan.floorOf where floor > 0 && room != "pretraind" {
      #expect(tests.contains(room + "Tests"), "Tests/\(room)Tests is missing")
    }
  }
}
