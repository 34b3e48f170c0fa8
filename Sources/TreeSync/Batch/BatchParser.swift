/// Takes the bytes of a batch apart. Whoever wrote them may be an enemy: every length is checked against what is left,
/// and nothing is taken that treesync would not have written.
struct BatchParser {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func take(_ count: Int) throws(BatchFault) -> ArraySlice<UInt8> {
        guard count >= 0, count <= rest.count else { throw .damaged }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func number<Number: FixedWidthInteger>() throws(BatchFault) -> Number {
        var number = Number.zero
        for (place, byte) in try take(MemoryLayout<Number>.size).enumerated() {
            number |= Number(truncatingIfNeeded: UInt64(byte) << UInt64(8 * place))
        }
        return number
    }

    mutating func flag() throws(BatchFault) -> Bool {
        let byte: UInt8 = try number()
        guard byte <= 1 else { throw .damaged }
        return byte == 1
    }

    /// Bytes behind their length.
    mutating func text(most: Int) throws(BatchFault) -> [UInt8] {
        let count = Int(try number() as UInt32)
        guard count <= most else { throw .damaged }
        return Array(try take(count))
    }

    /// A name or a target, which C has to be able to take.
    mutating func string(most: Int) throws(BatchFault) -> [UInt8] {
        let text = try text(most: most)
        guard !text.contains(0) else { throw .damaged }
        return text
    }

    mutating func time() throws(BatchFault) -> Timestamp {
        let time = Timestamp(seconds: try number(), nanoseconds: try number())
        guard time.nanoseconds < 1_000_000_000 else { throw .damaged }
        return time
    }

    mutating func kind() throws(BatchFault) -> EntryKind {
        guard let kind = EntryKind(rawValue: try number()) else { throw .damaged }
        return kind
    }

    /// Not negative.
    mutating func size() throws(BatchFault) -> Int64 {
        let size: Int64 = try number()
        guard size >= 0 else { throw .damaged }
        return size
    }

    func end() throws(BatchFault) { if !rest.isEmpty { throw .damaged } }
}

extension BatchRecord {
    /// - Parameters:
    ///   - body: without its length.
    ///   - start: where in the batch its contents begin.
    init(decoding body: ArraySlice<UInt8>, contentsAt start: Int64) throws(BatchFault) {
        var parser = BatchParser(body)
        guard let tag = RecordTag(rawValue: try parser.number()) else { throw .damaged }
        path = try parser.path()
        old = try parser.state()
        switch tag {
        case .deletion:
            // The root is never deleted.
            guard old != nil, !path.isEmpty else { throw .damaged }
            change = .deletion
        case .entry:
            let entry = try RecordedEntry(decoding: &parser, contentsAt: start)
            guard !path.isEmpty || entry.status.kind == .directory else { throw .damaged }
            change = .entry(entry)
        }
        try parser.end()
    }
}

extension BatchParser {
    /// Names between slashes, none of them empty, `.` or `..`; empty for the root.
    fileprivate mutating func path() throws(BatchFault) -> [UInt8] {
        let path = try string(most: BatchFormat.mostBody)
        if path.isEmpty { return [] }
        for name in path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            let isDots = name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8)
            guard !name.isEmpty, !isDots, name.count <= BatchFormat.longestName else { throw .damaged }
        }
        return path
    }

    fileprivate mutating func state() throws(BatchFault) -> RecordedState? {
        let tag: UInt8 = try number()
        if tag == 0 { return nil }
        guard let kind = EntryKind(rawValue: tag) else { throw .damaged }
        return RecordedState(kind: kind, size: try size(), modified: try time(), device: try number())
    }

    fileprivate mutating func attributes() throws(BatchFault) -> ExtendedAttributes {
        var found = ExtendedAttributes()
        // A name alone takes five bytes: more are not there.
        for _ in 0..<(try number() as UInt32) {
            let name = try string(most: BatchFormat.longestName)
            guard !name.isEmpty else { throw .damaged }
            let value = try text(most: BatchFormat.longestAttribute)
            found.attributes.append(.init(name: terminated(name), value: value))
        }
        found.accessList = try list()
        found.initialList = try list()
        return found
    }

    /// An ACL as the kernel keeps it: a version of four bytes, then entries of eight.
    private mutating func list() throws(BatchFault) -> [UInt8] {
        let list = try text(most: BatchFormat.longestAttribute)
        guard list.isEmpty || (list.count >= 4 && list.count % 8 == 4) else { throw .damaged }
        return list
    }

    fileprivate mutating func contents(size: Int64, start: Int64) throws(BatchFault) -> RecordedContents? {
        guard try flag() else { return nil }
        let count = Int(try number() as UInt32)
        guard count <= BatchFormat.mostExtents else { throw .damaged }
        var contents = RecordedContents(extents: [], size: size, start: start)
        var (end, place) = (Int64(-1), Int64(0))
        for _ in 0..<count {
            let (offset, length): (Int64, Int64) = (try self.size(), try self.size())
            // In order, with a hole between any two, and within the file: then the sum is no larger than its size.
            guard offset > end, length > 0, offset <= size, length <= size - offset else { throw .damaged }
            contents.extents.append(.init(offset: offset, length: length, place: place))
            end = offset + length
            place += length
        }
        return contents
    }
}

extension RecordedEntry {
    fileprivate init(decoding parser: inout BatchParser, contentsAt start: Int64) throws(BatchFault) {
        let kind = try parser.kind()
        status = .recorded(kind)
        guard let role = Role(rawValue: try parser.number()) else { throw .damaged }
        self.role = role
        status.permissions = try parser.number()
        status.owner = try parser.number()
        status.group = try parser.number()
        status.links = try parser.number()
        status.size = try parser.size()
        status.modified = try parser.time()
        status.accessed = try parser.time()
        status.specialDevice = try parser.number()
        group = try parser.number()
        ownerName = try parser.string(most: BatchFormat.longestAttribute)
        groupName = try parser.string(most: BatchFormat.longestAttribute)
        let isGrouped = kind != .directory && status.links > 1
        guard status.permissions <= 0o7777, group == 0 ? status.links == 1 : isGrouped else { throw .damaged }
        if kind == .symbolicLink {
            target = try parser.string(most: BatchFormat.longestTarget)
            guard !target.isEmpty else { throw .damaged }
        }
        attributes = try parser.attributes()
        if kind == .regular { contents = try parser.contents(size: status.size, start: start) }
        let needsContents = kind == .regular && role == .whole
        guard (contents != nil) == needsContents, role != .link || group != 0 else { throw .damaged }
        if let contents { status.blocks = UInt64(contents.length + 511) / 512 }
    }
}

extension Status {
    /// Of an entry that lies on no file system.
    static func recorded(_ kind: EntryKind) -> Status {
        Status(
            size: 0, modified: Timestamp(seconds: 0), inode: 0, device: .max, specialDevice: 0, blocks: .max, owner: 0,
            group: 0, links: 1, permissions: 0, kind: kind)
    }
}
