import Testing
import TreeSync

@testable import TreeSyncCommand

/// What options mean, after rsync's manual page.
@Suite struct SettingsTests {
    typealias Preserved = Options.Preserved

    @Test(
        arguments: [
            ("-r", []),
            ("-a", .archive),
            ("-rlptgoD", .archive),
            ("-a --no-o", Preserved.archive.subtracting(.owner)),
            ("--no-o -a", .archive),
            ("-a --no-D", Preserved.archive.subtracting([.devices, .specials])),
            ("-a --no-specials", Preserved.archive.subtracting(.specials)),
            ("-D", [.devices, .specials]),
            ("-D --no-devices", .specials),
            ("-a --no-links", Preserved.archive.subtracting(.symbolicLinks)),
            ("-X", .extendedAttributes),
            ("-H", .hardLinks),
            // -A implies -p.
            ("-A", [.accessControlLists, .permissions]),
            ("-A --no-p", .accessControlLists),
            ("-aX --no-X", .archive),
            // Executability acts only without -p.
            ("--executability", .executability),
            ("-a --executability", .archive),
            ("--executability --no-executability", []),
        ] as [(String, Preserved)])
    func preserved(line: String, expected: Preserved) throws {
        #expect(try request(line + " src dst").options.preserved == expected)
    }

    /// `-E` is ours: extended attributes, with ACLs where permissions are kept and executability where not.
    @Test(
        arguments: [
            ("-E", [.extendedAttributes, .executability]),
            ("-aE", Preserved.archive.union([.extendedAttributes, .accessControlLists])),
            ("-Ep", [.permissions, .extendedAttributes, .accessControlLists]),
            ("-aE --no-p", Preserved.archive.union([.extendedAttributes, .executability]).subtracting(.permissions)),
            ("-aE --no-acls", Preserved.archive.union(.extendedAttributes)),
            ("--no-acls -aE", Preserved.archive.union([.extendedAttributes, .accessControlLists])),
            ("-aE --no-xattrs", Preserved.archive.union(.accessControlLists)),
            ("-aE --no-E", .archive),
            ("-aAE --no-E", Preserved.archive.union(.accessControlLists)),
            ("-aEH", .everything),
        ] as [(String, Preserved)])
    func extendedAttributes(line: String, expected: Preserved) throws {
        #expect(try request(line + " src dst").options.preserved == expected)
    }

    @Test(
        arguments: [
            ("-a", .quickCheck), ("-c", .contents), ("-I", .always), ("--size-only", .sizeOnly),
            ("-c --no-c", .quickCheck), ("-I --size-only", .sizeOnly), ("-Ic --size-only", .contents),
        ] as [(String, Options.ContentComparison)])
    func comparison(line: String, expected: Options.ContentComparison) throws {
        #expect(try request(line + " src dst").options.contentComparison == expected)
    }

    @Test(
        arguments: [
            ("-r", nil), ("-r --delete", .after), ("-r --delete-after", .after), ("-r --delete-delay", .after),
            ("-r --delete-before", .before), ("-r --delete-during", .during), ("-r --del", .during),
            ("-r --delete-delay --del", .after), ("-r --delete-during --delete-delay", .after),
            ("-r --delete-before --delete", .before), ("-r --delete --delete-before", .before),
            ("-r --del --no-delete", nil), ("-r --delete-before --no-delete --delete-after", .after),
        ] as [(String, Options.DeletionTime?)])
    func deletion(line: String, expected: Options.DeletionTime?) throws {
        #expect(try request(line + " src dst").options.deletion == expected)
    }

    @Test(
        arguments: [
            ("-a", nil), ("--max-delete=5", .count(5)), ("--max-delete 5", .count(5)), ("--max-delete=0", .count(0)),
            ("--max-delete=-1", .count(0)), ("--max-delete=10%", .percent(10)), ("--max-delete=2.5%", .percent(2.5)),
            ("--max-delete=100%", .percent(100)), ("--max-delete=5 --no-max-delete", nil),
        ] as [(String, Options.DeletionLimit?)])
    func deletionLimit(line: String, expected: Options.DeletionLimit?) throws {
        #expect(try request(line + " src dst").options.deletionLimit == expected)
    }

    @Test(
        arguments: [
            ("-a", nil), ("-@1", 1), ("--modify-window=2", 2), ("-@0", 0), ("-@-1", -1), ("-@-5", -1),
            ("-@2 --no-modify-window", nil),
        ] as [(String, Int?)])
    func modifyWindow(line: String, expected: Int?) throws {
        #expect(try request(line + " src dst").options.modifyWindow == expected)
    }

    @Test func switches() throws {
        let all = try request(
            "-ruxS --existing --ignore-existing --force --ignore-errors --allow-empty-source --jobs=16 -W "
                + "--numeric-ids src dst"
        ).options
        #expect(all.recursive && all.skipsNewer && all.oneFileSystem && all.makesSparse)
        #expect(all.existingOnly && all.ignoresExisting && all.force)
        #expect(all.deletesDespiteErrors && all.allowsEmptySource)
        #expect(all.jobs == 16)
        #expect(try request("--ignore-non-existing src dst").options.existingOnly)
        var nothing = Options()
        nothing.recursive = false
        nothing.preserved = []
        #expect(try request("src dst").options == nothing)
    }

    /// Every option that can be taken back is without effect when it was.
    @Test(
        arguments: OptionTable.all.filter {
            $0.isNegatable && $0.key != .wholeFile && $0.key != .progress && $0.key != .creationTimes
                // Without either of --super and --no-super it depends on who runs it.
                && $0.key != .superUser
        })
    func takenBack(option: OptionSpecification) throws {
        let value = option.takesValue ? option.key == .iconv ? "=utf8" : "=1" : ""
        let name = option.names.first.map { "--" + $0 + value } ?? "-\(option.letter!)"
        // -A turns on -p, which --no-A leaves on, as in rsync; rsync's --no-h means plain digits.
        let besides = option.key == .accessControlLists ? " --no-p" : option.key == .humanReadable ? " -h" : ""
        for negation in option.negations {
            #expect(try request("-n \(name) --\(negation)\(besides) src dst") == baseline(option), "--\(negation)")
        }
    }

    private func baseline(_ option: OptionSpecification) throws -> Request {
        try request(option.key == .dryRun ? "src dst" : "-n src dst")
    }

    @Test(arguments: [
        ("src dst", false, false, false, false, false),
        ("-v src dst", true, false, false, false, false),
        ("-vi src dst", true, true, false, false, false),
        ("-v --no-v src dst", false, false, false, false, false),
        ("-q src dst", false, false, true, false, false),
        ("--stats src dst", false, false, false, true, false),
        ("-n src dst", false, false, false, false, true),
    ])
    func presentation(
        line: String, verbose: Bool, itemizes: Bool, quiet: Bool, statistics: Bool, dryRun: Bool
    ) throws {
        let request = try request(line)
        #expect(request.presentation.isVerbose == verbose)
        #expect(request.presentation.itemizes == itemizes)
        #expect(request.presentation.isQuiet == quiet)
        #expect(request.presentation.printsStatistics == statistics)
        #expect(request.isDryRun == dryRun)
    }

    @Test(
        arguments: [
            ("src dst", .grouped), ("-h src dst", .thousands), ("-hh src dst", .binary), ("-hhh src dst", .binary),
            ("--no-h src dst", .digits), ("--no-h -h src dst", .grouped), ("-hh --no-h src dst", .digits),
        ] as [(String, Presentation.NumberStyle)])
    func numberStyle(line: String, expected: Presentation.NumberStyle) throws {
        #expect(try request(line).presentation.numberStyle == expected)
    }

    @Test(arguments: [
        ("-r --delete-before --delete-after", UsageError.severalDeletionTimes),
        ("-r --delete-delay --delete-after", .severalDeletionTimes),
        ("-r --del --delete-delay --delete-after", .severalDeletionTimes),
        ("--suffix=", .noBackupSuffix), ("-ab --suffix=", .noBackupSuffix),
        ("--delete", .deletionWithoutRecursion),
        ("--delete-before", .deletionWithoutRecursion),
        ("-a --no-r --delete", .deletionWithoutRecursion),
        ("--append -W", .conflict("--append", "--whole-file")),
        ("-W --append-verify", .conflict("--append", "--whole-file")),
        ("-aN", .creationTimes("-N")),
        ("--crtimes", .creationTimes("--crtimes")),
    ])
    func contradictions(line: String, expected: UsageError) {
        #expect(usageError(line + " src dst") == expected)
    }

    /// An empty name of a file is none.
    @Test(arguments: ["--exclude-from=", "--include-from=", "--log-file=", "--log-file=x --log-file="])
    func noFile(option: String) throws {
        #expect(try request(option + " src dst") == request("src dst"))
    }

    @Test func olderNames() throws {
        #expect(try request("--log-format=%n src dst") == request("--out-format=%n src dst"))
        #expect(!HelpText.text.contains("--log-format"))
        // It means less than --remove-source-files: rsync leaves what was equal already.
        #expect(usageError("--remove-sent-files src dst") == .unknownOption("--remove-sent-files", suggestion: nil))
    }

    /// Beyond what any clock counts to, and yet a number.
    @Test func stopsInSomeMillionYears() throws {
        #expect(try #require(request("--stop-after=999999999999 src dst").deadline) > 1 << 45)
        guard case .badValue(_, _, let expected) = usageError("--stop-after=9999999999999 src dst") else {
            Issue.record("it was accepted")
            return
        }
        #expect(expected.contains("1000000000000"))
    }

    @Test(arguments: [
        "--modify-window=x", "--modify-window=", "-@1.5", "--max-delete=x", "--max-delete=", "--max-delete=%",
        "--max-delete=101%", "--max-delete=-1%", "--max-delete=nan%", "--max-delete=1e1%", "--jobs=0", "--jobs=1025",
        "--jobs=-1", "--max-size=x", "--min-size=1k2", "--stop-at=x", "--stop-after=-1", "--timeout=x", "--color=red",
        "--jobs=two", "--max-delete=99999999999999999999", "--print-completion=ksh",
        "--bwlimit=foo", "--bwlimit=-1", "--bwlimit=1b", "--bwlimit=1x", "--durability=some", "--durability=",
    ])
    func badValues(option: String) throws {
        guard case .badValue(let name, _, _) = usageError(option + " src dst") else {
            Issue.record("\(option) was accepted")
            return
        }
        #expect(option.hasPrefix(name))
    }
}
