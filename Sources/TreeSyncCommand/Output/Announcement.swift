import TreeSync

/// The line that says that the destination was created: once, before the first thing that is done in it.
struct Announcement: Sendable {
    private let destination: Operand
    private let nameStyle: Presentation.NameStyle
    private let ownName: OwnName
    private var isPending: Bool

    /// - Parameter destinationExists: before the run.
    init(_ request: Request, destinationExists: Bool) {
        destination = request.destination
        nameStyle = request.presentation.nameStyle
        ownName = OwnName(request)
        isPending = !destinationExists && request.presentation.announcesCreation
    }

    /// A single entry that is not a directory takes the destination's own name: no directory is created for it.
    mutating func line(before action: Action) -> [UInt8]? {
        guard isPending else { return nil }
        isPending = false
        return ownName.isKnown && !destination.isDirectory && action.kind != .directory ? nil : line
    }

    /// Where nothing was done.
    mutating func line(after report: Report) -> [UInt8]? {
        guard isPending, report.createdDestination else { return nil }
        isPending = false
        return line
    }

    private var line: [UInt8] {
        var name = destination.bytes
        while name.count > 1, name.last == UInt8(ascii: "/") { name.removeLast() }
        return Array("created directory ".utf8) + nameStyle.shown(name)
    }
}
