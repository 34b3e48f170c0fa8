import Testing

@testable import TreeSyncCommand

/// Columns as terminals count them.
@Suite struct TextWidthTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("ä", 1), ("e\u{301}", 1), ("日本", 4), ("한글", 4), ("한", 2), ("ﾊﾝ", 2),
        ("😀", 2), ("a\u{200D}b", 2), ("ｆｕｌｌ", 8), ("…", 1), ("\u{1100}\u{1161}\u{11A8}", 2),
    ])
    func columns(text: String, expected: Int) { #expect(TextWidth.of(text) == expected) }

    @Test(arguments: [
        ("a/long/path", 20, "a/long/path"), ("a/long/path", 8, ".../path"), ("a/long/path", 3, ""),
        ("dir/日本語", 10, "dir/日本語"), ("dir/日本語", 9, "...日本語"), ("dir/日本語", 8, "...本語"),
        ("x/e\u{301}e\u{301}", 4, "x/e\u{301}e\u{301}"), ("xxxx/e\u{301}", 5, ".../e\u{301}"),
    ])
    func end(text: String, columns: Int, expected: String) {
        let shown = TextWidth.end(of: text, columns: columns)
        #expect(shown == expected)
        #expect(TextWidth.of(shown) <= columns)
    }

    @Test(arguments: [("日本語", 5, "日本"), ("abc", 2, "ab"), ("abc", 0, ""), ("e\u{301}x", 1, "e\u{301}")])
    func start(text: String, columns: Int, expected: String) {
        #expect(TextWidth.start(of: text, columns: columns) == expected)
    }
}
