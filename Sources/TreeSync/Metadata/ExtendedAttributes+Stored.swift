internal import SystemPackage

extension ExtendedAttributes {
    /// Reads what attributes stand for (`--fake-super`): ACLs, and names that only root may set. The ACLs that the entry
    /// has itself are not those of what it stands for.
    ///
    /// - Parameter size: of the list of names that the buffer holds.
    static func readStored(
        _ carrier: AttributeCarrier, _ side: Walk.Side, _ policy: AttributePolicy, _ buffer: AttributeBuffer,
        _ size: Int
    ) throws(Errno) -> ExtendedAttributes {
        var found = ExtendedAttributes()
        let names = Array(UnsafeBufferPointer(start: buffer.names.assumingMemoryBound(to: CChar.self), count: size))
        for kept in names.split(separator: 0).map({ Array($0) + [0] }) {
            if let role = AccessControlList.Role.allCases.first(where: { StoredAccessList.attribute($0) == kept }) {
                try found.takeList(role, try buffer.value(carrier, kept), carrier, side)
                continue
            }
            if StoredNames.isOwn(kept) { continue }
            let standsFor = StoredNames.attribute(kept)
            // What root has set beside is not stored: in the destination it is none of ours.
            if standsFor == nil, side == .destination, !StoredNames.isOfUser(kept) { continue }
            let name = standsFor ?? kept
            guard policy.copies(name) || (side == .destination && policy.removes(name)) else { continue }
            guard let value = try buffer.value(carrier, kept) else { continue }
            found.take(Attribute(name: name, value: value), isStored: standsFor != nil)
        }
        found.attributes.sort { $0.name.lexicographicallyPrecedes($1.name) }
        return found
    }

    /// Of two for one name the stored one counts.
    private mutating func take(_ attribute: Attribute, isStored: Bool) {
        guard let index = attributes.firstIndex(where: { $0.name == attribute.name }) else {
            return attributes.append(attribute)
        }
        if isStored { attributes[index] = attribute }
    }

    /// A damaged list is a failure in the source; in the destination it differs from every other.
    private mutating func takeList(
        _ role: AccessControlList.Role, _ value: [UInt8]?, _ carrier: AttributeCarrier, _ side: Walk.Side
    ) throws(Errno) {
        guard let value else { return }
        let permissions: UInt16
        if case .status(let stored) = try carrier.storedStatus() {
            permissions = stored.permissions
        } else {
            permissions = try carrier.status().permissions
        }
        let list = StoredAccessList.list(value, role, permissions: permissions)
        if list == nil, side == .source { throw .badMessage }
        switch role {
        case .access: accessList = list ?? Self.unreadable
        case .initial: initialList = list ?? Self.unreadable
        }
    }

    /// No list of the kernel's: it has no version.
    private static let unreadable: [UInt8] = [0]
}
