//! The expression language: texts of a rulebook to trees. Knows no fact and no parameter.

pub(crate) mod lexer;
pub(crate) mod literal;
pub(crate) mod parser;
mod path;
pub(crate) mod tree;

pub(crate) use parser::{literal, parse};
pub(crate) use path::path_names;
pub(crate) use tree::{Arithmetic, Comparator, Expression, Function, Literal, Node, Wanted};
