import Bytes
import Journal
import Posix

/// Which blocks trainers have begun, on any lineage of any run: what an agent must not withdraw.
///
/// `status/trainer.json` may be gone, and says nothing of other runs; ledgers stay.
public enum BegunBlocks {
  /// Nobody can tell what was begun.
  public struct Unknown: Error, CustomStringConvertible {
    public let description: String
  }

  /// The highest block that was begun or is claimed at this moment; -1 before the first.
  /// - Parameter root: the spool.
  /// - Throws: `Unknown` for a damaged ledger, `SystemError` when the disk does not give it within a moment.
  public static func through(_ root: Directory) throws -> Int {
    for _ in 0..<4 {
      do { return try read(root) } catch is SystemError { Clock.sleep(0.05) }
    }
    return try read(root)
  }

  private static func read(_ root: Directory) throws -> Int {
    // The claim first: what a trainer takes back there was never in its ledger, what it goes on with comes there later.
    var highest = try claimed(root)
    guard let runs = try root.openIfThere("runs") else { return highest }
    for name in try runs.names() where try runs.statusIfThere(name)?.kind == .directory {
      highest = max(highest, try begun(in: try runs.open(name)))
    }
    return highest
  }

  /// What a trainer says; -1 where none does.
  private static func claimed(_ root: Directory) throws(SystemError) -> Int {
    guard let bytes = try root.openIfThere("status")?.readIfThere("trainer.json", limit: 1 << 20) else { return -1 }
    return (try? JSONParser.parse(bytes))?["claimed_through"]?.integer ?? -1
  }

  private static func begun(in run: Directory) throws -> Int {
    guard let bytes = try run.readIfThere("ledger.jsonl", limit: .max) else { return -1 }
    do {
      return try JournalReplay(bytes).records.reduce(-1) { highest, line in
        let record = try JSONParser.parse(line)
        guard record["kind"]?.string == "block_started" else { return highest }
        return max(highest, record["block"]?.integer ?? -1)
      }
    } catch {
      throw Unknown(description: "\(run.path / "ledger.jsonl"): \(error)")
    }
  }
}
