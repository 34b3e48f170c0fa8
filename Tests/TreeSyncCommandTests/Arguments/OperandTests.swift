import SystemPackage
import Testing
import TreeSync

@testable import TreeSyncCommand

/// What paths mean, after rsync's manual page: a trailing slash, `.` and `..` mean what a directory holds.
@Suite struct OperandTests {
    @Test(
        arguments: [
            ("src", .entry), ("src/", .contents), ("src//", .contents), ("src/.", .contents), ("src/./", .contents),
            (".", .contents), ("./", .contents), ("..", .contents), ("src/..", .contents), ("/", .contents),
            ("src/.hidden", .entry), ("src/...", .entry), ("src/a.", .entry), ("./src", .entry), ("/src", .entry),
        ] as [(String, Source.Placement)])
    func placement(path: String, expected: Source.Placement) throws {
        #expect(try request("-a \(path) dst").synchronizer.sources[0].placement == expected)
    }

    @Test(arguments: [("dst", false), ("dst/", true), ("dst//", true), ("dst/.", true), (".", true), ("a/b", false)])
    func destination(path: String, isDirectory: Bool) throws {
        #expect(try request("-a src \(path)").synchronizer.destinationIsDirectory == isDirectory)
    }

    @Test func severalSources() throws {
        let synchronizer = try request("-a a b/ c dst").synchronizer
        #expect(synchronizer.sources.map(\.path) == ["a", "b", "c"])
        #expect(synchronizer.sources.map(\.placement) == [.entry, .contents, .entry])
        #expect(synchronizer.destination == "dst")
    }

    @Test func bytesThatAreNotUTF8() throws {
        let path: [UInt8] = [0x61, 0xFF, 0x0A, 0x2F, 0x2F]
        let operand = try Operand(path)
        let kept = operand.filePath.withPlatformString { pointer in
            (0..<4).map { UInt8(bitPattern: pointer[$0]) }
        }
        #expect(kept == [0x61, 0xFF, 0x0A, 0x00])
        #expect(operand.source.placement == .contents)
    }

    /// A colon before the first slash makes a path remote, as in rsync.
    @Test(arguments: [
        "host:path", "host:", ":path", "user@host:path", "a:b", "[::1]:x", "C:/x",
    ])
    func remote(path: String) {
        let error = usageError("-a \(path) dst")
        #expect(error == .remotePath(Array(path.utf8)) || error == .daemonAddress(Array(path.utf8)))
        #expect(error?.exitStatus == .unsupported)
        #expect(usageError("-a src \(path)")?.exitStatus == .unsupported)
    }

    @Test(arguments: ["rsync://host/module", "RSYNC://host/module", "host::module", "::module"])
    func daemon(path: String) {
        #expect(usageError("-a \(path) dst") == .daemonAddress(Array(path.utf8)))
    }

    @Test(arguments: ["./a:b", "dir/a:b", "/a:b", "dir/rsync://x", "./rsync://x", "x/host::module"])
    func local(path: String) throws {
        #expect(usageError("-a \(path) \(path)") == nil)
    }

    @Test func missing() {
        #expect(usageError("-a") == .noOperands)
        #expect(usageError("") == .noOperands)
        #expect(usageError([[], Array("dst".utf8)]) == .emptyOperand)
        #expect(usageError([Array("src".utf8), []]) == .emptyOperand)
    }

    /// What stands before `/./`, or before the first name, is not kept.
    @Test(
        arguments: [
            ("a/b", ".", ["a/b"]), ("a/b/", ".", ["a/b/"]), ("/a/b", "/", ["a/b"]), ("x/./a/b", "x", ["a/b"]),
            ("x/./a/./b", "x", ["a/b"]), ("./a/b", ".", ["a/b", ""]), ("x/././a/b", "x", ["a/b", ""]),
            ("x/../y/./a/b", "x/../y", ["a/b"]), ("x//.//a//b/.", "x/", ["a/b/"]), ("/./a/b", "/", ["a/b"]),
        ])
    func relative(operand: String, base: String, paths: [String]) throws {
        let sources = try request("-aR \(operand) dst").sources
        guard case .selection(let selection) = try #require(sources.first).placement else {
            throw NoRequest(line: operand)
        }
        #expect(sources.count == 1 && sources[0].path == FilePath(base) && selection.followsLinksOutside)
        #expect(
            selection.elements.map { "\($0.path)".replacing(/^\.$/, with: "") + ($0.part == .contents ? "/" : "") }
                == paths)
    }

    /// A name alone, or contents alone, are what they are without `-R`.
    @Test(arguments: [("a", "a"), ("x/./a", "x/a"), ("/a", "/a"), (".", "."), ("x/./", "x"), ("./", ".")])
    func relativeWithNothingToKeep(operand: String, path: String) throws {
        let source = try #require(try request("-aR \(operand) dst").sources.first)
        #expect(source.path == FilePath(path) && source.placement == (operand.hasSuffix("a") ? .entry : .contents))
    }

    @Test(arguments: ["../a", "a/..", "x/./a/../b"]) func upwards(operand: String) {
        #expect(usageError("-R \(operand) dst") == .parentInRelativePath(Array(operand.utf8)))
        #expect(usageError("-R \(operand) --no-R dst dst") == nil)
    }

    /// One path alone is listed.
    @Test(arguments: ["src", "-a src/", "--list-only src", "--list-only src dst", "-n src"])
    func listed(line: String) throws {
        guard case .list(let request) = try Invocation(try parsed(line)) else { throw NoRequest(line: line) }
        #expect(request.operands.count == 1 && request.operands[0].name == path("src"))
    }

    @Test(arguments: ["--help", "-a --help src", "-h", "--help --version"])
    func help(line: String) throws {
        #expect(try Invocation(try parsed(line)) == .printHelp)
    }

    @Test func otherTexts() throws {
        #expect(try Invocation(try parsed("--version")) == .printVersion)
        #expect(try Invocation(try parsed("-V")) == .printVersion)
        #expect(try Invocation(try parsed("-VV")) == .printCapabilities)
        #expect(try Invocation(try parsed("-V --version")) == .printCapabilities)
        #expect(try Invocation(try parsed("--print-options")) == .printOptions)
        #expect(try Invocation(try parsed("--print-manual")) == .printManual)
        #expect(try Invocation(try parsed("--print-completion=zsh")) == .printCompletion(.zsh))
    }

    /// Each error says what is wrong in one line and, for a command that knows no such thing, what to do instead.
    @Test(arguments: [
        UsageError.unknownOption("--x", suggestion: nil), .unknownOption("--verb", suggestion: "--verbose"),
        .missingValue("--jobs"), .missingValue("-@"), .unexpectedValue("--archive"),
        .badValue("--jobs", value: [0x0A], expected: "a number"), .noOperands, .emptyOperand,
        .severalDeletionTimes, .deletionWithoutRecursion, .conflict("--append", "--whole-file"),
        .remotePath([0x61, 0x3A, 0x0A]), .daemonAddress([0x61, 0x3A, 0x3A, 0x0A]),
    ])
    func sentences(error: UsageError) {
        #expect(!error.description.isEmpty && !error.description.contains("\n"))
        #expect(error.exitStatus == .usage || error.exitStatus == .unsupported)
    }

    @Test(arguments: [
        (UsageError.missingValue("--jobs"), "--jobs=NUM"), (.missingValue("-@"), "-@ NUM"),
        (.remotePath(Array("a:b".utf8)), "\"./a:b\""), (.unknownOption("--bogus", suggestion: nil), "--bogus"),
    ])
    func waysOut(error: UsageError, part: String) {
        #expect(error.description.contains(part))
    }
}
