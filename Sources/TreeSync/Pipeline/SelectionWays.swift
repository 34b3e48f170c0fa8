internal import SystemPackage

extension Selection {
    /// The directories below a base that chosen names lead through and to; of those that a link leads to also all above.
    func ways(below base: DirectoryHandle, followsLinks: Bool = true) -> Set<FileIdentity> {
        var found: Set<FileIdentity> = []
        guard let raw = try? base.borrow() else { return [] }
        defer { base.giveBack() }
        var last: [ArraySlice<UInt8>] = []
        for entry in entries {
            let names = entry.path.split(separator: UInt8(ascii: "/"))
            // In the order of the tree: what two paths have in common was looked at before.
            let known = zip(last, names).prefix { $0 == $1 }.count
            last = names
            for count in known..<names.count {
                let leads = followsLinks && (count + 1 < names.count || entry.takesContents)
                guard Self.noteWay(relativePath(names[...count]), At(raw: raw), leads, &found) else { break }
            }
        }
        return found
    }

    /// - Returns: whether there is such a directory.
    private static func noteWay(
        _ path: [CChar], _ at: At, _ followsLink: Bool, _ found: inout Set<FileIdentity>
    ) -> Bool {
        guard let status = try? at.status(path) else { return false }
        if status.kind == .directory {
            found.insert(status.identity)
            return true
        }
        guard followsLink, let opened = try? at.openDirectoryFollowing(path) else { return false }
        let directory = Descriptor(owning: opened)
        found.formUnion(ancestors(of: At(raw: directory.raw)))
        return true
    }
}

/// The path of names, with a NUL; `.` without any.
func relativePath(_ names: ArraySlice<ArraySlice<UInt8>>) -> [CChar] {
    names.isEmpty ? terminated([UInt8(ascii: ".")]) : terminated(Array(names.joined(separator: [UInt8(ascii: "/")])))
}
