import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// What is said of one path, between two trees.
func explain(
    _ source: [Name: Tree], _ destination: [Name: Tree], _ path: String, _ options: Options = .deleting(),
    jobs: Int = 2
) throws -> Explanation {
    try withTemporaryDirectory { folder in
        let mirror = try Mirror(in: folder, .directory(source), .directory(destination), options: options)
        let found = try mirror.explain([RelativePath(bytes: Array(path.utf8))], jobs: jobs)
        return try #require(found.explanations.first)
    }
}

extension Mirror {
    func explain(_ paths: [RelativePath], jobs: Int) throws -> (explanations: [Explanation], report: Report) {
        let synchronizer = Synchronizer(
            from: FilePath(source), to: FilePath(destination), options: options.with { $0.jobs = jobs })
        return try synchronizer.explainBlocking(paths.map(filePath))
    }

    func explain(paths: [String]) throws -> [Explanation] {
        let synchronizer = Synchronizer(from: FilePath(source), to: FilePath(destination), options: options)
        return try synchronizer.explainBlocking(paths.map { FilePath($0) }).explanations
    }

    private func filePath(_ path: RelativePath) -> FilePath {
        let bytes = path.bytes.isEmpty ? Array(".".utf8) : path.bytes
        return (bytes.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer {
            FilePath(platformString: $0.baseAddress!)
        }
    }
}

extension Explanation {
    var verb: Action.Verb? { if case .action(let action) = outcome { action.verb } else { nil } }
}

extension FilterRule {
    func with(_ change: (inout FilterRule) -> Void) -> FilterRule {
        var rule = self
        change(&rule)
        return rule
    }
}

/// A path of a literal.
func at(_ path: String) -> RelativePath { RelativePath(bytes: Array(path.utf8)) }
