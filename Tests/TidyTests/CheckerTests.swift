import Testing

/// The checker itself: each rule is shown something bad, so that a rule that sees nothing does not pass for peace.
@Suite struct CheckerTests {
  private func file(_ text: String, _ path: String = "Sources/Work/File.swift") -> Repository.SourceFile {
    Repository.SourceFile(path: path, text: text)
  }

  static let manifest = """
    let ground: [Target] = [
      room("Ground", []), room("Other", ["Work"]),
    ]
    let work: [Target] = [
      room("Work", ["Ground"]),
      .target(name: "Sibling", dependencies: ["Ground"], swiftSettings: swift("x")),
    ]
    """

  @Test func thePlanIsRead() {
    let plan = HousePlan(manifest: CheckerTests.manifest)
    #expect(plan.floorOf == ["Ground": 1, "Other": 1, "Work": 3, "Sibling": 3])
    #expect(plan.given["Sibling"] == ["Ground"])
    #expect(plan.upwardArrows == ["Other is given Work, which is not on a lower floor"])
  }

  @Test(arguments: [
    ("import Ground\nimport Glibc\n", 0), ("import Sibling\n", 1), ("import Other\n", 1),
    ("@testable import Sibling\n", 1),
    ("public import struct Sibling.Thing\n", 1), ("import Foundation\n", 1), ("// import Sibling\n", 0),
    ("let text = \"\"\"\n  import Sibling\n  \"\"\"\n", 0), ("import SwiftUI\n", 1),
  ])
  func importsAreJudged(_ text: String, _ complaints: Int) {
    let plan = HousePlan(manifest: CheckerTests.manifest)
    #expect(plan.importComplaints(file(text)).count == complaints)
  }

  @Test func strayFilesAreSeen() {
    let plan = HousePlan(manifest: CheckerTests.manifest)
    #expect(plan.importComplaints(file("", "Sources/Nowhere/File.swift")).count == 1)
  }

  @Test func sizesAreJudged() {
    #expect(StyleRules.size(file(String(repeating: "x\n", count: 500))).isEmpty)
    #expect(StyleRules.size(file(String(repeating: "x\n", count: 501))).count == 1)
    #expect(StyleRules.columns(file(String(repeating: "x", count: 120) + "\n")).isEmpty)
    #expect(
      StyleRules.columns(file("\n" + String(repeating: "x", count: 121))).first?.contains(":2: 121 columns") == true)
    #expect(StyleRules.columns(file(String(repeating: "字", count: 120))).isEmpty)
    #expect(StyleRules.columns(file("\"" + String(repeating: "x", count: 139))).isEmpty)
    #expect(StyleRules.columns(file("\"" + String(repeating: "x", count: 140))).count == 1)
  }

  @Test(arguments: [
    ("let a = Pro" + "cess()", 1), ("let a = try" + "! b()", 1), ("fatal" + "Error(\"no\")", 1), ("print(a)", 1),
    ("  print(a)", 1), ("StandardStreams.print(a)", 0), ("func print(_ text: String) {}", 0), ("blueprint(a)", 0),
    ("let a = \"print(a)\" // print(a)", 0), ("let a = \"\\(b[\"try\"]) try" + "! \"", 0), ("let a = Regex(b)", 1),
    ("let a: Regex<Substring>", 1), ("import Foundation", 1), ("let a = try" + "? b()", 0),
  ])
  func bannedCallsAreSeen(_ code: String, _ complaints: Int) {
    #expect(StyleRules.banned(file(code), floor: "work").count == complaints, "\(code)")
  }

  @Test func expressionsAreForTheGroundOnly() {
    #expect(StyleRules.banned(file("let a = Regex(b)"), floor: "ground").isEmpty)
    #expect(StyleRules.banned(file("print(a)", "Tests/WorkTests/File.swift"), floor: "").isEmpty)
  }

  @Test func leftoversAreSeen() {
    #expect(StyleRules.leftovers(file("// TO" + "DO: later")).count == 1)
    #expect(StyleRules.leftovers(file("let path = \"/wo" + "rk/here\"")).count == 1)
    #expect(StyleRules.leftovers(file("// networks work")).isEmpty)
  }

  private func function(of count: Int, head: String, tail: String = "}") -> String {
    ([head] + Array(repeating: "  work()", count: count - 2) + [tail]).joined(separator: "\n") + "\n"
  }

  @Test func longFunctionsAreSeen() {
    for head in [
      "func a() {", "  public init?(_ b: Int = { 1 }()) throws(E) {", "static func a<T>(\n  _ b: T\n)\n  where T: P\n{",
    ] {
      let extra = head.split(separator: "\n").count - 1
      #expect(StyleRules.functions(file(function(of: 70 - extra, head: head))).isEmpty, "\(head)")
      #expect(StyleRules.functions(file(function(of: 71 - extra, head: head))).count == 1, "\(head)")
    }
    let inside = "struct A {\n  func short() { b() }\n" + function(of: 80, head: "  func long() {") + "}\n"
    #expect(StyleRules.functions(file(inside)).first?.contains(":3: a function of 80 lines") == true)
    #expect(
      StyleRules.functions(file("protocol P {\n  func a()\n  init()\n}\n" + function(of: 90, head: "let b = {")))
        .isEmpty)
  }

  @Test func longFunctionsAreSeenInC() {
    let path = "Sources/CKernels/a.c"
    let table = function(of: 300, head: "static const int table[] = {", tail: "};")
    #expect(StyleRules.functions(file(table, path)).isEmpty)
    #expect(StyleRules.functions(file(table + function(of: 70, head: "void a(int b) {"), path)).isEmpty)
    let long = table + function(of: 71, head: "__attribute__((target(\"avx2\"))) void a(char b) {")
    #expect(StyleRules.functions(file(long, path)) == ["\(path):301: a function of 71 lines, 70 are allowed"])
  }

  @Test func textsAndCommentsAreNoCode() {
    let source = SourceText("a(\"x { \\(b(\"}\")) \") // {\n/* {\n */ c('{', #\"\"{\"#)\n\"\"\"\n { \"q\" \n\"\"\"\nd")
    let code = String(decoding: source.code, as: UTF8.self)
    #expect(!code.contains("{"))
    #expect(!code.contains("}"))
    #expect(code.split(separator: "\n", omittingEmptySubsequences: false).count == 7)
    #expect(code.hasSuffix("d"))
  }
}
