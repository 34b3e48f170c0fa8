import TreeSync

/// What a line tells of: something that is done to an entry, or that nothing is.
struct LineItem: Sendable {
    /// What is done, as far as lines and their colours tell it apart.
    enum Deed: Sendable { case create, update, setAttributes, link, delete, keep }

    let deed: Deed
    var path: RelativePath
    let kind: EntryKind
    /// The eleven columns of `%i`.
    let itemized: String
    let facts: EntryFacts?
    /// Where a symbolic link points, or the name that a hard link is made to.
    let symbolicLinkTarget: [UInt8]?
    let hardLinkTarget: RelativePath?
    /// Whether the contents of a file are copied.
    let copiesContents: Bool

    /// `nil` for what no line tells of.
    init?(_ action: Action) {
        var hardLinkTarget: RelativePath?
        switch action.verb {
        case .create: deed = .create
        case .update: deed = .update
        case .setAttributes: deed = .setAttributes
        case .link(let leader): (deed, hardLinkTarget) = (action.isAsInBasis ? .keep : .link, leader)
        case .delete: deed = .delete
        case .linkBasis, .leaveToBasis: deed = .keep
        case .copyBasis: deed = action.isAsInBasis ? .keep : .create
        case .deleteTemporary: return nil
        }
        path = action.path
        kind = action.kind
        itemized = action.itemized
        facts = action.facts
        symbolicLinkTarget = hardLinkTarget == nil ? action.symbolicLinkTarget : nil
        self.hardLinkTarget = hardLinkTarget
        copiesContents = kind == .regular && (deed == .create || deed == .update)
    }

    init(_ entry: KeptEntry) {
        deed = .keep
        path = entry.path
        kind = entry.kind
        itemized = (entry.reason == .linked ? "h" : ".") + String(entry.kind.itemizeLetter) + "         "
        facts = entry.facts
        symbolicLinkTarget = entry.symbolicLinkTarget
        hardLinkTarget = nil
        copiesContents = false
    }

    /// Whether `-v` names it: what is copied, made or deleted, and directories whose attributes change.
    var isSignificant: Bool {
        switch deed {
        case .create, .update, .link, .delete: true
        case .setAttributes: kind == .directory
        case .keep: false
        }
    }
}

extension Action {
    /// Whether the entry becomes what a basis directory holds: rsync tells of it as of one that is up to date.
    fileprivate var isAsInBasis: Bool { differences.isEmpty }
}
