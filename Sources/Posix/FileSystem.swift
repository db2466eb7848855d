import CLinux

/// What a file system lets one see of other writers.
public struct FileSystem: Equatable, Sendable {
  /// Its kind where others may write behind our back: another machine, a daemon, a lower layer. No event tells of them
  /// and a lease says nothing about them. Nil for local ones.
  public let sharedKind: String?

  /// Magic numbers of statfs(2).
  private static let shared: [UInt64: String] = [
    0x6969: "NFS", 0x517B: "SMB", 0xFF53_4D42: "CIFS", 0xFE53_4D42: "SMB2", 0x6573_5546: "FUSE", 0x0102_1997: "9P",
    0x00C3_6400: "Ceph", 0x0BD0_0BD0: "Lustre", 0x794C_7630: "overlay", 0x5346_414F: "AFS", 0x7375_7245: "Coda",
    0x0116_1970: "GFS2", 0x7461_636F: "OCFS2", 0x4750_4653: "GPFS", 0x1983_0326: "BeeGFS", 0x786F_4256: "vboxsf",
  ]

  public init(of directory: Directory) { self.init(magic: clinux_file_system(directory.number)) }
  public init(of file: File) { self.init(magic: clinux_file_system(file.number)) }
  init(magic: UInt64) { sharedKind = FileSystem.shared[magic] }
}
