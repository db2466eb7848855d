import Bytes
import Decoding
import Documents
import Posix
import Settings
import Spool

/// Reads one claimed file as items. Gives what was decoded before a failure, then the failure as a bad line or, when
/// nothing of the file could be used, as its rejection.
final class ClaimReader {
  let claim: Claim
  private var reader: DocumentReader?
  private(set) var progress: ClaimProgress
  private var fileDigest: [UInt8] = []
  private var startFailure: ReadFailure?
  private var file: File?
  private var opened: FileStatus?
  private let channels: ChannelTable
  private let options: SourceOptions
  private let isCareful: Bool
  private let patience: ReadPatience
  /// The program that made the file text; empty: none.
  private var converter = ""

  /// - Parameters:
  ///   - careful: nothing is read ahead: the agent died in this file before.
  ///   - patience: what is done when the machine is short of something; nil waits for nothing.
  init(
    _ claim: Claim, layout: SpoolLayout, settings: ReadSettings, converters: ConverterTable, channels: ChannelTable,
    careful: Bool = false, patience: DiskPatience? = nil
  ) throws(SystemError) {
    isCareful = careful
    let patience = ReadPatience(patience)
    self.patience = patience
    self.claim = claim
    self.channels = channels
    progress = claim.progress
    options = ClaimReader.options(claim)
    do throws(ReadFailure) {
      let file = try ClaimReader.open(claim, layout, patience)
      self.file = file
      opened = try? file.status()
      fileDigest = try ClaimReader.digest(file, patience)
      try begin(file, settings, converters)
    } catch {
      startFailure = error
      // A claimed file that is not there is our own trouble, not the file's.
      _ = try layout.claimed.status(claim.claimedName)
    }
  }

  private func begin(_ file: File, _ settings: ReadSettings, _ converters: ConverterTable) throws(ReadFailure) {
    let input = try ClaimInput.open(file, name: claim.path.name, settings, converters, patience)
    converter = input.converter
    let reader = DocumentReader(
      source: input.source, format: input.format, settings: settings, options: options, resumeAt: progress.position,
      careful: isCareful)
    reader.unpackBody = BodyUnpacker(settings: settings, patience: patience).unpack
    if PoisonPoint.isSet { reader.beforeDecoding = { PoisonPoint.taste($0, .record) } }
    self.reader = reader
  }

  static func options(_ claim: Claim) -> SourceOptions {
    if claim.options.isEmpty { return SourceOptions() }
    // They parsed when the file was taken: files with wrong options are not taken.
    return (try? SourceOptions.parse(claim.options, file: ".source.json5")) ?? SourceOptions()
  }

  private static func open(
    _ claim: Claim, _ layout: SpoolLayout, _ patience: ReadPatience
  ) throws(ReadFailure) -> File {
    do throws(SystemError) {
      return try patience.wait { () throws(SystemError) in
        let status = try layout.claimed.status(claim.claimedName)
        guard status.kind == .regular else {
          throw SystemError("open", claim.path, code: status.kind == .symbolicLink ? 40 : 22)
        }
        return try layout.claimed.openFile(claim.claimedName)
      }
    } catch {
      throw ReadFailure(
        "not-a-file", "\(error)", offset: 0, remedy: "drop a regular file: links, pipes and devices are not read")
    }
  }

  private static func digest(_ file: File, _ patience: ReadPatience) throws(ReadFailure) -> [UInt8] {
    do throws(SystemError) {
      return try patience.wait { () throws(SystemError) in try file.sha256() }
    } catch {
      throw ReadFailure("unreadable", "\(error)", offset: 0, remedy: "check the disk and drop the file again")
    }
  }

  /// The next item; the last one ends the file.
  func next() throws(GivenUp) -> WorkItem {
    try take { reader throws(ReadFailure) in try reader.next() }
  }

  /// Passes over the next record, which must not be decoded here; where that cannot be, the file ends before it.
  func refuse(_ poison: Poison) throws(GivenUp) -> WorkItem {
    if !poison.canBePassedOver { return end(ReadFailure.poison(poison.reason, offset: progress.offset)) }
    return try take { reader throws(ReadFailure) in try reader.skip(poison.reason) }
  }

  /// True when only the end of the file is left to be given.
  var isEnding: Bool { pendingEnd != nil }

  private func take(
    _ step: (DocumentReader) throws(ReadFailure) -> ReadItem?
  ) throws(GivenUp) -> WorkItem {
    let item = item(step)
    // What looks like an end of the file may be one that only this process saw.
    if patience.isGivenUp { throw GivenUp(work: "reading \(claim.path)") }
    return item
  }

  private func item(_ step: (DocumentReader) throws(ReadFailure) -> ReadItem?) -> WorkItem {
    if let pendingEnd { return pendingEnd }
    if let startFailure { return end(startFailure) }
    do throws(ReadFailure) {
      guard let item = try step(reader!) else { return end(changeWhileRead) }
      let position = reader!.position
      progress.offset = position.offset
      progress.record = position.record
      progress.line = position.line
      switch item {
      case .document(let raw):
        progress.documents += 1
        let document = ClaimReader.document(
          raw, claim, options, fileDigest: fileDigest, channels, converter: converter)
        return WorkItem(
          claim: claim.sequence, progress: progress, content: .document(PreparedDocument(document: document)))
      case .badLine(let bad):
        return badLine(Rejections.badLine(number: bad.number, offset: bad.offset, reason: bad.reason, bytes: bad.bytes))
      }
    } catch {
      return end(error)
    }
  }

  /// Somebody wrote on through a descriptor that was open before the file was taken.
  private var changeWhileRead: ReadFailure? {
    guard let file, let opened, let now = try? file.status(), !now.isSameContent(as: opened) else { return nil }
    return ReadFailure(
      "changed", "the file was written to while it was read", offset: progress.offset,
      remedy: "copy it again under a temporary name and rename it when it is complete")
  }

  private func badLine(_ line: [UInt8]) -> WorkItem {
    progress.badLines += 1
    progress.badBytes += line.count
    return WorkItem(claim: claim.sequence, progress: progress, content: .badLine(line))
  }

  private var pendingEnd: WorkItem?

  private func end(_ failure: ReadFailure?) -> WorkItem {
    if let pendingEnd { return pendingEnd }
    if progress.documents == 0 {
      let failure =
        failure
        ?? ReadFailure(
          "nothing-usable", "none of its \(progress.badLines) lines could be used", offset: 0,
          remedy: "look at the format: one JSON object a line with a text field")
      progress.end = .rejected(
        code: failure.code, message: failure.message, offset: failure.offset, remedy: failure.remedy)
    } else {
      progress.end = .used
    }
    guard let failure, progress.documents > 0 else {
      return WorkItem(claim: claim.sequence, progress: progress, content: .end)
    }
    // The documents before the failure stay; what could not be read is told like a bad line.
    let end = progress.end
    progress.end = nil
    let line = Rejections.badLine(
      number: progress.line + 1, offset: failure.offset,
      reason: failure.code == "poison" ? failure.message : "\(failure.code): \(failure.message)", bytes: [])
    let item = badLine(line)
    progress.end = end
    pendingEnd = WorkItem(claim: claim.sequence, progress: progress, content: .end)
    return item
  }

  /// The record's own, and what the folder says of all its documents.
  private static func metadata(_ raw: RawDocument, _ options: SourceOptions, _ converter: String) -> [UInt8] {
    var members = MetadataObject(raw.metadata)
    if !converter.isEmpty { members.add("converter".utf8, JSONWriter.compact(.string(converter))) }
    if !options.licence.isEmpty { members.add("licence".utf8, JSONWriter.compact(.string(options.licence))) }
    if options.qualityPrior != 0 { members.add("quality_prior".utf8, Array("\(options.qualityPrior)".utf8)) }
    if options.maxUses > 0 { members.add("max_uses".utf8, Array("\(options.maxUses)".utf8)) }
    return members.finish()
  }

  static func document(
    _ raw: RawDocument, _ claim: Claim, _ options: SourceOptions, fileDigest: [UInt8], _ channels: ChannelTable,
    converter: String = ""
  ) -> Document {
    let origin = claim.nameInSource.description + "#\(raw.offset)"
    var name = fileDigest + claim.path.bytes
    LittleEndian.append(UInt64(raw.offset), to: &name)
    var document = Document(id: Identifier(of: name), text: raw.text, source: claim.source, origin: origin)
    document.userID = raw.userID
    document.metadata = metadata(raw, options, converter)
    document.qualityPrior = Float(options.qualityPrior)
    document.encoding = raw.encoding
    document.flags = raw.flags
    if let channel = (raw.channel ?? (options.channel.isEmpty ? nil : options.channel)).flatMap({ channels.channel($0) }
    ) {
      document.channel = channel
      document.flags.insert(.channelGiven)
    }
    if let genre = (raw.genre ?? (options.genre.isEmpty ? nil : options.genre)).flatMap({ Genre(name: $0) }) {
      document.genre = genre
      document.flags.insert(.genreGiven)
    }
    return document
  }
}
