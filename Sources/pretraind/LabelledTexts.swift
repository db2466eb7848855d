import Bytes
import DataAgent
import Decoding
import Documents
import Posix

/// A text and the class that someone gave it.
struct LabelledText: Sendable {
  let text: [UInt8]
  let id: Identifier
  let label: String

  /// One of five documents is never learnt from: the hash of the text decides which.
  var isHeldOut: Bool { id.high % 5 == 0 }
}

/// Reads texts that are to be learnt from: folders of classes, or files whose documents get their class elsewhere.
struct LabelReader {
  let settings: ReadSettings
  let converters: ConverterTable

  /// Every file below `<folder>/<class>/`; names that begin with a dot are passed over.
  func folder(_ path: Path) throws -> [LabelledText] {
    let root = try Directory(path)
    var texts: [LabelledText] = []
    for name in try root.names() where !name.hasPrefix(".") {
      guard try root.status(name).kind == .directory else { continue }
      try files(try root.open(name)) { file in
        for document in try read(file) { texts.append(LabelReader.labelled(document.text, name.description)) }
      }
    }
    if texts.isEmpty { throw LabelError("\(path): no labelled documents; put files into \(path)/<class>/") }
    return texts
  }

  static func labelled(_ text: [UInt8], _ label: String) -> LabelledText {
    LabelledText(text: text, id: Identifier(of: text), label: label)
  }

  private func files(_ folder: Directory, _ use: (File) throws -> Void) throws {
    for name in try folder.names() where !name.hasPrefix(".") && name != "README" {
      switch try folder.status(name).kind {
      case .directory: try files(try folder.open(name), use)
      case .regular: try use(try folder.openFile(name))
      case .symbolicLink: try use(try folder.openAnywhere(name))
      case .other: break
      }
    }
  }

  /// The documents of one file, as the agent would read them; an unknown extension is plain text.
  func read(_ file: File) throws -> [RawDocument] {
    var documents: [RawDocument] = []
    do throws(ReadFailure) {
      let reader = try RawFileReader(file, settings, converters, fallback: FileFormat(.text))
      while let item = try reader.next() {
        if case .document(let document) = item { documents.append(document) }
      }
    } catch {
      // What came before the damage is good; a file of which nothing came must be seen.
      if documents.isEmpty && error.code != "empty" { throw LabelError("\(file.path): \(error)") }
    }
    return documents
  }

  /// Documents by rules `class=source`: the source is the record's own `source`, else the file's name to its first dot.
  func sources(_ paths: [String], rules: [(label: String, source: String)]) throws -> [LabelledText] {
    var texts: [LabelledText] = []
    var used = Set<String>()
    for path in paths {
      let file = try LabelReader.open(path)
      let stem = String(decoding: file.path.name.bytes.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self)
      for document in try read(file) {
        let source = LabelReader.source(document) ?? stem
        guard let rule = rules.first(where: { $0.source == source }) else { continue }
        used.insert(source)
        texts.append(LabelReader.labelled(document.text, rule.label))
      }
    }
    if let idle = rules.first(where: { !used.contains($0.source) }) {
      throw LabelError("no document has the source '\(idle.source)' of the rule \(idle.label)=\(idle.source)")
    }
    return texts
  }

  static func open(_ path: String) throws -> File {
    let path = Path(path)
    return try Directory(path.parent.isEmpty ? "." : path.parent).openAnywhere(path.name)
  }

  private static func source(_ document: RawDocument) -> String? {
    guard !document.metadata.isEmpty else { return nil }
    return (try? JSONParser.parse(document.metadata))?["source"]?.string
  }
}

/// Why labels cannot be learnt from.
struct LabelError: Error, CustomStringConvertible {
  let description: String
  init(_ reason: String) { description = reason }
}
