import Posix
import Settings
import Spool
import Tokenization
import Training

/// Keys that cannot change under what is there already: what would break, and the way out.
enum FixedKeys {
  private static let tokenizer = ["tokenize.vocab_size", "tokenize.reserved_ids", "tokenize.pattern"]
  private static let shape = [
    "layers", "hidden", "heads", "kv_heads", "intermediate", "head_dim", "tied", "norm_eps",
  ].map { "model." + $0 }

  static func refusal(
    _ changed: [String], from old: SettingTree, to new: SettingTree, _ layout: SpoolLayout
  ) throws(SettingError) -> String? {
    let before = try old.decode(SpoolSettings.self)
    let after = try new.decode(SpoolSettings.self)
    let hasRun = layout.runs.exists("\(before.run)/HEAD.json")
    for key in changed {
      if tokenizer.contains(key), layout.tokenizer.exists("tokenizer.json") {
        return "\(key) cannot change: tokenizer/tokenizer.json is there, and corpus and blocks are made with it; "
          + "put the old value back, or start another spool"
      }
      if shape.contains(key), hasRun {
        return
          "\(key) cannot change: the run '\(before.run)' has checkpoints of the old shape; put the old value back, "
          + "or start another spool"
      }
      if key == "train.seed", hasRun {
        return "train.seed cannot change: it is of the initial weights, and the run has begun; put the old value back"
      }
      if key == "spool.run", hasRun {
        return
          "spool.run cannot change: this spool holds the run '\(before.run)'; start another spool for '\(after.run)'"
      }
      if key == "spool.channels", !after.channels.starts(with: before.channels) {
        return "spool.channels is append only: blocks number the channels in this order; put new ones behind "
          + before.channels.joined(separator: ", ")
      }
    }
    return nil
  }
}
