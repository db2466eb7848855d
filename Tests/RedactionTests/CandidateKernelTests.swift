import CKernels
import Testing

@Suite struct CandidateKernelTests {
  @Test func theVectorScanAgreesWithItsTwin() {
    var generator = SystemRandomNumberGenerator()
    let seed = generator.next()
    print("CandidateKernelTests seed \(seed)")
    var state = seed
    for length in [0, 1, 31, 32, 33, 64, 65, 200] {
      for _ in 0..<50 {
        let bytes = (0..<length).map { _ -> UInt8 in
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          let pick = state >> 58
          return pick == 0 ? 0xE8 : pick < 4 ? 0xBD : pick == 5 ? 0x40 : UInt8(0x41 + state >> 40 & 0x1F)
        }
        var from = 0
        while from < length {
          let fast = ck_next_candidate(bytes, from, length)
          #expect(fast == ck_next_candidate_reference(bytes, from, length), "seed \(seed)")
          from = fast + 1
        }
      }
    }
  }
}
