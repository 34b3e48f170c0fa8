import SystemPackage
import TreeSync

/// Turns the events of a run into lines: those of `-v`, `-i`, `--out-format` and `--info`.
struct Listing: Sendable {
    private let request: Request
    private let writer: LineWriter
    private let remarks: Remarks
    private let palette: Palette
    private let ownName: OwnName
    private var announcement: Announcement

    private var presentation: Presentation { request.presentation }

    init(_ request: Request, destinationExists: Bool, palette: Palette = Palette(.never, descriptor: 1)) {
        self.request = request
        self.palette = palette
        writer = LineWriter(request.presentation.lineFormat, request)
        remarks = Remarks(request.presentation, writer)
        ownName = OwnName(request)
        announcement = Announcement(request, destinationExists: destinationExists)
    }

    /// The kinds of events that lines are made from.
    static func events(for request: Request) -> EventKinds {
        let presentation = request.presentation
        var kinds: EventKinds = []
        if presentation.isQuiet { return kinds }
        if presentation.listsActions || presentation.level(.del) > 0 || presentation.level(.backup) > 0 {
            kinds.insert(.planned)
        }
        if presentation.itemizingLevel > 1 || presentation.level(.name) > 1 || presentation.level(.skip) > 0
            || presentation.level(.mount) > 0
            || (request.options.links.leavesOutUnsafe && presentation.level(.symsafe) > 0)
        {
            kinds.insert(.kept)
        }
        if request.options.removesSources, presentation.level(.remove) > 0 { kinds.insert(.removedSources) }
        if !request.options.recursive { kinds.insert(.problems) }
        return kinds
    }

    /// The lines that an event causes, each with its line feed.
    mutating func lines(for event: Event) -> [UInt8] {
        if presentation.isQuiet { return [] }
        switch event {
        case .planned(let action):
            guard let item = ownName.item(action) else { return [] }
            let first = ended(announcement.line(before: action))
            return first + ended(remarks.backup(action)) + ended(line(item), item.deed)
        case .kept(let entry):
            let item = ownName.item(entry)
            return ended(line(entry, item), item.deed)
        case .problem(let problem): return ended(remarks.skipped(problem))
        case .removedSource(let path): return ended(remarks.removedSource(ownName.path(path)))
        case .finished, .progress: return []
        }
    }

    /// What is left to say when the run is over.
    mutating func closing(_ report: Report) -> [UInt8] {
        ended(announcement.line(after: report))
    }

    private func ended(_ line: [UInt8]?, _ deed: LineItem.Deed? = nil) -> [UInt8] {
        guard let line else { return [] }
        return (deed.map { palette.painted(line, $0) } ?? line) + [UInt8(ascii: "\n")]
    }

    // MARK: Lines

    private func line(_ item: LineItem) -> [UInt8]? {
        if item.deed == .delete { return deletion(item) }
        guard presentation.listsActions else { return nil }
        if item.deed == .keep { return upToDate(item) }
        if presentation.itemizes { return writer.line(item) }
        if item.isSignificant { return writer.line(item) }
        // rsync takes an entry for up to date of which only extended attributes differ.
        let isUpToDate = item.itemized.hasPrefix(".") && item.itemized.dropFirst(2) == "........x"
        if presentation.level(.name) < 2 { return nil }
        return writer.name(item) + Array((isUpToDate ? " is uptodate" : "").utf8)
    }

    /// A format without columns and without the operation could not tell a deletion from a copy.
    private func deletion(_ item: LineItem) -> [UInt8]? {
        guard presentation.listsActions || presentation.level(.del) > 0 else { return nil }
        if presentation.lineFormat.contains("i") || presentation.lineFormat.contains("o") { return writer.line(item) }
        return Array("deleting ".utf8) + writer.name(item)
    }

    /// What becomes as a basis directory has it.
    private func upToDate(_ item: LineItem) -> [UInt8]? {
        guard presentation.itemizes else { return remarks.upToDate(item) }
        return presentation.itemizingLevel > 1 || presentation.level(.name) > 1 ? writer.line(item) : nil
    }

    private func line(_ entry: KeptEntry, _ item: LineItem) -> [UInt8]? {
        guard entry.reason == .equal || entry.reason == .linked else { return remarks.kept(entry, item) }
        return !presentation.itemizes && item.kind == .directory ? nil : upToDate(item)
    }
}
