public import SystemPackage

extension Synchronizer {
    /// Applies the changes of a batch to `destination`, which must be as the batch's first destination was.
    ///
    /// What is not, somebody has changed since: it stays, and is a problem. What is already as it shall be is none, so
    /// that a batch may be applied again. The batch says what is preserved and deleted; the options say how contents
    /// arrive, when deletions are made and what is backed up. With `Options.ContentComparison.always` everything is
    /// applied, whatever the destination is.
    public init(applying batch: Batch, to destination: FilePath, options: Options = Options()) {
        self.init(sources: [], to: destination, options: options)
        self.batch = batch
    }

    /// With the options that a batch asks for.
    func applied() -> Synchronizer {
        guard let batch else { return self }
        var result = self
        result.options = options.applying(batch)
        return result
    }
}

extension Options {
    fileprivate func applying(_ batch: Batch) -> Options {
        var result = self
        let recorded = batch.options
        (result.recursive, result.copiesDirectories, result.copiesImpliedDirectories) = (true, true, true)
        result.preserved = recorded.preserved
        result.kindsWithoutTimes = recorded.kindsWithoutTimes
        let keepsTimes = recorded.preserved.contains(.times) && !recorded.kindsWithoutTimes.contains(.regular)
        if contentComparison != .always { result.contentComparison = keepsTimes ? .quickCheck : .contents }
        // What was chosen is chosen; links are stored as they shall be.
        (result.oneFileSystem, result.prunesEmptyDirectories, result.removesSources) = (false, false, false)
        (result.links.followed, result.links.leavesOutUnsafe, result.links.restoresMunged) = ([], false, false)
        result.sourceMarker = nil
        result.deletesMissingSources = false
        result.arrival.growth = nil
        result.force = force || recorded.force
        result.deletion = batch.index.deletes ? deletion ?? recorded.deletion ?? .after : nil
        return result
    }
}

extension Opening {
    /// The batch stands in the place of a directory. Its own descriptor is that of each directory: whoever looks for a
    /// name in it finds none (ENOTDIR).
    mutating func open(_ batch: Batch) throws(SynchronizationError) {
        do throws(Errno) {
            let root = RecordedDirectory(root: batch)
            let handle = DirectoryHandle(root: try duplicate(batch.file.raw), budget: budget)
            let layer = Layer(handle: handle, source: 0, device: .max, isOperand: false, recorded: root)
            let status = try root.rootStatus(synchronizer.options) ?? .recorded(.directory)
            append(layer, nil, in: destinationPath, status, synchronizer.destination)
        } catch {
            throw .source(synchronizer.destination, error)
        }
    }
}

extension Findings {
    /// Whether something in the directory itself is made, changed or removed.
    var changesDirectory: Bool {
        !items.isEmpty || !putOff.isEmpty || candidates > 0 || removal != nil
            || children.contains { $0.verb == .create || $0.verb == .copyBasis }
    }
}

// MARK: Recording without a run

extension Walk {
    /// Records what is planned for the entries of a directory.
    func recordPlanned(_ visit: Visit, _ found: Findings) {
        guard let recorder, plansChanges, let pair = visit.pair else { return }
        for item in visit.items {
            let task = EntryTask(visit, item, pair)
            recorder.record(task, at: task.path)
        }
        for item in found.putOff {
            let path = item.path
            postponed.putOff { mayReplace, _ in
                if mayReplace { item.withTask { recorder.record($0, at: path) } }
            }
        }
    }

    /// The same for a name of an inode with several, once it is decided.
    func record(_ candidate: LinkCandidate, _ work: HardLinkTable.Work, leader: RelativePath?) {
        guard let recorder else { return }
        let record = { @Sendable in
            switch work {
            case .nothing: break
            case .lead(let item): item.withTask { recorder.record($0, at: candidate.path) }
            case .link: candidate.item.withTask { recorder.record($0, at: candidate.path, linkedTo: leader) }
            }
        }
        guard candidate.waitsForGuards else { return record() }
        postponed.putOff { mayReplace, _ in if mayReplace { record() } }
    }
}

extension BatchWriter {
    /// Entries that would go away.
    func record(_ removal: PendingRemoval) {
        removal.list.forEach(below: removal.path) { path, _, state in recordDeletion(path.bytes, state) }
    }
}

extension Walk {
    /// What becomes of an entry that shall go away.
    enum Departure {
        /// It goes; the state is what a batch remembers of it.
        case goes(RecordedState?)
        /// It stays, because it cannot be looked at, which is reported.
        case stays
    }

    /// Where deletions are recorded, looks at what goes away: one more system call.
    func departure(
        of name: CName, _ kind: EntryKind, in at: At, _ path: @autoclosure () -> RelativePath
    ) -> Departure {
        guard recorder != nil else { return .goes(nil) }
        if kind == .directory { return .goes(.directory) }
        do throws(Errno) { return .goes(RecordedState(try at.status(name))) } catch {
            // Gone already: that is what was wanted.
            if error != .noSuchFileOrDirectory { fail(.readStatus, path(), kind, error, side: .destination) }
            return .stays
        }
    }
}
