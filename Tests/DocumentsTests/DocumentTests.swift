import Bytes
import Documents
import Testing

@Suite struct ChannelTests {
  /// Blocks number channels in this order: it is part of the format.
  @Test func theBuiltInOrderNeverChanges() {
    #expect(ChannelTable.builtIn == ["zh", "en", "code", "math", "instruct"])
    let table = ChannelTable()
    for (channel, name) in [
      (Channel.chinese, "zh"), (.english, "en"), (.code, "code"), (.math, "math"), (.instruct, "instruct"),
    ] {
      #expect(table.name(channel) == name)
      #expect(table.channel(name) == channel)
    }
  }

  @Test func ownChannelsComeAfter() {
    let table = ChannelTable(extra: ["law", "en", "medicine"])
    #expect(table.names == ["zh", "en", "code", "math", "instruct", "law", "medicine"])
    #expect(table.channel("medicine") == Channel(6))
    #expect(table.channel("Law") == nil)
    #expect(Channel(1) < Channel(2))
  }
}

@Suite struct GenreTests {
  @Test func namesComeBack() {
    for genre in Genre.allCases { #expect(Genre(name: genre.name) == genre) }
    #expect(Genre(name: "novel") == nil)
    #expect(Genre(name: "") == nil)
  }

  /// Records hold the number: it is part of the corpus format.
  @Test func numbersStay() {
    let names = [
      "unknown", "news", "encyclopedia", "book", "paper", "forum", "web", "manual", "law", "poetry", "code", "dialogue",
    ]
    #expect(Genre.allCases.map(\.name) == names)
    #expect(Genre.allCases.map { Int($0.rawValue) } == Array(0..<names.count))
  }
}

@Suite struct SignalTests {
  @Test func everySignalHasAPlaceOfItsOwn() {
    var signals = Signals()
    for signal in Signal.allCases { signals[signal] = Float(signal.rawValue) + 0.5 }
    #expect(signals.values == Signal.allCases.indices.map { Float($0) + 0.5 })
    for signal in Signal.allCases { #expect(signals[signal] == Float(signal.rawValue) + 0.5) }
  }

  /// The first ones in their order: append, never reorder.
  @Test(arguments: [
    (Signal.characters, 0), (.hanShare, 1), (.words, 6), (.lines, 12), (.qualityScore, 33), (.otherScriptShare, 34),
  ])
  func placesStay(_ signal: Signal, _ place: Int) { #expect(signal.rawValue == place) }

  @Test func namesComeBack() {
    for signal in Signal.allCases { #expect(Signal(name: signal.name) == signal) }
    #expect(Signal(name: "meaning") == nil)
  }
}

@Suite struct DocumentStateTests {
  @Test func aNewDocumentIsKept() {
    let document = Document(id: Identifier(of: [1]), text: [0x61], source: "web", origin: "a.txt#0")
    #expect(document.isKept)
    #expect(document.channel == .english)
    #expect(document.genre == .unknown)
    #expect(document.flags.isEmpty)
    #expect(document.encoding == "utf-8")
  }

  @Test(arguments: [
    Verdict.filtered(RuleHit(rule: "short", value: 1, threshold: 2)), .rejected(reason: "empty"),
  ])
  func othersAreNot(_ verdict: Verdict) {
    var document = Document(id: Identifier(of: [1]), text: [], source: "", origin: "")
    document.verdict = verdict
    #expect(!document.isKept)
  }

  @Test func flagsAreBitsThatStay() {
    let flags: [DocumentFlags] = [.mojibake, .channelGiven, .genreGiven, .repaired]
    #expect(flags.map(\.rawValue) == [1, 2, 4, 8])
  }
}
