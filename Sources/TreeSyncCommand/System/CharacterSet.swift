import Glibc

/// Whether the C library knows a character set of this name. The C function is `iconv_open`.
func isCharacterSet(_ name: String) -> Bool {
    guard let conversion = iconv_open("UTF-8", name), Int(bitPattern: conversion) != -1 else { return false }
    iconv_close(conversion)
    return true
}
