import Bytes
import Posix

/// One role's view of `control/`: takes what is meant for it, answers in `control/ack/`.
///
/// A request is taken by rename into `control/.taken` and stays there until its answer is final, so that a process that
/// dies at any point finds it again. Not for use by several threads.
public final class ControlFolder {
  let layout: SpoolLayout
  let role: ControlRole
  let rules: ControlRules
  var control: Directory
  var taken: Directory
  var acknowledgements: Directory
  var levels: [Path: ControlLevel] = [:]
  /// Taken and not read yet.
  var unread: [TakenFile] = []
  /// Some of them may not be on the disk under their new names.
  private var isUnsynced = false
  /// Taken, accepted, not answered for good.
  var open = OpenRequests()
  /// Answers that found no room on the disk.
  var owed: [Int: ControlAcknowledgement] = [:]
  /// What cannot be taken away, and was told so.
  var refusedInPlace: [Path: FileStatus] = [:]
  var firstSeen: [Path: Double] = [:]
  /// Level sentinels that are not whole yet, and since when.
  var unsettled: [Path: Double] = [:]
  var reloads = ReloadDesk()
  /// Since when what is kept beside a taken file cannot be read.
  var unreadable: [Int: Double] = [:]
  var finalAnswers = 0
  private var sight = FolderSight()
  /// What an empty request means at this moment, to be kept beside it when it is taken; nil for most verbs.
  public var freeze: (ControlVerb) -> String? = { _ in nil }
  /// Seconds after which anyone may reject a name that the agent has not.
  static let patience = 5.0

  var sequences: ControlSequence

  public init(
    layout: SpoolLayout, role: ControlRole, rules: ControlRules = ControlRules()
  ) throws(SystemError) {
    self.layout = layout
    self.role = role
    self.rules = rules
    control = layout.control
    taken = layout.taken
    acknowledgements = layout.acknowledgements
    sequences = ControlSequence(taken: taken, acknowledgements: acknowledgements)
    try recoverTaken()
    try recoverLevels()
    try prune()
  }

  /// Takes what is new for this role; requests an earlier process left unanswered come first. Level sentinels are noted
  /// and asked for by `isInForce`. On a full disk what cannot be taken stays where it is until there is room.
  public func poll() throws(SystemError) -> [ControlRequest] {
    var requests: [ControlRequest] = []
    do throws(SystemError) {
      try settleOwed()
      if sight.needsListing(control.glance(), now: Clock.monotonic()) || !firstSeen.isEmpty || !unsettled.isEmpty {
        try list()
      }
      try readTaken(into: &requests)
    } catch {
      guard error.isScarce else { throw error }
    }
    return requests
  }

  /// False when the request has its answer: also when a later one of the same name took its place.
  public func isOpen(_ request: ControlRequest) -> Bool { open[request.sequence] != nil }

  /// True while a request of this verb was taken and could not be read yet.
  public func isReading(_ verb: ControlVerb) -> Bool {
    unread.contains { file in
      if case .success(let name) = ControlName.parse(file.name.description) { name.verb == verb } else { false }
    }
  }

  /// Replaces what is kept beside a taken request (`freeze`): on the disk when this returns.
  public func fix(_ request: ControlRequest, _ meaning: String) throws(SystemError) {
    try taken.replaceFile(TakenFile.frozen(request.sequence, role), with: Array(meaning.utf8))
  }

  /// True when something may have come since the last poll; costs one look.
  public var hasNews: Bool {
    if !unread.isEmpty || !owed.isEmpty || !firstSeen.isEmpty || !unsettled.isEmpty || !reloads.requests.isEmpty {
      return true
    }
    // A copy: only `poll` moves what it remembers.
    var sight = sight
    return sight.needsListing(control.glance(), now: Clock.monotonic(), longest: .infinity)
  }

  private func list() throws(SystemError) {
    try findAgain()
    let now = Clock.wall()
    var present: Set<Path> = []
    var links: [Path] = []
    for name in try control.names() {
      if name.hasPrefix(ReloadDesk.prefix(role)) { links.append(name) }
      if ControlFolder.isIgnored(name) || name == "ack" { continue }
      guard let status = try control.statusIfThere(name) else { continue }
      present.insert(name)
      try look(at: name, status, now: now)
    }
    reloads.links = links
    firstSeen = firstSeen.filter { present.contains($0.key) }
    refusedInPlace = refusedInPlace.filter { present.contains($0.key) }
    try endLevels(absentFrom: present)
  }

  /// Somebody may have removed or replaced the folder: what is open then is no longer what people see.
  private func findAgain() throws(SystemError) {
    let seen = layout.root.glance("control")
    if let seen, seen.inode == control.glance()?.inode, taken.glance()?.links ?? 0 > 0,
      acknowledgements.glance()?.links ?? 0 > 0
    {
      return
    }
    control = try layout.root.make("control")
    taken = try layout.root.make("control/.taken")
    acknowledgements = try layout.root.make("control/ack")
    sequences = ControlSequence(taken: taken, acknowledgements: acknowledgements)
  }

  /// Temporaries, hidden files and the folder's own documentation are no requests.
  static func isIgnored(_ name: Path) -> Bool {
    if name.hasPrefix(".") || name.hasSuffix("~") || name.hasPrefix("README") { return true }
    return [".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", ".lock"].contains { name.hasSuffix($0) }
  }

  private func look(at name: Path, _ status: FileStatus, now: Double) throws(SystemError) {
    switch ControlName.parse(name.description) {
    case .success(let known):
      guard known.verb.taker == role || (known.verb == .reload && isAbsentAgent(name, now: now)) else { return }
      if known.verb.isLevel {
        try noteLevel(name, known, status, now: now)
      } else {
        try take(name, known.verb, status, now: now)
      }
    case .failure:
      let since = firstSeen[name] ?? now
      firstSeen[name] = since
      guard role == .agent || now - since >= ControlFolder.patience else { return }
      try take(name, nil, status, now: now)
    }
  }

  /// A reload is for everybody: when no agent takes it, the next role in line does.
  private func isAbsentAgent(_ name: Path, now: Double) -> Bool {
    let since = firstSeen[name] ?? now
    firstSeen[name] = since
    return now - since >= ControlFolder.patience && isSenior
  }

  /// Takes a sentinel; what cannot be taken is answered where it is.
  func take(_ name: Path, _ verb: ControlVerb?, _ status: FileStatus, now: Double) throws(SystemError) {
    if let known = refusedInPlace[name], known.isSame(as: status) { return }
    // A directory would take what is in it along.
    if status.kind == .directory {
      return try refuseInPlace(name, status, SentinelFile.refusal(status, name) ?? "", now: now)
    }
    let file = TakenFile(sequence: try sequences.next(), name: name, recovered: false, taken: now)
    let frozen = verb.flatMap(freeze)
    if let frozen { try taken.replaceFile(TakenFile.frozen(file.sequence, role), with: Array(frozen.utf8)) }
    do throws(SystemError) {
      try control.rename(name, to: taken, file.file)
    } catch {
      if frozen != nil { try? taken.remove(TakenFile.frozen(file.sequence, role)) }
      // Another process was faster, or the writer took it back.
      if error.isMissing { return }
      guard error.isForbidden else { throw error }
      return try refuseInPlace(
        name, status, "it cannot be taken: \(error); control/ must belong to the user that pretraind runs as", now: now)
    }
    unread.append(file)
    isUnsynced = true
  }

  /// What was taken is on the disk before anything is made of it; once for all that a look found.
  func syncTaken() throws(SystemError) {
    guard isUnsynced else { return }
    try taken.sync()
    try control.sync()
    isUnsynced = false
  }

  /// Says once why nothing comes of a file that stays where it is.
  func refuseInPlace(_ name: Path, _ status: FileStatus, _ reason: String, now: Double) throws(SystemError) {
    if let known = refusedInPlace[name], known.isSame(as: status) { return }
    var answer = ControlAcknowledgement(
      sequence: try sequences.next(), name: name.description, state: .rejected, user: Int(status.owner), taken: now)
    answer.message = reason
    try answer.write(name, in: acknowledgements)
    refusedInPlace[name] = status
  }
}
