internal import SystemPackage

/// Compares ACLs and extended attributes of two entries; where both lists are empty that costs one call a side.
struct AttributeComparison {
    let preserved: Options.Preserved
    let policy: AttributePolicy

    /// Whether both sides are to have the same, and it stands for the same, if for anything.
    private var isTakenAsItIs: Bool {
        !policy.hasRules && policy.accessListMap == nil && policy.storesSource == policy.storesDestination
    }

    /// - Returns: `.acl` and `.extendedAttributes`, as far as they are preserved and differ.
    func differences(
        _ source: AttributeCarrier, _ destination: AttributeCarrier, _ buffer: AttributeBuffer
    ) throws(ReadFailure) -> Differences {
        let sourceSize: Int
        let destinationSize: Int
        do { sourceSize = try buffer.list(source) } catch { throw .source(error) }
        do { destinationSize = try buffer.listOther(destination) } catch { throw .destination(error) }
        if sourceSize == 0, destinationSize == 0 { return [] }
        if isTakenAsItIs, sourceSize == destinationSize,
            buffer.areEqual(source, destination, size: sourceSize),
            policy.storesSource || !buffer.holdsOwn(size: sourceSize, policy)
        {
            return []
        }
        let (wanted, present) = try read(source, destination, buffer)
        var found: Differences = []
        if preserved.contains(.extendedAttributes), wanted.attributes != present.attributes {
            found.insert(.extendedAttributes)
        }
        if preserved.contains(.accessControlLists), listsDiffer(wanted, present, source, destination) {
            found.insert(.acl)
        }
        return found
    }

    /// The same one by one, with what both sides have.
    func details(
        _ source: AttributeCarrier, _ destination: AttributeCarrier, _ buffer: AttributeBuffer
    ) throws(ReadFailure) -> [Explanation.AttributeDifference] {
        let (wanted, present) = try read(source, destination, buffer)
        var found: [Explanation.AttributeDifference] = []
        if preserved.contains(.accessControlLists) {
            for role in AccessControlList.Role.allCases where differs(role, wanted, present, source, destination) {
                found.append(
                    Explanation.AttributeDifference(
                        role == .access ? .accessControlList : .defaultAccessControlList,
                        source: AccessControlListText.value(wanted.list(role)),
                        destination: AccessControlListText.value(present.list(role))))
            }
        }
        if preserved.contains(.extendedAttributes) { found += attributeDetails(wanted, present) }
        return found
    }

    private func attributeDetails(
        _ wanted: ExtendedAttributes, _ present: ExtendedAttributes
    ) -> [Explanation.AttributeDifference] {
        let names = Set((wanted.attributes + present.attributes).map(\.name))
        return names.sorted { $0.lexicographicallyPrecedes($1) }.compactMap { name in
            let new = wanted.attributes.first { $0.name == name }
            let old = present.attributes.first { $0.name == name }
            if let new, new == old { return nil }
            return Explanation.AttributeDifference(
                .attribute(name: name.dropLast().map { UInt8(bitPattern: $0) }), source: Self.value(new),
                destination: Self.value(old))
        }
    }

    private static func value(_ attribute: ExtendedAttributes.Attribute?) -> Explanation.AttributeDifference.Value {
        guard let attribute else { return .none }
        return attribute.value.map { .bytes($0) } ?? .unreadable
    }

    private func read(
        _ source: AttributeCarrier, _ destination: AttributeCarrier, _ buffer: AttributeBuffer
    ) throws(ReadFailure) -> (wanted: ExtendedAttributes, present: ExtendedAttributes) {
        let wanted: ExtendedAttributes
        var present: ExtendedAttributes
        do { wanted = try .read(source, .source, policy, buffer) } catch { throw .source(error) }
        do { present = try .read(destination, .destination, policy, buffer) } catch { throw .destination(error) }
        present.forgetKept(wanted, policy)
        return (wanted, present)
    }

    private func listsDiffer(
        _ wanted: ExtendedAttributes, _ present: ExtendedAttributes, _ source: AttributeCarrier,
        _ destination: AttributeCarrier
    ) -> Bool {
        AccessControlList.Role.allCases.contains { differs($0, wanted, present, source, destination) }
    }

    private func differs(
        _ role: AccessControlList.Role, _ wanted: ExtendedAttributes, _ present: ExtendedAttributes,
        _ source: AttributeCarrier, _ destination: AttributeCarrier
    ) -> Bool {
        let new = wanted.list(role)
        let old = policy.accessListMap?.ordered(present.list(role)) ?? present.list(role)
        if new == old { return false }
        if role == .access, withoutPermissions(new) == withoutPermissions(old) { return false }
        if new.isEmpty || old.isEmpty || policy.storesDestination || !policy.takesLists { return true }
        return (try? AccessControlList.areEqual(source, destination, role)) != true
    }
}

/// An access ACL as the kernel keeps it, without what the entry's permissions say too: those of the owner, of the mask (or,
/// without one, of the group), and of all others. They are compared as permissions.
///
/// After a version number of four bytes come entries of eight, in little-endian order: a tag, permissions, an id.
private func withoutPermissions(_ list: [UInt8]) -> [UInt8] {
    let (owner, group, mask, others) = (UInt8(0x01), UInt8(0x04), UInt8(0x10), UInt8(0x20))
    let tags = stride(from: 4, to: list.count - 7, by: 8)
    let hasMask = tags.contains { list[$0] == mask }
    var result = list
    for tag in tags where [owner, mask, others].contains(list[tag]) || (list[tag] == group && !hasMask) {
        result[tag + 2] = 0
    }
    return result
}

/// Which side could not be read.
enum ReadFailure: Error {
    case source(Errno)
    case destination(Errno)
}
