import CAttr
internal import SystemPackage

/// Which extended attributes are copied. ACLs are not among them: they have a file of their own.
struct AttributePolicy: Sendable {
    private let setsFileCapabilities: Bool
    private let administersSystem: Bool
    private let copiesStored: Bool
    /// Whether attributes of a side stand for those that only root may set.
    let storesSource: Bool
    let storesDestination: Bool
    /// Whom the source's ACLs name in the destination; `nil` where that is whom they name.
    let accessListMap: AccessListMap?
    /// Rules about names of attributes on either side; `nil` where there are none.
    private var source: FilterScope?
    private var destination: FilterScope?

    init(_ process: ProcessFacts, _ options: Options) {
        source = options.filters.flatMap {
            $0.concernExtendedAttributes ? FilterScope(forAttributes: $0, options) : nil
        }
        destination = source
        storesSource = options.fakeSuper.contains(.source)
        storesDestination = options.fakeSuper.contains(.destination)
        setsFileCapabilities = storesDestination || options.mayDo(process.has(.setFileCapabilities))
        administersSystem = storesDestination || options.mayDo(process.has(.administerSystem))
        copiesStored = options.copiesStoredAttributes
        accessListMap = AccessListMap(options)
        // libattr reads /etc/xattr.conf at the first question: once, before there are several threads.
        _ = attr_copy_action("user.treesync", nil)
    }

    /// As root every namespace but `system.*`, else what the process may set; less what the administrator's
    /// `/etc/xattr.conf` says to skip. The C function is `attr_copy_action`.
    private func takes(_ name: CName) -> Bool {
        if hasPrefix(name, "system.") { return false }
        if equals(name, "security.capability") {
            if !setsFileCapabilities { return false }
        } else if !hasPrefix(name, "user."), !administersSystem {
            return false
        }
        return attr_copy_action(name, nil) == 0
    }

    /// The policy for what a directory holds, whose scopes these are.
    func inside(_ filters: DirectoryFilters, layer: Int) -> AttributePolicy {
        var policy = self
        if filters.sources.indices.contains(layer), filters.sources[layer].concernsAttributes {
            policy.source = filters.sources[layer]
        }
        if let own = filters.destination, own.concernsAttributes { policy.destination = own }
        return policy
    }

    /// Whether rules decide, so that attributes that differ may be meant to.
    var hasRules: Bool { source != nil || destination != nil }

    /// Whether the source's attribute is copied: not where a rule protects what the destination has, or will have, of
    /// its name.
    func copies(_ name: CName) -> Bool {
        !isOwn(name) && decides(name, source, .source) && rule(name, destination, .destination)?.effect != .exclude
    }

    /// Whether the destination's attribute goes away where the source has none of its name.
    func removes(_ name: CName) -> Bool { decides(name, destination, .destination) }

    /// A rule comes before the built-in choice.
    private func decides(_ name: CName, _ filters: FilterScope?, _ side: FilterRule.Sides) -> Bool {
        guard let filters else { return takes(name) }
        if hasPrefix(name, "system.") { return false }
        switch rule(name, filters, side)?.effect {
        case .exclude: return false
        case .include: return true
        case nil: return takes(name)
        }
    }

    private func rule(_ name: CName, _ filters: FilterScope?, _ side: FilterRule.Sides) -> FilterRule? {
        guard let filters else { return nil }
        let bytes = terminated(name).dropLast().map { UInt8(bitPattern: $0) }
        return bytes.withUnsafeBufferPointer { filters.rule(forAttribute: $0, FilterQuestion(side: side)) }
    }

    /// What says of an entry what it stands for is not copied, unless that is asked for: the copy is what it is.
    func isOwn(_ name: CName) -> Bool { !copiesStored && hasPrefix(name, "user.rsync.%") }

    /// Whether the ACLs that the source's entries have themselves are those that the destination's shall have.
    var takesLists: Bool { !storesSource && accessListMap == nil }

    func stores(_ side: Walk.Side) -> Bool { side == .source ? storesSource : storesDestination }

    private func hasPrefix(_ name: CName, _ prefix: StaticString) -> Bool {
        for index in 0..<prefix.utf8CodeUnitCount
        where UInt8(bitPattern: name[index]) != prefix.utf8Start[index] { return false }
        return true
    }

    private func equals(_ name: CName, _ other: StaticString) -> Bool {
        hasPrefix(name, other) && name[other.utf8CodeUnitCount] == 0
    }
}

/// The extended attributes of one entry, and whether it has ACLs, which show in the same list.
struct ExtendedAttributes: Sendable, Equatable {
    struct Attribute: Sendable, Equatable {
        /// With a NUL at its end.
        var name: [CChar]
        /// `nil` where it could not be read, which is no failure in the destination: it is set anew.
        var value: [UInt8]?

        var printableName: [UInt8] { name.dropLast().map { UInt8(bitPattern: $0) } }
    }

    /// In the order of their names.
    var attributes: [Attribute] = []
    /// The kernel's encoding of the access and the default ACL; empty where there is none.
    var accessList: [UInt8] = []
    var initialList: [UInt8] = []

    var hasLists: Bool { !accessList.isEmpty || !initialList.isEmpty }
    var isEmpty: Bool { attributes.isEmpty && !hasLists }

    /// Reads names and values, the source's as they are to be taken; an attribute that vanishes in between is left out.
    ///
    /// - Parameter side: a value that may not be read is a failure in the source only.
    static func read(
        _ carrier: AttributeCarrier, _ side: Walk.Side, _ policy: AttributePolicy, _ buffer: AttributeBuffer
    ) throws(Errno) -> ExtendedAttributes {
        var found = try readCarried(carrier, side, policy, buffer)
        if side == .source, let map = policy.accessListMap {
            found.accessList = map.applied(to: found.accessList)
            found.initialList = map.applied(to: found.initialList)
        }
        return found
    }

    private static func readCarried(
        _ carrier: AttributeCarrier, _ side: Walk.Side, _ policy: AttributePolicy, _ buffer: AttributeBuffer
    ) throws(Errno) -> ExtendedAttributes {
        var found = ExtendedAttributes()
        let size = try buffer.list(carrier)
        if size == 0 { return found }
        // A batch holds what its entries stand for.
        if policy.stores(side), !carrier.isRecorded { return try readStored(carrier, side, policy, buffer, size) }
        let names = Array(UnsafeBufferPointer(start: buffer.names.assumingMemoryBound(to: CChar.self), count: size))
        for name in names.split(separator: 0).map({ Array($0) + [0] }) {
            let role = listRole(name)
            guard role != nil || policy.copies(name) || (side == .destination && policy.removes(name)) else { continue }
            let value: [UInt8]?
            do {
                value = try buffer.value(carrier, name)
                if value == nil { continue }
            } catch {
                guard error == .permissionDenied, side == .destination else { throw error }
                value = nil
            }
            switch role {
            case .access: found.accessList = value ?? []
            case .initial: found.initialList = value ?? []
            case nil: found.attributes.append(Attribute(name: name, value: value))
            }
        }
        found.attributes.sort { $0.name.lexicographicallyPrecedes($1.name) }
        return found
    }

    /// Forgets what the destination has beside `wanted` and keeps because of a rule.
    mutating func forgetKept(_ wanted: ExtendedAttributes, _ policy: AttributePolicy) {
        guard policy.hasRules else { return }
        attributes.removeAll { old in
            !policy.removes(old.name) && !wanted.attributes.contains { $0.name == old.name }
        }
    }

    /// The names as `listxattr` gives them, those of ACLs among them.
    var encodedNames: [UInt8] {
        var names = attributes.map { $0.printableName + [0] }
        for role in AccessControlList.Role.allCases where !list(role).isEmpty {
            names.append(role.name.map { UInt8(bitPattern: $0) })
        }
        return names.flatMap { $0 }
    }

    /// What is kept under a name; `nil` for nothing.
    func value(of name: CName) -> [UInt8]? {
        let name = terminated(name)
        if let role = Self.listRole(name) { return list(role).isEmpty ? nil : list(role) }
        return attributes.first { $0.name == name }?.value
    }

    private static func listRole(_ name: [CChar]) -> AccessControlList.Role? {
        for role in AccessControlList.Role.allCases {
            let attribute = role.attribute
            let isEqual =
                name.count == attribute.utf8CodeUnitCount + 1
                && equalBytes(name, attribute.utf8Start, attribute.utf8CodeUnitCount)
            if isEqual { return role }
        }
        return nil
    }
}

/// Memory for lists and values of attributes, one for each thread.
final class AttributeBuffer {
    /// `XATTR_LIST_MAX` and `XATTR_SIZE_MAX` of Linux: neither a list nor a value is longer.
    private static let size = 64 * 1024
    /// The kernel allocates and clears as much as it is offered: 64 KiB cost 1.5 µs more for each call than this, which
    /// is enough for nearly all.
    private static let usualSize = 256
    let names = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
    private let bytes = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)

    private let otherNames = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
    /// Whether the last list held names, so that the next is likely to. To ask for the length alone is cheaper, because
    /// the kernel then allocates nothing, but a list with names has to be asked for twice.
    @exclusivity(unchecked) private var expectsNames = false
    private let otherBytes = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)

    deinit {
        names.deallocate()
        bytes.deallocate()
        otherNames.deallocate()
        otherBytes.deallocate()
    }

    /// Calls with the usual size, and with the largest where that is too small.
    @inline(__always)
    private func growing(_ call: (Int) throws(Errno) -> Int) throws(Errno) -> Int {
        do {
            return try call(Self.usualSize)
        } catch {
            guard error == .outOfRange else { throw error }
            return try call(Self.size)
        }
    }

    /// Whether both carry the same names with the same values, in the same order: nothing is allocated for that.
    /// `false` where it is not sure.
    ///
    /// - Parameter size: the length of both lists, which `list` and `listOther` have just read.
    func areEqual(_ left: AttributeCarrier, _ right: AttributeCarrier, size: Int) -> Bool {
        guard equalBytes(names, otherNames, size) else { return false }
        var name = CName(names.assumingMemoryBound(to: CChar.self))
        let end = name + size
        while name < end {
            guard let count = try? growing({ size throws(Errno) in try left.get(name, bytes, size) }),
                let other = try? growing({ size throws(Errno) in try right.get(name, otherBytes, size) }),
                other == count, equalBytes(bytes, otherBytes, count)
            else { return false }
            while name.pointee != 0 { name += 1 }
            name += 1
        }
        return true
    }

    /// Whether one of the names that `list` has just read is one that the policy keeps from being copied.
    func holdsOwn(size: Int, _ policy: AttributePolicy) -> Bool {
        var name = CName(names.assumingMemoryBound(to: CChar.self))
        let end = name + size
        while name < end {
            if policy.isOwn(name) { return true }
            while name.pointee != 0 { name += 1 }
            name += 1
        }
        return false
    }

    /// The length of the list; 0 where the file system keeps no attributes.
    func list(_ carrier: AttributeCarrier) throws(Errno) -> Int { try list(carrier, into: names) }

    /// The same, for the other of two that `areEqual` compares.
    func listOther(_ carrier: AttributeCarrier) throws(Errno) -> Int { try list(carrier, into: otherNames) }

    @inline(__always)
    private func list(_ carrier: AttributeCarrier, into names: UnsafeMutableRawPointer) throws(Errno) -> Int {
        do {
            if !expectsNames, try carrier.list(nil, 0) == 0 { return 0 }
            let length = try growing { size throws(Errno) in try carrier.list(names, size) }
            expectsNames = length > 0
            return length
        } catch {
            guard error == .notSupported else { throw error }
            return 0
        }
    }

    func value(_ carrier: AttributeCarrier, _ name: [CChar]) throws(Errno) -> [UInt8]? {
        do {
            let count = try growing { size throws(Errno) in try carrier.get(name, bytes, size) }
            return Array(UnsafeRawBufferPointer(start: bytes, count: count))
        } catch {
            // ENODATA: it was removed since it was listed.
            guard error == .noData else { throw error }
            return nil
        }
    }
}
