import Bytes
import Glibc
import Posix
import Testing

extension Scenes {
  /// Files made to fill memory, disk or time: each stops at its bound with a reason, memory stays flat, the rest goes
  /// on.
  @Suite(.serialized) struct Bombs {
    struct Case: CustomTestStringConvertible {
      let name: String
      let code: String
      /// Writes the file `$f`; `zeros` and `letters` make a gibibyte of them.
      let script: String
      /// Documents that stand before the bomb.
      var kept = 0
      var needs = "sh"
      var testDescription: String { "\(name): \(script.prefix(60))" }
    }

    private static let good = #"{ echo '{"text": "before the bomb"}'; } "#
    /// 64 MiB packed once and repeated: every one of these formats allows streams one after another.
    private static func repeated(_ packer: String) -> String {
      "head -c 64M /dev/zero | tr '\\0' x | \(packer) >one; for i in $(seq 16); do cat one; done"
    }

    static let cases = [
      Case(name: "a.txt.zst", code: "bomb", script: "zeros | zstd -qc -1 --long=27 >$f", needs: "zstd"),
      Case(name: "b.jsonl.zst", code: "bomb", script: "letters | zstd -qc -3 --long=27 >$f", needs: "zstd"),
      Case(
        name: "c.jsonl.zst", code: "bomb",
        script:
          "{ \(good) | zstd -qc; printf '\\x50\\x2a\\x4d\\x18\\x04\\x00\\x00\\x00skip'; \(repeated("zstd -qc")); } >$f",
        kept: 1,
        needs: "zstd"),
      Case(
        name: "d.jsonl.zst", code: "bomb", script: "head -c 9M /dev/urandom | zstd -qc -1 --long=31 >$f", needs: "zstd"),
      // The document limit comes first: 16 streams of 64 KiB may unpack to 200 MiB.
      Case(name: "e.txt.gz", code: "limit", script: "{ \(repeated("gzip -9c")); } >$f"),
      Case(name: "f.jsonl.gz", code: "bomb", script: "{ \(good) | gzip -c; \(repeated("gzip -9c")); } >$f", kept: 1),
      Case(name: "g.jsonl.bz2", code: "bomb", script: "{ \(repeated("bzip2 -c")); } >$f", needs: "bzip2"),
      Case(name: "h.jsonl.xz", code: "bomb", script: "{ \(repeated("xz -1c")); } >$f", needs: "xz"),
      // What is inside is looked at by its name only: a file in a file is not opened.
      Case(name: "i.jsonl.zst.zst", code: "unknown-format", script: "zeros | zstd -qc | zstd -qc >$f", needs: "zstd"),
      Case(name: "j.jsonl.gz", code: "binary", script: "echo hello | gzip -c | gzip -c >$f"),
      Case(name: "k.zip", code: "unknown-format", script: "printf 'PK\\003\\004' >$f"),
      Case(
        name: "l.jsonl.gz", code: "damaged", script: "{ \(good); seq 100000; } | gzip -c | head -c 100000 >$f", kept: 1),
      Case(name: "m.jsonl.bz2", code: "damaged", script: "echo nothing of the kind >$f", needs: "bzip2"),
      Case(name: "n.txt", code: "limit", script: "head -c 65M /dev/zero | tr '\\0' 'x' >$f"),
      Case(
        name: "o.json", code: "limit",
        script:
          #"{ echo '[{"text": "before the bomb"},'; printf '{"text":"'; head -c 65M /dev/zero | tr '\0' x; } >$f"#,
        kept: 1),
    ]

    @Test("bombs stop at their bound, what stands before them stays, memory is flat")
    func bombs() throws {
      let scene = try Scene("bombs")
      _ = try scene.spool.make("incoming/bomb")
      let there = Bombs.cases.filter { one in
        let has = Scene.has(one.needs)
        if !has { print("skipped: \(one.needs) is not there for \(one.name)") }
        return has
      }
      for one in there {
        try scene.shell(
          """
          zeros() { head -c 1G /dev/zero; }
          letters() { zeros | tr '\\0' x; }
          f=outside/new
          set +o pipefail
          \(one.script)
          mv $f spool/incoming/bomb/\(one.name)
          """
        )
      }
      try scene.drop("good/z.txt", "What comes after them.")
      let agent = try scene.start(["agent", "--until-idle", "--flush"])
      var peak = 0
      while agent.child.poll() == nil {
        peak = max(peak, Scene.peakMemory(agent.child.process))
        Clock.sleep(0.002)
      }
      #expect(agent.child.wait() == 0, "\(scene.text(agent.log.name))")
      print("\(there.count) bombs: peak memory \(peak >> 20) MB")
      #expect(peak > 0 && peak < 700 << 20)
      for one in there { try expect(scene, one) }
      #expect(scene.count("good", "kept") == 1)
      #expect(scene.count("bomb", "kept") == there.reduce(0) { $0 + $1.kept })
    }

    private func expect(_ scene: Scene, _ one: Case) throws {
      if one.kept == 0 {
        let reason = scene.json(Path("rejected/bomb/\(one.name).reason.json"))
        #expect(reason?["code"]?.string == one.code, "\(one.name): \(reason?["message"]?.string ?? "not rejected")")
        #expect(reason?["what_to_do"]?.string?.isEmpty == false, "\(one.name)")
      } else {
        let bytes = (try? scene.spool.read(Path("rejected/bomb/\(one.name).bad.jsonl"))) ?? []
        let last = try #require(bytes.split(separator: 0x0A).last, "\(one.name) has no bad lines")
        let reason = try JSONParser.parse(Array(last))["reason"]?.string ?? ""
        #expect(reason.hasPrefix(one.code), "\(one.name): \(reason)")
      }
    }

    /// JSON, markup and text that is nested or repeated without end: each is read or refused in a moment.
    static let nasty: [(name: String, script: String)] = [
      ("arrays.jsonl", #"print('{"text":"a","x":' + '[' * 1000000 + ']' * 1000000 + '}')"#),
      ("objects.jsonl", #"print('{"text":"a","x":' + '{"a":' * 1000000 + '1' + '}' * 1000000 + '}')"#),
      ("keys.jsonl", #"print('{"text":"a"' + ''.join(',"k%d":0' % i for i in range(1000000)) + '}')"#),
      ("open.json", #"print('[' * 5000000)"#),
      ("bare.json", #"print('[' + '1,' * 1000000 + '1]')"#),
      ("div.html", #"print('<div>' * 500000 + 'text of the page')"#),
      ("list.html", #"print('<ul><li>' * 200000 + 'text of the page')"#),
      ("quote.html", #"print('<blockquote>' * 200000 + 'text of the page')"#),
      ("table.html", #"print('<table><tr><td>' * 100000 + 'text of the page')"#),
      ("bold.html", #"print('<b><i><a href=x>' * 200000 + 'text of the page')"#),
      ("pre.html", #"print('<pre>' * 200000 + 'text of the page')"#),
      ("attributes.html", #"print('<p ' + 'a=b ' * 1000000 + '>text of the page</p>')"#),
      ("unclosed.html", #"print('<' * 1000000 + 'text of the page <a href=\"' + 'x' * 1000000)"#),
      ("comments.html", #"print('<!--' * 500000 + 'text of the page')"#),
      ("scripts.html", #"print('<script>' * 300000 + 'text of the page')"#),
      ("entities.html", #"print('<p>text &amp' * 300000 + '&' * 500000 + '&#' * 300000 + '&#x10FFFFFFFF;' * 100000)"#),
      ("ends.html", #"print('<p>text of the page' + '</div></ul></b>' * 300000)"#),
      ("macros.1", #"print('.de x\n.x\n.x\n..\n.x\n' + '.x\n' * 200000 + 'text of the page')"#),
      ("strings.1", #"print('.ds a \\*a\\*a\n' + 'text \\*a\n' * 100000)"#),
      ("fonts.1", #"print('text ' + '\\fB' * 1000000 + '\\(' * 300000)"#),
      ("tables.1", #"print('.TS\n' * 100000 + 'text of the page')"#),
      ("hashes.md", #"print('#' * 1000000 + ' text of the page\n' + '> ' * 500000 + '[' * 500000 + '*' * 500000)"#),
      ("nul.txt", #"sys.stdout.buffer.write(b'some text\0of the page\n' * 100000)"#),
      ("odd.txt", #"sys.stdout.buffer.write(b'\xff\xfe' + 'text of the page '.encode('utf-16-le') * 100000 + b'x')"#),
      ("utf32.txt", #"sys.stdout.buffer.write(b'\xff\xfe\0\0' + b'\xff\xff\xff\xff' * 500000)"#),
      ("marks.txt", #"print('e' + '\u0301' * 1000000)"#),
      ("line.txt", #"print('word ' * 2000000)"#),
      ("one.txt", #"print('a' * 8000000)"#),
      ("lines.txt", #"print('\n' * 8000000 + 'text of the page')"#),
      ("digits.txt", #"print('1' * 4000000 + ' ' + '138-' * 500000 + 'a@' * 500000 + '1.' * 500000)"#),
      ("same.txt", #"print('the same line again and again\n' * 200000)"#),
      ("surrogates.jsonl", #"print('{"text":"' + '\\ud800' * 500000 + '"}')"#),
      ("escapes.jsonl", #"print('{"text":"' + '\\\\' * 2000000)"#),
    ]

    @Test("nested and endless files are read or refused, in time and memory that grow with their size only")
    func nastyFiles() throws {
      guard Scene.has("python3") else {
        print("skipped: python3 is not there")
        return
      }
      let scene = try Scene(
        "nasty", ["tokenize.vocab_size=512", "tokenize.reserved_ids=16", "compose.block_tokens=100000"])
      for (name, script) in Bombs.nasty {
        try scene.folder.replaceFile("make.py", with: Array("import sys\n\(script)\n".utf8))
        try scene.shell(
          """
          mkdir -p spool/incoming/n
          PYTHONIOENCODING=utf-8:surrogatepass python3 make.py >outside/new
          mv outside/new spool/incoming/n/\(name)
          """
        )
      }
      let start = Clock.monotonic()
      let agent = try scene.start(["agent", "--until-idle", "--flush"])
      var peak = 0
      var last = ""
      while agent.child.poll() == nil, Clock.monotonic() < start + 300 {
        peak = max(peak, Scene.peakMemory(agent.child.process))
        last = scene.names("state/claimed").first ?? last
        Clock.sleep(0.01)
      }
      if agent.child.poll() == nil { agent.kill() }
      #expect(agent.child.wait() == 0, "at \(last): \(scene.text(agent.log.name).suffix(500))")
      print("\(Bombs.nasty.count) nasty files: \(Int(Clock.monotonic() - start)) s, peak memory \(peak >> 20) MB")
      #expect(peak < 2000 << 20)
      #expect(scene.count("n") >= Bombs.nasty.count)
      #expect(scene.names("state/claimed").isEmpty)
    }
  }
}
