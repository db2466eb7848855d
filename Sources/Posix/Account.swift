import Glibc

/// Users and groups as the system knows them.
public enum Account {
  public static var ownUser: Int { Int(geteuid()) }

  public static func groupExists(_ name: String) -> Bool { getgrnam(name) != nil }

  /// Whether a user belongs to a group, as its first group or another.
  public static func isMember(user: Int, of group: String) -> Bool {
    guard let wanted = getgrnam(group)?.pointee.gr_gid, let id = uid_t(exactly: user), let entry = getpwuid(id) else {
      return false
    }
    let own = entry.pointee.pw_gid
    if own == wanted { return true }
    var count: Int32 = 64
    while true {
      var groups = [gid_t](repeating: 0, count: Int(count))
      let asked = count
      if getgrouplist(entry.pointee.pw_name, own, &groups, &count) >= 0 {
        return groups.prefix(Int(count)).contains(wanted)
      }
      // The list was longer; the call said how long.
      if count <= asked { return false }
    }
  }
}
