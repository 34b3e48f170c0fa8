/// What a batch says of one name of the destination.
struct BatchRecord: Equatable {
    /// What becomes of the name.
    enum Change: Equatable {
        case entry(RecordedEntry)
        /// It goes away; a directory after what it holds, which has records of its own.
        case deletion
    }

    /// Relative to the root of the destination.
    var path: [UInt8]
    /// What the destination had there before; `nil` for nothing.
    var old: RecordedState?
    var change: Change
}

/// What is remembered of an entry of the destination, to find out whether another destination has the same.
struct RecordedState: Equatable, Sendable {
    var kind: EntryKind
    /// Of files and symbolic links, else 0.
    var size: Int64
    var modified: Timestamp
    /// The numbers of a device.
    var device: UInt64

    init(_ status: Status) {
        kind = status.kind
        size = status.kind == .regular || status.kind == .symbolicLink ? status.size : 0
        modified = status.modified
        device = status.specialDevice
    }

    static let directory = RecordedState(kind: .directory, size: 0, modified: Timestamp(seconds: 0), device: 0)

    init(kind: EntryKind, size: Int64, modified: Timestamp, device: UInt64) {
        self.kind = kind
        self.size = size
        self.modified = modified
        self.device = device
    }

    /// Whether the entry can be taken for the one that was remembered.
    ///
    /// - Parameter sameTime: whether two times count as equal; `nil` where times say nothing.
    func matches(_ status: Status, sameTime: ((Timestamp, Timestamp) -> Bool)?) -> Bool {
        guard kind == status.kind else { return false }
        switch kind {
        case .directory, .fifo, .socket: return true
        case .characterDevice, .blockDevice: return device == status.specialDevice
        case .regular, .symbolicLink:
            return size == status.size && sameTime?(modified, status.modified) ?? true
        }
    }
}

/// An entry as it shall be.
struct RecordedEntry: Equatable {
    /// What was done to it.
    enum Role: UInt8 {
        /// Made or replaced.
        case whole
        /// Its attributes were set, if anything; its contents stay.
        case attributes
        /// It became a further name of its group.
        case link
    }

    var role = Role.whole
    /// As the source had it, changed as the options said. Device and inode mean nothing: `group` stands for them.
    var status: Status
    /// Names of owner and group; empty where the numbers have none.
    var ownerName: [UInt8] = []
    var groupName: [UInt8] = []
    /// Of a symbolic link.
    var target: [UInt8] = []
    var attributes = ExtendedAttributes()
    /// The same for all names of one inode; 0 for an entry that has one.
    var group: UInt64 = 0
    /// `nil` where the contents stay as they are, or are those of another name of the group.
    var contents: RecordedContents?
}

/// Where the contents of a file lie in a batch. What no extent covers is a hole.
struct RecordedContents: Equatable, Sendable {
    /// A piece of the file that holds data.
    struct Extent: Equatable, Sendable {
        /// In the file.
        var offset: Int64
        var length: Int64
        /// In the batch, behind the beginning of the contents.
        var place: Int64
    }

    /// In the order of their offsets; they neither touch nor overlap.
    var extents: [Extent]
    /// Of the file, holes included.
    var size: Int64
    /// Where in the batch the contents begin.
    var start: Int64 = 0

    /// How many bytes the batch holds of it.
    var length: Int64 { extents.last.map { $0.place + $0.length } ?? 0 }

    /// The extent that holds `offset`, or the next one behind it.
    func extent(at offset: Int64) -> Extent? {
        var (low, high) = (0, extents.count)
        while low < high {
            let middle = (low + high) / 2
            if extents[middle].offset + extents[middle].length <= offset { low = middle + 1 } else { high = middle }
        }
        return low < extents.count ? extents[low] : nil
    }
}

/// What a run was asked for, as far as its batch can be applied in no other way.
struct RecordedOptions: Equatable, Sendable {
    var preserved: Options.Preserved = []
    var kindsWithoutTimes: Set<EntryKind> = []
    var deletion: Options.DeletionTime?
    /// Whether a full directory may be replaced without deletion.
    var force = false
}
