import Testing

@testable import TreeSync

/// What becomes of links as far as their text says it.
@Suite struct LinkPolicyTests {
    /// At which depths rsync 3.5 `--safe-links -v` ignores a link with this text, of 0, 1 and 2.
    private static let unsafe: [(String, Set<Int>)] = [
        ("", [0, 1, 2]), ("/", [0, 1, 2]), ("//x", [0, 1, 2]), ("./..", [0, 1, 2]), ("./../f", [0, 1, 2]),
        (".././../f", [0, 1, 2]), ("..//../f", [0, 1]), ("../", [0]), ("../..", [0, 1, 2]), (".//../f", [0, 1, 2]),
        ("../../f", [0, 1]), ("../../../f", [0, 1, 2]), ("...", []), ("..x", []), ("x..", []), ("./", []), (".", []),
        ("..", [0]), ("a/..", [0, 1, 2]), ("a/.", []), ("../a/../b", [0, 1, 2]), ("a/b/", []), ("./x/..", [0, 1, 2]),
        ("x/../..", [0, 1, 2]), ("../x/..", [0, 1, 2]), (".../..", [0, 1, 2]), ("..a/../b", [0, 1, 2]),
        ("../../", [0, 1]), ("../../.", [0, 1]), ("../.", [0]), ("./.././..", [0, 1, 2]),
    ]

    @Test(arguments: unsafe) func leadsOut(_ target: String, depths: Set<Int>) {
        let found = (0...2).filter { LinkPolicy.leadsOut(Array(target.utf8), depth: $0) }
        #expect(Set(found) == depths)
    }

    @Test func mungingAndBack() {
        var links = Options.Links()
        links.munges = true
        let munged = LinkPolicy(links).stored(Array("../x".utf8))
        #expect(munged == Array("/rsyncd-munged/../x".utf8))
        #expect(LinkPolicy(links).taken(munged) == munged)
        links = Options.Links()
        links.restoresMunged = true
        #expect(LinkPolicy(links).taken(munged) == Array("../x".utf8))
        #expect(LinkPolicy(links).taken(Array("/rsyncd-munged".utf8)) == Array("/rsyncd-munged".utf8))
        #expect(LinkPolicy(links).stored(munged) == munged)
    }

    @Test func followsWhatTheOptionsSay() {
        let (inside, outside) = (Array("x".utf8), Array("../x".utf8))
        func follows(_ followed: Options.Links.Followed) -> [Bool] {
            var links = Options.Links()
            links.followed = followed
            return [inside, outside].map { LinkPolicy(links).follows($0, depth: 0) }
        }
        #expect(follows([]) == [false, false])
        #expect(follows(.all) == [true, true])
        #expect(follows(.unsafe) == [false, true])
        #expect(follows(.directories) == [false, false])
    }
}
