import Bytes
import Posix
import Testing

extension Scenes {
  /// Classifiers trained, tested and used by the real binary.
  @Suite struct Classifiers {
    /// Two hundred small documents of three channels under `labels/channel/`, each a little different.
    private static let labels = """
      mkdir -p spool/labels/channel/{en,zh,code}
      for i in $(seq 1 200); do
        echo "The harbour was quiet on morning $i, and the fishermen of boat $((i % 7)) mended their nets in the sun." \
          >spool/labels/channel/en/$i.txt
        echo "第${i}天的早晨，港口十分安静，渔夫们坐在阳光下修补渔网，等待着潮水慢慢上涨。" >spool/labels/channel/zh/$i.txt
        printf 'int value_%d(void) {\\n  int table[%d] = {0};\\n  return table[%d];\\n}\\n' $i $i $((i / 2)) \
          >spool/labels/channel/code/$i.c
      done
      """

    @Test func channelsAreLearntFromFoldersWhateverTheThreads() throws {
      let scene = try Scene("classifier", [])
      try scene.shell(Self.labels)
      let words = ["classifier", "train", "--task", "channel", "--bits", "10"]
      var reports: [String] = []
      for threads in ["1", "3"] {
        let running = try scene.start(words + ["--threads", threads, "--out", "\(scene.root)/m\(threads)"])
        #expect(running.child.wait() == 0, "\(scene.text(running.log.name))")
        reports.append(scene.text(Path("out-\(reports.count + 1)")))
      }
      try scene.shell("cmp m1 m3")
      #expect(reports[0].contains("accuracy 100.00 %"), "\(reports[0])")
      #expect(reports[0] == reports[1])
      // Nothing takes the place of what is not a file: a model renamed to a pipe's or a device's name would.
      try scene.shell("mkfifo pipe")
      let refused = try scene.start(words + ["--out", "\(scene.root)/pipe"])
      #expect(refused.child.wait() == 64)
      try scene.shell("test -p pipe")
      // The test sees the same documents that the training left out.
      let test = try scene.succeed("classifier", "test", "--task", "channel", "--model", "\(scene.root)/m1")
      #expect(test.output == reports[0])
    }

    @Test func labelsOfACommandAreAskedForOnce() throws {
      let scene = try Scene("labels", [])
      try scene.shell(
        Self.labels + """

          for f in spool/labels/channel/{en,zh}/*.txt; do printf '{"text": "%s"}\\n' "$(cat $f)"; done >all.jsonl
          cat >judge <<'END'
          #!/bin/bash
          while read -r line; do
            [ -n "$line" ] || continue
            echo "$line" >>asked
            case $line in *harbour*) echo '{"label": "en"}' ;; *) echo '{"label": "zh"}' ;; esac
          done
          END
          chmod +x judge
          """)
      let words = [
        "classifier", "train", "--task", "channel", "--label-command", "cd '\(scene.root)' && ./judge", "--cache",
        "\(scene.root)/cache.jsonl", "--sample", "150", "--out", "\(scene.root)/model", "\(scene.root)/all.jsonl",
      ]
      for _ in 0..<2 {
        let running = try scene.start(words)
        #expect(running.child.wait() == 0, "\(scene.text(running.log.name))")
      }
      try scene.shell("test $(wc -l <asked) = 150 && test $(wc -l <cache.jsonl) = 150")
      // Another seed is another sample; what is known of it is not asked again.
      let other = try scene.start(words.dropLast() + ["--seed", "7", words.last!])
      #expect(other.child.wait() == 0, "\(scene.text(other.log.name))")
      try scene.shell(
        "test $(wc -l <asked) -gt 180 && test $(sort -u asked | wc -l) = $(wc -l <asked) && cmp <(wc -l <asked) <(wc -l <cache.jsonl)"
      )
      #expect(scene.text("out-2").contains("accuracy 100.00 %"), "\(scene.text("out-2"))")
    }

    /// Answers cost money: what was answered before the command died is not asked again.
    @Test func labelsOfACommandThatDiesAreKept() throws {
      let scene = try Scene("dying", [])
      try scene.shell(
        #"""
        for i in $(seq 1 200); do
          echo '{"text": "Document '$i' says '$([ $((i % 2)) = 0 ] && echo even || echo odd)' words of some length."}'
        done >all.jsonl
        cat >judge <<'END'
        #!/bin/bash
        while read -r line; do
          [ -n "$line" ] || continue
          [ -e mended ] || [ $(cat asked 2>/dev/null | wc -l) -lt 100 ] || exit 3
          echo "$line" >>asked
          case $line in *even*) echo '{"label": "good"}' ;; *) echo '{"label": "bad"}' ;; esac
        done
        END
        chmod +x judge
        """#)
      let words = [
        "classifier", "train", "--task", "quality", "--label-command", "cd '\(scene.root)' && ./judge", "--cache",
        "\(scene.root)/cache.jsonl", "--out", "\(scene.root)/model", "\(scene.root)/all.jsonl",
      ]
      let dead = try scene.start(words)
      #expect(dead.child.wait() != 0)
      #expect(scene.text(dead.log.name).contains("exit status 3"), "\(scene.text(dead.log.name))")
      try scene.shell("test $(wc -l <cache.jsonl) = 64; touch mended")
      let again = try scene.start(words)
      #expect(again.child.wait() == 0, "\(scene.text(again.log.name))")
      // Of the batch that it died in, 36 answers were lost with it.
      try scene.shell("test $(wc -l <cache.jsonl) = 200 && test $(wc -l <asked) = 236")
    }

    @Test func qualityIsLearntFromSourcesAndGivesPercentiles() throws {
      let scene = try Scene("quality", [])
      try scene.shell(
        #"""
        for i in $(seq 1 300); do
          echo '{"source": "books", "text": "'"On day $i the old man went down to the sea with his grandson, and" \
            "they spoke of the year $((i * 3)) when the great storm had come."'"}'
          echo '{"source": "ads", "text": "'"CLICK HERE NOW number $i!!! Best price, best offer, buy $((i * 3))" \
            "pills today, free shipping, click here now, buy buy buy!!!"'"}'
          echo '{"source": "other", "text": "'"A text that nobody judged, number $i, that nobody learns from."'"}'
        done >all.jsonl
        """#)
      let train = try scene.start([
        "classifier", "train", "--task", "quality", "--rule", "good=books", "--rule", "bad=ads", "--out",
        "\(scene.root)/model", "\(scene.root)/all.jsonl",
      ])
      #expect(train.child.wait() == 0, "\(scene.text(train.log.name))")
      #expect(scene.text("out-1").contains("ranking 100.00 %"), "\(scene.text("out-1"))")
      try scene.shell(#""$PRETRAIND_BINARY" score --set score.model=model <all.jsonl >scored.jsonl"#)
      var scores: [String: [Double]] = [:]
      for line in scene.text("scored.jsonl").split(separator: "\n") {
        let value = try JSONParser.parse(Array(line.utf8))
        scores[try #require(value["source"]?.string), default: []].append(try #require(value["score"]?.number))
      }
      let good = try #require(scores["books"])
      let bad = try #require(scores["ads"])
      #expect(good.count == 300 && bad.count == 300)
      #expect(good.allSatisfy { (0...1).contains($0) } && bad.allSatisfy { (0...1).contains($0) })
      // Half of the documents that it learnt from stand below the median, and these are the bad ones.
      #expect(good.reduce(0, +) / 300 > 0.7 && bad.reduce(0, +) / 300 < 0.3)
    }

    @Test func aScoreCommandIsGivenProseAndKeepsTheOrder() throws {
      let scene = try Scene("score", [])
      try scene.shell(
        #"""
        cat >judge <<'END'
        #!/bin/bash
        while read -r line; do
          [ -n "$line" ] || continue
          case $line in *return*) echo '{"score": 0}' ;; *even*) echo '{"score": 0.25}' ;; *) echo '{"score": 0.75}' ;; esac
        done
        END
        chmod +x judge
        for i in $(seq 1 500); do
          [ $((i % 2)) = 0 ] && kind=even || kind=odd
          echo '{"n": '$i', "text": "This is document number '$i', one of many with an '$kind' number in its' \
            'text.\n\n```c\nreturn '$i';\n```\n"}'
        done >all.jsonl
        "$PRETRAIND_BINARY" score --threads 2 --command ./judge <all.jsonl >scored.jsonl
        """#)
      let lines = try scene.text("scored.jsonl").split(separator: "\n").map { try JSONParser.parse(Array($0.utf8)) }
      #expect(lines.map { $0["n"]?.integer } == (1...500).map { $0 })
      #expect(lines.map { $0["score"]?.number } == (1...500).map { $0 % 2 == 0 ? 0.25 : 0.75 })
    }

    @Test func aCommandThatFailsIsNamed() throws {
      let scene = try Scene("failing", [])
      let line = #"{"text": "A text that is long enough to be asked about, because it is prose and has words."}"#
      try scene.folder.publish("in", Array((line + "\n").utf8))
      for (command, complaint) in [
        ("exit 3", "exit status 3"), ("head -n 1 >/dev/null", "ended before"), ("sed -u s/.*/nonsense/", "no JSON"),
        (#"echo '{"score": 7}'; cat >/dev/null"#, "0...1"),
      ] {
        try scene.folder.replaceFile("command", with: Array(command.utf8))
        try scene.shell(#"! "$PRETRAIND_BINARY" score --command "$(cat command)" <in >out 2>err"#)
        #expect(scene.text("err").contains(complaint), "\(command): \(scene.text("err"))")
      }
    }

    @Test func wrongWordsAreToldWhatWouldBeRight() throws {
      let scene = try Scene("words", [])
      for (words, complaint) in [
        (["classifier", "train"], "channel, genre, quality"),
        (["classifier", "train", "--task", "gender"], "channel, genre, quality"),
        (["classifier", "train", "--task", "genre", "--rule", "a=b"], "needs FILEs"),
        (["classifier", "test", "--task", "channel", "--labels", "/nowhere"], "/nowhere"),
      ] {
        let running = try scene.start(words)
        #expect(running.child.wait() != 0)
        #expect(scene.text(running.log.name).contains(complaint), "\(words): \(scene.text(running.log.name))")
      }
    }

    @Test func segmentsComeWithTheLine() throws {
      let scene = try Scene("segments", [])
      try scene.shell(
        #"""
        echo '{"id": 7, "text": "We run this:\n\n```sh\nmake all\n```\n\nand write to a.b@example.org,' \
          'where $x_1$ is known to everybody here."}' >in.jsonl
        "$PRETRAIND_BINARY" classify <in.jsonl >out.jsonl
        """#)
      let value = try JSONParser.parse(Array(scene.text("out.jsonl").utf8))
      let text = try #require(value["text"]?.bytes)
      let segments = try #require(value["segments"]?.array)
      let parts = segments.map { segment -> String in
        let fields = segment.array ?? []
        let offset = fields[1].integer ?? 0
        return (fields[0].string ?? "") + ": "
          + String(decoding: text[offset..<(offset + (fields[2].integer ?? 0))], as: UTF8.self)
      }
      #expect(parts == ["code: ```sh\nmake all\n```\n", "math: $x_1$"])
    }

    /// Masking an address moves what comes behind it: the batch says where the code is in the text that it holds.
    @Test func segmentsInABatchFitTheDesensitizedText() throws {
      let scene = try Scene("batch", ["clean.enabled=false", "tokenize.vocab_size=512", "tokenize.reserved_ids=16"])
      let words = (1...40).map { "Line \($0) of the manual says what to do next.\n" }.joined()
      let code = "```sh\nmake all\n```\n"
      try scene.drop("docs/a.md", "Write to somebody.long@example.org first.\n\n\(code)\n\(words)\nLet $x_1 = 2$ be.\n")
      try scene.digest()
      try scene.shell("cat spool/corpus/*.jsonl.zst | zstd -dcq >batch.jsonl")
      let value = try JSONParser.parse(Array(scene.text("batch.jsonl").utf8.prefix { $0 != 0x0A }))
      let text = try #require(value["text"]?.bytes)
      #expect(value["redactions"]?.array?.count == 1)
      let parts = try #require(value["segments"]?.array).map { segment -> String in
        let start = segment.array?[1].integer ?? 0
        return String(decoding: text[start..<(start + (segment.array?[2].integer ?? 0))], as: UTF8.self)
      }
      #expect(parts == [code, "$x_1 = 2$"])
    }
  }
}
