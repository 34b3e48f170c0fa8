internal import SystemPackage

/// Two entries could not be compared, which is reported: nobody knows whether they are equal.
struct ComparisonFailure: Error {
    /// Which of them could not be read.
    let side: Walk.Side
}

extension Inspection {
    @inline(__always)
    func sourceName(_ left: Int) -> CName {
        isNamedAlike ? source.name(left) : layers[Int(source.slots[left].layer)].renamed ?? source.name(left)
    }

    /// Everything that is compared of two entries of one name.
    ///
    /// - Parameters:
    ///   - name: what the entry beside the source's is called in the directory `at`.
    @inline(__always)
    func compare(
        _ left: Int, _ name: CName, _ status: Status, _ existing: Status, _ from: At, _ at: At
    ) throws(ComparisonFailure) -> Differences {
        guard walk.plansChanges else { return status.kind == existing.kind ? [] : .kind }
        var found = comparison.differences(status, existing) { (new, old) in
            walk.precision.areEqual(new, old, in: at.raw, device: existing.device)
        }
        if found.contains(.kind) { return found }
        if status.isDevice || existing.isDevice {
            found = try comparingDevice(found, left, name, status, existing, from, at)
        }
        if status.kind == .symbolicLink, try targetsDiffer(left, name, status, existing, from, at) {
            found.insert(.content)
            if !walk.rules.preservesTime(.symbolicLink) {
                // As rsync prints it where the times of links alone are left alone.
                found.insert(walk.options.preserved.contains(.times) ? .time : .timeOfCopy)
            }
        }
        if status.kind == .regular, !status.isDevice, !existing.isDevice {
            if try comparesContents(left),
                try found.contains(.size) ? true : contentsDiffer(left, name, status, existing, from, at)
            {
                found.insert(.content)
            } else if walk.rules.mustBeRead(status, existing), !walk.rules.differencesNeedCopy(found, .regular),
                try contentsDiffer(left, name, status, existing, from, at)
            {
                found.insert(.content)
            }
            if !walk.rules.preservesTime(.regular), walk.rules.differencesNeedCopy(found, .regular) {
                found.insert(.timeOfCopy)
            }
        }
        if walk.rules.comparesAttributes {
            found.formUnion(try compareAttributes(left, name, status, existing, from, at))
        }
        return found
    }

    private func targetsDiffer(
        _ left: Int, _ name: CName, _ status: Status, _ existing: Status, _ from: At, _ at: At
    ) throws(ComparisonFailure) -> Bool {
        let wanted: [UInt8]
        do {
            let said = try layer(left).linkText(sourceName(left), status, in: from)
            wanted = walk.linkPolicy.stored(walk.linkPolicy.taken(said))
        } catch {
            throw failure(.readLink, left, .symbolicLink, error)
        }
        // Nothing can be stored with a real link: a file takes its place.
        if walk.rules.stores, existing.held == nil { return true }
        return wanted != (try? at.linkText(name, existing))
    }

    /// Compares as many bytes as the source's file has.
    func contentsDiffer(
        _ left: Int, _ name: CName, _ status: Status, _ existing: Status, _ from: At, _ at: At
    ) throws(ComparisonFailure) -> Bool {
        if isRecorded { return try recordedContentsDiffer(left, name, status, at) }
        let wanted: Descriptor
        do { wanted = try walk.openSource(sourceName(left), in: from, status) } catch {
            throw failure(.readFile, left, .regular, error)
        }
        // A destination that cannot be read is written anew.
        guard let present = try? openPresent(name, existing, at) else { return true }
        return try differ(left, SourceFile(OpenFile(raw: wanted.raw)), OpenFile(raw: present.raw), status.size)
    }

    /// Whether `size` bytes of two open files differ. A source that cannot be read is a problem.
    func differ(_ left: Int, _ wanted: SourceFile, _ present: OpenFile, _ size: Int64) throws(ComparisonFailure) -> Bool
    {
        do throws(ReadFailure) {
            let comparison = ContentComparison(cancellation: walk.cancellation)
            return try !comparison.areEqual(
                wanted, present, size: size, worker.copyBuffer(), worker.comparisonBuffer())
        } catch {
            switch error {
            case .destination: return true
            case .source(let errno): throw failure(.readFile, left, .regular, errno)
            }
        }
    }

    /// Reports why an entry cannot be compared.
    func failure(
        _ operation: Problem.Operation, _ left: Int, _ kind: EntryKind?, _ errno: Errno, side: Walk.Side = .source
    ) -> ComparisonFailure {
        walk.fail(operation, path(left), kind, errno, side: side)
        return ComparisonFailure(side: side)
    }

    private func openPresent(_ name: CName, _ existing: Status, _ at: At) throws(Errno) -> Descriptor {
        if existing.isDevice { return try at.openBlockDevice(name, existing, .readingAlone) }
        return try at.openForReading(name)
    }

    private func compareAttributes(
        _ left: Int, _ name: CName, _ status: Status, _ existing: Status, _ from: At, _ at: At
    ) throws(ComparisonFailure) -> Differences {
        let comparison =
            attributeComparison
            ?? AttributeComparison(
                preserved: walk.options.preserved, policy: visit.policy(Int(source.slots[left].layer)))
        do throws(ReadFailure) {
            if isPlain, !existing.isReferent {
                return try walk.differences(
                    comparison, .named(from, source.name(left)), .named(at, name), path(left), worker.attributes)
            }
            let carrier: SourceCarrier
            do throws(Errno) {
                carrier = try layer(left).carrier(sourceName(left), from, status, walk.sourceLinks)
            } catch { throw .source(error) }
            return try differences(comparison, carrier, left, name, existing, at)
        } catch {
            switch error {
            case .source(let errno): throw failure(.readExtendedAttributes, left, status.kind, errno)
            case .destination(let errno):
                throw failure(.readExtendedAttributes, left, status.kind, errno, side: .destination)
            }
        }
    }
}

extension Inspection {
    /// The destination's directory may be one that a kept link leads to.
    private func differences(
        _ comparison: AttributeComparison, _ source: borrowing SourceCarrier, _ left: Int, _ name: CName,
        _ existing: Status, _ at: At
    ) throws(ReadFailure) -> Differences {
        guard existing.isReferent, let keptLinks = walk.keptLinks else {
            return try walk.differences(comparison, source.carrier, .named(at, name), path(left), worker.attributes)
        }
        let kept: Descriptor
        do throws(Errno) { kept = try keptLinks.pin(name, at, existing.identity) } catch {
            throw .destination(error)
        }
        return try walk.differences(comparison, source.carrier, .open(kept.raw), path(left), worker.attributes)
    }
}

/// The source's directories of one visit, held open while their entries are inspected.
struct BorrowedLayers: ~Copyable {
    private let layers: [Layer]
    private let descriptors: [Int32]

    init(_ layers: [Layer]) {
        self.layers = layers
        descriptors = layers.map { (try? $0.handle.borrow()) ?? -1 }
    }

    deinit {
        for (layer, descriptor) in zip(layers, descriptors) where descriptor >= 0 { layer.handle.giveBack() }
    }

    subscript(index: Int) -> At { At(raw: descriptors[index]) }
}
