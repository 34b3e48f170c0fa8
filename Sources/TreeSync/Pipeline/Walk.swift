internal import SystemPackage
import Synchronization

/// Everything that one walk over both trees shares: the rules, the threads, the ledger.
///
/// The walk reads as the pipeline: `visit` scans, compares and plans one directory; what it plans goes to the order,
/// which speaks in the order of the tree, and to the executor, where there is one. Planning is a walk without executor.
final class Walk: @unchecked Sendable {
    let options: Options
    let rules: Rules
    let process: ProcessFacts
    let policy: AttributePolicy
    let pool: WorkPool
    let ledger: Ledger
    let cancellation: Cancellation
    let listener: Listener
    let precision: TimePrecision
    let stock = InventoryStock()
    /// Directories that are known and not scanned yet.
    private let unscanned = Atomic<Int>(1)
    /// Nothing is written without one.
    let executor: Executor?
    /// Opens directories that their permissions keep closed, where something will be written, if not in this walk.
    let opener: Executor?
    /// What becomes of entries that only the destination has, and of full directories in the way.
    let removals: RemovalPolicy
    /// Whether differences are planned; without, only deletions are looked for.
    let plansChanges: Bool
    /// Whether directories that only the source has are entered: to plan what they hold, or because one that cannot be read
    /// keeps everything else from being deleted.
    var entersNewDirectories: Bool { plansChanges || !options.deletesDespiteErrors }
    /// `nil` where nothing depends on the order.
    private(set) var order: TreeOrder?
    let links: HardLinkTable?
    let roots: Roots
    let postponed: Postponed
    /// `nil` where there are no rules.
    let filtering: Filtering?
    /// `nil` where directories that hold nothing are copied.
    let pruning: Pruning?
    /// `nil` where nobody asks why.
    let inquiry: Inquiry?
    /// The source, where it is a batch.
    let batch: Batch?
    /// `nil` where nothing is recorded.
    let recorder: BatchWriter?
    /// Whether the source is only listed.
    let isListing: Bool
    let linkPolicy: LinkPolicy
    /// `nil` where no link of the source is followed.
    let sourceLinks: SourceLinks?
    /// `nil` where neither side keeps in attributes what only root may set.
    let storedTree: StoredTree?
    /// `nil` where devices are devices.
    let devices: Devices?
    /// `nil` where links of the destination to directories are no directories.
    let keptLinks: KeptLinks?
    /// Where `--remove-source-files` has to wait.
    let sourcesToRemove: Lock<[DetachedItem]>

    init(
        session: Session, executor: Executor?, opener: Executor? = nil, removals: RemovalPolicy,
        plansChanges: Bool = true, ledger: Ledger? = nil
    ) {
        self.opener = opener ?? executor
        roots = session.roots
        options = session.options
        isListing = session.purpose == .listing
        rules = session.rules
        process = session.process
        policy = session.policy
        pool = session.pool
        self.ledger = ledger ?? session.ledger
        cancellation = session.cancellation
        // What is only looked for is told when it is done.
        listener = plansChanges ? session.listener : Listener([]) { _ in }
        precision = session.precision
        postponed = session.postponed
        filtering = session.filtering
        pruning = session.pruning
        inquiry = session.inquiry
        batch = session.batch
        recorder = session.recorder
        linkPolicy = LinkPolicy(session.options.links)
        sourceLinks = session.sourceLinks
        storedTree = session.storedTree
        devices = session.devices
        keptLinks = session.keptLinks
        sourcesToRemove = session.sourcesToRemove
        self.executor = executor
        self.removals = removals
        self.plansChanges = plansChanges
        links =
            plansChanges && session.rules.options.preserved.contains(.hardLinks)
            ? HardLinkTable(followsLinks: session.sourceLinks != nil) : nil
        let recordsOrder = recorder != nil && executor == nil && plansChanges
        if listener.wants(.planned) || listener.wants(.kept) || links != nil || recordsOrder {
            order = TreeOrder { [unowned self] utterance, visit in speak(utterance, visit) }
        }
    }

    /// Forgets what a cancelled walk has left.
    func end() { order?.end() }

    /// Visits the whole tree; returns when everything that need not wait is done.
    func run(_ worker: Worker) {
        let root = roots.makeVisit(self)
        order?.begin(root)
        count(root)
        visit(root, worker)
        pool.drain(worker)
    }

    /// The root counts as an entry.
    private func count(_ root: Visit) {
        guard root.coverage != .entriesAlone, plansChanges else { return }
        var statistics = Statistics()
        statistics.entries.add(.directory)
        if let verb = root.verb, executor == nil { statistics.record(verb, root.source, isNew: root.existing == nil) }
        ledger.add(statistics)
    }

    // MARK: One directory

    func visitChild(_ parent: Visit, _ index: Int, _ worker: Worker) {
        guard !cancellation.isCancelled else {
            parent.releaseInventories()
            order?.skipped(index, of: parent)
            return parent.complete(worker)
        }
        let child = makeVisit(parent, index)
        parent.releaseInventories()
        order?.started(child)
        visit(child, worker)
    }

    private func makeVisit(_ parent: Visit, _ index: Int) -> Visit {
        guard let pair = parent.pair else { preconditionFailure("inventories outlive the children") }
        let child = parent.children[index]
        let source = Int(child.source)
        let destination = Int(child.destination)
        let name = pair.source.name(source)
        let layer = Int(pair.source.slots[source].layer)
        return Visit(
            walk: self, parent: parent, position: index,
            name: Array(UnsafeBufferPointer(start: name, count: pair.source.length(source) + 1)),
            source: pair.source.statuses[source],
            existing: destination < 0 ? nil : pair.destination.statuses[destination], child: child,
            sourceLayers: child.layers.isEmpty ? [layer] : child.layers)
    }

    /// Scan, compare, plan, then execute or leave it.
    func visit(_ visit: Visit, _ worker: Worker) {
        guard enterDestination(visit) else { return abandon(visit, worker) }
        keptLinks?.note(visit)
        let pair = stock.take()
        visit.pair = pair
        enterBases(visit)
        // What is not entered is opened all the same where something hangs on it.
        let isWanted = visit.isEntered || (rules.comparesAttributes && visit.verb != nil)
        guard isWanted, enterSource(visit), visit.isEntered, list(visit, pair, worker) else {
            return settle(visit, Findings(), worker)
        }
        inspect(visit, pair, worker)
    }

    /// Everything in the directory is planned: makes it where it is new, then executes or leaves it.
    func settle(_ visit: Visit, _ found: Findings, _ worker: Worker) {
        switch makeDestination(visit, found, worker) {
        case .made: break
        case .failed: return abandon(visit, worker)
        case .later: return visit.forget()
        }
        var found = found
        if isListing { announceMissing(visit, &found) }
        announce(visit, &found)
        announceLeftovers(visit, &found)
        count(found)
        visit.children = found.children
        visit.items = found.items
        proceed(visit, found, worker)
    }

    private func proceed(_ visit: Visit, _ found: Findings, _ worker: Worker) {
        let waiting = executor == nil ? 0 : found.candidates + found.putOff.count
        visit.hold(visit.children.count + waiting)
        visit.retainInventories(visit.children.count)
        if removals.extras == .collect, let removal = found.removal { removals.collector?.append(removal) }
        if recorder != nil { visit.hasChanges = found.changesDirectory }
        order?.planned(visit, found.utterances)
        execute(visit, found, worker)
    }

    /// The visit and all below it come to nothing: its directory could not be made or opened.
    private func abandon(_ visit: Visit, _ worker: Worker) {
        var found = Findings()
        if executor == nil { announce(visit, &found) }
        let isLast = noteScanned(children: 0)
        listener.progressed { if isLast { $0.isScanComplete = true } }
        order?.planned(visit, found.utterances)
        visit.releaseInventories()
        visit.complete(worker)
    }

    private func count(_ found: Findings) {
        ledger.add(found.scanned)
        ledger.addDestinationEntries(found.destinationEntries)
        if executor == nil { ledger.add(found.planned) }
        let isLast = noteScanned(children: found.children.count)
        listener.progressed { progress in
            if isLast { progress.isScanComplete = true }
            progress.scannedEntries += found.scanned.entries.total
            progress.plannedFiles += found.planned.copiedFiles
            progress.plannedBytes.addSaturating(found.planned.copiedSize)
        }
    }

    /// - Returns: whether no directory is left to be scanned.
    private func noteScanned(children: Int) -> Bool {
        unscanned.add(children - 1, ordering: .relaxed).newValue == 0
    }

    // MARK: Order

    /// Called in the order of the tree, by one thread at a time.
    private func speak(_ utterance: Utterance, _ visit: Visit) {
        switch utterance {
        case .action(let action): listener.planned(action)
        case .kept(let entry): listener.kept(entry)
        case .linkCandidate(let candidate): links?.decide(candidate, self)
        case .removal(let removal):
            removal.announce(listener)
            if executor == nil, plansChanges { recorder?.record(removal) }
        }
    }
}
