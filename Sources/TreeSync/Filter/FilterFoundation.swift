/// The rules of a run, ready for matching: what the scopes of both sides begin with.
struct FilterFoundation: Sendable {
    private let filters: FilterRules
    private let rules: CompiledRules
    private let unqualified: FilterRule.Sides

    /// `nil` where the options have no rules.
    init?(_ options: Options) {
        var filters = options.filtersWithBackups ?? FilterRules()
        if let rule = PartialFiles.exclusion(options.arrival) { filters.append(rule) }
        if filters.elements.isEmpty { return nil }
        self.filters = filters
        unqualified = options.deletesExcluded ? .source : .both
        rules = CompiledRules(filters.elements, unqualified: unqualified)
    }

    /// The scope of a root in which no file was read yet.
    ///
    /// - Parameters:
    ///   - path: the root's absolute path.
    ///   - directories: where files lie that a directory's own rules name.
    func scope(
        _ side: FilterRule.Sides, root path: [UInt8], _ directories: @escaping @Sendable () -> [DirectoryHandle]
    ) -> FilterScope {
        let base = FilterBase(filters, rules, side: side, unqualified: unqualified) {
            (file, origin) throws(FilterError) in
            try readNamed(file, origin, below: directories())
        } readAbove: { (place, name) throws(FilterError) in
            switch place {
            case .inTree(let directory): try readIn(directory, name, below: directories())
            case .aboveTree(let directory): try readAbove([UInt8(ascii: "/")] + directory.dropLast(), name)
            }
        }
        return FilterScope(base, root: path)
    }
}
