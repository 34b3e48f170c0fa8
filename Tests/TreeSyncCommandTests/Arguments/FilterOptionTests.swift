import Testing
import TreeSync
import TreeTesting

@testable import TreeSyncCommand

/// The options that choose by rules make one list, in the order in which they are typed.
@Suite struct FilterOptionTests {
    @Test(
        arguments: [
            ("-a", nil),
            ("--exclude=a --include=b -f-_c -f +_d", ["-a", "+b", "-c", "+d"]),
            ("--include b --exclude a --filter=P_c", ["+b", "-a", "-c"]),
            ("-af-_a", ["-a"]),
            ("-F", [": .rsync-filter"]),
            ("-F --exclude=a -F", [": .rsync-filter", "-a", "-.rsync-filter"]),
            ("-FFF", [": .rsync-filter", "-.rsync-filter"]),
            ("--exclude=a -f! --exclude=b", ["-b"]),
            ("--exclude=a --exclude=!", nil),
        ] as [(String, [String]?)])
    func makesRules(line: String, expected: [String]?) throws {
        #expect(try request(line + " src dst").options.filters.map(texts) == expected)
    }

    @Test func readsFilesInTheirPlaceAndAsTheyAreSeparated() throws {
        try withTemporaryDirectory { folder in
            try Tree.file("a\n#b\n+ c\n").build(at: folder + "/lines")
            try Tree.file("d\ne\0f\0").build(at: folder + "/nulls")
            let line = "-f+_x --exclude-from=F/lines -f-_y -0 --include-from=F/nulls --no-from0 -f.-_F/lines"
            let options = try request(line.replacing("F/", with: folder + "/") + " src dst").options
            #expect(options.filters.map(texts) == ["+x", "-a", "+c", "-y", "+d\ne", "+f", "-a", "-+ c"])
        }
    }

    @Test(arguments: ["-C", "--cvs-exclude"]) func whatCVSIgnoresComesLast(option: String) throws {
        let found = try #require(try request("\(option) --exclude=a src dst").options.filters.map(texts))
        #expect(found.starts(with: ["-a", ": .cvsignore", "-RCS"]))
        #expect(found.contains("-.bzr/"))
    }

    @Test func deletingWhatIsExcludedImpliesDeleting() throws {
        let options = try request("-a --delete-excluded src dst").options
        #expect(options.deletesExcluded && options.deletion == .after)
        #expect(try !request("-a --delete-excluded --no-delete src dst").options.deletesExcluded)
        #expect(try request("-a --delete-excluded --del src dst").options.deletion == .during)
        #expect(usageError("--delete-excluded src dst") == .deletionWithoutRecursion)
    }

    /// The same words, on copies: the destinations are equal, and what is printed is.
    @Test(
        .enabled(if: Tool.rsync.isInstalled),
        arguments: [
            "--exclude=*.o", "--exclude=/d/ --include=x.o --exclude=*.o", "-F", "-FF", "-C", "-f:e_.rsync-filter",
            "--delete --exclude=*.o", "--delete-after -F", "--delete-after -FF", "--delete-excluded --exclude=*.o",
            "--delete -f-p_*.o -fP_old", "--delete -fR_*.o --exclude=*.o", "--delete --include=*/ --exclude=*",
            "--include=*/ --include=*.o --exclude=*",
        ])
    func doesWhatRsyncDoes(line: String) throws {
        try withTemporaryDirectory { folder in
            try Self.source.build(at: folder + "/source")
            let command = ["-rti"] + line.split(separator: " ").map(String.init)
            var lines: [[String]] = []
            for (program, copy) in [(treesync, "ours"), (Tool.rsync.path, "theirs")] {
                try Self.destination.build(at: "\(folder)/\(copy)")
                let ending = try run(program, command + [folder + "/source/", "\(folder)/\(copy)/"])
                #expect(ending.status == 0 && ending.errors == "")
                lines.append(ending.output.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("cannot ") })
            }
            #expect(lines[0].sorted() == lines[1].sorted())
            #expect(try differences(folder + "/ours", folder + "/theirs", in: .contents).isEmpty)
        }
    }

    private static let source = Tree.directory([
        "a": .file("a"), "x.o": .file("x"), "core": .file(), ".rsync-filter": .file("- skipped\n+ *.o\n"),
        "d": .directory(["b": .file("b"), "y.o": .file("y"), "skipped": .file(), ".cvsignore": .file("b")]),
    ])

    private static let destination = Tree.directory([
        "old": .file("o"), "z.o": .file("z"), "skipped": .file("s"),
        "gone": .directory(["z.o": .file("z"), "old": .file(), "skipped": .file(), "f": .file()]),
    ])

    private func texts(_ rules: FilterRules) -> [String] {
        rules.elements.map { element in
            switch element {
            case .rule(let rule):
                (rule.effect == .exclude ? "-" : "+") + String(decoding: rule.pattern, as: UTF8.self)
            case .directoryMerge(let merge): ": " + String(decoding: merge.fileName, as: UTF8.self)
            }
        }
    }
}
