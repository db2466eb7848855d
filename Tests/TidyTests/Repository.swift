import Posix

/// The sources as they stand on the disk, found from where this file was compiled.
enum Repository {
  struct SourceFile: Sendable {
    /// Relative to the repository's root.
    let path: String
    let text: String

    var room: String { String(path.split(separator: "/").dropFirst().first ?? "") }
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
  }

  static let root: Directory = {
    let parts = #filePath.split(separator: "/").dropLast(3)
    do {
      return try Directory(Path("/" + parts.joined(separator: "/")))
    } catch {
      preconditionFailure("the repository's root: \(error)")
    }
  }()

  /// Files below a folder whose names end in one of `suffixes`, in byte order of path; what tools generate is left out.
  static func files(in folder: String, _ suffixes: [String]) throws -> [SourceFile] {
    var found: [SourceFile] = []
    try visit(Path(folder), suffixes, &found)
    return found
  }

  private static func visit(_ folder: Path, _ suffixes: [String], _ found: inout [SourceFile]) throws {
    for name in try root.open(folder).names() where !name.hasPrefix(".") && name != "__pycache__" {
      let path = folder / name
      switch try root.status(path).kind {
      case .directory: try visit(path, suffixes, &found)
      case .regular where suffixes.contains(where: name.hasSuffix):
        found.append(SourceFile(path: path.description, text: try text(path)))
      default: break
      }
    }
  }

  static func text(_ path: Path) throws -> String { String(decoding: try root.read(path), as: UTF8.self) }

  /// Everything a person wrote: Swift, C, Python and shell.
  static func everything() throws -> [SourceFile] {
    var all = try swift(in: "Sources") + swift(in: "Tests")
    all += try files(in: "Sources", [".c", ".h", ".py"]) + files(in: "Tests", [".py", ".sh", ".c", ".h"])
    all += try files(in: "etc/demo", [""]) + files(in: "tools", [""])
    all.append(SourceFile(path: ".ci/run", text: try text(".ci/run")))
    all.append(SourceFile(path: "Package.swift", text: try text("Package.swift")))
    return all
  }

  static func swift(in folder: String) throws -> [SourceFile] { try files(in: folder, [".swift"]) }
}
