/// A tree as a value.
