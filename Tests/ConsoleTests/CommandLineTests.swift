import Console
import Testing

private let commands = [
  Command(
    "status", "", "how things stand", flags: [Flag("watch", "", "again and again"), Flag("json", "", "for programs")]),
  Command(
    "tokenizer train", "FILE", "make one", flags: [Flag("vocab", "N", "how many ids"), Flag("also", "X", "more")]),
  Command("tokenizer encode", "", "use one"),
  Command("dedupe", "", "find doubles", flags: [Flag("threshold", "T", "how alike")]),
]

private func parse(_ words: String...) throws -> ParsedCommand { try ParsedCommand(words, commands: commands) }

private func message(_ words: String...) -> String {
  do {
    _ = try ParsedCommand(words, commands: commands)
    return ""
  } catch { return "\(error)" }
}

@Suite struct CommandLineTests {
  @Test func wordsNameTheCommand() throws {
    #expect(try parse("status").command.name == "status")
    #expect(try parse("tokenizer", "train", "a", "b").command.name == "tokenizer train")
    #expect(try parse("tokenizer", "train", "a", "b").arguments == ["a", "b"])
  }

  @Test func valuesComeAfterOrBehindAnEqualsSign() throws {
    for words in [["--vocab", "512"], ["--vocab=512"]] {
      let parsed = try ParsedCommand(["tokenizer", "train"] + words + ["file"], commands: commands)
      #expect(try parsed.integer("vocab") == 512)
      #expect(parsed.arguments == ["file"])
    }
    #expect(try parse("dedupe", "--threshold=").value("threshold") == "", "an empty value is a value")
    #expect(try parse("dedupe", "--threshold=a=b").value("threshold") == "a=b")
    #expect(try parse("dedupe", "--threshold", "--x").value("threshold") == "--x")
  }

  @Test func switchesAreThereOrNot() throws {
    let parsed = try parse("status", "--watch")
    #expect(parsed.has("watch"))
    #expect(!parsed.has("json"))
    #expect(parsed.value("json") == nil)
    #expect(message("status", "--watch=no").contains("--watch takes no value"))
  }

  @Test func repeatedFlagsAreAllKept() throws {
    let parsed = try parse("status", "--set", "a.b=1", "--set=c.d=2")
    #expect(parsed.values("set") == ["a.b=1", "c.d=2"])
    #expect(parsed.value("set") == "c.d=2")
    #expect(try parse("status").values("set") == [])
  }

  @Test(arguments: ["spool", "config", "set", "help"])
  func someFlagsAreEverywhere(_ name: String) throws {
    for command in commands {
      let words = command.words + (name == "help" ? ["--help"] : ["--\(name)", "x.y=z"])
      #expect(try ParsedCommand(words, commands: commands).has(name))
      #expect(command.help.contains("--\(name)"))
    }
  }

  @Test func afterTwoDashesAllIsArguments() throws {
    let parsed = try parse("tokenizer", "train", "--vocab", "1", "--", "--file", "--", "-")
    #expect(parsed.arguments == ["--file", "--", "-"])
  }

  @Test(arguments: [
    (["status", "--wach"], "unknown flag --wach; did you mean --watch?"),
    (["status", "--spol=x"], "did you mean --spool?"),
    (["status", "--zzzzzzzzzz"], "pretraind status: unknown flag --zzzzzzzzzz"),
    (["status", "--=x"], "unknown flag --"),
    (["dedupe", "--threshold"], "--threshold needs T"),
    (["statsu"], "unknown command 'statsu'; did you mean 'status'?"),
    (["tokenizer"], "say which: train, encode"), (["tokenizer", "trian"], "say which: train, encode"),
    ([], "usage: pretraind COMMAND"),
    (["--help"], "usage: pretraind COMMAND"), (["help"], "how things stand"), (["xyzzyxyzzy"], "usage:"),
  ])
  func refusalSaysWhatWouldBeRight(_ words: [String], _ part: String) {
    let error = #expect(throws: UsageError.self) { try ParsedCommand(words, commands: commands) }
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
  }

  @Test func numbersMustBeNumbers() throws {
    let parsed = try parse("tokenizer", "train", "--vocab", "many")
    let error = #expect(throws: UsageError.self) { try parsed.integer("vocab") }
    #expect(error?.description == "--vocab takes a whole number, not 'many'")
    #expect(try parsed.integer("also") == nil)
  }

  @Test func helpShowsWordsArgumentsAndFlags() {
    let help = commands[1].help
    #expect(help.hasPrefix("usage: pretraind tokenizer train FILE [flags]"))
    for part in ["make one", "--vocab N", "how many ids", "--spool DIR"] { #expect(help.contains(part)) }
  }

  /// sysexits.h
  @Test func exitCodes() {
    let codes = [
      ExitCode.done, ExitCode.usage, ExitCode.data, ExitCode.software, ExitCode.inputOutput, ExitCode.tryAgain,
      ExitCode.configuration,
    ]
    #expect(codes == [0, 64, 65, 70, 74, 75, 78])
  }
}
