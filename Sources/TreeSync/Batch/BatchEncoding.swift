/// Bytes of a batch as they are put together.
struct BatchBytes {
    var bytes: [UInt8] = []

    mutating func put(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Bytes behind their length.
    mutating func put(_ text: [UInt8]) {
        put(UInt32(text.count))
        bytes += text
    }

    mutating func put(_ time: Timestamp) {
        put(time.seconds)
        put(time.nanoseconds)
    }

    /// The kind, 0 for nothing, and what is remembered.
    mutating func put(_ state: RecordedState?) {
        guard let state else { return put(UInt8(0)) }
        put(state.kind.rawValue)
        put(state.size)
        put(state.modified)
        put(state.device)
    }
}

extension BatchRecord {
    /// The body of the record.
    var encoded: [UInt8] {
        var body = BatchBytes()
        switch change {
        case .deletion:
            body.put(RecordTag.deletion.rawValue)
            body.put(path)
            body.put(old)
        case .entry(let entry):
            body.put(RecordTag.entry.rawValue)
            body.put(path)
            body.put(old)
            entry.encode(to: &body)
        }
        return body.bytes
    }
}

extension RecordedEntry {
    fileprivate func encode(to body: inout BatchBytes) {
        body.put(status.kind.rawValue)
        body.put(role.rawValue)
        body.put(status.permissions)
        body.put(status.owner)
        body.put(status.group)
        body.put(group == 0 ? 1 : status.links)
        body.put(status.size)
        body.put(status.modified)
        body.put(status.accessed)
        body.put(status.specialDevice)
        body.put(group)
        body.put(ownerName)
        body.put(groupName)
        if status.kind == .symbolicLink { body.put(target) }
        encodeAttributes(to: &body)
        guard status.kind == .regular else { return }
        body.put(contents == nil ? UInt8(0) : 1)
        guard let contents else { return }
        body.put(UInt32(contents.extents.count))
        for extent in contents.extents {
            body.put(extent.offset)
            body.put(extent.length)
        }
    }

    private func encodeAttributes(to body: inout BatchBytes) {
        body.put(UInt32(attributes.attributes.count))
        for attribute in attributes.attributes {
            body.put(attribute.printableName)
            body.put(attribute.value ?? [])
        }
        body.put(attributes.accessList)
        body.put(attributes.initialList)
    }
}

extension RecordedOptions {
    private static let deletions: [Options.DeletionTime?] = [nil, .after, .before, .during]

    var encoded: [UInt8] {
        var bytes = BatchBytes()
        bytes.put(preserved.rawValue)
        bytes.put(kindsWithoutTimes.reduce(UInt32(0)) { $0 | 1 << UInt32($1.rawValue) })
        bytes.put(UInt8(Self.deletions.firstIndex(of: deletion) ?? 0))
        bytes.put(force ? UInt8(1) : 0)
        return bytes.bytes
    }

    init(decoding bytes: [UInt8]) throws(BatchFault) {
        var parser = BatchParser(bytes[...])
        let all = Options.Preserved([.everything, .executability, .accessTimes])
        preserved = Options.Preserved(rawValue: try parser.number())
        guard preserved.isSubset(of: all) else { throw .damaged }
        var kinds: UInt32 = try parser.number()
        for kind in EntryKind.allCases where kinds & 1 << UInt32(kind.rawValue) != 0 {
            kindsWithoutTimes.insert(kind)
            kinds &= ~(1 << UInt32(kind.rawValue))
        }
        let time = Int(try parser.number() as UInt8)
        guard kinds == 0, Self.deletions.indices.contains(time) else { throw .damaged }
        deletion = Self.deletions[time]
        force = try parser.flag()
        try parser.end()
    }
}
