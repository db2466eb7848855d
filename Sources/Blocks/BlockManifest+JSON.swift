import Bytes
import Posix

extension BlockManifest {
  /// The manifest as a file.
  public func encode() -> [UInt8] { JSONWriter.pretty(json) }

  var json: JSONValue {
    let now = [JSONMember("weights", weights), JSONMember("composition", composition)].filter { $0.value != .null }
    return now.isEmpty ? always : .object((always.members ?? []) + now)
  }

  /// What every manifest has.
  private var always: JSONValue {
    .object([
      "number": .integer(number), "revision": .integer(revision), "tokens": .integer(tokens),
      "documents": .integer(documents), "continuations": .integer(continuations),
      "unfinished": .integer(unfinished),
      "tokens_per_channel": .object(zip(channels, tokensPerChannel).map { JSONMember($0, .integer($1)) }),
      "channels": .array(channels.map { .string($0) }), "dtype": .string(tokenType.rawValue),
      "vocab_size": .integer(vocabulary), "eod": .integer(endOfDocument),
      "tokenizer_sha256": .string(tokenizerSHA256), "order": .string(order), "seed": .integer(seed),
      "cut": .integer(cut), "short": .bool(short),
      "sources": .object(
        sources.map { source in
          JSONMember(
            source.name, .object(["documents": .integer(source.documents), "tokens": .integer(source.tokens)]))
        }),
      "uses": .object(
        uses.enumerated().filter { $0.element > 0 }.map { JSONMember(String($0.offset), .integer($0.element)) }),
      "credit": credit,
      "files": .array(
        files.map { file in
          .object(["name": .string(file.name), "size": .integer(file.size), "sha256": .string(file.sha256)])
        }),
      "phase": phase,
    ])
  }

  /// - Parameter file: shown in messages.
  public static func parse(_ bytes: [UInt8], file: Path) throws(BlockError) -> BlockManifest {
    let value: JSONValue
    do throws(JSONError) { value = try JSONParser.parse(bytes) } catch {
      throw BlockError(file, at: error.offset, "is not JSON: \(error.reason)", remedy: ManifestFields.remedy)
    }
    return try BlockManifest(ManifestFields(value: value, file: file))
  }

  private init(_ fields: ManifestFields) throws(BlockError) {
    number = try fields.count("number")
    revision = try fields.count("revision")
    tokens = try fields.count("tokens")
    documents = try fields.count("documents")
    continuations = try fields.count("continuations")
    unfinished = try fields.count("unfinished")
    channels = try fields.texts("channels")
    tokensPerChannel = []
    for channel in channels { tokensPerChannel.append(try fields.count("tokens_per_channel", channel)) }
    guard let type = TokenType(rawValue: try fields.text("dtype")) else {
      throw fields.error("dtype is neither uint16 nor int32")
    }
    tokenType = type
    vocabulary = try fields.count("vocab_size")
    endOfDocument = try fields.count("eod")
    tokenizerSHA256 = try fields.text("tokenizer_sha256")
    order = try fields.text("order")
    seed = try fields.integer("seed")
    cut = try fields.integer("cut")
    short = try fields.flag("short")
    sources = try fields.sources()
    uses = try fields.uses()
    credit = fields.value["credit"] ?? .null
    weights = fields.value["weights"] ?? .null
    composition = fields.value["composition"] ?? .null
    files = try fields.files()
    phase = try fields.any("phase")
    if tokensPerChannel.reduce(0, +) != tokens { throw fields.error("tokens_per_channel does not add up to tokens") }
    if revision < 1 { throw fields.error("revision is below 1") }
  }

  /// The manifest of block `number`.
  public static func read(_ directory: Directory, _ number: Int) throws(BlockError) -> BlockManifest {
    let name = BlockName.manifest(number)
    let bytes = try BlockError.system { () throws(SystemError) in try directory.read(name) }
    let manifest = try parse(bytes, file: directory.path / name)
    guard manifest.number == number else {
      throw BlockError(
        directory.path / name, "says it is block \(manifest.number)", remedy: "give the file its right name back")
    }
    return manifest
  }

  /// The numbers of the blocks in a folder, rising.
  public static func numbers(in directory: Directory) throws(BlockError) -> [Int] {
    let names = try BlockError.system { () throws(SystemError) in try directory.names() }
    return names.filter { $0.hasSuffix(".json") }.compactMap { BlockName.number($0.description) }.sorted()
  }
}

/// The members of a manifest, each with a message when it is not as it must be.
struct ManifestFields {
  static let remedy = "restore the manifest from a copy, or remove it so that the block is composed again"
  let value: JSONValue
  let file: Path

  func error(_ reason: String) -> BlockError { BlockError(file, reason, remedy: ManifestFields.remedy) }

  func any(_ key: String) throws(BlockError) -> JSONValue {
    guard let member = value[key] else { throw error("has no '\(key)'") }
    return member
  }

  func integer(_ key: String) throws(BlockError) -> Int {
    guard let number = try any(key).integer else { throw error("'\(key)' is not a whole number") }
    return number
  }

  func count(_ key: String) throws(BlockError) -> Int {
    let number = try integer(key)
    guard number >= 0 else { throw error("'\(key)' is negative") }
    return number
  }

  func count(_ key: String, _ inner: String) throws(BlockError) -> Int {
    guard let number = try any(key)[inner]?.integer, number >= 0 else {
      throw error("'\(key).\(inner)' is not a count")
    }
    return number
  }

  func text(_ key: String) throws(BlockError) -> String {
    guard let text = try any(key).string else { throw error("'\(key)' is not a text") }
    return text
  }

  func flag(_ key: String) throws(BlockError) -> Bool {
    guard let flag = try any(key).bool else { throw error("'\(key)' is not true or false") }
    return flag
  }

  func texts(_ key: String) throws(BlockError) -> [String] {
    guard let items = try any(key).array, items.allSatisfy({ $0.string != nil }) else {
      throw error("'\(key)' is not a list of texts")
    }
    return items.compactMap(\.string)
  }

  func sources() throws(BlockError) -> [BlockManifest.SourceEntry] {
    var sources: [BlockManifest.SourceEntry] = []
    for member in try any("sources").members ?? [] {
      guard let documents = member.value["documents"]?.integer, let tokens = member.value["tokens"]?.integer else {
        throw error("'sources.\(member.name)' needs documents and tokens")
      }
      sources.append(BlockManifest.SourceEntry(name: member.name, documents: documents, tokens: tokens))
    }
    return sources
  }

  func uses() throws(BlockError) -> [Int] {
    var uses: [Int] = []
    for member in try any("uses").members ?? [] {
      guard let use = Int(member.name), (0..<65_536).contains(use), let count = member.value.integer else {
        throw error("'uses' is not a table of use: sequences")
      }
      while uses.count <= use { uses.append(0) }
      uses[use] = count
    }
    return uses
  }

  func files() throws(BlockError) -> [BlockManifest.FileEntry] {
    var files: [BlockManifest.FileEntry] = []
    for item in try any("files").array ?? [] {
      guard let name = item["name"]?.string, let size = item["size"]?.integer, let sha256 = item["sha256"]?.string
      else {
        throw error("'files' needs name, size and sha256 each")
      }
      files.append(BlockManifest.FileEntry(name: name, size: size, sha256: sha256))
    }
    return files
  }
}
