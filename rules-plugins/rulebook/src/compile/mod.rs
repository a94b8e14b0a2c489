//! From the file's tables to a manifest and a program: names, types and units are checked here.

mod code;
mod compare;
mod encode;
mod facts;
mod knowledge;
mod message;
mod names;
mod numbers;
mod order;
mod parameters;
mod rules;
mod value;

pub(crate) use rules::compile;
