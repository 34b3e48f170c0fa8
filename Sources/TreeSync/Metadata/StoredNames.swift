/// What extended attributes are called where only `user.*` may be set (`--fake-super`): all others get a prefix. Names that
/// have it already get it once more, so that what is read back is what was there.
enum StoredNames {
    /// Of attributes that stand for others, and with a percent sign behind it of rsync's own.
    private static let prefix = Array("user.rsync.".utf8).map { CChar(bitPattern: $0) }
    private static let own = Array("user.rsync.%".utf8).map { CChar(bitPattern: $0) }
    private static let userSpace = Array("user.".utf8).map { CChar(bitPattern: $0) }
    /// Beginnings of the names that a stored one stands for. None of them is an ACL's.
    private static let stored = ["trusted.", "security.", "user.rsync."].map {
        Array($0.utf8).map { CChar(bitPattern: $0) }
    }

    /// Whether it is one of rsync's own attributes, which say what an entry is.
    static func isOwn(_ name: some Collection<CChar>) -> Bool { name.starts(with: own) }

    static func isOfUser(_ name: some Collection<CChar>) -> Bool { name.starts(with: userSpace) }

    /// The name under which an attribute is kept.
    static func stored(_ name: [CChar]) -> [CChar] {
        isOfUser(name) && !name.starts(with: prefix) ? name : prefix + name
    }

    /// The attribute that is kept under a name; `nil` where it is not kept under another one.
    static func attribute(_ name: [CChar]) -> [CChar]? {
        guard name.starts(with: prefix) else { return nil }
        let rest = name.dropFirst(prefix.count)
        return stored.contains { rest.starts(with: $0) } ? Array(rest) : nil
    }
}
