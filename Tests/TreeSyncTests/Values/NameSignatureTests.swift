import Testing
import TreeTesting

@testable import TreeSync

/// A pattern is not looked at for names that lack what it asks for: that must never be a name that matches.
struct NameSignatureTests {
    @Test(arguments: 1...UInt64(20)) func whatMatchesHoldsIt(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let parts = ["a", "b", "ab", "c", "*", "**", "?", "[ab]", "[!a]", "/", "/", "\\a", "***"]
        func text(_ parts: [String], _ longest: Int) -> [UInt8] {
            Array((0...random.below(longest)).map { _ in random.pick(parts) }.joined().utf8)
        }
        var (matches, misses) = (0, 0)
        for _ in 0..<4000 {
            let words = text(parts, 5)
            let pattern = Pattern(words)
            let names = text(["a", "b", "c", "ab"], 3)
            var path: [UInt8] = []
            for _ in 0..<random.below(3) { path += text(["a", "b", "c"], 2) + [UInt8(ascii: "/")] }
            let isDirectory = random.below(2) == 0
            let (isMatch, isHeld) = path.withUnsafeBufferPointer { path in
                names.withUnsafeBufferPointer { name in
                    (
                        pattern.matches(
                            FilterSubject(path: path, treeStart: 0, name: name, isDirectory: isDirectory), start: 0,
                            anchor: 0),
                        NameSignature(name).holds(pattern.signature)
                    )
                }
            }
            let line = "\(words.map { Character(Unicode.Scalar($0)) }) \(path) \(names)"
            #expect(isHeld || !isMatch, "\(line)")
            if isMatch { matches += 1 }
            if !isHeld { misses += 1 }
        }
        #expect(matches > 100 && misses > 100)
    }

    /// Bytes alone, and pairs of them, tell names apart; what a `**` may take to a directory does not.
    @Test(arguments: [
        ("*x*", "abc", false), ("*x*", "axc", true), ("*ab*", "ba", false), ("*ab*", "cabc", true),
        ("a?b", "ab", true), ("x**b", "b", true), ("x/*b", "b", true), ("*c/?b", "ab", true), ("x/***", "b", true),
    ])
    func whatIsAskedFor(pattern: String, name: String, isHeld: Bool) {
        Array(name.utf8).withUnsafeBufferPointer {
            #expect(NameSignature($0).holds(Pattern(Array(pattern.utf8)).signature) == isHeld)
        }
    }
}
