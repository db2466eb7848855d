import Bytes
import Glibc
import Posix
import Testing

extension Scenes {
  /// The daemon as an unprivileged user, people as two others: incoming/ is setgid and sticky with a default ACL, as
  /// systemd/tmpfiles.conf lays it out. Users and group are numbers, so that none need exist.
  @Suite(.serialized) struct Permissions {
    private static let daemon = 64_100
    private static let people = [64_101, 64_102]

    private static func become(_ user: Int) -> [String] {
      ["setpriv", "--reuid=\(user)", "--regid=\(daemon)", "--clear-groups"]
    }

    private static func run(_ user: Int, _ script: String, _ scene: Scene) throws -> Int32 {
      try Child.start(become(user) + ["bash", "-c", "cd '\(scene.root)/spool/incoming' && { \(script); } 2>/dev/null"])
        .wait()
    }

    private static var mayBecome: Bool {
      geteuid() == 0 && Scene.has("setpriv") && Scene.has("setfacl")
        && (try? Child.start(become(daemon) + ["sh", "-c", "'\(Scene.binary ?? "false")' --help >/dev/null"]).wait())
          == 0
    }

    /// What one of the people does, and what becomes of it.
    private enum Fate { case taken, takenAndLeft, stays(String), rejected }
    private static let table: [(name: String, how: String, fate: Fate)] = [
      ("plain", "cp ../../outside/text plain/a.txt", .taken),
      ("closed umask", "umask 077; cat ../../outside/text >'closed umask/a.txt'", .taken),
      ("install 600", "install -m 600 ../../outside/text 'install 600/a.txt'", .stays("Permission denied")),
      (
        "moved 600", "umask 077; cp ../../outside/text /dev/shm/moved.$$; mv /dev/shm/moved.$$ 'moved 600/a.txt'",
        .stays("Permission denied")
      ),
      ("mkdir", "mkdir mkdir/t; cp ../../outside/text mkdir/t/a.txt", .taken),
      (
        "cp -r",
        "umask 022; mkdir /dev/shm/t.$$; cp ../../outside/text /dev/shm/t.$$/a.txt; cp -r /dev/shm/t.$$ 'cp -r/t'; rm -r /dev/shm/t.$$",
        .takenAndLeft
      ),
      (
        "closed folder",
        "cd 'closed folder'; mkdir t; cp ../../../outside/text t/a.txt; setfacl -b t; chmod 700 t",
        .stays("Permission denied")
      ),
      ("link", "ln -s /etc/shadow link/a.txt", .rejected),
      (
        "link in a closed folder",
        "cd 'link in a closed folder'; mkdir t; ln -s x t/a.txt; setfacl -b t; chmod 755 t",
        .stays("Permission denied")
      ),
    ]

    @Test("two users and a daemon: what can be read is taken, the rest stays with its reason, nobody harms another")
    func matrix() throws {
      guard Permissions.mayBecome else { return print("skipped: needs root, setpriv and setfacl (tools/deps scenes)") }
      let scene = try Scene(
        "people", Scene.plain + ["spool.report_s=1.5", "spool.rescan_s=0.5", "spool.poll_settle_s=1"])
      try layOut(scene)
      let agent = try scene.start(["agent"], prefix: Permissions.become(Permissions.daemon))
      defer { agent.kill() }
      try scene.wait(20, "the agent is there") { scene.status("agent")?["state"]?.string == "idle" }
      for row in Permissions.table {
        #expect(
          try Permissions.run(Permissions.people[0], "mkdir '\(row.name)' && " + row.how, scene) == 0, "\(row.name)")
      }
      for row in Permissions.table { try expect(row, scene) }
      try expectStickiness(scene)
      try mend(scene)
      #expect(agent.stop() == 0)
      #expect(scene.count("cp -r") == 1, "left, but not taken again")
      let whole = Array(scene.text("outside/text").utf8)
      #expect(try scene.corpus().allSatisfy { $0.text == whole || $0.text == Array("mine".utf8) })
    }

    /// control/ as tmpfiles.conf lays it out: sticky, so that fs.protected_regular (where it is set) refuses O_CREAT on
    /// what others dropped there.
    @Test("requests of two users in a sticky folder are taken, read and answered by a third")
    func requests() throws {
      guard Permissions.mayBecome else { return print("skipped: needs root, setpriv and setfacl (tools/deps scenes)") }
      let guarded = firstLine("/proc/sys/fs/protected_regular")
      if guarded != "2" { print("fs.protected_regular is \(guarded), not 2: what it refuses is not seen here") }
      let scene = try Scene("asked", Scene.plain + ["spool.rescan_s=0.5"])
      try layOut(scene)
      try scene.shell(
        """
        mkdir -p spool/control; chown -R \(Permissions.daemon):\(Permissions.daemon) spool/control
        chmod 3770 spool/control
        setfacl -m d:u:\(Permissions.daemon):rwx,d:g::rwx,d:m::rwx spool/control
        """)
      let agent = try scene.start(["agent"], prefix: Permissions.become(Permissions.daemon))
      defer { agent.kill() }
      try scene.wait(20, "the agent is there") { scene.status("agent")?["state"]?.string == "idle" }
      for (number, user) in Permissions.people.enumerated() {
        #expect(
          try Permissions.run(user, "cd ../control; echo tag=x >flush.u\(number); : >hold.u\(number)", scene) == 0)
      }
      for number in 0...1 {
        try scene.wait(20, "answered \(number)") {
          let said = scene.json(Path("control/ack/last-flush.u\(number).json"))?["state"]?.string
          return said == "rejected" || said == "failed" || said == "done"
        }
        try scene.wait(20, "held \(number)") {
          scene.json(Path("control/ack/last-hold.u\(number).json"))?["state"]?.string == "running"
        }
      }
      #expect(agent.stop() == 0)
    }

    private func firstLine(_ file: String) -> String {
      let path = Path(file)
      let bytes = (try? Directory(path.parent).openAnywhere(path.name).readAll()) ?? []
      return String(decoding: bytes, as: UTF8.self).split(separator: "\n").first.map(String.init) ?? "unknown"
    }

    private func layOut(_ scene: Scene) throws {
      let daemon = Permissions.daemon
      try scene.shell(
        """
        printf 'What people bring.' >outside/text; chmod 755 . outside
        chown \(daemon):\(daemon) spool spool/incoming; chmod 3770 spool/incoming; chmod 2751 spool
        setfacl -m d:u:\(daemon):rwx,d:g::rwx,d:m::rwx spool/incoming
        """)
    }

    private func expect(_ row: (name: String, how: String, fate: Fate), _ scene: Scene) throws {
      switch row.fate {
      case .taken: try scene.wait(20, "\(row.name) taken") { scene.count(row.name) == 1 }
      case .rejected: try scene.wait(20, "\(row.name) rejected") { scene.count(row.name, "rejected") == 1 }
      case .takenAndLeft:
        try scene.wait(20, "\(row.name) taken") { scene.count(row.name) == 1 }
        try scene.wait(20, "\(row.name) listed") { told(row.name, scene)?.contains("could not be removed") == true }
      case .stays(let reason):
        try scene.wait(20, "\(row.name) listed: \(reason)") { told(row.name, scene)?.contains(reason) == true }
        #expect(scene.count(row.name) == 0)
        let why = try scene.start(["why", "\(row.name)/t"], prefix: Permissions.become(Permissions.daemon))
        #expect(why.child.wait() == 0)
      }
    }

    private func told(_ source: String, _ scene: Scene) -> String? {
      scene.status("agent")?["not_taken"]?.array?.first { $0["file"]?.string?.hasPrefix(source + "/") == true }?[
        "because"]?.string
    }

    /// Members of the group may not touch each other's files.
    private func expectStickiness(_ scene: Scene) throws {
      try scene.shell("mkdir -p spool/control; touch spool/control/hold; chown -R \(Permissions.daemon) spool/control")
      try scene.wait(20, "held") { scene.status("agent")?["state"]?.string == "held" }
      let (one, other) = (Permissions.people[0], Permissions.people[1])
      #expect(try Permissions.run(one, "umask 022; printf mine >mine.txt", scene) == 0)
      #expect(try Permissions.run(other, "rm -f mine.txt", scene) != 0)
      #expect(try Permissions.run(other, "mv mine.txt yours.txt", scene) != 0)
      try scene.shell("rm spool/control/hold")
      try scene.wait(20, "taken") { scene.count("default") == 1 }
    }

    /// What the reasons ask for helps.
    private func mend(_ scene: Scene) throws {
      let mending = "chmod 644 'install 600/a.txt' 'moved 600/a.txt'; chmod 755 'closed folder/t'"
      #expect(try Permissions.run(Permissions.people[0], mending, scene) == 0)
      for name in ["install 600", "moved 600", "closed folder"] {
        try scene.wait(20, "\(name) taken at last") { scene.count(name) == 1 }
      }
    }
  }
}
