/// Durable writes: the name appears with all its bytes or not at all.
extension Directory {
  /// Where a file is written before it has its name; such names are ignored by every reader and removed by recovery.
  public static func temporary(_ name: Path) -> Path { Path(Array(".".utf8) + name.bytes + Array(".tmp".utf8)) }

  /// Publishes a new file: temporary, fsync, rename (never over an existing name), fsync of the folder. A file that is
  /// there with the same bytes was published by an attempt whose fsync of the folder failed: it is published again.
  public func publish(_ name: Path, _ bytes: [UInt8]) throws(SystemError) {
    try writeTemporary(name, bytes)
    do throws(SystemError) {
      try commit(name)
    } catch {
      guard error.exists, try read(name) == bytes else { throw error }
      try replace(Directory.temporary(name), to: self, name)
      try sync()
    }
  }

  /// Publishes a file once more that was published, perhaps, without its folder's fsync: a new file under the same
  /// name.
  public func republish(_ name: Path) throws(SystemError) { try replaceFile(name, with: try read(name, limit: .max)) }

  /// Replaces a file, or makes it: readers see the old bytes or the new ones, never a mixture.
  public func replaceFile(_ name: Path, with bytes: [UInt8], durable: Bool = true) throws(SystemError) {
    try writeTemporary(name, bytes, durable: durable)
    try replace(Directory.temporary(name), to: self, name)
    if durable { try sync() }
  }

  /// Gives a finished and synced temporary its name.
  public func commit(_ name: Path) throws(SystemError) {
    try rename(Directory.temporary(name), to: self, name)
    try sync()
  }

  /// A fresh temporary for `name`; one left by a dead process is removed first.
  public func createTemporary(_ name: Path) throws(SystemError) -> File {
    let temporary = Directory.temporary(name)
    if try isThere(temporary) { try remove(temporary) }
    return try createFile(temporary)
  }

  private func writeTemporary(_ name: Path, _ bytes: [UInt8], durable: Bool = true) throws(SystemError) {
    let file = try createTemporary(name)
    do throws(SystemError) {
      try file.write(bytes)
      if durable { try file.sync() }
    } catch {
      // What a full disk cut off must not keep the room that others wait for.
      try? remove(Directory.temporary(name))
      throw error
    }
  }

  /// A symbolic link that may be replaced at any time (`latest`).
  public func replaceLink(_ name: Path, to target: Path) throws(SystemError) {
    let temporary = Directory.temporary(name)
    if try isThere(temporary) { try remove(temporary) }
    try link(temporary, to: target)
    try replace(temporary, to: self, name)
  }

  /// The whole of a small file; nil when there is none.
  public func readIfThere(_ name: Path, limit: Int = 1 << 30) throws(SystemError) -> [UInt8]? {
    do throws(SystemError) {
      return try read(name, limit: limit)
    } catch {
      if error.isMissing { return nil }
      throw error
    }
  }

  /// The whole of a small file.
  public func read(_ name: Path, limit: Int = 1 << 30) throws(SystemError) -> [UInt8] {
    try openFile(name).readAll(limit: limit)
  }
}
