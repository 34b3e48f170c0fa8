internal import SystemPackage

/// Compares ACLs and extended attributes of two entries; where both lists are empty that costs one call a side.
struct AttributeComparison {
    let preserved: Options.Preserved
    let policy: AttributePolicy

    /// - Returns: `.acl` and `.extendedAttributes`, as far as they are preserved and differ.
    func differences(
        _ source: AttributeCarrier, _ destination: AttributeCarrier, _ kind: EntryKind, _ buffer: AttributeBuffer
    ) throws(ReadFailure) -> Differences {
        let sourceSize: Int
        let destinationSize: Int
        do { sourceSize = try buffer.list(source) } catch { throw .source(error) }
        do { destinationSize = try buffer.listOther(destination) } catch { throw .destination(error) }
        if sourceSize == 0, destinationSize == 0 { return [] }
        if sourceSize == destinationSize, buffer.areEqual(source, destination, size: sourceSize) { return [] }
        let wanted: ExtendedAttributes
        let present: ExtendedAttributes
        do { wanted = try .read(source, .source, policy, buffer) } catch { throw .source(error) }
        do { present = try .read(destination, .destination, policy, buffer) } catch { throw .destination(error) }
        var found: Differences = []
        if preserved.contains(.extendedAttributes), wanted.attributes != present.attributes {
            found.insert(.extendedAttributes)
        }
        if preserved.contains(.accessControlLists), listsDiffer(wanted, present, source, destination) {
            found.insert(.acl)
        }
        return found
    }

    private func listsDiffer(
        _ wanted: ExtendedAttributes, _ present: ExtendedAttributes, _ source: AttributeCarrier,
        _ destination: AttributeCarrier
    ) -> Bool {
        AccessControlList.Role.allCases.contains { role in
            let (new, old) = (wanted.list(role), present.list(role))
            if new == old { return false }
            if new.isEmpty || old.isEmpty { return true }
            return (try? AccessControlList.areEqual(source, destination, role)) != true
        }
    }
}

/// Which side could not be read.
enum ReadFailure: Error {
    case source(Errno)
    case destination(Errno)
}
