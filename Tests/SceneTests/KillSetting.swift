import Bytes
import Glibc
import Posix
import Testing

/// The fixed corpus, suites and sentinels of the kill scenes: all of it there before the start.
enum KillSetting {
  /// A tokenizer trained on the way, blocks that wait for the trainer, a save each second, steps of some ten ms.
  static let settings =
    Scene.tiny.filter {
      !["clean.", "dedupe.", "redact.", "compose.", "train.save_s", "train.batch"].contains(where: $0.hasPrefix)
    }
    + [
      "compose.block_tokens=320000", "compose.lookahead_blocks=2", "spool.batch_documents=64", "tokenize.train_mb=1",
      "train.batch_tokens=2048", "train.save_s=1", "evaluate.max_items=8",
    ]

  /// Sentinels of one run: a save; later a save and a rollback at one boundary; a save on the new lineage. With
  /// blocks of
  /// 320,000 tokens (4,999 windows of 64, 157 steps of 32) the second moment is in the middle of block 2.
  private static func sentinels(_ steps: (first: Int, both: Int, after: Int)) -> [(String, String)] {
    [
      ("save.one", "at=step:\(steps.first)"), ("save.two", "at=step:\(steps.both)"),
      ("rollback", "at=step:\(steps.both)\nto=part-00000"), ("save.three", "at=step:\(steps.after)"),
    ]
  }

  /// - Parameter links: false where the spool has a disk of its own, across which there are none.
  static func prepare(
    _ scene: Scene, kilobytes: Int, steps: (Int, Int, Int) = (100, 400, 420), links: Bool = true
  ) throws {
    var number = 0
    for (kind, share) in [(Lorem.Kind.zh, 4), (.en, 4), (.code, 2)] {
      for file in 0..<4 {
        var bytes: [UInt8] = []
        while bytes.count < kilobytes * 25 * share {
          bytes += line(Lorem.document(kind, number, bytes: 2000))
          number += 1
        }
        bytes += Array("{\"text\": a bad line\n".utf8)
        try scene.drop(Path("\(kind.rawValue)/\(file).jsonl"), bytes)
      }
    }
    for file in 0..<20 {
      try scene.drop(Path("small/\(file).txt"), Lorem.document(.en, number + file, bytes: 1000))
      try scene.drop(Path("bad/\(file).txt"), [UInt8](repeating: UInt8(file % 2), count: 100))
    }
    if links { try link(scene) }
    try suites(scene)
    for (name, content) in sentinels(steps) { try scene.ask(name, content + "\n") }
  }

  private static func link(_ scene: Scene) throws {
    try scene.shell(
      """
      mkdir -p spool/incoming/linked
      for i in 1 2 3; do
        cp spool/incoming/small/$i.txt outside/$i
        echo more >>outside/$i
        ln outside/$i spool/incoming/linked/$i.txt
      done
      """
    )
  }

  private static func line(_ text: String) -> [UInt8] { JSONWriter.compact(.object(["text": .string(text)])) + [0x0A] }

  static func suites(_ scene: Scene) throws {
    var texts: [UInt8] = []
    var probes: [UInt8] = []
    for number in 0..<6 {
      texts += line(Lorem.paragraphs(.en, 9_000_000 + number, bytes: 400).joined(separator: "\n"))
      probes += Array(
        "{\"id\": \"p\(number)\", \"prompt\": \"\(Lorem.sentence(number))\", \"target\": \" The\"}\n".utf8)
    }
    try scene.spool.make("eval/suites/ppl").publish("held.jsonl", texts)
    try scene.spool.make("eval/suites/probe").publish("next.jsonl", probes)
  }

  static func number(_ variable: String) -> Int? { getenv(variable).flatMap { Int(String(cString: $0)) } }

  /// PRETRAIND_SEED, or one that time gives; printed, so that a run can be had again.
  static func seed(_ what: String) -> UInt64 {
    let seed = number("PRETRAIND_SEED") ?? Int(Clock.wall() * 1000) % 1_000_000
    print("\(what): PRETRAIND_SEED=\(seed)")
    return UInt64(seed)
  }
}
