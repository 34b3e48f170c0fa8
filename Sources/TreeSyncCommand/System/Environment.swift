import Glibc

/// The value of an environment variable. The C function is `getenv`.
func environment(_ name: String) -> [UInt8]? {
    getenv(name).map { value in Array(UnsafeRawBufferPointer(start: value, count: strlen(value))) }
}
