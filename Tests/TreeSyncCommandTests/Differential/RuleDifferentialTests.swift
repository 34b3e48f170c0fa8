import Testing
import TreeTesting

@testable import TreeSyncCommand

/// Rules in files, beside rsync: each case brings its own trees `s` and `d`, and with them what would be lost.
@Suite(.enabled(if: Tool.rsync.isInstalled)) struct RuleDifferentialTests {
    @Test(arguments: RuleCase.all, [1, 8]) func choosesAsRsync(_ example: RuleCase, jobs: Int) throws {
        try inTemporaryDirectory { folder in
            let expected = try result(of: example, [Tool.rsync.path], in: folder + "/rsync")
            let ending = try result(of: example, [treesync, "--jobs=\(jobs)"], in: folder + "/ours")
            #expect(ending.status == expected.status, "\(ending.errors)\(expected.errors)")
            #expect(shown(ending) == shown(expected), "\(ending.errors)")
            let found = try differences(folder + "/rsync", folder + "/ours", in: [.contents, .attributes])
            // These name the folder that they are in.
            #expect(found.filter { !(example.script.contains("$PWD") && "\($0.path)".hasSuffix("-filter")) } == [])
        }
    }

    /// Without the directories whose time has changed because rsync has deleted in them before it looks.
    private func shown(_ ending: Ending) -> DifferentialOutput {
        let lines = ending.output.split(separator: "\n").filter { !$0.hasPrefix(".d..t......") }
        return DifferentialOutput(lines.joined(separator: "\n"), isOrdered: true)
    }

    private func result(of example: RuleCase, _ command: [String], in folder: String) throws -> Ending {
        try shell("mkdir \(folder)", in: "/")
        try shell(example.script + "\nfind s d -exec touch -h -d '2020-01-01' {} +", in: folder)
        let words: [String] = example.line.split(separator: " ").map {
            String($0).replacing("␣", with: " ").replacing("$PWD", with: folder)
        }
        let environment = example.environment.map { $0.replacing("$PWD", with: folder) }
        return try run("/usr/bin/env", environment + command + words, in: folder)
    }
}

/// Words for both commands, and the script that makes their trees.
struct RuleCase: Sendable, CustomTestStringConvertible {
    let script: String
    let line: String
    var environment = ["HOME=/nonexistent"]

    init(_ script: String, _ line: String) {
        self.script = script
        self.line = line
    }

    var testDescription: String { line + ": " + script }

    func with(_ environment: String...) -> RuleCase {
        var copy = self
        copy.environment += environment
        return copy
    }

    static let all: [RuleCase] =
        ignoredByCVS + lookedForAbove + oneLevel + keptEmpty + sided + attributes + merged
}

extension RuleCase {
    /// `!` among the words of the user clears what CVS ignores, and nothing else.
    private static let ignoredByCVS: [RuleCase] = ["!", "q !", "! q", "q"].flatMap { words in
        let script = """
            mkdir s d home; touch s/x.o s/secret s/q s/own s/a d/keep d/y.o d/z
            printf '%s\\n' '\(words)' > home/.cvsignore; echo own > s/.cvsignore; cp s/.cvsignore d
            """
        let home = "HOME=$PWD/home"
        return [
            RuleCase(script, "-aiC --exclude=/keep --exclude=secret --delete s/ d").with(home),
            RuleCase(script, "-ai -f-␣secret -fP␣keep -f:C -f-C -f-␣a --delete-before s/ d").with(home),
            RuleCase(script, "-aiC --exclude=/keep --exclude=secret --delete s/ d").with("CVSIGNORE=\(words)"),
            RuleCase(
                script + "\nprintf '%s\\n' '- secret' '- keep' -C > s/.r; cp s/.r d", "-ai -f:␣.r --delete s/ d"
            ).with(home),
        ]
    }

    /// A directory's own rules name files that are looked for in the directories above (`: /.r2`).
    private static let lookedForAbove: [RuleCase] = [
        (": /.r2", "- zz"), (": /.r2", "P zz"), (": /.r2", "- /x/y/zz"), (": ../.r2", "- zz"), (": $PWD/s/.r2", "- zz"),
        (": $PWD/.r2", "- zz"), (":n /.r2", "- zz"), (": /nowhere/.r2", "- zz"), (":e /.r2", "!"), (": ./.r2", "- zz"),
    ].flatMap { rule, above in
        let script = """
            mkdir -p s/x/y d/x/y; echo '\(above)' > s/.r2; echo '- top' > .r2; echo "\(rule)" > s/x/.rsync-filter
            cp s/.r2 d; cp s/x/.rsync-filter d/x; echo new > s/x/f; echo '+ q' > s/x/y/.r2
            touch s/x/y/zz s/x/top s/x/y/top s/zz d/x/q; echo precious > d/x/zz; echo precious > d/x/y/zz
            """
        return [
            "-aiF --delete s/ d", "-aiF --delete-before s/ d", "-aiF s/x d", "-aiF --delete s/x/ d/x", "-aimF s/ new",
            "-aiRF --delete s/./x/ d",
        ].map { RuleCase(script, $0) }
    }

    /// `--old-dirs` is a rule, and one behind all others.
    private static let oneLevel: [RuleCase] = [
        "-a --old-dirs --delete s/ d", "-a --old-d --delete s d", "--old-dirs s d", "--old-dirs --no-r s/ d",
        "-r --old-dirs -d s/ d", "-d --old-dirs s/ d", "-r --old-dirs --no-d s/ d", "-a --old-dirs -f+␣f s/ d",
        "-a --include=/*/* --old-dirs --no-r s/ d", "-a --old-dirs -f! --delete s/ d", "--delete --old-dirs s/ d",
        "--delete --old-dirs --include=/*/* s/ d", "-a --old-dirs --delete-excluded s/ d",
        "-aR --old-dirs s/./sub/deep d", "--old-dirs --files-from=list --include=/*/* s d",
        "-r --old-dirs --files-from=list s d", "-aC --old-dirs --delete s/ d",
    ].map { line in
        RuleCase(
            """
            mkdir -p s/sub/deep d/sub; echo f > s/sub/f; touch s/sub/deep/g s/g d/sub/x.o; echo mine > d/sub/mine
            printf '%s\\n' sub sub/f > list
            """, "-i " + line)
    }

    /// Protect rules of the run keep directories from `--prune-empty-dirs`.
    private static let keptEmpty: [RuleCase] = [
        "-fP␣emptydir/", "-f-r␣of/", "-fR␣l -fP␣l", "-f-␣l", "-f-rp␣l", "-f-r!␣l", "-f:␣.rr", "-fP␣/other/in",
        "-f+␣l -fP␣*", "--exclude=emptydir -fP␣emptydir/", "-f-␣of -f-r␣l --delete-excluded", "-fP␣/s/",
    ].flatMap { rules in
        ["s/ d", "s d", "-R s/./chain d", "--delete-before s/ d"].map { operands in
            RuleCase(
                """
                mkdir -p s/emptydir s/other/in s/chain/of/emptydir s/k/l/m d/gone/emptydir d/other
                touch s/f; echo 'P emptydir/' > s/.rr
                """, "-aim \(rules) \(operands)")
        }
    }

    /// A file's name that two rules of a directory give, for one side each.
    private static let sided: [RuleCase] = [
        [":s .r2", ": .r2"], [": .r2", ":s .r2"], [":r .r2", ": .r2"], [":s .r2", ":r .r2"], [":r .r2", ":s .r2"],
        [":s- .r2", ":r .r2"], [":r- .r2", ": .r2"],
    ].flatMap { rules in
        let script = """
            mkdir -p s/x d/sub d/x; printf '%s\\n' '\(rules[0])' '\(rules[1])' > s/x/.rsync-filter; echo '- zz' > s/x/.r2
            echo new > s/x/zz; echo new > 's/x/- zz'; cp s/x/.r* d/x; cp s/x/.r* d/sub
            echo precious > d/sub/zz; echo precious > d/x/zz; echo older > 'd/x/- zz'
            """
        return [
            "-aiF --delete-before s/ d", "-aiF --delete s/ d", "-aiF -f:s␣.r2 --delete-before s/ d",
            "-ai -f:r␣.r2 -F --delete-before s/ d", "-ai -f:s␣.r2 -f:␣.r2 --delete-before s/ d",
        ].map { RuleCase(script, $0) }
    }

    /// Rules for attributes of the destination.
    private static let attributes: [RuleCase] = [
        "Px␣user.c", "-xr␣user.c", "-x␣user.c", "Hx␣user.c", "Rx␣user.c", "Px␣user.d", "+x␣user.c", "Px␣user.*",
    ].flatMap { rule in
        let script = """
            mkdir s d; touch s/f s/new s/lacking s/alike; setfattr -n user.a -v a s/f; cp -a s/. d; rm d/new
            for name in f new alike; do setfattr -n user.c -v new s/$name; done; setfattr -n user.c -v old d/f
            setfattr -n user.c -v old d/lacking; setfattr -n user.c -v new d/alike; setfattr -n user.d -v old d/f
            """
        return ["-aXi", "-aXi --delete"].map { RuleCase(script, "\($0) -f\(rule) s/ d") }
    }

    /// With `--delete-excluded`: rules that a directory's file brings from another protect.
    private static let merged: [RuleCase] = [
        (". .r5", "- zz"), (".- .r5", "zz"), (": .r5", "- zz"), (". .r5", ". .r6"),
    ]
    .flatMap { rule, text in
        let script = """
            mkdir -p s/x d/x; echo '\(rule)' > s/.rsync-filter; echo '\(text)' > s/.r5; echo '- zz' > s/.r6
            cp s/.r* d; echo precious > d/zz; echo precious > d/x/zz; echo '- zz' > s/x/.rsync-filter
            """
        return [
            "-aiF --delete-before --delete-excluded s/ d", "-aiF --delete --delete-excluded s/ d",
            "-ai --delete-excluded -f.␣s/.r6 s/ d",
        ].map { RuleCase(script, $0) }
    }
}
