//! What a module may cost before it has said anything. Every number has its reason beside it.

/// Bytes of a file. First-party modules have 40 to 400 kB.
pub const MAX_BYTES: usize = 4 << 20;
/// Functions. First-party modules have 200 to 2 000.
pub const MAX_FUNCTIONS: u32 = 10_000;
/// Bytes of one function body: register allocation grows faster than the body. 937 kB of branches
/// take 25 s to compile, 64 kB stay below 0.5 s.
pub const MAX_FUNCTION_BYTES: u32 = 64 << 10;
/// Locals of one function: they cost the compiler without costing bytes in the file.
pub const MAX_LOCALS: u32 = 4_096;
/// Elements of a function table. First-party modules have a few hundred.
pub const MAX_TABLE_ELEMENTS: u32 = 10_000;
/// Tables. First-party modules have one.
pub const MAX_TABLES: u32 = 16;
/// What the code exports. First-party modules have ten or so.
pub const MAX_CORE_EXPORTS: u32 = 10_000;
