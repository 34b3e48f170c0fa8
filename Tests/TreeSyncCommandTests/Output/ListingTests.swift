import Testing
import TreeSync

@testable import TreeSyncCommand

/// The lines of `-v` and `-i`, after what rsync prints for the same changes.
@Suite struct ListingTests {
    private static let actions: [(Action, verbose: String, itemized: String)] = [
        (Action(.create, path("a"), .regular, differences: .absent), "a\n", ">f+++++++++ a\n"),
        (Action(.create, path("d"), .directory, differences: .absent), "d/\n", "cd+++++++++ d/\n"),
        (
            Action(.create, path("l"), .symbolicLink, differences: .absent, symbolicLinkTarget: Array("x".utf8)),
            "l -> x\n", "cL+++++++++ l -> x\n"
        ),
        (Action(.create, path("s"), .socket, differences: .absent), "s\n", "cS+++++++++ s\n"),
        (Action(.update, path("a"), .regular, differences: [.size, .time]), "a\n", ">f.st...... a\n"),
        // rsync -v names no file whose attributes alone change, and every such directory.
        (Action(.setAttributes, path("a"), .regular, differences: .permissions), "", ".f...p..... a\n"),
        (Action(.setAttributes, path("p"), .fifo, differences: .time), "", ".S..t...... p\n"),
        (Action(.setAttributes, path("d"), .directory, differences: .time), "d/\n", ".d..t...... d/\n"),
        (Action(.setAttributes, .root, .directory, differences: .time), "./\n", ".d..t...... ./\n"),
        (
            Action(.link(to: path("a")), path("b"), .regular, differences: .absent), "b => a\n",
            "hf+++++++++ b => a\n"
        ),
        (Action(.delete, path("x"), .regular), "deleting x\n", "*deleting   x\n"),
        (Action(.delete, path("y"), .directory), "deleting y/\n", "*deleting   y/\n"),
        (Action(.deleteTemporary, path("t"), .regular), "", ""),
        (Action(.create, path("a\nb"), .regular, differences: .absent), "a\\#012b\n", ">f+++++++++ a\\#012b\n"),
    ]

    @Test(arguments: 0..<actions.count)
    func lines(index: Int) throws {
        let (action, verbose, itemized) = Self.actions[index]
        #expect(try listed([.planned(action)], "-av src/ dst") == verbose)
        #expect(try listed([.planned(action)], "-ai src/ dst") == itemized)
        #expect(try listed([.planned(action)], "-avi src/ dst") == itemized)
        #expect(try listed([.planned(action)], "-ain src/ dst") == itemized)
        #expect(try listed([.planned(action)], "-aivq src/ dst") == "")
        #expect(try listed([.planned(action)], "-a src/ dst") == "")
    }

    private static let file = Event.planned(Action(.create, path("a"), .regular, differences: .absent))
    private static let directory = Event.planned(Action(.create, path("src"), .directory, differences: .absent))

    @Test(arguments: [
        ("-ai src/ dst", file, "created directory dst\n>f+++++++++ a\n"),
        ("-av src/ dst///", file, "created directory dst\na\n"),
        ("-ai src dst", directory, "created directory dst\ncd+++++++++ src/\n"),
        ("-ai a b dst", file, "created directory dst\n>f+++++++++ a\n"),
        ("-ai a dst/", file, "created directory dst\n>f+++++++++ a\n"),
        // A file that takes the destination's name needs no directory.
        ("-ai a dst", file, ">f+++++++++ a\n"),
        ("-a src/ dst", file, ""),
        ("-avq src/ dst", file, ""),
    ])
    func createdDirectory(line: String, event: Event, expected: String) throws {
        #expect(try listed([event], line, destinationExists: false) == expected)
    }

    /// A file that is copied under another name: rsync prints its own.
    @Test(arguments: [
        ("-ai dir/own a", ">f+++++++++ own\n"), ("-ai own a", ">f+++++++++ own\n"), ("-ai own b a", ">f+++++++++ a\n"),
        ("-ai own/ a", ">f+++++++++ a\n"),
    ])
    func ownName(line: String, expected: String) throws {
        #expect(try listed([Self.file], line) == expected)
    }

    @Test func createdDirectoryIsSaidOnce() throws {
        #expect(
            try listed([Self.file, Self.file], "-av src/ dst", destinationExists: false)
                == "created directory dst\na\na\n")
    }

    @Test func createdDirectoryWithoutActions() throws {
        var report = Report()
        report.createdDestination = true
        var listing = Listing(try request("-av src/ dst"), destinationExists: false)
        #expect(text(listing.closing(report)) == "created directory dst\n")
        #expect(listing.closing(report) == [])
        var quiet = Listing(try request("-a src/ dst"), destinationExists: false)
        #expect(quiet.closing(report) == [])
    }

    private static func kept(
        _ name: String, _ kind: EntryKind, _ reason: KeptEntry.Reason, _ differences: Differences
    ) -> Event {
        .kept(
            KeptEntry(
                path(name), kind, reason, differences: differences,
                facts: EntryFacts(size: 1, modified: Timestamp(seconds: 0), permissions: 0o644, owner: 0, group: 0)))
    }

    /// Entries that stay as they are, in the words of rsync.
    @Test(arguments: [
        (kept("a", .regular, .equal, []), "-avv", "a is uptodate\n"),
        (kept("d", .directory, .equal, []), "-avv", ""),
        (kept("a", .regular, .equal, []), "-av", ""),
        (kept("a", .regular, .equal, []), "-aii", ".f          a\n"),
        (kept("d", .directory, .equal, []), "-aii", ".d          d/\n"),
        (kept("a", .regular, .linked, []), "-aii", "hf          a\n"),
        (kept("a", .regular, .equal, []), "-avvi", ".f          a\n"),
        (kept("a", .regular, .equal, []), "-ai", ""),
        (kept("a", .regular, .newer, .time), "-avv", "a is newer\n"),
        (kept("a", .regular, .newer, .time), "-aii", ""),
        (kept("a", .regular, .exists, .size), "-a --info=skip", "a exists\n"),
        (kept("a", .regular, .exists, .size), "-a --info=skip2", "a exists (file change)\n"),
        (kept("a", .fifo, .exists, .time), "-a --info=skip2", "a exists (attr change)\n"),
        (kept("a", .regular, .exists, .kind), "-a --info=skip2", "a exists (type change)\n"),
        (kept("a", .regular, .exists, []), "-a --info=skip2", "a exists (uptodate)\n"),
        (kept("a", .regular, .notCreated, .absent), "-a --info=skip", "not creating new file \"a\"\n"),
        (kept("d", .directory, .notCreated, .absent), "-a --info=skip", "not creating new directory \"d\"\n"),
    ])
    func keptEntries(event: Event, options: String, expected: String) throws {
        #expect(try listed([event], options + " src/ dst") == expected)
    }

    @Test(arguments: [("src", "skipping directory src\n"), ("", "skipping directory .\n")])
    func skippedDirectory(name: String, expected: String) throws {
        let problem = Problem(.create, path(name), .directory, cause: .leftOut)
        #expect(try listed([.problem(problem)], "src dst") == expected)
        #expect(Listing.events(for: try request("src dst")) == .problems)
        #expect(Listing.events(for: try request("-q src dst")) == [])
        #expect(Listing.events(for: try request("-ai src dst")) == .planned)
        #expect(Listing.events(for: try request("-aii src dst")) == [.planned, .kept])
        #expect(Listing.events(for: try request("-avv src dst")) == [.planned, .kept])
        #expect(Listing.events(for: try request("-a src dst")) == [])
        let removing = try request("-a --info=remove --remove-source-files src dst")
        #expect(Listing.events(for: removing) == .removedSources)
    }

    private func listed(_ events: [Event], _ line: String, destinationExists: Bool = true) throws -> String {
        var listing = Listing(try request(line), destinationExists: destinationExists)
        return events.map { text(listing.lines(for: $0)) }.joined()
    }
}

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// A path below a root.
func path(_ text: String) -> RelativePath { RelativePath(bytes: Array(text.utf8)) }
