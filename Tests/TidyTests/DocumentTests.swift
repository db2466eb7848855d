import Console
import Posix
import Settings
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

  /// `key: default,` of every key, as `pretraind explain` has it.
  private func defaults(_ section: any SettingsSection.Type) -> [String] {
    section.markdown().split(separator: "\n").filter { $0.hasPrefix("| `") }.map { row in
      let cells = row.split(separator: "`").map(String.init)
      return "\(cells[1].dropFirst(section.name.count + 1)): \(cells[3]),"
    }
  }

  @Test func theFullConfigurationShowsEveryDefault() throws {
    let text = try Repository.text("etc/pretraind.json5")
    for section in Sections.all {
      #expect(text.contains("\n  \(section.name): {") || section.name == "phases", "section \(section.name) is missing")
      for line in defaults(section) {
        #expect(text.contains(" \(line)"), "etc/pretraind.json5: '\(line)' of \(section.name) is missing or behind")
      }
    }
  }

  /// As it is, and with every default uncommented, it must be a right configuration.
  @Test(arguments: [false, true]) func theFullConfigurationIsRight(_ uncommented: Bool) throws {
    var lines = try Repository.text("etc/pretraind.json5").split(separator: "\n").map(String.init)
    if uncommented {
      let all = Set(Sections.all.filter { $0.name != "phases" }.flatMap(defaults).map { "    // " + $0 })
      lines = lines.map { line in all.contains { line.hasPrefix($0) } ? "    " + line.dropFirst(7) : line }
    }
    let tree = try SettingTree(Array(lines.joined(separator: "\n").utf8), file: "etc/pretraind.json5")
    try check(tree)
    if uncommented { #expect(tree["train"]?.table?.count == 15) }
  }

  @Test func theDemosConfigurationIsRight() throws {
    try check(SettingTree(try Repository.root.read("etc/demo.json5"), file: "etc/demo.json5"))
  }

  private func check(_ tree: SettingTree) throws {
    try tree.checkNames(Sections.names)
    for section in Sections.all where section.name != "phases" { try decode(section, tree) }
  }

  private func decode<Section: SettingsSection>(_ type: Section.Type, _ tree: SettingTree) throws {
    _ = try tree.decode(type)
  }
}
