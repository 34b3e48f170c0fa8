import SystemPackage
import TreeSync

/// Turns the events of a run into the lines of `-v` and `-i`.
struct Listing: Sendable {
    private let request: Request
    /// The own name of a single source that may be copied under the destination's name, where rsync prints its own.
    private let ownName: RelativePath?
    /// The destination did not exist before the run; the first line says that it was created.
    private var announcesDestination: Bool

    init(_ request: Request, destinationExists: Bool) {
        self.request = request
        let isSingleEntry = request.sources.count == 1 && !request.sources[0].isDirectory
        ownName = isSingleEntry ? request.sources[0].name : nil
        announcesDestination = !destinationExists && request.presentation.listsActions
    }

    /// The kinds of events that lines are made from.
    static func events(for request: Request) -> EventKinds {
        var kinds: EventKinds = []
        if request.presentation.listsActions { kinds.insert(.planned) }
        if !request.options.recursive, !request.presentation.isQuiet { kinds.insert(.problems) }
        return kinds
    }

    /// The lines that an event causes, each with its line feed.
    mutating func lines(for event: Event) -> String {
        switch event {
        case .planned(let action): return announcement(before: action) + line(for: named(action))
        case .problem(let problem): return problem.isSkippedDirectory ? "skipping directory \(problem.path)\n" : ""
        case .finished, .progress, .kept: return ""
        }
    }

    /// What is left to say when the run is over.
    mutating func closing(_ report: Report) -> String {
        announcesDestination && report.createdDestination ? announcement() : ""
    }

    private func named(_ action: Action) -> Action {
        guard let ownName, action.kind != .directory, !action.path.bytes.contains(UInt8(ascii: "/")) else {
            return action
        }
        var named = action
        named.path = ownName
        return named
    }

    private func line(for action: Action) -> String {
        guard request.presentation.listsActions, action.verb != .deleteTemporary else { return "" }
        if request.presentation.itemizes { return action.description + "\n" }
        switch action.verb {
        case .delete: return "deleting \(action.pathAndTarget)\n"
        case .create, .update, .link: return action.pathAndTarget + "\n"
        // rsync names a directory whose attributes change, and no other kind of entry.
        case .setAttributes: return action.kind == .directory ? action.pathAndTarget + "\n" : ""
        case .deleteTemporary: return ""
        }
    }

    /// A single entry that is not a directory takes the destination's own name: no directory is created for it.
    private mutating func announcement(before action: Action) -> String {
        guard announcesDestination else { return "" }
        if ownName != nil, !request.destination.isDirectory, action.kind != .directory {
            announcesDestination = false
            return ""
        }
        return announcement()
    }

    private mutating func announcement() -> String {
        announcesDestination = false
        var name = request.destination.bytes
        while name.count > 1, name.last == UInt8(ascii: "/") { name.removeLast() }
        return "created directory \(printable(name))\n"
    }
}

extension Problem {
    /// A directory that was left out for want of `-r`.
    var isSkippedDirectory: Bool { cause == .leftOut && kind == .directory }
}
