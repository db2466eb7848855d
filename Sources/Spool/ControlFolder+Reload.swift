import Bytes
import Posix

extension ControlFolder {
  /// Follows open reloads as far as this role is meant, and brings their answers up to date. True when the house must
  /// be left in order so that the process begins anew.
  /// - Parameter judge: reads the configuration and says what it is worth; only called when a reload is open.
  public func obeyReload(_ judge: () -> ReloadVerdict) throws(SystemError) -> Bool {
    if reloads.requests.isEmpty && reloads.links.isEmpty { return false }
    var leaves = false
    do throws(SystemError) {
      let open = Set(try taken.names().compactMap { ControlSequence.split($0)?.sequence })
      try removeLinks(open: open)
      for sequence in Set(reloads.requests.keys).union(reloads.linked(role)).sorted() where open.contains(sequence) {
        leaves = try answerReload(sequence, judge) || leaves
      }
      try removeLinks(open: open)
      for request in reloads.requests.values.sorted(by: { $0.sequence < $1.sequence }) { try settleReload(request) }
    } catch {
      guard error.isScarce || error.isMissing else { throw error }
    }
    return leaves
  }

  /// True when no role before this one in line runs: it answers for requests to all.
  var isSenior: Bool {
    ControlRole.allCases.prefix { $0 != role }.allSatisfy { !Lease.isHeld($0.rawValue, in: layout) }
  }

  /// This role's own part.
  private func answerReload(_ sequence: Int, _ judge: () -> ReloadVerdict) throws(SystemError) -> Bool {
    if let reply = ReloadReply(sequence, role, in: taken) {
      if reply.state == .restarting, reloads.begunAnew.remove(sequence) != nil {
        try ReloadReply(.done, message: reply.message, changed: reply.changed).write(sequence, role, in: taken)
      }
      return false
    }
    let reply: ReloadReply
    switch judge() {
    case .unchanged: reply = ReloadReply(.done, message: "nothing of it is different for the \(role.rawValue)")
    case .refused(let reason): reply = ReloadReply(.refused, message: reason)
    case .changed(let keys): reply = ReloadReply(.restarting, message: "begins anew", changed: keys)
    }
    try reply.write(sequence, role, in: taken)
    return reply.state == .restarting
  }

  /// A link has done its work when this role's part is final, or the request has its answer.
  private func removeLinks(open: Set<Int>) throws(SystemError) {
    for link in reloads.links {
      guard let sequence = ReloadDesk.sequence(link, role) else { continue }
      if open.contains(sequence), ReloadReply(sequence, role, in: taken)?.isFinal != true { continue }
      if control.exists(link) { try control.remove(link) }
      reloads.links.removeAll { $0 == link }
    }
  }

  /// The part of the role that took it: links it to the others, gathers what they say, answers.
  private func settleReload(_ request: ControlRequest) throws(SystemError) {
    if role != .agent, !isSenior {
      // The agent came meanwhile and found the request itself.
      reloads.requests[request.sequence] = nil
      return
    }
    var replies: [(role: ControlRole, reply: ReloadReply?)] = []
    for other in ControlRole.allCases {
      var reply = ReloadReply(request.sequence, other, in: taken)
      if other != role, reply?.isFinal != true { reply = try lookAfter(other, request, reply) }
      replies.append((other, reply))
    }
    let roles = replies.map { JSONMember($0.role.rawValue, $0.reply?.shown ?? .string("asked")) }
    let shown = "\(roles)"
    let isFinal = replies.allSatisfy { $0.reply?.isFinal == true }
    guard isFinal || reloads.said[request.sequence] != shown else { return }
    reloads.said[request.sequence] = shown
    let refusals = replies.compactMap {
      $0.reply?.state == .refused ? "\($0.role.rawValue): \($0.reply!.message)" : nil
    }
    let message = refusals.isEmpty ? ControlFolder.summary(replies.compactMap(\.reply)) : ControlFolder.joined(refusals)
    try update(
      request, !isFinal ? .running : refusals.isEmpty ? .done : .rejected, message: message, roles: roles)
    if isFinal { try closeReload(request) }
  }

  /// Links the request to a role that runs; a role that does not is told of only when it stays away.
  private func lookAfter(
    _ other: ControlRole, _ request: ControlRequest, _ reply: ReloadReply?
  ) throws(SystemError) -> ReloadReply? {
    let key = "\(request.sequence) \(other.rawValue)"
    let now = Clock.monotonic()
    if Lease.isHeld(other.rawValue, in: layout) {
      reloads.absent[key] = nil
      let name = Path(request.name.description)
      let link = ReloadDesk.link(other, request.sequence, name)
      if reply == nil, !control.exists(link) {
        do throws(SystemError) {
          try taken.hardLink(ControlSequence.prefix(request.sequence, name), to: control, link)
        } catch {
          if !error.exists { throw error }
        }
      }
      return reply
    }
    let since = reloads.absent[key] ?? now
    reloads.absent[key] = since
    // Who begins anew has no lease for a moment, and may have much to read before it answers.
    if now - since < (reply == nil ? 0.5 : 60) { return reply }
    return ReloadReply(reply == nil ? .absent : .refused, message: reply == nil ? "" : "left and did not come back")
  }

  private static func summary(_ replies: [ReloadReply]) -> String {
    var keys: [String] = []
    for key in replies.flatMap(\.changed) where !keys.contains(key) { keys.append(key) }
    return keys.isEmpty ? "nothing is different" : "changed: " + keys.joined(separator: ", ")
  }

  /// The same reason from several roles is one reason.
  private static func joined(_ reasons: [String]) -> String {
    let texts = reasons.map { $0.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? $0 }
    return Set(texts).count == 1 ? texts[0] : reasons.joined(separator: "; ")
  }

  private func closeReload(_ request: ControlRequest) throws(SystemError) {
    reloads.requests[request.sequence] = nil
    reloads.said[request.sequence] = nil
    for other in ControlRole.allCases {
      let reply = ReloadReply.file(request.sequence, other)
      if taken.exists(reply) { try taken.remove(reply) }
      let link = ReloadDesk.link(other, request.sequence, Path(request.name.description))
      if control.exists(link) { try control.remove(link) }
    }
  }

  /// Replies and links of requests that have their answer go; where this role left to begin anew, it has done so now.
  func recoverReloads(present: Set<Int>) throws(SystemError) {
    for name in try taken.names() where name.hasPrefix(".reply-") || isOwnFrozen(name) {
      let words = name.description.split(separator: "-")
      guard words.count >= 2, let sequence = Int(words[1]) else { continue }
      if !present.contains(sequence) {
        try? taken.remove(name)
      } else if words.count == 3, words[0] == ".reply", words[2] == role.rawValue {
        reloads.begunAnew.insert(sequence)
      }
    }
  }
}
