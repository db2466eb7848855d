import Posix
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
    if complaints.isEmpty { return }
    let shown = complaints.prefix(40).joined(separator: "\n")
    Issue.record("\(complaints.count) complaints\n\(shown)\(complaints.count > 40 ? "\n..." : "")")
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
    expectNone(try Repository.swift(in: "Sources").flatMap(plan.importComplaints))
  }

  @Test func filesAreSmall() { expectNone(everything.flatMap(StyleRules.size)) }

  @Test func linesAreShort() { expectNone(everything.flatMap(StyleRules.columns)) }

  @Test func functionsAreShort() { expectNone(everything.flatMap(StyleRules.functions)) }

  @Test func nothingBannedIsCalled() {
    expectNone(
      everything.flatMap { file in
        let floor = file.path.hasPrefix("Sources/") ? plan.floorOf[file.room] : nil
        return StyleRules.banned(file, floor: floor.map { HousePlan.floors[$0] } ?? "")
      })
  }

  @Test func nothingUnfinishedStays() throws {
    let texts = try Repository.files(in: "docs", [".md"]) + Repository.files(in: "etc", [".json5"])
    expectNone((everything + texts).flatMap(StyleRules.leftovers))
  }

  @Test func everyRoomHasItsTests() throws {
    let tests = Set(try Repository.root.open("Tests").names().map(\.description))
    // Bedrock is tested by the rooms above it, the door by scenes.
    for (room, floor) in plan.floorOf where floor > 0 && room != "pretraind" {
      #expect(tests.contains(room + "Tests"), "Tests/\(room)Tests is missing")
    }
  }
}
