import Bytes
import Posix

/// The checkpoints of a run: `checkpoints/g0000/part-00003/...`. A checkpoint exists exactly when its folder has its
/// final name and COMMIT.json inside; it is never changed and its name never used again.
public final class CheckpointStore {
  let root: Directory

  public static let commitFile: Path = "COMMIT.json"
  public static let weightsFile: Path = "model.safetensors"
  public static let optimizerFile: Path = "optimizer.safetensors"

  /// - Parameter root: the folder `checkpoints`.
  public init(_ root: Directory) { self.root = root }

  /// A small file that goes into every checkpoint beside the weights: the tokenizer and its configuration.
  public struct Companion: Sendable {
    public let name: String
    public let bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  /// Writes and publishes a checkpoint; returns its record with the files' digests. One that is already published under
  /// this name is left as it is: the name stands for one state.
  public func publish(
    _ record: CommitRecord, of engine: any Engine, config: HuggingFaceConfig, companions: [Companion]
  ) throws(CheckpointError) -> CommitRecord {
    try CheckpointError.system { () throws(SystemError) in
      if let existing = try self.record(record.reference) {
        // Whoever published it may not have come to the fsync of its folder.
        try root.open(Path(CheckpointReference.folder(record.reference.lineage))).sync()
        return existing
      }
      do throws(SystemError) { return try write(record, engine, config, companions) } catch {
        // What a full disk cut off must not keep the room that others wait for.
        let parent = try? root.open(Path(CheckpointReference.folder(record.reference.lineage)))
        try? parent?.removeAll(Directory.temporary(Path(record.reference.name.text)))
        throw error
      }
    }
  }

  private func write(
    _ record: CommitRecord, _ engine: any Engine, _ config: HuggingFaceConfig, _ companions: [Companion]
  ) throws(SystemError) -> CommitRecord {
    let parent = try root.make(Path(CheckpointReference.folder(record.reference.lineage)))
    let name = Path(record.reference.name.text)
    let temporary = Directory.temporary(name)
    try parent.removeAll(temporary)
    let folder = try parent.make(temporary)
    var texts = companions
    texts.append(Companion(name: "config.json", bytes: JSONWriter.pretty(config.config)))
    texts.append(Companion(name: "generation_config.json", bytes: JSONWriter.pretty(config.generationConfig)))
    var record = record
    record.files = []
    for text in texts {
      let file = try DigestedFile(text.name, in: folder)
      try file.write(text.bytes)
      record.files.append(try file.finish())
    }
    record.files.append(try CheckpointTensors.writeWeights(of: engine, in: folder))
    record.files.append(try CheckpointTensors.writeOptimizer(of: engine, in: folder))
    let commit = try folder.createFile(CheckpointStore.commitFile)
    try commit.write(JSONWriter.pretty(record.json(time: Clock.stamp())))
    try commit.sync()
    try folder.sync()
    try parent.rename(temporary, to: parent, name)
    try parent.sync()
    return record
  }

  /// nil when there is none. What cannot be looked at is an error, here and below: a checkpoint that is not seen would
  /// be taken for one that is not there.
  public func folder(_ reference: CheckpointReference) throws(SystemError) -> Directory? {
    try root.openIfThere(Path(reference.text))
  }

  /// The record of a checkpoint whose files are all there with their sizes; nil otherwise.
  public func record(_ reference: CheckpointReference) throws(SystemError) -> CommitRecord? {
    guard let folder = try folder(reference),
      let bytes = try folder.readIfThere(CheckpointStore.commitFile, limit: 1 << 24),
      let json = try? JSONParser.parse(bytes), let record = CommitRecord(json), record.reference == reference
    else { return nil }
    for file in record.files where try !file.matches(in: folder, digest: false) { return nil }
    return record
  }

  /// Whether every file has its digest.
  public func isIntact(_ record: CommitRecord) throws(SystemError) -> Bool {
    guard let folder = try folder(record.reference) else { return false }
    for file in record.files where try !file.matches(in: folder, digest: true) { return false }
    return true
  }

  /// The shape a checkpoint was trained with.
  public func config(_ reference: CheckpointReference) throws(CheckpointError) -> HuggingFaceConfig {
    guard let folder = try CheckpointError.system({ () throws(SystemError) in try folder(reference) }) else {
      throw .invalid(reference, "the folder is not there")
    }
    let bytes = try CheckpointError.system { () throws(SystemError) in try folder.read("config.json", limit: 1 << 20) }
    guard let json = try? JSONParser.parse(bytes), let config = HuggingFaceConfig(json) else {
      throw .invalid(reference, "config.json describes no plain Llama model")
    }
    return config
  }

  /// Reads weights and moments into `engine`. Every digest is checked first: a flipped bit is refused.
  public func load(_ reference: CheckpointReference, into engine: any Engine) throws(CheckpointError) -> CommitRecord {
    let found = try CheckpointError.system { () throws(SystemError) in (try record(reference), try folder(reference)) }
    guard case (let record?, let folder?) = found else {
      throw .invalid(reference, "not there, or files are missing; take another one with rollback to=")
    }
    for file in record.files {
      let isWhole = try CheckpointError.system { () throws(SystemError) in try file.matches(in: folder, digest: true) }
      if isWhole { continue }
      throw .invalid(reference, "\(file.name) does not have the digest in COMMIT.json: it was damaged on the disk")
    }
    try CheckpointTensors.read(reference, folder, into: engine)
    engine.appliedSteps = record.appliedSteps
    return record
  }

  /// All valid checkpoints of a lineage, in order of their steps.
  public func list(lineage: Int) throws(SystemError) -> [CommitRecord] {
    guard let folder = try root.openIfThere(Path(CheckpointReference.folder(lineage))) else { return [] }
    var records: [CommitRecord] = []
    for name in try folder.names().compactMap({ CheckpointName($0.description) }) {
      if let record = try record(CheckpointReference(lineage: lineage, name: name)) { records.append(record) }
    }
    return records.sorted { ($0.position.step, $0.reference.name.text) < ($1.position.step, $1.reference.name.text) }
  }

  /// Lineages that have a folder.
  public func lineages() throws(SystemError) -> [Int] {
    try root.names().compactMap { CheckpointReference.lineage($0.description) }.sorted()
  }

  /// One more than any sequence number in use.
  public func nextAutomaticSequence() throws(SystemError) -> Int {
    try automatic().reduce(0) { max($0, $1.sequence) } + 1
  }

  private func automatic() throws(SystemError) -> [(reference: CheckpointReference, sequence: Int)] {
    var found: [(reference: CheckpointReference, sequence: Int)] = []
    for lineage in try lineages() {
      for name in try root.open(Path(CheckpointReference.folder(lineage))).names() {
        guard let parsed = CheckpointName(name.description), case .automatic(_, let sequence) = parsed else { continue }
        found.append((CheckpointReference(lineage: lineage, name: parsed), sequence))
      }
    }
    return found.sorted { $0.sequence < $1.sequence }
  }

  /// Removes the oldest clock-made checkpoints but for the newest `keep` and those in `protected`.
  public func removeOldAutomatic(
    keep: Int, protected: Set<CheckpointReference>
  ) throws(SystemError) -> [CheckpointReference] {
    var removed: [CheckpointReference] = []
    for (reference, _) in try automatic().dropLast(keep) where !protected.contains(reference) {
      let parent = try root.open(Path(CheckpointReference.folder(reference.lineage)))
      let trash = Directory.temporary(Path(reference.name.text))
      // First out of sight in one step, then away.
      try parent.rename(Path(reference.name.text), to: parent, trash)
      try parent.removeAll(trash)
      removed.append(reference)
    }
    return removed
  }

  /// What a dead writer left unfinished, relative to `checkpoints/`.
  public func unfinished() throws(SystemError) -> [Path] {
    // Beside the lineages only the link `latest` is in the making; one that died may be the last ever made.
    var found = try CheckpointStore.temporaries(root)
    for lineage in try lineages() {
      let folder = Path(CheckpointReference.folder(lineage))
      found += try CheckpointStore.temporaries(try root.open(folder)).map { folder / $0 }
    }
    return found
  }

  private static func temporaries(_ folder: Directory) throws(SystemError) -> [Path] {
    try folder.names().filter { $0.hasPrefix(".") && $0.hasSuffix(".tmp") }
  }

  /// Removes what a dead writer left unfinished. Only the holder of the trainer's lease may call it.
  public func removeUnfinished() throws(SystemError) {
    for path in try unfinished() { try root.removeAll(path) }
  }

  /// Points `checkpoints/latest` at a checkpoint.
  public func pointLatest(at reference: CheckpointReference) throws(SystemError) {
    try root.replaceLink("latest", to: Path(reference.text))
  }
}
