internal import SystemPackage

/// One directory of the source that contributes to a directory of the destination: usually the only one.
final class Layer: Sendable {
    let handle: DirectoryHandle
    /// The name in the source where it is not the destination's: a single file under a new name. Lives as long as the
    /// layer and is never written.
    nonisolated(unsafe) let renamed: CName?
    /// The place among the synchroniser's sources of the one that it belongs to.
    let source: Int
    /// What of the directory takes part; `nil` for all that it holds.
    let selection: Selection?
    /// The directory that the selection's paths are relative to.
    let base: SelectionBase?
    /// The file system that `oneFileSystem` stays on.
    let device: UInt64
    /// Whether the directory was named for what it holds: an empty one is suspicious.
    let isOperand: Bool
    /// What a batch says in the place of a directory; `handle` is then that of the batch, in which no name is found.
    let recorded: RecordedDirectory?

    init(
        handle: DirectoryHandle, source: Int, device: UInt64, isOperand: Bool, selection: Selection? = nil,
        base: SelectionBase? = nil, sourceName: [CChar]? = nil, recorded: RecordedDirectory? = nil
    ) {
        self.recorded = recorded
        self.handle = handle
        self.source = source
        self.device = device
        self.isOperand = isOperand
        self.selection = selection
        self.base = base
        renamed = sourceName.map { name in
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: name.count)
            copy.update(from: name, count: name.count)
            return CName(copy)
        }
    }

    deinit { renamed.map { UnsafeMutablePointer(mutating: $0).deallocate() } }

    /// Whether all that the directory holds takes part.
    var listsAll: Bool { recorded == nil && selection?.listsAll ?? true }

    /// Whether the directory itself takes part.
    var isNamed: Bool { recorded.map { $0.own != nil } ?? selection?.isNamed ?? true }

    /// What is chosen under a name; `nil` where nothing is, or everything.
    @inline(__always)
    func choice(_ name: CName, _ length: Int) -> Selection.Choice? { selection?.choice(name, length) }

    /// What of a directory here takes part.
    func selection(below choice: Selection.Choice?, _ length: Int, _ options: Options) -> Selection? {
        guard let selection else { return options.recursive ? nil : .nothing }
        return selection.selection(below: choice, name: length, isRecursive: options.recursive)
    }

    /// Opens a directory here, and what of it takes part.
    ///
    /// - Parameters:
    ///   - scanned: what the scan saw; `nil` where it did not look.
    ///   - isOperand: whether it is a root of the source where it was not chosen by a selection.
    func child(_ name: [CChar], _ walk: Walk, _ scanned: Status?, isOperand: Bool) throws(Errno) -> Layer {
        if let recorded {
            guard let child = recorded.child(name) else { throw .noSuchFileOrDirectory }
            return Layer(handle: handle, source: source, device: device, isOperand: false, recorded: child)
        }
        let options = walk.options
        let length = name.count - 1
        guard let choice = choice(name, length), let base, let selection else {
            let handle = try open(name, walk, scanned)
            return Layer(
                handle: handle, source: source, device: device, isOperand: isOperand,
                selection: self.selection(below: nil, length, options), base: base)
        }
        let handle =
            choice.leads
            ? try base.openWay(name, in: handle, selection.path, scanned: scanned?.identity)
            : try open(name, walk, scanned)
        var device = device
        if options.oneFileSystem {
            device = try handle.use { (at) throws(Errno) in try Status.of(at.raw).device }
        }
        return Layer(
            handle: handle, source: source, device: device, isOperand: choice.entry != nil,
            selection: self.selection(below: choice, length, options), base: base)
    }
}

extension Layer {
    private func open(_ name: [CChar], _ walk: Walk, _ scanned: Status?) throws(Errno) -> DirectoryHandle {
        let opened = try name.withUnsafeBufferPointer { (name) throws(Errno) in
            try walk.openSourceDirectory(renamed ?? name.baseAddress!, in: handle, scanned)
        }
        if let scanned { try opened.mustBe(scanned.identity) }
        return opened
    }
}

extension Layer {
    /// What the attributes of an entry are read from: what the scan saw, wherever a link has come to lead since.
    func carrier(
        _ name: CName, _ at: At, _ status: Status, _ links: SourceLinks?, isPinned: Bool = false
    ) throws(Errno) -> SourceCarrier {
        if let recorded { return SourceCarrier(recorded: try recorded.attributes(name, terminated(name).count - 1)) }
        if status.kind == .directory, let selection, let base,
            choice(name, terminated(name).count - 1)?.leads == true, try at.status(name).kind == .symbolicLink
        {
            let way = try base.openWay(terminated(name), in: handle, selection.path, scanned: status.identity)
            let raw = try way.borrow()
            defer { way.giveBack() }
            return SourceCarrier(holding: try At(raw: raw).openPath("."))
        }
        return try SourceCarrier(name, at, status, links, isPinned: isPinned)
    }

    /// What the attributes of the directory itself are read from.
    func carrier(open raw: Int32) throws(Errno) -> AttributeCarrier {
        guard let recorded else { return .open(raw) }
        return .recorded(try recorded.ownAttributes())
    }
}

/// The directory that entries are chosen from.
struct SelectionBase: Sendable {
    let handle: DirectoryHandle
    let followsLinksOutside: Bool

    /// Opens a directory on the way to what is chosen, which may be a link to one.
    ///
    /// - Parameters:
    ///   - path: where `directory` lies below the base; empty or with a slash at its end.
    ///   - scanned: what a link must lead to still; `nil` where nobody has looked yet.
    /// - Throws: `staleNFSFileHandle` where a link leads to something else than was scanned.
    func openWay(
        _ name: [CChar], in directory: DirectoryHandle, _ path: some Sequence<UInt8>, scanned: FileIdentity? = nil
    ) throws(Errno) -> DirectoryHandle {
        do throws(Errno) {
            let child = try directory.openChild(name)
            if let scanned { try child.mustBe(scanned) }
            return child
        } catch {
            guard error == .notDirectory || error == .tooManySymbolicLinkLevels else { throw error }
        }
        let way = directory.adopt(try openReferent(name, in: directory, path))
        if let scanned { try way.use { (at) throws(Errno) in try Status.expect(scanned, of: at.raw) } }
        return way
    }

    private func openReferent(
        _ name: [CChar], in directory: DirectoryHandle, _ path: some Sequence<UInt8>
    ) throws(Errno) -> Int32 {
        if followsLinksOutside {
            return try directory.use { (at) throws(Errno) in try at.openDirectoryFollowing(name) }
        }
        let whole = path.map { CChar(bitPattern: $0) } + name
        return try handle.use { (at) throws(Errno) in try at.openDirectoryWithin(whole) }
    }

    /// The status of an entry that may be a link on the way to what is chosen.
    func statusOfWay(
        _ name: [CChar], in directory: DirectoryHandle, _ path: some Sequence<UInt8>
    ) throws(Errno) -> Status {
        let status = try directory.use { (at) throws(Errno) in try at.status(name) }
        guard status.kind == .symbolicLink else { return status }
        return try openWay(name, in: directory, path).use { (at) throws(Errno) in try Status.of(at.raw) }
    }
}
