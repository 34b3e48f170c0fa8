/// An entry that is neither what it was nor what it was to become.
public struct MixedEntry: Sendable, CustomStringConvertible {
    /// Below the root.
    public var path: Name
    /// How it differs from what it was to become.
    public var fromNew: [TreeDifference]
    /// How it differs from what it was.
    public var fromOld: [TreeDifference]

    /// Whether contents, kind and target are the old or the new ones, and only attributes are not.
    public var isOnlyAttributes: Bool { fromNew.allSatisfy(\.isAttribute) || fromOld.allSatisfy(\.isAttribute) }

    /// Whether it is what it was, but for attributes.
    public var isOldButForAttributes: Bool { fromOld.allSatisfy(\.isAttribute) }

    /// Whether the name is one that neither tree has.
    public var isAlien: Bool {
        [fromNew, fromOld].allSatisfy { $0.first?.property == "name" && $0.first?.left == "missing" }
    }

    /// Whether the name went although it was in both trees.
    public var isLost: Bool {
        [fromNew, fromOld].allSatisfy { $0.first?.property == "name" && $0.first?.left == "exists" }
    }

    /// All differences in a line.
    public var description: String { "\"\(path)\": from new \(fromNew), from old \(fromOld)" }
}

/// What of a tree is neither old nor new: after a run that failed or ended early, every entry should be one of both.
///
/// Which names share an inode is a matter of several entries and not looked at; a directory that only the old tree has
/// may have lost entries.
public func mixedEntries(old: Snapshot, new: Snapshot, now: Snapshot) -> [MixedEntry] {
    func byPath(_ reference: Snapshot) -> [Name: [TreeDifference]] {
        let properties = ComparedProperties.all.subtracting([.hardLinks, .allocation])
        return Dictionary(grouping: differences(reference, now, in: properties), by: \.path)
    }
    let (fromNew, fromOld) = (byPath(new), byPath(old))
    return fromNew.keys.sorted().compactMap { path in
        guard let missing = fromNew[path], let changed = fromOld[path] else { return nil }
        let goesAway = !new.contains(path) && old.contains(path)
        if goesAway, changed.allSatisfy({ $0.property == "modified" }) { return nil }
        return MixedEntry(path: path, fromNew: missing, fromOld: changed)
    }
}

extension TreeDifference {
    /// Not what an entry is or holds.
    fileprivate var isAttribute: Bool {
        ["permissions", "owner", "group", "modified"].contains(property) || property.hasPrefix("attribute ")
    }
}
