import Settings

/// Section `spool`: how files are taken in and how much waits.
public struct SpoolSettings: SettingsSection {
  public static let name = "spool"
  public static let summary = "How dropped files are noticed, taken and kept."

  public var run = "main"
  public var rescanSeconds = 30.0
  public var quietMilliseconds = 500
  public var movedMilliseconds = 50
  public var pollSettleSeconds = 10.0
  public var cookieSeconds = 60.0
  public var mostWatches = 32_768
  public var reportSeconds = 60.0
  public var keepDropped = true
  public var batchDocuments = 4096
  public var batchMegabytes = 16
  public var highWater = 0.85
  public var lowWater = 0.80
  public var reserveMegabytes = 64
  public var filteredSamples = 100
  public var threads = 2
  public var channels: [String] = []
  public var adminGroup = ""
  public var keepAcknowledgements = 1000
  public var journalMegabytes = 64.0
  public var tableDocuments = 65_536

  public init() {}

  public static let keys: [SettingKey<SpoolSettings>] = [
    .text("run", \.run, "name of the run: the folder under runs/"),
    .number("rescan_s", \.rescanSeconds, 0.1...3600, "seconds between full scans of incoming/, whatever inotify says"),
    .integer(
      "quiet_ms", \.quietMilliseconds, 0...600_000, "a closed file is taken when nothing touched it for this long"),
    .integer("moved_ms", \.movedMilliseconds, 0...600_000, "a file renamed into place is taken after this long"),
    .number(
      "poll_settle_s", \.pollSettleSeconds, 0.1...3600, "without events and leases, two looks this far apart must agree"
    ),
    .number(
      "cookie_s", \.cookieSeconds, 0...3600,
      "seconds between proofs that inotify is alive: a file made in incoming/ must be seen; 0 = never"),
    .integer(
      "max_watches", \.mostWatches, 1...1_048_576, "folders watched at most; files in others are found by scans"),
    .number(
      "report_s", \.reportSeconds, 0...86_400, "a file not taken for this long is told in status, with the reason"),
    .flag(
      "keep_dropped", \.keepDropped, "texts that a rule removed stay in their batch, so that thresholds can move later"),
    .integer("batch_documents", \.batchDocuments, 1...65_536, "documents of one batch at most"),
    .integer("batch_mb", \.batchMegabytes, 1...1024, "text of one batch at most, in MB"),
    .number(
      "high_water", \.highWater, 0.01...1, "intake pauses when this share of the disk's bytes or inodes is used"),
    .number("low_water", \.lowWater, 0.01...1, "and goes on below this share"),
    .integer(
      "reserve_mb", \.reserveMegabytes, 0...65_536,
      "room kept back in state/reserve/ so that what was begun can be finished on a full disk; 0 = none"),
    .integer("filtered_samples", \.filteredSamples, 0...10_000, "removed documents kept to be read, per rule"),
    .integer("threads", \.threads, 1...256, "threads of the agent's stages"),
    .number(
      "journal_mb", \.journalMegabytes, 0.001...65_536,
      "a segment of the journal, in MB; at its end a snapshot is written, which the next start begins with"),
    .integer(
      "table_documents", \.tableDocuments, 1...1_000_000_000,
      "new documents, and an eighth of all at least, after which their table is written down and the journal's snapshot with "
        + "it, so that a start need not read their batches"),
    .texts(
      "channels", \.channels,
      "channels beside zh, en, code, math, instruct; append only, blocks number them in this order"),
    .text(
      "admin_group", \.adminGroup,
      "who beside root and the daemon's user may ask for rollback, stop and discard; empty: all who may write in control/"
    ),
    .integer("keep_acks", \.keepAcknowledgements, 10...1_000_000, "answers in control/ack that are kept, the newest"),
  ]

  public func validate() throws(SettingError) {
    if lowWater > highWater { throw SettingError("spool.low_water must not be above spool.high_water") }
    if run.isEmpty || run.contains("/") || run.hasPrefix(".") {
      throw SettingError("spool.run must be a plain folder name")
    }
  }
}
