internal import SystemPackage

// Kinds that a directory does not tell: of links that are followed, and where the file system keeps none.

extension Walk {
    /// Completes the kinds of the source's entries, for rules and for the merge of several roots to see. Links that are
    /// followed have the kinds of what they lead to.
    ///
    /// Where something depends on a kind that cannot be found out, which is reported, nothing in the directory counts as
    /// missing. Else the inspection will say what is wrong.
    ///
    /// - Returns: names of which no entry may take part, because nobody knows what they are.
    func completeKinds(_ visit: Visit, _ inventory: Inventory) -> Set<[UInt8]> {
        let areNeeded = filtering != nil || visit.layers.count > 1
        guard areNeeded || sourceLinks != nil else { return [] }
        var unknown: Set<[UInt8]> = []
        for index in 0..<inventory.count {
            let slot = inventory.slots[index]
            let layer = visit.layers[Int(slot.layer)]
            guard slot.kind == nil || (slot.kind == .symbolicLink && sourceLinks != nil), layer.recorded == nil else {
                continue
            }
            do throws(Errno) {
                inventory.slots[index].kind = try kind(
                    layer.renamed ?? inventory.name(index), in: layer.handle, depth: visit.depth)
            } catch {
                guard areNeeded else { continue }
                let path = visit.path(of: inventory.name(index), inventory.length(index))
                fail(.readStatus, path, slot.kind, error, side: .source)
                unknown.insert(inventory.bytes(index))
            }
        }
        if !unknown.isEmpty { visit.isListingIncomplete = true }
        return unknown
    }

    private func kind(_ name: CName, in directory: DirectoryHandle, depth: Int) throws(Errno) -> EntryKind {
        try directory.use { (at) throws(Errno) in
            if let sourceLinks { return try sourceLinks.kind(name, in: at, depth: depth) }
            return try at.status(name).kind
        }
    }
}
