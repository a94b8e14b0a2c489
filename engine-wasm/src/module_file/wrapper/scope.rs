//! Definitions, each as far as it matters: which type of our world it is, which core function it
//! comes down to.

use crate::module_file::bytes::Bytes;
use crate::module_file::error::{FileError, Read};
use crate::module_file::syntax::{Described, Sort};
use crate::module_file::world::{Type, WORLD};

/// Definitions of a component, or parts of one of them: components of our world have up to 100. Far
/// below the 8 192 from which on a number could be read as another one, see [`value_type`].
const MAX_ITEMS: u32 = 1_000;

/// A type, or a function.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) is: Type,
    /// Of a function: the core export that it runs.
    pub(super) runs: Option<&'a str>,
    /// The core export that frees what it returned.
    pub(super) frees: Option<&'a str>,
}

/// An instance: what it exports.
pub(super) type Instance<'a> = Vec<(&'a str, Item<'a>)>;

/// Definitions that a component and the one inside it have, numbered in the order of the file.
#[derive(Default)]
pub(super) struct Scope<'a> {
    pub(super) types: Vec<Type>,
    pub(super) functions: Vec<Item<'a>>,
    definitions: u32,
}

impl<'a> Scope<'a> {
    /// How many definitions a section has.
    pub(super) fn count(&mut self, section: &mut Bytes<'a>) -> Read<u32> {
        let count = items(section)?;
        self.definitions += count;
        not_too_many(self.definitions)?;
        Ok(count)
    }

    pub(super) fn item(&self, sort: Sort, index: u32) -> Read<Item<'a>> {
        match sort {
            Sort::Type => Ok(type_item(at(&self.types, index)?)),
            Sort::Function => at(&self.functions, index),
            _ => Err(FileError::outside(
                "something else than types and functions is passed on",
            )),
        }
    }

    pub(super) fn push(&mut self, item: Item<'a>) {
        match item.runs {
            None => self.types.push(item.is),
            Some(_) => self.functions.push(item),
        }
    }

    /// Refuses what is said to be of another type than it is.
    pub(super) fn must_be(&self, item: Item<'a>, described: Described) -> Read<()> {
        let sort = match item.runs {
            None => Sort::Type,
            Some(_) => Sort::Function,
        };
        if sort == described.sort && at(&self.types, described.of)? == item.is {
            return Ok(());
        }
        Err(FileError::outside(
            "a function or type is passed on as another one",
        ))
    }
}

pub(super) fn type_item(is: Type) -> Item<'static> {
    Item {
        is,
        runs: None,
        frees: None,
    }
}

/// How many items follow.
pub(super) fn items(bytes: &mut Bytes<'_>) -> Read<u32> {
    let count = bytes.number()?;
    not_too_many(count)?;
    Ok(count)
}

fn not_too_many(items: u32) -> Read<()> {
    if items > MAX_ITEMS {
        return Err(FileError::outside("it has more than 1000 definitions"));
    }
    Ok(())
}

/// The definition of a type.
pub(super) fn definition(bytes: &mut Bytes<'_>, types: &[Type]) -> Read<Type> {
    const FUNCTION: u8 = 0x40;
    const LIST: u8 = 0x70;
    const RECORD: u8 = 0x72;
    let kind = bytes.byte()?;
    if let 0x73..=0x7f = kind {
        return Ok(Type::Plain(kind));
    }
    if kind == LIST {
        return Ok(match value_type(bytes, types)? {
            Type::Plain(of) => Type::List(of),
            _ => Type::Other,
        });
    }
    if kind != RECORD && kind != FUNCTION {
        return Err(FileError::outside("it has a type of another kind"));
    }
    let mut parts = Vec::new();
    for _ in 0..items(bytes)? {
        parts.push((bytes.name()?, value_type(bytes, types)?));
    }
    let mut result = None;
    if kind == FUNCTION {
        if bytes.byte()? != 0 {
            return Err(FileError::outside("a function of it returns nothing"));
        }
        result = Some(value_type(bytes, types)?);
    }
    let is = WORLD
        .iter()
        .zip(0..)
        .find(|(known, _)| known.result == result && known.parts == parts);
    Ok(is.map_or(Type::Other, |(_, number)| Type::Ours(number)))
}

/// A type without parts, or one that was defined: a number with a sign, below zero in the first case.
fn value_type(bytes: &mut Bytes<'_>, types: &[Type]) -> Read<Type> {
    let mut after = *bytes;
    // One byte below zero. A longer one, read without its sign, is 8 192 or more: there are not so many.
    if let plain @ 0x40..=0x7f = after.byte()? {
        *bytes = after;
        return Ok(Type::Plain(plain));
    }
    at(types, bytes.number()?)
}

#[cold]
pub(super) fn nothing_there() -> Box<FileError> {
    FileError::malformed("it names something that is not there")
}

pub(super) fn at<T: Copy>(list: &[T], index: u32) -> Read<T> {
    list.get(index as usize).copied().ok_or_else(nothing_there)
}
