import Testing

@testable import TreeSyncCommand

/// Numbers of bytes as rsync's manual describes them.
@Suite struct ByteSizeTests {
    @Test(arguments: [
        ("0", 0), ("100", 100), ("1b", 1), ("512B", 512), ("1k", 1024), ("1K", 1024), ("1kb", 1000), ("1KB", 1000),
        ("1KiB", 1024), ("1.5m", 1_572_864), ("1.5MB", 1_500_000), ("2g", 2 << 30), ("1t", 1 << 40), ("1p", 1 << 50),
        ("1KiB+1", 1025), ("1.5mb-1", 1_499_999), ("1m-1", 1_048_575), (".5k", 512), ("", 0),
    ])
    func sizes(text: String, bytes: Int64) { #expect(ByteSize(Array(text.utf8))?.bytes == bytes) }

    @Test(arguments: ["foo", "-1", "1x", "1.2.3", "1kk", "k1", "1 k", "9999999p", "1ib", "+1"])
    func noSizes(text: String) { #expect(ByteSize(Array(text.utf8)) == nil) }

    @Test func aNumberAloneCountsTheUnit() {
        #expect(ByteSize(Array("3".utf8), unit: 1024)?.bytes == 3072)
        #expect(ByteSize(Array("3b".utf8), unit: 1024)?.bytes == 3)
    }
}
