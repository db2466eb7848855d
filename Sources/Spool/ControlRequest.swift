import Posix

/// A sentinel that was taken and waits for its answer.
public struct ControlRequest: Equatable, Sendable {
  public let sequence: Int
  public let name: ControlName
  public let arguments: ControlArguments
  /// Owner of the sentinel file.
  public let user: Int
  /// When it was taken, seconds since the epoch.
  public let taken: Double
  /// True when an earlier process took it and died before its answer was final.
  public let recovered: Bool
  /// What an empty request meant at the moment it was taken (`ControlFolder.freeze`); nil = nothing was fixed.
  public let frozen: String?
  /// What an earlier process had answered.
  public let earlier: ControlAcknowledgement?

  public var verb: ControlVerb { name.verb }

  public init(
    sequence: Int, name: ControlName, arguments: ControlArguments = ControlArguments(), user: Int = 0,
    taken: Double = 0, recovered: Bool = false, frozen: String? = nil, earlier: ControlAcknowledgement? = nil
  ) {
    self.sequence = sequence
    self.name = name
    self.arguments = arguments
    self.user = user
    self.taken = taken
    self.recovered = recovered
    self.frozen = frozen
    self.earlier = earlier
  }

  /// True from the moment of `at=` on; at once without one.
  public func isDue(step: Int, block: Int) -> Bool { arguments.at?.isReached(step: step, block: block) ?? true }
}

/// What a house wants of its requests, from the section `spool`.
public struct ControlRules: Sendable {
  /// Empty: whoever may write in `control/` may ask for everything.
  public var adminGroup: String
  public var keepAcknowledgements: Int

  public init(adminGroup: String = "", keepAcknowledgements: Int = 1000) {
    self.adminGroup = adminGroup
    self.keepAcknowledgements = keepAcknowledgements
  }

  public init(_ settings: SpoolSettings) {
    self.init(adminGroup: settings.adminGroup, keepAcknowledgements: settings.keepAcknowledgements)
  }

  /// Why the owner of a sentinel may not ask for this; nil when it may.
  func refusal(of verb: ControlVerb, user: Int) -> String? {
    guard verb.needsAdministrator, !adminGroup.isEmpty, user != 0, user != Account.ownUser else { return nil }
    guard Account.groupExists(adminGroup) else {
      return "the group '\(adminGroup)' of spool.admin_group does not exist, so only root may ask for "
        + "'\(verb.rawValue)'; make the group, or correct the setting"
    }
    if Account.isMember(user: user, of: adminGroup) { return nil }
    return
      "'\(verb.rawValue)' is for members of the group '\(adminGroup)' (spool.admin_group), and user \(user) is none; "
      + "ask one of them"
  }
}
