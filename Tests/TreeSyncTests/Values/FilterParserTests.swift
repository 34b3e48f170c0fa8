import SystemPackage
import Testing

@testable import TreeSync

/// How rules are written, and what is no rule. The verdicts are those of rsync 3.5.
@Suite struct FilterParserTests {
    static let wrong: [(rule: String, cause: FilterError.Cause)] = [
        ("-foo", .modifier(UInt8(ascii: "f"), position: 1)),
        ("-,foo", .modifier(UInt8(ascii: "f"), position: 2)),
        ("-s, foo", .modifier(UInt8(ascii: ","), position: 2)),
        ("-\tfoo", .modifier(9, position: 1)),
        ("exclude\tfoo", .modifier(9, position: 7)),
        ("Hs foo", .modifier(UInt8(ascii: "s"), position: 1)),
        ("show,r foo", .modifier(UInt8(ascii: "r"), position: 5)),
        ("HC", .modifier(UInt8(ascii: "C"), position: 1)),
        ("-e foo", .modifier(UInt8(ascii: "e"), position: 1)),
        (".-+ foo", .modifier(UInt8(ascii: "+"), position: 2)),
        (":C-", .modifier(UInt8(ascii: "-"), position: 2)),
        (":! foo", .modifier(UInt8(ascii: "!"), position: 1)),
        ("excludes foo", .unknownRule), ("exclude:foo", .unknownRule), ("X foo", .unknownRule),
        ("foo", .unknownRule), (" - foo", .unknownRule), ("p foo", .unknownRule),
        ("-", .missingPattern), ("- ", .missingPattern), (":", .missingPattern), ("merge,", .missingPattern),
        ("dir-merge ", .missingPattern), (":e", .missingPattern),
        ("! ", .textAfterClear), ("!x", .textAfterClear), ("clear x", .textAfterClear),
    ]

    @Test(arguments: wrong) func isRefused(_ example: (rule: String, cause: FilterError.Cause)) throws {
        let error = #expect(throws: FilterError.self) { _ = try rules([example.rule]) }
        #expect(error?.cause == example.cause)
        #expect(error?.text == Array(example.rule.utf8))
    }

    @Test(arguments: ["", "!", "clear", "!,", "clear,"]) func holdsNoRule(_ rule: String) throws {
        #expect(try rules([rule]).elements == [])
        #expect(try rules(["- a", rule]).elements.isEmpty == !rule.isEmpty)
    }

    @Test func readsModifiersOfEveryKind() throws {
        #expect(try rules(["-/!srpx a_b"]) == rules(["exclude,/!srpx_a_b"]))
        let elements = try rules(["-/!srpx a_b"]).elements
        guard case .rule(let rule) = try #require(elements.first) else {
            throw FilterError(.unknownRule, [], .argument)
        }
        #expect(rule.isAbsolute && rule.isNegated && rule.isPerishable)
        #expect(rule.sides == .both && rule.subject == .extendedAttributes && rule.pattern == Array("a_b".utf8))
        #expect(try rules(["H x"]) == rules(["-s x"]))
        #expect(try rules(["R x"]) == rules(["+r x"]))
    }

    // MARK: Files

    static let files: [(rule: String, text: String, patterns: [String])] = [
        (". f", "- a\r\n# b\n; c\n\n+ d\re\r", []),
        (". f", "- a\r\n# b\n; c\n\n+ d\r- e\r", ["-a", "+d", "-e"]),
        (". f", "- a \n- b\0c", ["-a ", "-b"]),
        (".- f", "a\n- b\n!\n #c\n;d", ["-a", "-- b", "-!", "- #c"]),
        (".+ f", "a\n- b", ["+a", "+- b"]),
        (".w f", "-_a +_b\n-_c", ["-a", "+b", "-c"]),
        // The manual says so; rsync 3.5.0 refuses it.
        (".w f", "- a + b", ["-a", "+b"]),
        (".w- f", "- a #b", ["--", "-a", "-#b"]),
        (".C f", "a ! b\n#c", ["-b", "-#c"]),
        (".e f", "- a", ["-f", "-a"]),
        (". f", "!\n- a", ["-a"]),
        (". f", "- a\n!\n- b", ["-b"]),
    ]

    @Test(arguments: files)
    func readsFiles(_ example: (rule: String, text: String, patterns: [String])) throws {
        guard !example.patterns.isEmpty else {
            #expect(throws: FilterError(.unknownRule, Array("e".utf8), .file(Array("f".utf8), line: 6))) {
                _ = try rules([example.rule], ["f": example.text])
            }
            return
        }
        #expect(try patterns(rules([example.rule], ["f": example.text])) == example.patterns)
    }

    @Test func aMergeStandsInThePlaceOfItsRule() throws {
        let files = ["f": "- a\n. g\n- c", "g": "+ b"]
        #expect(try patterns(rules(["+ x", ". f", "- y"], files)) == ["+x", "-a", "+b", "-c", "-y"])
    }

    @Test func modifiersOfAMergeHoldForItsRules() throws {
        let elements = try rules([".s/p f"], ["f": "- a"]).elements
        guard case .rule(let rule) = try #require(elements.first) else {
            throw FilterError(.unknownRule, [], .argument)
        }
        #expect(rule.sides == .source && rule.isAbsolute && rule.isPerishable)
        for text in ["H a", "-r a", "P a"] {
            let error = #expect(throws: FilterError.self) { _ = try rules([".s f"], ["f": text]) }
            #expect(error?.cause == .sidesSpecifiedTwice && error?.origin == .file(Array("f".utf8), line: 1))
        }
    }

    @Test func filesThatCannotBeReadAreNamed() throws {
        let error = #expect(throws: FilterError.self) { _ = try rules([". missing"]) }
        #expect(error?.cause == .unreadable(.noSuchFileOrDirectory))
        let circle = #expect(throws: FilterError.self) { _ = try rules([". f"], ["f": ". f"]) }
        #expect(circle?.cause == .tooDeep)
    }

    @Test func patternsMaySayTheirEffect() throws {
        var parser = FilterParser { _, _ throws(FilterError) in Array("a\n+ b\n!\n- c\n! d".utf8) }
        try parser.addPattern(Array("x".utf8), .exclude)
        #expect(patterns(parser.rules) == ["-x"])
        try parser.addPatterns(from: Array("f".utf8), .include)
        #expect(patterns(parser.rules) == ["-c", "+! d"])
        for pattern in ["- y", "+ z", "-", "-w", "#v", ""] { try parser.addPattern(Array(pattern.utf8), .exclude) }
        #expect(patterns(parser.rules) == ["-c", "+! d", "-y", "+z", "--", "--w", "-#v"])
        try parser.addPattern(Array("!".utf8), .include)
        #expect(patterns(parser.rules) == [])
    }

    @Test func nullsSeparateRulesFromWhereTheyAreAskedFor() throws {
        var parser = FilterParser { _, _ throws(FilterError) in Array("a\nb\0#c\0d".utf8) }
        try parser.addPatterns(from: [1], .exclude)
        #expect(patterns(parser.rules) == ["-a", "-b"])
        parser.areNullSeparated = true
        try parser.addPatterns(from: [1], .exclude)
        #expect(patterns(parser.rules) == ["-a", "-b", "-a\nb", "-d"])
    }

    @Test func onlyCVSsOwnPatternsArePerishable() throws {
        var parser = FilterParser(cvsIgnored: Array("mine \n yours".utf8)) { _, _ throws(FilterError) in [] }
        try parser.addCVSRules()
        let found = parser.rules.elements
        #expect(patterns(parser.rules).suffix(3) == ["-.bzr/", "-mine", "-yours"])
        let lasting = found.filter { if case .rule(let rule) = $0 { !rule.isPerishable } else { false } }
        #expect(lasting.count == 2)
        guard case .directoryMerge(let merge) = try #require(found.first) else {
            throw FilterError(.unknownRule, [], .argument)
        }
        #expect(merge.fileName == Array(".cvsignore".utf8) && !merge.isInherited)
    }

    @Test func clearingWhatCVSIgnoresLeavesOtherRules() throws {
        var parser = FilterParser(cvsIgnored: Array("mine ! yours".utf8)) { _, _ throws(FilterError) in [] }
        try parser.addRule("- a")
        try parser.addRule(": R")
        try parser.addCVSRules()
        #expect(patterns(parser.rules) == ["-a", "-yours"])
        #expect(parser.rules.elements.count == 4)
    }

    @Test func aSentenceNamesRulePlaceAndWayOut() throws {
        let error = FilterError(.unknownRule, Array("foo\u{1b}".utf8), .file(Array("my rules".utf8), line: 7))
        #expect(
            error.description
                == "filter rule \"foo\\#033\" in \"my rules\", line 7: it begins with no known rule; write "
                + "\"- PATTERN\" to exclude or \"+ PATTERN\" to include")
    }

    private func rules(_ texts: [String], _ files: [String: String] = [:]) throws -> FilterRules {
        var parser = FilterParser { name, origin throws(FilterError) in
            guard let text = files[String(decoding: name, as: UTF8.self)] else {
                throw FilterError(.unreadable(.noSuchFileOrDirectory), name, origin)
            }
            return Array(text.utf8)
        }
        for text in texts { try parser.addRule(text) }
        var rules = parser.rules
        if files.isEmpty { rules.elements = rules.elements.map(\.withoutOrigin) }
        return rules
    }

    private func patterns(_ rules: FilterRules) -> [String] {
        rules.elements.compactMap { element in
            guard case .rule(let rule) = element else { return nil }
            return (rule.effect == .exclude ? "-" : "+") + String(decoding: rule.pattern, as: UTF8.self)
        }
    }
}

extension FilterRules.Element {
    fileprivate var withoutOrigin: Self {
        guard case .rule(var rule) = self else { return self }
        rule.origin = nil
        return .rule(rule)
    }
}
