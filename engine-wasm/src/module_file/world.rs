//! The world `module` of `engine-wasm/wit/module`, as far as a component file can differ from it.
//!
//! Written by hand, in a page every byte counts; that it is the world of the WIT file is held by the
//! modules in the tests, which are made from that file.

/// The interface that a module exports, with the major version that this engine calls.
pub const INTERFACE: &str = "plancheck:module/rules@1";
/// The interface with its types, which a module may name as an import: there is nothing to call in it.
pub(super) const TYPES: &str = "plancheck:module/types@1.";

/// A type, as far as our world tells it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// A type without parts, by its code in the binary format.
    Plain(u8),
    /// A list of such.
    List(u8),
    /// A record or a function of ours: which of [`WORLD`].
    Ours(u8),
    /// The interface of our types, described to be imported.
    Interface,
    /// None of our world.
    Other,
}

const BOOL: Type = Type::Plain(0x7f);
const U32: Type = Type::Plain(0x79);
const STRING: Type = Type::Plain(0x73);
const U8_LIST: Type = Type::List(0x7d);
const U32_LIST: Type = Type::List(0x79);
const U64_LIST: Type = Type::List(0x77);
const F64_LIST: Type = Type::List(0x75);
const BATCH: Type = Type::Ours(0);
const VERDICTS: Type = Type::Ours(1);
const COLUMNS: Type = Type::Ours(2);

/// A record or a function that a module exports. No two are of the same type.
pub(super) struct Named {
    pub(super) name: &'static str,
    /// Fields of a record, parameters of a function.
    pub(super) parts: &'static [(&'static str, Type)],
    /// Of a function: what it returns.
    pub(super) result: Option<Type>,
}

/// All that a module exports, in the order of the WIT file.
pub(super) const WORLD: [Named; 6] = [
    Named {
        name: "batch",
        parts: &[
            ("view", U32),
            ("rows", U32),
            ("layout", U8_LIST),
            ("numbers", F64_LIST),
            ("symbols", U32_LIST),
            ("text", STRING),
            ("text-ends", U32_LIST),
            ("parameters", F64_LIST),
            ("detail", BOOL),
        ],
        result: None,
    },
    Named {
        name: "verdicts",
        parts: &[
            ("rule", U32_LIST),
            ("row", U32_LIST),
            ("kind", U8_LIST),
            ("comparison", U8_LIST),
            ("unit", U8_LIST),
            ("measured", F64_LIST),
            ("tolerance", F64_LIST),
            ("required", F64_LIST),
            ("facts", U64_LIST),
            ("message", U32_LIST),
            ("arguments", F64_LIST),
            ("argument-ends", U32_LIST),
        ],
        result: None,
    },
    Named {
        name: "columns",
        parts: &[
            ("values", F64_LIST),
            ("tolerances", F64_LIST),
            ("facts", U64_LIST),
            ("text", STRING),
            ("text-ends", U32_LIST),
        ],
        result: None,
    },
    Named {
        name: "describe",
        parts: &[],
        result: Some(STRING),
    },
    Named {
        name: "derive",
        parts: &[("derived", U32_LIST), ("rows", BATCH)],
        result: Some(COLUMNS),
    },
    Named {
        name: "evaluate",
        parts: &[("checks", U32_LIST), ("rows", BATCH)],
        result: Some(VERDICTS),
    },
];
