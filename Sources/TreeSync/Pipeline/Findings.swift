/// What scanning, comparing and planning one directory has found.
struct Findings {
    var items: [Item] = []
    var children: [Child] = []
    var utterances: [Utterance] = []
    /// What takes the place of a full directory, once its contents may go.
    var putOff: [DetachedItem] = []
    /// Entries that only the destination has.
    var removal: PendingRemoval?
    /// Temporaries that an interrupted run left behind, by their places in the destination's inventory.
    var leftovers: [Int] = []
    /// Names of inodes with several, among the utterances.
    var candidates = 0
    /// New entries that are small enough to be made before their directory has its name.
    var quick = 0
    var scanned = Statistics()
    var planned = Statistics()
    var destinationEntries = 0

    /// Appends what another thread has found behind it in the same directory.
    mutating func append(_ other: Findings) {
        items += other.items
        children += other.children
        utterances += other.utterances
        putOff += other.putOff
        leftovers += other.leftovers
        candidates += other.candidates
        quick += other.quick
        scanned.add(other.scanned)
        planned.add(other.planned)
        guard let removal = other.removal else { return }
        if let begun = self.removal { begun.list.append(removal.list) } else { self.removal = removal }
    }
}
