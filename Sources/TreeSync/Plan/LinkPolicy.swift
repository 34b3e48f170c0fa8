/// What becomes of symbolic links, as far as their text and the options say it. Pure.
struct LinkPolicy: Sendable {
    let options: Options.Links

    init(_ options: Options.Links) { self.options = options }

    /// What a link that was made unusable begins with. Where no such directory exists, it leads nowhere.
    static let munged = Array("/rsyncd-munged/".utf8)

    /// Whether a link counts as what it leads to, whatever that is. Links to directories may do so besides.
    ///
    /// - Parameter depth: how many directories of the tree lie above the link's own, the root not counted.
    func follows(_ target: [UInt8], depth: Int) -> Bool {
        options.followed.contains(.all)
            || (options.followed.contains(.unsafe) && Self.leadsOut(target, depth: depth))
    }

    /// Whether the source's links have to be looked through at all.
    var followsSome: Bool { !options.followed.isEmpty }

    /// Whether a link takes no part. What it will say in the destination counts.
    func leavesOut(_ stored: [UInt8], depth: Int) -> Bool {
        options.leavesOutUnsafe && Self.leadsOut(stored, depth: depth)
    }

    /// What a link of the source says, as it takes part.
    func taken(_ target: [UInt8]) -> [UInt8] {
        options.restoresMunged && target.starts(with: Self.munged)
            ? Array(target.dropFirst(Self.munged.count)) : target
    }

    /// What a link that takes part says in the destination.
    func stored(_ taken: [UInt8]) -> [UInt8] { options.munges ? Self.munged + taken : taken }

    /// Whether a link's text is rsync's idea of unsafe: absolute, empty, climbing above the root, or with `..` anywhere but
    /// at its beginning, where nobody can tell what it climbs from.
    static func leadsOut(_ target: [UInt8], depth: Int) -> Bool {
        let slash = UInt8(ascii: "/")
        guard let first = target.first, first != slash else { return true }
        var rest = target[...]
        var climbed = 0
        while rest.starts(with: Array("../".utf8)) {
            climbed += 1
            rest = rest.dropFirst(3).drop { $0 == slash }
        }
        let names = rest.split(separator: slash, omittingEmptySubsequences: false)
        let isDotDot = { (name: ArraySlice<UInt8>) in name.elementsEqual("..".utf8) }
        if target.elementsEqual("..".utf8) { return depth < 1 }
        return names.contains(where: isDotDot) || climbed > depth
    }
}
