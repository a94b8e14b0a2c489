//! Prints figures of the two goals.
fn main() {}
