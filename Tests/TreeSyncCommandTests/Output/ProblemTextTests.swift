import SystemPackage
import Testing
import TreeSync

@testable import TreeSyncCommand

/// Problems in sentences: what failed, with what, why, and the way out.
@Suite struct ProblemTextTests {
    @Test func socketsOnExFAT() {
        let socket = path("vms/0/00000002.00001003")
        let problem = Problem(.create, socket, .socket, cause: .unsupported(fileSystem: "exfat"), errno: .notPermitted)
        let group = ProblemGroup(first: problem, count: 4, paths: [socket])
        #expect(
            ProblemText(group).sentence(.grouped) == """
                cannot create socket "vms/0/00000002.00001003" (3 like it): the destination's file system (exfat) \
                holds no sockets; --no-specials leaves them out
                """)
    }

    /// What each cause has to say: parts of the sentence.
    @Test(arguments: [
        (
            Problem(.create, path("x"), .symbolicLink, cause: .unsupported(fileSystem: "exfat")),
            "holds no symbolic links; --no-links"
        ),
        (Problem(.create, path("x"), .fifo, cause: .unsupported(fileSystem: "exfat")), "holds no FIFOs; --no-specials"),
        (
            Problem(.create, path("x"), .blockDevice, cause: .unsupported(fileSystem: "exfat")),
            "holds no block devices; --no-devices"
        ),
        (
            Problem(.setOwner, path("x"), .regular, cause: .unsupported(fileSystem: "exfat")),
            "keeps no owners; --no-owner"
        ),
        (
            Problem(.setGroup, path("x"), .regular, cause: .unsupported(fileSystem: "exfat")),
            "keeps no groups; --no-group"
        ),
        (
            Problem(.setPermissions, path("x"), .regular, cause: .unsupported(fileSystem: "exfat")),
            "permissions; --no-perms"
        ),
        (Problem(.setTimes, path("x"), .regular, cause: .unsupported(fileSystem: "exfat")), "times; --no-times"),
        (
            Problem(.setAccessControlList, path("x"), .regular, cause: .unsupported(fileSystem: "exfat")),
            "ACLs; --no-acls"
        ),
        (
            Problem(.link, path("x"), .regular, cause: .unsupported(fileSystem: "exfat")),
            "hard links of files; without --hard-links"
        ),
        (Problem(.create, path("x"), .regular, cause: .nameCollision(fileSystem: "exfat")), "rename one of the two"),
        (
            Problem(.replace, path("x"), .regular, cause: .directoryInTheWay),
            "cannot create file \"x\": a directory that is not empty stands in its place; --force or --delete"
        ),
        (Problem(.replace, path("x"), .regular, cause: .changedInDestination), "run it again"),
        (Problem(.delete, path("x"), .directory, cause: .mountPoint), "unmount it"),
        (Problem(.readFile, path("x"), .regular, cause: .unstable), "it changed each time"),
        (
            Problem(.readDirectory, path("x"), .directory, cause: .unstable, isSourceFailure: true),
            "cannot copy directory \"x\": something else took its place while it was read; copy it while nothing"
        ),
        (
            Problem(.readFile, path("x"), .regular, cause: .vanished, isSourceFailure: true),
            "file \"x\" has vanished from the source"
        ),
        (Problem(.link, path("x"), .regular, cause: .linkLimit), "copied file \"x\" instead of linking it"),
        (
            Problem(.create, path("x"), .socket, cause: .leftOut),
            "left out socket \"x\": the options take no sockets; --specials"
        ),
        (Problem(.delete, path("x"), .regular, cause: .guarded), "did not delete file \"x\""),
        (Problem(.replace, path("x"), .regular, cause: .guarded), "did not replace file \"x\""),
    ])
    func causes(problem: Problem, part: String) {
        #expect(sentence(problem).contains(part))
    }

    /// What an error number has to say: the system's words, then the way out.
    @Test(arguments: [
        (
            Problem(.create, path("x"), .characterDevice, errno: .notPermitted),
            "run it as root (CAP_MKNOD), or leave devices out: --no-devices"
        ),
        (
            Problem(.replace, path("x"), .regular, errno: .notPermitted),
            "append-only (a): lsattr shows it, chattr -i or -a"
        ),
        (Problem(.delete, path("x"), .regular, errno: .notPermitted), "lsattr shows it, chattr -i"),
        (Problem(.setExtendedAttribute, path("x"), .regular, errno: .noSpace), "a certain size of them for one entry"),
        (Problem(.setOwner, path("x"), .regular, errno: .notPermitted), "only root may give it away; --no-owner"),
        (Problem(.setGroup, path("x"), .regular, errno: .notPermitted), "--no-group"),
        (Problem(.setPermissions, path("x"), .regular, errno: .notPermitted), "--no-perms"),
        (Problem(.setTimes, path("x"), .regular, errno: .notPermitted), "--no-times"),
        (Problem(.setAccessControlList, path("x"), .regular, errno: .notPermitted), "--no-acls"),
        (Problem(.write, path("x"), .regular, errno: .noSpace), "No space left on device; free some space"),
        (Problem(.create, path("x"), .directory, errno: .noSpace), "No space left on device; free some space"),
        (Problem(.write, path("x"), .regular, errno: .diskQuotaExceeded), "free some space"),
        (Problem(.create, path("x"), .regular, errno: .readOnlyFileSystem), "mount the destination for writing"),
        (Problem(.readFile, path("x"), .regular, errno: .tooManyOpenFiles), "(ulimit -n), or take fewer --jobs"),
        (Problem(.create, path("x"), .regular, errno: .fileNameTooLong), "shorten the name"),
        (Problem(.readFile, path("x"), .regular, errno: .ioError, isSourceFailure: true), "dmesg"),
        (
            Problem(.readDirectory, path("x"), .directory, errno: .permissionDenied, isSourceFailure: true),
            "cannot read directory \"x\": Permission denied; run it as root"
        ),
        (
            Problem(.openDirectory, path("x"), .directory, errno: .permissionDenied),
            "cannot open directory \"x\": Permission denied; run it as root, or as its owner, for whom a run opens it"
        ),
        (Problem(.delete, path("x"), .directory, errno: .directoryNotEmpty), "--delete or --force"),
        (Problem(.replace, path("x"), .regular, errno: .directoryNotEmpty), "holds something that cannot be deleted"),
    ])
    func systemErrors(problem: Problem, part: String) {
        #expect(sentence(problem).contains(part))
    }

    @Test func extendedAttributes() {
        let problem = Problem(
            .setExtendedAttribute, path("x"), .regular, cause: .unsupported(fileSystem: "tmpfs"),
            attribute: Array("user.\n".utf8))
        #expect(
            sentence(problem) == """
                cannot set extended attribute "user.\\#012" of file "x": the destination's file system (tmpfs) keeps \
                no such extended attributes; --no-xattrs leaves them out
                """)
    }

    /// Every operation with every cause makes one line with the path in quotes and no doubled words.
    @Test(arguments: everyOperation, everyCause)
    func everySentence(operation: Problem.Operation, cause: Problem.Cause) {
        for kind in EntryKind.allCases.map(Optional.some) + [nil] {
            for errno in [Errno.notPermitted, .permissionDenied, .noSpace, .ioError, .notSupported, nil] {
                let text = sentence(Problem(operation, path("dir/x\n"), kind, cause: cause, errno: errno))
                #expect(text.contains("\"dir/x\\#012\""))
                #expect(!text.contains("\n") && !text.contains("directory directory") && !text.contains("  "))
                #expect(!text.hasSuffix(";") && !text.hasSuffix(": "))
            }
        }
    }

    /// The options that sentences name exist.
    @Test(arguments: everyOperation, everyCause)
    func namedOptionsExist(operation: Problem.Operation, cause: Problem.Cause) {
        let names = Set(OptionTable.all.flatMap { $0.names + $0.negations }.map { "--" + $0 })
        for kind in EntryKind.allCases {
            for errno in [Errno.notPermitted, .permissionDenied, .noSpace, .tooManyOpenFiles, .notSupported] {
                let text = sentence(Problem(operation, path("x"), kind, cause: cause, errno: errno))
                let named = text.split { " ;,()".contains($0) }.filter { $0.hasPrefix("--") }
                for name in named { #expect(names.contains(String(name)), "\(text)") }
            }
        }
    }

    @Test func furtherPathsOnlyWhenVerbose() {
        let group = ProblemGroup(
            first: Problem(.create, path("a"), .socket, errno: .notPermitted), count: 2001,
            paths: [path("a"), path("b"), path("c")])
        var presentation = Presentation()
        #expect(ProblemText(group).lines(presentation).count == 1)
        #expect(ProblemText(group).lines(presentation)[0].contains("\"a\" (2,000 like it): "))
        presentation.verbosity = 1
        #expect(ProblemText(group).lines(presentation).dropFirst() == ["    also \"b\"", "    also \"c\""])
    }

    private func sentence(_ problem: Problem) -> String {
        ProblemText(ProblemGroup(first: problem, count: 1, paths: [problem.path])).sentence(.grouped)
    }
}

private let everyOperation: [Problem.Operation] = [
    .readDirectory, .readStatus, .readFile, .readLink, .openDirectory, .create, .write, .replace, .link,
    .delete, .setPermissions, .setOwner, .setGroup, .setTimes, .setAccessControlList, .setExtendedAttribute,
    .readExtendedAttributes,
]
private let everyCause: [Problem.Cause] = [
    .system, .vanished, .unstable, .unsupported(fileSystem: "exfat"), .nameCollision(fileSystem: "exfat"),
    .directoryInTheWay, .changedInDestination, .mountPoint, .destinationItself, .linkLimit, .leftOut, .guarded,
    .danglingLink, .linkLoop, .outsideConfinement, .linkLeadsOut, .behindLink, .sharedDirectory, .sourceItself,
]
