import Classification
import Console
import DataAgent
import Deduplication
import Filtering
import Glibc
import Phases
import Posix
import Redaction
import Scoring
import Settings
import Spool
import Training

/// What every command starts from: the words, the configuration, the spool.
struct Context: Sendable {
  let words: ParsedCommand
  private static let usualConfiguration: Path = "/etc/pretraind/pretraind.json5"

  init(_ words: ParsedCommand) { self.words = words }

  var spoolPath: Path { Path(words.value("spool") ?? "./spool") }
  var process: Int { Int(getpid()) }

  /// Opens the spool, making its folders.
  func openSpool() throws -> SpoolLayout {
    let layout = try SpoolLayout(spoolPath)
    try FaultPoint.armFromEnvironment()
    return layout
  }

  /// For a service: a disk without room for the folders is waited for; nil when it was asked to leave meanwhile.
  func openSpoolPatiently() throws -> SpoolLayout? {
    var isTold = false
    while !Signals.stopRequested {
      do { return try openSpool() } catch {
        guard DiskPatience.scarcity(error) != nil else { throw error }
        if !isTold { Context.say("paused: \(error)") }
        ServiceNotify.status("paused: \(error)")
        isTold = true
      }
      ServiceNotify.beat()
      Clock.sleep(1)
    }
    return nil
  }

  /// What a role does on a full disk.
  func patience(_ role: String, _ layout: SpoolLayout, _ settings: SpoolSettings) -> DiskPatience {
    // The trainer and the evaluator have little to finish: HEAD, ledger, answers.
    let megabytes = role == "agent" ? settings.reserveMegabytes : (settings.reserveMegabytes + 7) / 8
    return DiskPatience(
      role, layout, reserveMegabytes: megabytes, shouldStop: { Signals.stopRequested }, say: Context.say)
  }

  /// Opens a spool that must be there already.
  func existingSpool() throws -> SpoolLayout {
    guard let root = try? Directory(spoolPath), root.exists("status") || root.exists("incoming") else {
      throw UsageError("\(spoolPath) is no spool; make one with: pretraind init \(spoolPath)")
    }
    return try SpoolLayout(spoolPath)
  }

  /// The configuration with the command line's overrides, its section names checked.
  func settings() throws -> SettingTree {
    var tree = SettingTree()
    if let file = words.value("config") {
      tree = try SettingTree(try readFile(Path(file)), file: file)
    } else if let bytes = try? readFile(Context.usualConfiguration) {
      tree = try SettingTree(bytes, file: Context.usualConfiguration.description)
    }
    for assignment in words.values("set") { try tree.set(assignment) }
    try tree.checkNames(Sections.names)
    return tree
  }

  func agentSettings() throws -> AgentSettings { try agentSettings(settings()) }

  func agentSettings(_ tree: SettingTree) throws -> AgentSettings {
    let train = try tree.decode(TrainSettings.self)
    let model = try tree.decode(ModelSettings.self)
    return try AgentSettings(
      tree, phaseDefaults: PhaseDefaults(seqLen: train.seqLen, ropeTheta: model.ropeTheta),
      readFile: { try readFile(Path($0)) })
  }

  func agentStages(_ settings: AgentSettings) throws -> AgentStages {
    let rules = try cleanRules(settings)
    let phrases = PhraseLists(texts: try keywordLists(settings.clean))
    let models = StageModels(
      channel: try classifierModel(settings.classify.channelModel, .channel),
      genre: try classifierModel(settings.classify.genreModel, .genre),
      quality: settings.score.model.isEmpty ? nil : try readFile(Path(settings.score.model)),
      advertisement: try advertisementModel(settings.clean.advertisementModel))
    let cutList = settings.redact.list.isEmpty ? nil : try readFile(Path(settings.redact.list))
    let list = settings.dedupe.boilerplate
    return try AgentStages(
      settings, rules: rules, phrases: phrases, models: models, cutList: cutList,
      boilerplate: list.isEmpty ? nil : try readFile(Path(list)))
  }

  func cleanRules(_ settings: AgentSettings) throws -> RuleSet {
    if settings.clean.rules.isEmpty { return try RuleSet.builtIn(settings.clean.sets, channels: settings.channels) }
    let path = Path(settings.clean.rules)
    return try RuleSet(try readFile(path), file: path.description, channels: settings.channels)
  }

  /// The files of phrases that are there, by the name of their list.
  private func keywordLists(_ settings: CleanSettings) throws -> [String: [UInt8]] {
    var texts: [String: [UInt8]] = [:]
    if !settings.keywordFolder.isEmpty {
      let folder = try Directory(Path(settings.keywordFolder))
      for (name, _) in PhraseLists.signals where folder.exists(Path("\(name).txt")) {
        texts[name] = try folder.read(Path("\(name).txt"))
      }
    }
    if !settings.keywords.isEmpty { texts["promotion"] = try readFile(Path(settings.keywords)) }
    return texts
  }

  /// The bytes of a classifier's model: a file's, the built-in one's for an empty name, none for `rules`.
  func classifierModel(_ name: String, _ task: ClassifierTask) throws(SystemError) -> [UInt8]? {
    if name.isEmpty { return DefaultModels.bytes(task) }
    return name == "rules" ? nil : try readFile(Path(name))
  }

  private func advertisementModel(_ name: String) throws -> AdvertisementModel? {
    if name.isEmpty { return .builtIn }
    return name == "none" ? nil : try AdvertisementModel(try readFile(Path(name)))
  }

  func readFile(_ path: Path) throws(SystemError) -> [UInt8] {
    let folder = try Directory(path.parent.isEmpty ? "." : path.parent)
    return try folder.openAnywhere(path.name).readAll()
  }

  /// The folder and the name of a path given by a person.
  func place(_ path: Path) throws(SystemError) -> (Directory, Path) {
    (try Directory(path.parent.isEmpty ? "." : path.parent), path.name)
  }

  static func say(_ text: String) { StandardStreams.say("\(Clock.stamp()) \(text)") }
}
