import Testing

@testable import TreeSyncCommand
