import Bytes
import Posix
import Testing

extension Scenes {
  /// The filter commands in a pipe: one line in, one line out, whatever the number of threads.
  @Suite(.serialized) struct Filters {
    private func filter(_ scene: Scene, _ words: String, _ input: [String]) throws -> [JSONValue] {
      try scene.folder.replaceFile("in.jsonl", with: Array((input.joined(separator: "\n") + "\n").utf8))
      let binary = Scene.binary ?? "pretraind"
      try scene.shell("cat in.jsonl | '\(binary)' \(words) >out.jsonl")
      return try scene.folder.read("out.jsonl").split(separator: 0x0A).map { try JSONParser.parse(Array($0)) }
    }

    private static let prose =
      "The old library had a reading room that nobody had entered for years. On a grey morning the caretaker found the "
      + "key in a drawer, and when the door opened there was a smell of dust, paper and apples. "

    @Test("clean does all that the agent does to one document")
    func clean() throws {
      let scene = try Scene("filter")
      let repeated = String(repeating: "buy now\\n", count: 200)
      let lines = try filter(
        scene, "clean",
        [
          #"{"id":7,"text":"\#(Self.prose)Write to anna.meier@example.com.","mine":[1, {"a":"\u4e2d"}]}"#,
          #"{"text":"\#(repeated)"}"#, #"{"text":"cafe\u0301 \u200b\r\n\#(Self.prose)"}"#,
          #"{"text":"the cafÃ© of AndrÃ©, itâ€™s so. \#(Self.prose)"}"#,
        ])
      #expect(lines.count == 4)
      #expect(lines[0]["id"]?.integer == 7 && lines[0]["mine"]?.array?.count == 2)
      #expect(lines[0]["text"]?.string == Self.prose + "Write to <EMAIL_1>.")
      #expect(lines[0]["redactions"]?.array?.first?.array?.first?.string == "EMAIL")
      #expect(lines[0]["channel"]?.string == "en" && lines[0]["score"]?.number ?? 0 > 0.3 && lines[0]["drop"] == nil)
      #expect(lines[1]["drop"]?["stage"]?.string == "filter" && lines[1]["drop"]?["rule"]?.string?.isEmpty == false)
      let normalized = try #require(lines[2]["text"]?.bytes)
      #expect(normalized.starts(with: Array("caf\u{E9}\nThe old".utf8)))
      #expect(lines[3]["text"]?.string?.hasPrefix("the café of André, it’s so.") == true)
      #expect(lines[3]["flags"]?.array?.compactMap(\.string) == ["undone"])
    }

    @Test("its switches are the sections' own keys")
    func switches() throws {
      let scene = try Scene("filter")
      let line = #"{"text":"\#(Self.prose)e\u0301 anna.meier@example.com \r\n"}"#
      let lines = try filter(
        scene, "clean --set redact.enabled=false --set read.normalize=false --set score.enabled=false", [line])
      #expect(lines[0]["text"]?.bytes == Array((Self.prose + "e\u{301} anna.meier@example.com \r\n").utf8))
      #expect(lines[0]["score"]?.number == 0.5 && lines[0]["redactions"]?.array?.isEmpty == true)
    }

    @Test("one after another: what one filter said another leaves alone")
    func chain() throws {
      let scene = try Scene("filter")
      let binary = Scene.binary ?? "pretraind"
      let lines = try filter(
        scene, "clean | '\(binary)' redact | '\(binary)' score",
        [#"{"text":"\#(String(repeating: "buy now\\n", count: 200))"}"#, #"{"text":"\#(Self.prose)","a\"b":"c"}"#])
      #expect(lines[0]["drop"]?["rule"]?.string != nil, "the mark of an earlier filter went")
      #expect(lines[1]["genre"]?.string != nil && lines[1]["a\"b"]?.string == "c")
    }

    @Test(
      "bytes that are no text are survived; a line that is no object ends it by its number, the lines before are out")
    func badLines() throws {
      let scene = try Scene("filter")
      try scene.shell(
        "printf '{\"text\":\"ok \\377\\376 ok\"}\\n{\"text\":\"b\"}\\nnot json\\n{\"text\":\"c\"}\\n' >bad.jsonl; "
          + "code=0; '\(Scene.binary ?? "")' clean <bad.jsonl >out.jsonl 2>log || code=$?; test $code = 65; "
          + "test $(wc -l <out.jsonl) = 2; grep -q 'line 3' log")
      #expect(UTF8Text.firstInvalid(try scene.folder.read("out.jsonl")) == nil)
    }

    @Test("the same bytes come out for any number of threads, and a line is answered before the next one is sent")
    func threads() throws {
      let scene = try Scene("filter")
      let binary = Scene.binary ?? "pretraind"
      let long = String(repeating: Self.prose, count: 5000)
      var input = (0..<3000).map { #"{"id":\#($0),"text":"\#($0) \#(Self.prose)mail \#($0)@example.com"}"# }
      input.insert(#"{"id":"long","text":"\#(long)"}"#, at: 1500)
      try scene.folder.replaceFile("in.jsonl", with: Array(input.joined(separator: "\n").utf8))
      try scene.shell(
        """
        for n in 1 2 5; do
          '\(binary)' clean --threads $n <in.jsonl >out-$n
          cat in.jsonl | '\(binary)' clean --threads $n >piped-$n
          cmp out-1 out-$n; cmp out-1 piped-$n
        done
        test $(wc -l <out-1) = 3001
        coproc '\(binary)' clean --threads 2
        for n in 1 2 3; do
          echo '{"text":"line number '$n'"}' >&${COPROC[1]}; read -t 20 -r answer <&${COPROC[0]}
          case $answer in *"line number $n"*) ;; *) exit 1 ;; esac
        done
        """)
    }
  }
}
