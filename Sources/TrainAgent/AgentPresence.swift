import Bytes
import Glibc
import Posix
import Spool

/// What the spool tells about the agent, for a trainer that leaves when no block will come.
enum AgentPresence {
  static func isDone(_ layout: SpoolLayout, _ options: TrainOptions) -> Bool {
    if let asked = options.agentIsDone { return asked() }
    guard let lease = try? layout.leases.status("agent.json") else { return true }
    // What the present agent said, not one before it.
    if let said = try? layout.status.status("agent.json"), said.modified >= lease.modified, saysDone(layout) {
      return true
    }
    return !isAlive(layout)
  }

  private static func saysDone(_ layout: SpoolLayout) -> Bool {
    guard let bytes = try? layout.status.read("agent.json", limit: 1 << 26), let json = try? JSONParser.parse(bytes)
    else {
      return false
    }
    return json["done"]?.bool == true
  }

  private static func isAlive(_ layout: SpoolLayout) -> Bool {
    guard let bytes = try? layout.leases.read("agent.json", limit: 1 << 16), let json = try? JSONParser.parse(bytes),
      let process = json["pid"]?.integer.flatMap({ pid_t(exactly: $0) }), process > 0
    else { return false }
    return kill(process, 0) == 0 || errno == EPERM
  }
}
