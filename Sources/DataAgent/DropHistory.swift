import Bytes
import Posix
import Spool

/// What became of a dropped file, or why it still lies there, from what is on disk alone: the agent need not run.
struct DropHistory {
  private let layout: SpoolLayout

  init(_ layout: SpoolLayout) { self.layout = layout }

  /// A file may be named by its name, its path below `incoming/`, or any path that leads through `incoming/`.
  func isMeant(_ path: Path, by query: String) -> Bool {
    if path.name == Path(query) || path == Path(query) || path.description == query { return true }
    let parts = Path(query).components
    guard let folder = parts.lastIndex(of: "incoming") else { return path.name.description == query }
    return parts[(folder + 1)...].elementsEqual(path.components)
  }

  /// Where a rejected file and its reason are now.
  func places(of claim: Claim) -> [String] {
    let top = Path("rejected") / Path(escaped: claim.source) / claim.nameInSource.parent
    for number in 1...1000 {
      let path = top / RejectedName.choice(number, of: claim.nameInSource.name)
      guard let bytes = try? layout.root.read(path + ".reason.json", limit: 1 << 20),
        let reason = try? JSONParser.parse(bytes), reason["claim"]?.integer == claim.sequence
      else { continue }
      let file = layout.root.exists(path) ? "it is \(path)" : "it was \(path) and is not there any more"
      return ["  \(file); the reason is in \(path).reason.json"]
    }
    return ["  neither the file nor its reason is in \(top) any more"]
  }

  /// Lines for what lies under `incoming/` and is meant.
  func notTaken(_ query: String) -> [String] {
    let scan = IncomingScan(layout.incoming)
    var lines = scan.files.filter { isMeant($0.path, by: query) }.map { line($0.path, reason($0)) }
    lines += scan.passed.filter { isMeant($0.path, by: query) }.map { line($0.path, $0.because) }
    lines += scan.manifests.filter { isMeant($0, by: query) }.map {
      line($0, "it is no document: it says that the file beside it is whole")
    }
    // Names with a dot in front are not even listed by the scan.
    let name = Path(query).name
    if lines.isEmpty, let reason = IncomingName.ignored(name) { lines.append(line(name, reason)) }
    return lines
  }

  private func line(_ path: Path, _ reason: String) -> String { "\(path): not taken, because \(reason)" }

  private func reason(_ found: IncomingScan.Found) -> String {
    let agent = (try? layout.status.read("agent.json")).flatMap { try? JSONParser.parse($0) }
    guard let agent, isRunning(agent) else {
      return (ownObstacle(found).map { $0 + "; and " } ?? "") + "the agent does not run: start it"
    }
    let told = agent["not_taken"]?.array?.first { $0["file"]?.string == found.path.description }
    if let because = told?["because"]?.string { return because }
    if let obstacle = ownObstacle(found) { return obstacle }
    return "it came lately and is not whole yet, or is taken this moment; pretraind status lists what waits longer"
  }

  /// The process that wrote the status is there and had not finished.
  private func isRunning(_ agent: JSONValue) -> Bool {
    guard agent["done"]?.bool != true, let process = agent["pid"]?.integer else { return false }
    return (try? Directory(Path("/proc/\(process)"))) != nil
  }

  /// What can be seen without the agent.
  private func ownObstacle(_ found: IncomingScan.Found) -> String? {
    var reasons: [String] = []
    if let refusal = SourceOptionsFile.nearest(found.path.parent, in: layout.incoming).refusal {
      reasons.append(refusal)
    }
    if found.status.kind == .regular {
      do throws(SystemError) {
        let file = try layout.incoming.openFile(found.path)
        if file.probeReadLease() == .openForWriting { reasons.append("a program holds it open for writing") }
      } catch {
        reasons.append("\(error)")
      }
    }
    if layout.control.exists("hold") { reasons.append("control/hold is there: rm it to go on") }
    if let notice = try? layout.incoming.read(IncomingName.fullNotice, limit: 4096) {
      reasons.append(String(decoding: notice.filter { $0 != 0x0A }, as: UTF8.self))
    }
    return reasons.isEmpty ? nil : reasons.joined(separator: "; and ")
  }
}
