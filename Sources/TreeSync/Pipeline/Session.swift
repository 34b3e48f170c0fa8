internal import SystemPackage

/// One run, or one planning, from the open roots to the report.
final class Session: Sendable {
    /// What is done with the two trees.
    enum Purpose {
        case planning, running, listing
        /// Planning, and what is planned goes into a batch.
        case recording
    }

    let purpose: Purpose
    let options: Options
    let rules: Rules
    let process: ProcessFacts
    let policy: AttributePolicy
    let pool: WorkPool
    let ledger = Ledger()
    let cancellation: Cancellation
    let listener: Listener
    let precision: TimePrecision
    let postponed: Postponed
    let roots: Roots
    /// What a first walk that only looked for deletions has met.
    private let firstFindings = Ledger()
    /// `nil` where there are no rules.
    let filtering: Filtering?
    /// `nil` where directories that hold nothing are copied.
    let pruning: Pruning?
    /// `nil` where nobody asks why.
    let inquiry: Inquiry?
    /// `nil` where no link of the source is followed.
    let sourceLinks: SourceLinks?
    /// `nil` where neither side keeps in attributes what only root may set.
    let storedTree: StoredTree?
    /// `nil` where devices are devices.
    let devices: Devices?
    /// `nil` where links of the destination to directories are no directories.
    let keptLinks: KeptLinks?
    /// The source, where it is a batch.
    let batch: Batch?
    /// `nil` where nothing is recorded.
    let recorder: BatchWriter?
    /// How paths are opened that somebody typed.
    let paths: TypedPaths
    /// Entries that go away from the source at the end: by way of links they may have to be read again, or what they
    /// became is not on the disk before.
    let sourcesToRemove = Lock<[DetachedItem]>([])
    /// Where files are made; `nil` for where they belong.
    let elsewhere: TemporaryDirectory?

    init(
        _ synchronizer: Synchronizer, process: ProcessFacts, cancellation: Cancellation, listener: Listener,
        purpose: Purpose, inquiry: Inquiry? = nil
    ) throws(SynchronizationError) {
        self.purpose = purpose
        options = synchronizer.options
        batch = synchronizer.batch
        self.inquiry = inquiry
        self.process = process
        self.cancellation = cancellation
        self.listener = listener
        storedTree = StoredTree(options)
        devices = Devices(options)
        let storesOwner = options.fakeSuper.contains(.destination)
        rules = Rules(
            options: options, changesOwner: storesOwner || options.mayDo(process.has(.changeOwner)),
            groups: process.groups,
            sourceChanges: SourceChanges(synchronizer.options, umask: process.umask))
        policy = AttributePolicy(process, options)
        pool = WorkPool(width: options.jobs ?? Self.defaultJobs(process), isFixed: options.jobs != nil)
        precision = TimePrecision(window: options.modifyWindow)
        postponed = Postponed(mayRetry: purpose == .running && options.deletion == .after)
        sourceLinks = try SourceLinks(options)
        try LinkPolicy(options.links).checkMunging()
        paths = TypedPaths(options.links, user: process.effectiveUser)
        let foundation = FilterFoundation(options)
        try PartialFiles.check(options.arrival)
        recorder =
            purpose == .running || purpose == .recording
            ? try BatchWriter(options, paths, process, isSource: batch != nil) : nil
        roots = try Roots.openAndMake(synchronizer, for: purpose, rules, paths, sourceLinks, foundation) {
            [ledger] problem in
            ledger.add(problem)
            listener.problem(problem)
        }
        filtering = foundation.map { [options, roots] in Filtering($0, options, roots) }
        pruning = Pruning(options, roots, sourceLinks)
        keptLinks = KeptLinks(options, roots)
        do throws(SynchronizationError) {
            try recorder?.check(roots)
            elsewhere = try TemporaryDirectory(
                purpose == .running ? options.arrival.temporaryDirectory : nil, below: roots.destinationPath,
                roots.budget, paths)
        } catch {
            if purpose == .running { roots.closeAgain() }
            throw error
        }
    }

    /// As many threads as there are processors, and at least two because one often waits for the disk; the pool adds
    /// some while they all wait.
    private static func defaultJobs(_ process: ProcessFacts) -> Int { max(2, min(process.processors, 16)) }

    /// The stages, one after the other.
    func run(executes: Bool) -> Report {
        let start = monotonicNanoseconds()
        let worker = Worker()
        let executor = executes ? Executor(self) : nil
        let collector = RemovalCollector()
        var refusal: GuardRefusal?
        if hasNothing { return report(nil, start) }
        if options.deletion == .before || (options.deletion == .during && hasGuards) {
            refusal = walkForRemovals(collector, executor, worker)
        }
        let policy = removalPolicy(refusal, collector)
        let walk = Walk(session: self, executor: executor, removals: policy)
        walk.run(worker)
        commitAll(executor, worker)
        if policy.extras == .collect || policy.fullDirectories == .putOff {
            spareLinked(collector, walk, ledger)
            refusal = refusal ?? judge(collector, ledger)
            if refusal == nil { removeCollected(collector, executor, worker) }
        }
        decidePostponed(mayReplace: refusal == nil && !cancellation.isCancelled, worker)
        commitAll(executor, worker)
        executor?.backupTree?.close()
        elsewhere?.restoreTime(roots.traits)
        if let executor, synchronize(executor) { removeSources(walk) }
        pool.close()
        walk.end()
        // A failure that was met by the first walk alone may be why nothing was deleted.
        for problem in ledger.addMissingProblems(of: firstFindings) { listener.problem(problem) }
        if collector.heldBack { refusal = refusal ?? .sourceErrors }
        if options.deletion == .during, collector.emptiesDestination, !options.allowsEmptySource {
            refusal = refusal ?? .emptySource
        }
        return report(refusal, start)
    }

    private var hasNothing: Bool {
        roots.layers.isEmpty && (roots.missing.isEmpty || (roots.destination == nil && purpose != .listing))
    }

    /// Whether anything may still stop deletions.
    private var hasGuards: Bool {
        options.deletionLimit != nil || !options.deletesDespiteErrors || !options.allowsEmptySource
            || options.sourceMarker != nil || keptLinks != nil
            || (!options.allowsUnmounted && roots.unmounted(sourceLinks) != nil)
    }

    private func removalPolicy(_ refusal: GuardRefusal?, _ collector: RemovalCollector) -> RemovalPolicy {
        switch options.deletion {
        case nil:
            RemovalPolicy(
                extras: roots.deletesMissing ? .collect : .keep, fullDirectories: options.force ? .putOff : .keep,
                collector: collector)
        case .after: RemovalPolicy(extras: .collect, fullDirectories: .putOff, collector: collector)
        case .before where refusal != nil, .during where refusal != nil:
            RemovalPolicy(extras: .keep, fullDirectories: .refused, collector: collector)
        case .before: RemovalPolicy(extras: .keep, fullDirectories: .cleared, collector: collector)
        case .during: RemovalPolicy(extras: .atOnce, fullDirectories: .atOnce, collector: collector)
        }
    }

    /// A walk that only looks for what has to go, and for `--delete-before` removes it.
    private func walkForRemovals(
        _ collector: RemovalCollector, _ executor: Executor?, _ worker: Worker
    ) -> GuardRefusal? {
        let policy = RemovalPolicy(extras: .collect, fullDirectories: .putOff, collector: collector)
        // Problems of this walk are met again by the next one, which reports them, but for those of deletions.
        let findings = firstFindings
        let walk = Walk(
            session: self, executor: nil, opener: executor, removals: policy, plansChanges: false, ledger: findings)
        walk.run(worker)
        walk.end()
        spareLinked(collector, walk, findings)
        let refusal = judge(collector, findings) ?? (collector.heldBack ? .sourceErrors : nil)
        if options.deletion == .before {
            for problem in ledger.addDeletionProblems(of: findings) { listener.problem(problem) }
        }
        if refusal == nil, options.deletion == .before { removeCollected(collector, executor, worker) }
        if options.deletion == .during { _ = collector.takeAll() }
        return refusal
    }

    /// What kept links lead to is known when everything was visited: where something could not be, nothing goes.
    private func spareLinked(_ collector: RemovalCollector, _ walk: Walk, _ ledger: Ledger) {
        guard keptLinks != nil else { return }
        guard ledger.hasReadingFailures || self.ledger.hasReadingFailures else {
            return collector.spare(walk.spareLinked)
        }
        collector.noteHeldBack()
        collector.spare { _ in false }
    }

    /// - Parameter ledger: of the walk; what was met in opening the roots is in the session's own.
    private func judge(_ collector: RemovalCollector, _ ledger: Ledger) -> GuardRefusal? {
        let planned = collector.total.total
        return Guards(options: options).refusal(
            planned: planned, held: ledger.destinationEntries + collector.nested,
            hasSourceFailures: ledger.hasSourceFailures || self.ledger.hasSourceFailures,
            emptiesDestination: collector.emptiesDestination,
            lacksMarker: planned > 0 && options.sourceMarker.map { roots.lacks($0, sourceLinks) } ?? false,
            unmounted: planned > 0 && !options.allowsUnmounted ? roots.unmounted(sourceLinks) : nil)
    }

    private func removeCollected(_ collector: RemovalCollector, _ executor: Executor?, _ worker: Worker) {
        let removals = collector.takeAll()
        if cancellation.isCancelled { return }
        for removal in removals { removal.announce(listener) }
        guard let executor else {
            for removal in removals { recorder?.record(removal) }
            var planned = Statistics()
            planned.deleted = collector.total
            return ledger.add(planned)
        }
        let walk = Walk(session: self, executor: executor, removals: RemovalPolicy())
        for removal in removals where !removal.isReplaced || options.deletion == .before {
            pool.add { worker in
                Removal(executor: executor, walk: walk).remove(removal, worker) { _ in
                    executor.restoreTime(removal, walk)
                }
            }
        }
        pool.drain(worker)
    }

    /// Names what is complete; directories that waited for it are finished. A name may be what further ones link to.
    private func commitAll(_ executor: Executor?, _ worker: Worker) {
        guard let executor else { return }
        while executor.commitAll(worker) { pool.drain(worker) }
    }

    /// - Returns: whether all that was named is on the disk, where that was asked for.
    private func synchronize(_ executor: Executor) -> Bool {
        do throws(Errno) { try executor.synchronize(roots) } catch {
            let problem = Problem(.write, RelativePath(bytes: []), .directory, errno: error)
            ledger.add(problem)
            listener.problem(problem)
        }
        return options.durability == .none || !ledger.hasUnfinishedDirectories
    }

    private func decidePostponed(mayReplace: Bool, _ worker: Worker) {
        for decision in postponed.takeDecisions() { pool.add { decision(mayReplace, $0) } }
        pool.drain(worker)
        // One after the other: what does not fit must not take the room of what does. The entries of a directory that
        // is made only now are copied side by side and may want a second turn.
        for isLast in [false, true] {
            for retry in postponed.takeRetries(isLast: isLast) {
                pool.add(retry)
                pool.drain(worker)
            }
        }
    }

    /// Everything is in the destination, so that nothing in the source is needed again.
    private func removeSources(_ walk: Walk) {
        let items = sourcesToRemove.withLock { $0 }
        for item in items { item.withTask { SourceRemoval(walk: walk).remove($0) } }
    }

    /// The batch gets its name. A stopped run's holds what was done until then.
    private func finishBatch() {
        guard let recorder else { return }
        if purpose == .recording, cancellation.isCancelled { return recorder.discard() }
        guard let failure = recorder.finish() else { return }
        let problem = Problem(.writeBatch, .root, errno: failure)
        ledger.add(problem)
        listener.problem(problem)
    }

    private func report(_ refusal: GuardRefusal?, _ start: Int64) -> Report {
        finishBatch()
        listener.progressed { $0.isScanComplete = true }
        listener.finishProgress()
        var report = Report()
        report.statistics = ledger.statistics
        report.problems = ledger.problems
        report.refusal = refusal
        report.isCancelled = cancellation.isCancelled
        report.createdDestination = roots.isDestinationNew && !roots.layers.isEmpty
        report.duration = .nanoseconds(monotonicNanoseconds() - start)
        return report
    }
}
