import Console
import Posix
import Testing

@testable import pretraind

/// Documents that say what the sources say: generated, or compared with the sources by name.
@Suite struct DocumentTests {
  @Test func configurationIsDescribedAsItIs() throws {
    let written = try Repository.text("docs/CONFIG.md")
    #expect(written == ExplainCommand.document() + "\n", "docs/CONFIG.md is behind the sources: make docs")
  }

  @Test func everyRoomIsInTheMap() throws {
    let plan = HousePlan(manifest: try Repository.text("Package.swift"))
    let map = try Repository.text("docs/MODULES.md")
    let listed = map.split(separator: "\n").compactMap { line -> String? in
      guard line.hasPrefix("| `") else { return nil }
      return String(line.dropFirst(3).prefix { $0 != "`" })
    }
    #expect(listed.sorted() == plan.rooms, "docs/MODULES.md and Package.swift name other rooms")
  }

  @Test func theEmptySpoolIsWhatInitMakes() throws {
    let spool = try Repository.root.open("spool")
    for (folder, text) in SpoolReadme.texts {
      let name: Path = folder == "incoming" ? ".README" : "README"
      let written = (try? spool.read(folder / name)).map { String(decoding: $0, as: UTF8.self) }
      #expect(written == text + "\n", "spool/\(folder)/\(name) is not what `pretraind init` writes: make docs")
    }
  }

  /// Folder -> what `.gitignore` keeps of it: a spool that a person made here by running `pretraind` is not ours.
  @Test func nothingElseIsInTheEmptySpool() throws {
    let known = Set(SpoolReadme.texts.map(\.folder.components[0]))
    let folders = try Repository.root.open("spool").names().filter { !$0.hasPrefix(".") }
    for folder in folders { #expect(known.contains(folder), "spool/\(folder) is in no README") }
  }

  @Test func theStateTableNamesWhatTheJournalWrites() throws {
    let page = try Repository.text("docs/SPOOL.md")
    var events: Set<String> = []
    for file in try Repository.swift(in: "Sources/DataAgent") {
      let parts =
        file.text.split(separator: "\"ev\": .string(\"", omittingEmptySubsequences: false).dropFirst()
        + file.text.split(separator: "JSONMember(\"ev\", .string(\"", omittingEmptySubsequences: false).dropFirst()
      for part in parts { events.insert(String(part.prefix { $0 != "\"" })) }
    }
    #expect(events.count >= 6)
    for event in events.sorted() {
      #expect(page.contains("`\(event)`"), "docs/SPOOL.md does not tell of journal records '\(event)'")
    }
  }
}
