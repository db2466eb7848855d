import Posix

/// The folders of a spool, opened once. DESIGN: everything a person does to pretraind, and everything its parts say to
/// each other, is a file in one of them.
public final class SpoolLayout: Sendable {
  public let root: Directory
  public let incoming: Directory
  public let rejected: Directory
  public let filtered: Directory
  public let labels: Directory
  public let corpus: Directory
  public let tokenizer: Directory
  public let blocks: Directory
  public let control: Directory
  public let taken: Directory
  public let acknowledgements: Directory
  public let checkpoints: Directory
  public let runs: Directory
  public let suites: Directory
  public let results: Directory
  public let trends: Directory
  public let status: Directory
  public let state: Directory
  public let journal: Directory
  public let claimed: Directory
  public let leases: Directory
  public let index: Directory
  /// Rows of documents: `state/documents`.
  public let documents: Directory

  /// Opens the spool at `path`, making every folder that is absent.
  public convenience init(_ path: Path) throws(SystemError) {
    try self.init(SpoolLayout.makeRoot(path))
  }

  /// The same spool for the holder of a lease: nothing in it can be changed after another process took the role over.
  public func guarded(by lease: Lease) throws(SystemError) -> SpoolLayout {
    try SpoolLayout(root.guarded(by: lease))
  }

  private init(_ root: Directory) throws(SystemError) {
    self.root = root
    incoming = try root.make("incoming")
    rejected = try root.make("rejected")
    filtered = try root.make("filtered")
    labels = try root.make("labels")
    corpus = try root.make("corpus")
    tokenizer = try root.make("tokenizer")
    blocks = try root.make("blocks")
    control = try root.make("control")
    taken = try root.make("control/.taken")
    acknowledgements = try root.make("control/ack")
    checkpoints = try root.make("checkpoints")
    runs = try root.make("runs")
    suites = try root.make("eval/suites")
    for kind in ["ppl", "benchmark", "probe", "sample", "privacy"] { _ = try suites.make(Path(kind)) }
    results = try root.make("eval/results")
    trends = try root.make("eval/trends")
    status = try root.make("status")
    state = try root.make("state")
    journal = try root.make("state/journal")
    claimed = try root.make("state/claimed")
    leases = try root.make("state/leases")
    index = try root.make("state/index")
    documents = try root.make("state/documents")
  }

  private static func makeRoot(_ path: Path) throws(SystemError) -> Directory {
    if let open = try? Directory(path) { return open }
    let base = try Directory(path.isAbsolute ? "/" : ".")
    return try base.make(path)
  }

  /// The folder of a run: HEAD, ledger, metrics, TensorBoard.
  public func run(_ name: String) throws(SystemError) -> Directory { try runs.make(Path(name)) }
}
