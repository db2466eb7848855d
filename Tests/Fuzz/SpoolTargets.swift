import Bytes
import Journal
import Posix
import Suites

@testable import Decoding
@testable import Spool

extension FuzzTarget {
  /// First line: the sentinel's name; the rest: its content. What is understood reads back the same.
  static let control = FuzzTarget(name: "control") {
    [
      "save", "rollback.me\nto=part-00010\nskip=part-00012\nlr_scale=0.9\n", "stop\nat=step:100\n",
      "lr.x\n{scale: 0.5, at: 'block:3'}", "skip\nblock=part-00003\nwindows=1-5\n", "export\npath=/x\ndtype=bf16\n",
      "eval\ncheckpoint=latest\nsuite=a\n",
    ].map { bytes($0) }
  } run: { input in
    let end = input.firstIndex(of: 0x0A) ?? input.count
    let name = String(decoding: input[..<end], as: UTF8.self)
    let content = Array(input[min(end + 1, input.count)...])
    if case .success(let known) = ControlName.parse(name) {
      promise((try? ControlName.parse(known.description).get()) == known, "a name does not read back")
    }
    for verb in ControlVerb.allCases {
      guard let arguments = try? ControlArguments(content, for: verb) else { continue }
      let again = try? ControlArguments(bytes(arguments.lines), for: verb)
      promise(again == arguments, "arguments do not read back: \(arguments.lines)")
    }
  }

  static let suites = FuzzTarget(name: "suites") {
    let settings = bytes("{shots: 2, transforms: ['shuffle', 'letters']} // x")
    return [
      joined([bytes("{\"id\": \"a\", \"text\": \"some text\"}\n"), settings]),
      joined([
        bytes(
          "{\"id\": \"p\", \"prompt\": \"a\", \"target\": \" b\"}\n{\"text\": \"x\"}\n{\"better\": \"x\", \"worse\": \"y\"}\n"
        ), [],
      ]),
      joined([
        bytes(
          "{\"id\": \"q\", \"question\": \"1+1?\", \"choices\": [\"1\", \"2\"], \"answer\": 1}\n{\"question\": \"x\", \"answer\": \"y\"}\n"
        ), settings,
      ]),
    ]
  } run: { input in
    let files = parts(input, 2)
    for kind in SuiteKind.allCases {
      _ = try? Suite.read(kind: kind, name: "fuzz", items: files[0], settings: files.count > 1 ? files[1] : nil)
    }
  }

  /// Replay of any prefix is a prefix of the replay; what was sealed is read back.
  static let journal = FuzzTarget(name: "journal") {
    var chain = JournalChain()
    let lines = ["{\"ev\":\"open\"}", "{\"ev\":\"claim\",\"seq\":1}", "{}"].map { chain.seal(bytes($0)) }
    let whole = lines.flatMap { $0 }
    return [whole, Array(whole.dropLast(3)), lines[0] + lines[2], []]
  } run: { input in
    guard let replay = try? JournalReplay(input) else { return }
    promise(replay.end <= input.count, "the end lies behind the bytes")
    let cut = input.count / 2
    if let before = try? JournalReplay(Array(input[..<cut])) {
      promise(replay.records.starts(with: before.records), "a prefix replays to something else")
    }
    var chain = replay.chain
    let line = chain.seal(bytes("{\"more\":1}"))
    let again = try? JournalReplay(Array(input[..<replay.end]) + line)
    promise(again?.records == replay.records + [bytes("{\"more\":1}")], "a record written after it is not read back")
  }

  /// `NAME.ok`, `.source.json5`, and the name of a file.
  static let manifest = FuzzTarget(name: "manifest") {
    let digest = String(repeating: "ab", count: 32)
    return [
      bytes("1234 \(digest)\n"), bytes("size=1 sha256=\(digest)"),
      bytes("{channel: 'en', genre: \"book\", max_uses: 3, encoding: 'gbk'}"),
    ]
  } run: { input in
    _ = CompletionManifest(input)
    _ = try? SourceOptions.parse(input, file: ".source.json5")
    _ = FileFormat.detect(name: input)
  }

  /// A path survives being shown, whatever its bytes.
  static let path = FuzzTarget(name: "path") {
    [bytes("a/b.txt"), [0xFF, 0x25, 0x0A], bytes("%41 ü/..//x"), bytes("n\u{303}")]
  } run: { input in
    let path = Path(input)
    promise(Path(escaped: path.description) == path, "a path does not read back: \(path)")
    promise(!path.description.utf8.contains(0x0A), "a path's text has a line feed")
    _ = Path(escaped: String(decoding: input, as: UTF8.self))
    _ = (path.parent, path.name, path.components, path.fileExtension, IncomingName.ignored(path))
  }
}
