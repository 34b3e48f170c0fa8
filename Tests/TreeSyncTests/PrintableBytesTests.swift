import Testing
import TreeSync

@Suite struct PrintableBytesTests {
    @Test func escapesWhatIsNotUTF8AndWhatControls() {
        #expect(printable([UInt8]("plain name.txt".utf8)) == "plain name.txt")
        #expect(printable([UInt8]("größe ✓".utf8)) == "größe ✓")
        #expect(printable([0x61, 0x0A, 0x1B, 0x62]) == "a\\#012\\#033b")
        #expect(printable([0xFF, 0x61, 0xC3]) == "\\#377a\\#303")
        #expect(printable([UInt8]("a\\b".utf8)) == "a\\b")
        #expect(printable([UInt8]("\\#012".utf8)) == "\\#134#012")
        #expect(printable([UInt8]("\u{202E}x".utf8)) == "\\#342\\#200\\#256x")
    }
}
