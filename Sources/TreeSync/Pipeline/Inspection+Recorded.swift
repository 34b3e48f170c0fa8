internal import SystemPackage

// A source that is a batch.

extension Inspection {
    func layer(_ left: Int) -> Layer { layers[Int(source.slots[left].layer)] }

    private func recorded(_ left: Int) -> RecordedDirectory? { layer(left).recorded }

    /// What the batch says of an entry; `nil` where it cannot be read any more, which is reported.
    private func record(_ left: Int) -> (record: BatchRecord, entry: RecordedEntry)? { try? readRecord(left) }

    private func readRecord(
        _ left: Int
    ) throws(ComparisonFailure) -> (record: BatchRecord, entry: RecordedEntry)? {
        do throws(Errno) {
            return try recorded(left)?.entry(source.name(left), source.length(left))
        } catch {
            throw failure(.readFile, left, source.slots[left].kind, error)
        }
    }

    /// Whether the directory is only on the way to what changes.
    func isRecordedWay(_ left: Int) -> Bool {
        recorded(left)?.choice(source.name(left), source.length(left))?.own == nil
    }

    /// A directory that stays as it is; the destination must have it.
    func planRecordedWay(_ left: Int, _ right: Int?, _ at: At, _ found: inout Findings) {
        guard let right, let existing = try? at.status(destination.name(right)), existing.kind == .directory else {
            return walk.report(Problem(.openDirectory, path(left), .directory, cause: .notAsRecorded))
        }
        source.statuses[left] = existing
        destination.statuses[right] = existing
        found.children.append(
            Child(
                source: Int32(left), destination: Int32(right), differences: [], verb: nil, isEntered: true,
                isBare: true))
    }

    func recordedStatus(_ left: Int) -> Status? {
        do throws(Errno) {
            guard let recorded = recorded(left) else { throw .noSuchFileOrDirectory }
            return try recorded.status(source.name(left), source.length(left), walk)
        } catch {
            walk.fail(.readStatus, path(left), source.slots[left].kind, error, side: .source)
            return nil
        }
    }

    // MARK: What the destination must be

    /// Whether two times of the destination's file system count as equal; `nil` where times are not preserved, so that
    /// they say nothing of whether somebody has changed an entry.
    private func sameTime(_ status: Status, _ at: At) -> ((Timestamp, Timestamp) -> Bool)? {
        guard walk.rules.preservesTime(status.kind) else { return nil }
        return { walk.precision.areEqual($0, $1, in: at.raw, device: status.device) }
    }

    /// Whether what is planned may be done: the destination's entry is the one that the batch replaces, or is already
    /// what it shall be but for its attributes. Else somebody has changed it since, which is reported.
    func isExpected(_ left: Int, _ status: Status, _ existing: Status?, _ verb: ItemVerb?, _ at: At) -> Bool {
        guard verb != nil, walk.options.contentComparison != .always else { return true }
        if existing?.kind == .directory, status.kind == .directory { return true }
        guard let (record, entry) = self.record(left) else { return false }
        if verb == .setAttributes, entry.role != .attributes { return true }
        let isSame: Bool
        if let existing {
            let states = [record.old, entry.role == .attributes ? RecordedState(entry.status) : nil]
            isSame =
                isUnfinished(existing)
                || states.contains { $0?.matches(existing, sameTime: sameTime(existing, at)) ?? false }
                || holdsContents(left, status, existing, entry, at)
        } else {
            isSame = record.old == nil
        }
        if !isSame { walk.report(Problem(.replace, path(left), status.kind, cause: .notAsRecorded)) }
        return isSame
    }

    /// Whether only the time could not be set when the batch was applied before, or somebody has touched the file.
    private func holdsContents(
        _ left: Int, _ status: Status, _ existing: Status, _ entry: RecordedEntry, _ at: At
    ) -> Bool {
        guard entry.role != .attributes, status.kind == .regular, existing.kind == .regular,
            existing.size == status.size
        else { return false }
        return (try? recordedContentsDiffer(left, source.name(left), status, at)) == false
    }

    /// Whether an interrupted run has left the beginning of a file, which the next one goes on with.
    private func isUnfinished(_ existing: Status) -> Bool {
        existing.kind == .regular && existing.modified == .unfinished
            && walk.options.arrival.keptPartialFiles == .inPlace
    }

    /// Where the run that was recorded has only set attributes, contents stay here too.
    func recordedVerb(_ left: Int, _ verb: ItemVerb?) -> ItemVerb? {
        guard verb == .update, record(left)?.entry.role == .attributes else { return verb }
        return .setAttributes
    }

    func isExpectedToGo(_ right: Int, _ kind: EntryKind, _ at: At) -> Bool {
        walk.isExpectedToGo(
            visit.path(of: destination.name(right), destination.length(right)), destination.name(right), kind, at)
    }

    // MARK: Contents

    /// Whether contents are read to find out if they differ. Of a batch that is where size and time do not tell what the
    /// file was from what it shall be.
    func comparesContents(_ left: Int) throws(ComparisonFailure) -> Bool {
        if walk.options.contentComparison == .contents { return true }
        guard isRecorded, walk.options.contentComparison == .quickCheck,
            let (record, entry) = try readRecord(left)
        else { return false }
        return entry.contents != nil && record.old?.kind == .regular && record.old?.size == entry.status.size
            && record.old?.modified == entry.status.modified
    }

    func recordedContentsDiffer(
        _ left: Int, _ name: CName, _ status: Status, _ at: At
    ) throws(ComparisonFailure) -> Bool {
        guard let batch = walk.batch, let entry = try readRecord(left)?.entry else { return false }
        let found: RecordedContents?
        do throws(Errno) { found = try recorded(left)?.contents(entry) } catch {
            throw failure(.readFile, left, .regular, error)
        }
        guard let contents = found else { return false }
        // A destination that cannot be read is written anew.
        guard let present = try? at.openForReading(name) else { return true }
        return try differ(left, SourceFile(contents, in: batch.file), OpenFile(raw: present.raw), status.size)
    }
}

extension Walk {
    /// Whether a batch says that the entry goes away, and it is the one that went away where the batch was recorded. Else
    /// it has been changed or added since: it stays, which is reported.
    func isExpectedToGo(_ path: RelativePath, _ name: CName, _ kind: EntryKind, _ at: At) -> Bool {
        guard let batch else { return true }
        let place = batch.index.place(of: path.bytes)
        if let place, place.kind == nil {
            if options.contentComparison == .always { return true }
            if let old = try? batch.record(place).old, let status = try? at.status(name) {
                let isSame = old.matches(
                    status,
                    sameTime: rules.preservesTime(status.kind)
                        ? { self.precision.areEqual($0, $1, in: at.raw, device: status.device) } : nil)
                if isSame { return true }
            }
        }
        report(Problem(.delete, path, kind, cause: .notAsRecorded))
        return false
    }
}
