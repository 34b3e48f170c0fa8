internal import SystemPackage

/// What one directory holds on one side: a name and a kind for each entry, in byte order, and its status once it is
/// asked for.
///
/// Raw memory that is used again for the next directory: a walk over equal trees allocates nothing per entry. One
/// thread fills and sorts it; afterwards it is only read, but for the statuses, of which each belongs to one thread.
final class Inventory: @unchecked Sendable {
    /// One name, in 24 bytes.
    struct Slot {
        /// Eight bytes of the name, most significant first, while it is being sorted.
        var word: UInt64
        var offset: UInt32
        /// Which root of the source it comes from; 0 where there is one.
        var layer: UInt32
        var length: UInt16
        /// `nil` where the file system keeps no kind in its directories.
        var kind: EntryKind?
    }

    // Read for each entry, many times; nothing is called while one of them is changed.
    @exclusivity(unchecked) private(set) var names: UnsafeMutablePointer<CChar>
    @exclusivity(unchecked) private(set) var slots: UnsafeMutablePointer<Slot>
    @exclusivity(unchecked) private(set) var statuses: UnsafeMutablePointer<Status>
    @exclusivity(unchecked) private(set) var count = 0
    private var nameBytes = 0
    private var nameCapacity = 4096
    private var slotCapacity = 128
    private var statusCapacity = 128
    /// Bytes that may be read behind the last name, for loads of whole words.
    private static let slack = 8

    init() {
        names = .allocate(capacity: nameCapacity)
        slots = .allocate(capacity: slotCapacity)
        statuses = .allocate(capacity: statusCapacity)
    }

    deinit {
        names.deallocate()
        slots.deallocate()
        statuses.deallocate()
    }

    /// Forgets the entries and keeps the memory, unless it is that of a very wide directory.
    func removeAll() {
        count = 0
        nameBytes = 0
        if slotCapacity > 32_768 {
            replace(&names, capacity: 4096, keeping: 0)
            replace(&slots, capacity: 128, keeping: 0)
            replace(&statuses, capacity: 128, keeping: 0)
            (nameCapacity, slotCapacity, statusCapacity) = (4096, 128, 128)
        }
    }

    func append(_ name: CName, length: Int, kind: EntryKind?, layer: Int) {
        if nameBytes + length + 1 + Self.slack > nameCapacity {
            nameCapacity = max(nameCapacity * 2, nameBytes + length + 1 + Self.slack)
            replace(&names, capacity: nameCapacity, keeping: nameBytes)
        }
        if count == slotCapacity {
            slotCapacity *= 2
            replace(&slots, capacity: slotCapacity, keeping: count)
        }
        (names + nameBytes).update(from: name, count: length + 1)
        slots[count] = Slot(
            word: 0, offset: UInt32(nameBytes), layer: UInt32(layer), length: UInt16(length), kind: kind)
        nameBytes += length + 1
        count += 1
    }

    /// Puts the names in byte order and makes room for a status each.
    ///
    /// - Parameter layers: how many roots of the source the names come from. Where there are several, equal names
    ///   stand in the order of the roots.
    func sort(layers: Int = 1) {
        sortNames(slots, count, names)
        if layers > 1 { sortEqualNames(slots, count, names) }
        if count > statusCapacity {
            statusCapacity = count
            statuses.deallocate()
            statuses = .allocate(capacity: statusCapacity)
        }
    }

    /// Takes entries out; the others keep their order.
    func removeAll(where isGone: (Int) throws -> Bool) rethrows {
        var kept = 0
        for index in 0..<count where try !isGone(index) {
            slots[kept] = slots[index]
            kept += 1
        }
        count = kept
    }

    /// The place of a root's entry; `nil` where there is none of this name.
    func index(of name: [UInt8], layer: Int) -> Int? {
        (0..<count).first { index in
            length(index) == name.count && Int(slots[index].layer) == layer
                && name.withUnsafeBytes { equalBytes(self.name(index), $0.baseAddress!, name.count) }
        }
    }

    @inline(__always)
    func name(_ index: Int) -> CName { CName(names + Int(slots[index].offset)) }

    @inline(__always)
    func length(_ index: Int) -> Int { Int(slots[index].length) }

    func bytes(_ index: Int) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: name(index), count: length(index)))
    }

    private func replace<Element>(
        _ memory: inout UnsafeMutablePointer<Element>, capacity: Int, keeping kept: Int
    ) {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
        larger.update(from: memory, count: kept)
        memory.deallocate()
        memory = larger
    }
}

/// Both sides of one directory.
final class InventoryPair: Sendable {
    let source = Inventory()
    let destination = Inventory()

    func removeAll() {
        source.removeAll()
        destination.removeAll()
    }
}
