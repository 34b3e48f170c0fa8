public import SystemPackage

/// A rule that cannot be understood, or a file of rules that cannot be read.
public struct FilterError: Error, Sendable, Hashable {
    /// What is wrong.
    public enum Cause: Sendable, Hashable {
        /// The rule begins with no known name.
        case unknownRule
        /// The rule does not take this modifier here; the position counts bytes from 0.
        case modifier(UInt8, position: Int)
        /// The rule ends where a pattern or a file name should be.
        case missingPattern
        /// Something follows the rule that clears the list.
        case textAfterClear
        /// The rule says where it holds, and so does the rule that had its file read.
        case sidesSpecifiedTwice
        /// The file cannot be read.
        case unreadable(Errno)
        /// Files name each other too deeply.
        case tooDeep
        /// A directory's own rules name a file outside of the tree.
        case outsideOfTree
        /// A directory's own rules are no regular file.
        case notRegular
    }

    /// What is wrong.
    public var cause: Cause
    /// The rule, or the name of the file.
    public var text: [UInt8]
    /// Where the rule was written.
    public var origin: FilterOrigin

    /// Makes an error from its parts.
    public init(_ cause: Cause, _ text: [UInt8], _ origin: FilterOrigin) {
        self.cause = cause
        self.text = text
        self.origin = origin
    }
}

extension FilterError: CustomStringConvertible {
    /// One sentence without a full stop that names the rule and its place and says what to do.
    public var description: String {
        switch cause {
        case .unreadable(let errno): "cannot read the filter file \(quotedText): \(message(of: errno))\(named)"
        case .tooDeep:
            "the filter file \(quotedText) names itself, directly or through others\(named); break the circle"
        case .outsideOfTree:
            "the filter file \(quotedText) lies outside of the tree\(named); name it on the command line"
        case .notRegular: "the filter file \(quotedText) is no regular file\(named); replace it by one, or remove it"
        case .unknownRule, .modifier, .missingPattern, .textAfterClear, .sidesSpecifiedTwice:
            "filter rule \(quotedText)\(place): \(complaint)"
        }
    }

    private var complaint: String {
        switch cause {
        case .unknownRule:
            "it begins with no known rule; write \"- PATTERN\" to exclude or \"+ PATTERN\" to include"
        case .modifier(let byte, let position):
            "modifier '\(printable([byte]))' at byte \(position + 1) has no meaning there; "
                + "a space or an underscore ends the modifiers"
        case .missingPattern: "a pattern or a file name is missing after it"
        case .textAfterClear: "nothing may follow '!', which clears the list"
        case .sidesSpecifiedTwice:
            "the rule that names the file already says which side its rules are for; leave that out in one of the two"
        case .unreadable, .tooDeep, .outsideOfTree, .notRegular: ""
        }
    }

    private var quotedText: String { "\"" + printable(text) + "\"" }

    private var place: String {
        switch origin {
        case .argument: ""
        case .file(let name, line: 0): " in \"\(printable(name))\""
        case .file(let name, let line): " in \"\(printable(name))\", line \(line)"
        }
    }

    private var named: String {
        switch origin {
        case .argument: ""
        case .file: ", named" + place
        }
    }
}
