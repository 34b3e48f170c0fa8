import CACL
internal import SystemPackage

/// Access and default ACLs, read, compared and set by libacl (POSIX 1003.1e draft 17).
///
/// Everything goes through `/proc/self/fd/N` of an open descriptor, so that no path is resolved a second time.
struct AccessControlList: ~Copyable {
    enum Role: CaseIterable {
        case access
        /// What new entries of a directory inherit.
        case initial

        /// The extended attribute under which the kernel keeps it.
        var attribute: StaticString {
            switch self {
            case .access: "system.posix_acl_access"
            case .initial: "system.posix_acl_default"
            }
        }

        /// The same as C takes it.
        var name: [CChar] { attribute.description.utf8CString.map { $0 } }

        fileprivate var type: acl_type_t {
            switch self {
            case .access: acl_type_t(ACL_TYPE_ACCESS)
            case .initial: acl_type_t(ACL_TYPE_DEFAULT)
            }
        }
    }

    private let list: acl_t

    deinit { acl_free(UnsafeMutableRawPointer(list)) }

    private init(owning list: acl_t) { self.list = list }

    /// Reads the ACL of an open file, of whatever kind. The C function is `acl_get_file`.
    static func read(_ descriptor: Int32, _ role: Role) throws(Errno) -> AccessControlList {
        try door("acl_get_file")
        guard let list = acl_get_file(Self.magicPath(descriptor), role.type) else { throw Errno.current }
        return AccessControlList(owning: list)
    }

    /// Reads the ACL of an entry that may have to be opened first. Links have none.
    static func read(_ carrier: AttributeCarrier, _ role: Role) throws(Errno) -> AccessControlList {
        switch carrier {
        case .open(let raw): return try read(raw, role)
        // It is set as the kernel keeps it.
        case .recorded: throw .notSupported
        case .named(let at, let name):
            let entry = try at.openPath(name)
            return try read(entry.raw, role)
        }
    }

    /// Whether two ACLs mean the same, in whatever order their entries stand.
    static func areEqual(
        _ left: AttributeCarrier, _ right: AttributeCarrier, _ role: Role
    ) throws(Errno) -> Bool {
        try read(left, role).equals(try read(right, role))
    }

    /// The C function is `acl_set_file`.
    func set(_ descriptor: Int32, _ role: Role) throws(Errno) {
        try door("acl_set_file")
        if acl_set_file(Self.magicPath(descriptor), role.type, list) != 0 { throw Errno.current }
    }

    /// The C function is `acl_cmp`.
    borrowing func equals(_ other: borrowing AccessControlList) -> Bool { acl_cmp(list, other.list) == 0 }

    /// Takes the default ACL away. The C function is `acl_delete_def_file`.
    static func removeInitial(_ descriptor: Int32) throws(Errno) {
        try door("acl_delete_def_file")
        if acl_delete_def_file(Self.magicPath(descriptor)) != 0 { throw Errno.current }
    }

    /// Takes the access ACL away but for what the permissions say. The C function is `acl_from_mode`.
    static func removeAccess(_ descriptor: Int32, permissions: UInt16) throws(Errno) {
        guard let list = acl_from_mode(mode_t(permissions)) else { throw Errno.current }
        let minimal = AccessControlList(owning: list)
        try minimal.set(descriptor, .access)
    }

    private static func magicPath(_ descriptor: Int32) -> String { "/proc/self/fd/\(descriptor)" }
}

extension OpenFile {
    /// Sets an ACL in the kernel's encoding, where no entry has it that libacl could read. The kernel checks it.
    func setList(_ list: [UInt8], _ role: AccessControlList.Role) throws(Errno) {
        try setAttribute(
            UnsafeRawPointer(role.attribute.utf8Start).assumingMemoryBound(to: CChar.self), list)
    }
}
