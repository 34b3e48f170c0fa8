import Testing
import TreeTesting

@testable import TreeSync

/// One rule and one path: whether the rule, alone, hides the path. A slash at the end means a directory.
struct FilterCase: CustomTestStringConvertible, Sendable {
    let rule: String
    let path: String
    let isHidden: Bool
    var testDescription: String { "\(rule) \(isHidden ? "hides" : "shows") \(path)" }
}

func hides(_ rule: String, _ path: String) -> FilterCase { FilterCase(rule: rule, path: path, isHidden: true) }
func shows(_ rule: String, _ path: String) -> FilterCase { FilterCase(rule: rule, path: path, isHidden: false) }

@Suite struct FilterTests {
    static let table = names + wildcards + doubledStars + classes + modifiers

    @Test(arguments: table) func decides(_ example: FilterCase) throws {
        let scope = try FilterScope.testing([example.rule])
        #expect(try scope.hides(example.path) == example.isHidden)
    }

    /// What the table says is what rsync does.
    @Test(.enabled(if: hasRsync, "rsync is not installed"), arguments: table)
    func theTableIsRight(_ example: FilterCase) throws {
        try withTemporaryDirectory { folder in
            var tree = FilterTree()
            tree.add(example.path)
            try tree.build(at: folder + "/tree")
            let parts = example.path.split(separator: "/").map(String.init)
            let parents = (1..<max(parts.count, 1)).map { "+ /" + parts.prefix($0).joined(separator: "/") + "/" }
            let rules = (parents + [example.rule]).flatMap { ["-f", $0] }
            let chosen = try #require(try chosenByRsync(folder + "/tree", rules))
            #expect(chosen.contains(example.path) != example.isHidden)
        }
    }

    /// The time is linear in the length of the name: with backtracking this would take years.
    @Test func manyStarsTakeNoTime() throws {
        let stars = String(repeating: "a*", count: 60) + "b"
        let scope = try FilterScope.testing([
            "- " + stars, "- **" + stars + "**c", "- " + String(repeating: "a**", count: 90) + "c",
        ])
        let name = String(repeating: "a", count: 255)
        #expect(try !scope.hides(name))
        #expect(try scope.hides(name + "b"))
    }

    /// The first rule that matches decides, however its pattern is found.
    @Test func theFirstMatchDecidesAmongManyRules() throws {
        let names = (0..<500).map { "name\($0).txt" }
        for place in [0, 1, 250, 499] {
            var rules = names.map { "- \($0)" } + names.map { "- *\($0.dropFirst(2))" }
            rules.insert("+ name\(place).*", at: place)
            let scope = try FilterScope.testing(rules + ["- n*t"])
            #expect(try !scope.hides(names[place]))
            if place < 499 { #expect(try scope.hides(names[place + 1])) }
            if place > 0 { #expect(try scope.hides(names[place - 1])) }
        }
    }

    @Test func sidesAreAskedSeparately() throws {
        let scope = try FilterScope.testing(["H hidden", "P kept", "- both", "-p weak", "R both*", "- both*"])
        #expect(try scope.hides("hidden") && !scope.protects("hidden"))
        #expect(try !scope.hides("kept") && scope.protects("kept"))
        #expect(try scope.hides("both") && scope.protects("both"))
        #expect(try scope.hides("both2") && !scope.protects("both2"))
        #expect(try scope.protects("weak") && !scope.protects("weak", isBelowDeletion: true))
        #expect(try scope.protects("both", isBelowDeletion: true))
    }

    @Test func unqualifiedRulesMayHoldForTheSourceAlone() throws {
        let scope = try FilterScope.testing(["- a", "-r b", "-sr c"], unqualified: .source)
        #expect(try scope.hides("a") && !scope.protects("a"))
        #expect(try !scope.hides("b") && scope.protects("b"))
        #expect(try scope.hides("c") && scope.protects("c"))
    }

    @Test func rulesForAttributesDecideAboutNothingElse() throws {
        let scope = try FilterScope.testing(["-x user.secret*", "-xs user.hidden", "-x! user.*"])
        #expect(try !scope.hides("user.secret"))
        for (name, source, destination) in [
            ("user.secret1", true, true), ("user.hidden", true, false), ("user.x", false, false),
            ("trusted.x", true, true),
        ] {
            #expect(scope.excludesAttribute(name, .source) == source, "\(name)")
            #expect(scope.excludesAttribute(name, .destination) == destination, "\(name)")
        }
    }

    @Test func absoluteRulesSeeTheWholePath() throws {
        let scope = try FilterScope.testing(["-/ /home/me/x", "-/ me/y", "-/ /z", "-/ /home/**/w"], root: "/home/me")
        #expect(try scope.hides("x") && scope.hides("y") && scope.hides("w") && scope.hides("a/w"))
        #expect(try !scope.hides("z") && !scope.hides("a/x") && !scope.hides("a/y"))
    }
}
