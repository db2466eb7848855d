import Posix
import Spool

/// The README of each folder of a spool: what a person may do there. `pretraind init` writes them; the tree `spool/` of
/// the source is what it writes.
public enum SpoolReadme {
  public static let texts: [(folder: Path, text: String)] = [
    (
      "incoming",
      """
      Drop documents here: cp, mv, rsync, scp, tar x or ln, into a folder a source (incoming/NAME/...).
      A file is taken when it is whole; names that begin with '.' or end in ~ .tmp .part .partial .filepart .crdownload
      .swp .lock are left alone until they are renamed. NAME.ok with "SIZE SHA256" makes NAME taken at once.
      .source.json5 in a folder may set channel, genre, text_field, licence, encoding and more for what is below it.
      Kinds of files, encodings and programs for PDF and office files: docs/READING.md.
      """
    ),
    (
      "rejected",
      """
      What could not be used, byte for byte as it came. NAME.reason.json says why and what to do; mv NAME back into
      incoming/ to try again. NAME.bad.jsonl holds single lines of an otherwise good file, each with its reason.
      """
    ),
    ("filtered", "A random sample of what each rule removed, one folder a rule, made to be read by a person."),
    ("labels", "Labelled documents that train the embedded classifiers: labels/{quality,channel,genre}/CLASS/..."),
    (
      "corpus",
      "The cleaned documents in immutable batches: NNNNNNNN.jsonl.zst (any zstd reads it), .meta, .json, and tokens."
    ),
    ("tokenizer", "tokenizer.json in Hugging Face format. Put yours here before the first block; else one is trained."),
    (
      "blocks",
      """
      Numbered token blocks: part-00000.bin/.idx open in Megatron-LM, numpy and nanoGPT as they are; .channels is one
      byte a sequence; part-00000.json is the manifest: a block exists exactly when its manifest does. A block that was
      composed anew is revision 2 and so on (part-00000.r2.bin); part-00000.r1.withdrawn was the manifest before.
      """
    ),
    (
      "control",
      """
      Touch a file to ask for something: save, rollback, pause (rm to go on), stop, flush, discard, hold (rm to go on),
      eval, reload. A tag tells your request from others': touch save.alice. Content: key=value lines, such as
      at=step:1000, or block=part-00012 for discard: that block and all after it are withdrawn and composed anew, if no
      trainer has begun it; without content the newest. The answer is control/ack/NNNN-NAME.json;
      control/ack/last-NAME.json points at the newest.
      """
    ),
    (
      "checkpoints",
      """
      gNNNN/WHICH: a lineage and what it is the state after (init, part-00000, save-0000120-7). Each folder loads with
      AutoModelForCausalLM.from_pretrained. COMMIT.json is written last: without it a folder is nothing. Delete nothing
      that `latest` or runs/*/HEAD.json names.
      """
    ),
    (
      "runs", "One folder a run: HEAD.json, ledger.jsonl, metrics.jsonl, tb/ (tensorboard --logdir spool/runs/main/tb)."
    ),
    (
      "eval",
      """
      Drop suites into suites/{ppl,probe,benchmark}/; collect results/CHECKPOINT/KIND-SUITE.json and trends/SUITE.csv.
      A result file is published whole and never changes. contamination/KIND-SUITE.json says which documents hold an
      item of the suite, and which blocks already published hold them.
      """
    ),
    (
      "status",
      "How agent, trainer and evaluator are: *.json, rewritten whole; status.txt and metrics.prom are made of them."
    ),
    ("state", "Private: journal, claimed files, indexes, leases. Never edited by hand."),
  ]

  /// Writes the README of every folder that has none.
  public static func write(_ layout: SpoolLayout) throws(SystemError) {
    for (folder, text) in texts {
      let directory = try layout.root.make(folder)
      // incoming/ is for documents only: a README there would be one.
      let name: Path = folder == "incoming" ? ".README" : "README"
      if !directory.exists(name) { try directory.replaceFile(name, with: Array((text + "\n").utf8), durable: false) }
    }
  }
}
