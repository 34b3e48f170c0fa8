import Testing
import TreeTesting

/// Runs the body of a test that ends its process as an unprivileged user; says which error it threw, where the process
/// would just trap.
func asUnprivileged(sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void) {
    do {
        try becomeUnprivileged()
        try body()
    } catch {
        Issue.record(error, sourceLocation: sourceLocation)
    }
}
