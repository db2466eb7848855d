import Classification
import Composition
import Decoding
import Decontamination
import Deduplication
import Documents
import Filtering
import Phases
import Redaction
import Scoring
import Settings
import Spool
import Tokenization

/// All sections the agent obeys.
public struct AgentSettings: Sendable {
  public var spool: SpoolSettings
  public var read: ReadSettings
  public var classify: ClassifySettings
  public var clean: CleanSettings
  public var redact: RedactSettings
  public var score: ScoreSettings
  public var dedupe: DedupeSettings
  public var decontaminate: DecontaminateSettings
  public var tokenize: TokenizeSettings
  /// Terms and banned phrases of the vocabulary.
  public var vocabularyLists: VocabularyLists
  public var compose: ComposeSettings
  public var phases: PhaseList
  public var channels: ChannelTable
  /// The built-in programs and those of `read.converters`.
  public var converters: ConverterTable

  /// - Parameter readFile: the bytes of a file that a setting names.
  public init(
    _ tree: SettingTree, phaseDefaults: PhaseDefaults,
    readFile: (String) throws -> [UInt8] = { throw SettingError("'\($0)' cannot be read here") }
  ) throws {
    spool = try tree.decode(SpoolSettings.self)
    read = try tree.decode(ReadSettings.self)
    classify = try tree.decode(ClassifySettings.self)
    clean = try tree.decode(CleanSettings.self)
    redact = try tree.decode(RedactSettings.self)
    score = try tree.decode(ScoreSettings.self)
    dedupe = try tree.decode(DedupeSettings.self)
    decontaminate = try tree.decode(DecontaminateSettings.self)
    tokenize = try tree.decode(TokenizeSettings.self)
    vocabularyLists = try VocabularyLists(tokenize, readFile: readFile)
    compose = try tree.decode(ComposeSettings.self)
    channels = ChannelTable(extra: spool.channels)
    converters = try ConverterTable.builtIn()
    if !read.converters.isEmpty {
      converters = converters.adding(try ConverterTable(try readFile(read.converters), file: read.converters))
    }
    phases = try PhaseList.decode(tree, channels: channels.names, phaseDefaults)
  }
}
