//! Takes the core module out of a file for a page, and writes into it what a page cannot be told
//! otherwise: the most that its memory and its tables may grow to.
//!
//! Written for hostile bytes: every length is held against what is there before it is used. The
//! code of the core module is not looked at; the browser validates it.

use super::bytes::{Bytes, number_into};
use super::error::{FileError, Read, at_most};
use super::limits::{
    MAX_BYTES, MAX_CORE_EXPORTS, MAX_FUNCTION_BYTES, MAX_FUNCTIONS, MAX_LOCALS, MAX_TABLE_ELEMENTS,
    MAX_TABLES,
};
use super::syntax::MODULE;
use super::wrapper::ModuleFile;

/// Bytes of a page of memory.
const PAGE: u64 = 65_536;

/// Takes the core module out of a component and limits its memory to so many pages of 64 KiB.
///
/// # Errors
/// The file is no module (see [`ModuleFile::read`]), or costs or wants more than it may.
pub fn core_module(component: &[u8], max_pages: u32) -> Result<Vec<u8>, FileError> {
    at_most("bytes", component.len() as u64, MAX_BYTES as u64)?;
    limited(ModuleFile::read(component)?.core, max_pages).map_err(|error| *error)
}

/// Something that a core module exports.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct CoreExport<'a> {
    pub(super) name: &'a str,
    pub(super) kind: u8,
}

impl CoreExport<'_> {
    pub(super) const FUNCTION: u8 = 0;
    pub(super) const MEMORY: u8 = 2;
}

/// What a core module exports.
pub(super) fn exports(core: &[u8]) -> Read<Vec<CoreExport<'_>>> {
    let mut sections = sections_of(core)?;
    let mut exports = Vec::new();
    while let Some((id, mut content)) = sections.section()? {
        if id != section::EXPORTS {
            continue;
        }
        let count = content.number()?;
        at_most("core exports", count.into(), MAX_CORE_EXPORTS.into())?;
        for _ in 0..count {
            let (name, kind) = (content.name()?, content.byte()?);
            content.number()?;
            exports.push(CoreExport { name, kind });
        }
        content.end()?;
    }
    Ok(exports)
}

/// Sections of a core module.
mod section {
    pub(super) const IMPORTS: u8 = 2;
    pub(super) const TABLES: u8 = 4;
    pub(super) const MEMORIES: u8 = 5;
    pub(super) const EXPORTS: u8 = 7;
    pub(super) const CODE: u8 = 10;
}

fn sections_of(core: &[u8]) -> Read<Bytes<'_>> {
    let sections = core.strip_prefix(MODULE);
    let no_module = || FileError::malformed("what is inside is no core module");
    sections.map(Bytes).ok_or_else(no_module)
}

/// Holds a core module against the limits and writes the maximum of its memory and its tables.
fn limited(core: &[u8], max_pages: u32) -> Read<Vec<u8>> {
    let mut sections = sections_of(core)?;
    let mut out = MODULE.to_vec();
    out.reserve(core.len());
    let mut has_memory = false;
    loop {
        let before = sections.0;
        let Some((id, content)) = sections.section()? else {
            break;
        };
        let rewritten = match id {
            section::IMPORTS => {
                nothing_imported(content)?;
                None
            }
            section::TABLES => Some(tables(content)?),
            section::MEMORIES if has_memory => {
                return Err(FileError::malformed("two sections of memories"));
            }
            section::MEMORIES => {
                has_memory = true;
                Some(memory(content, max_pages)?)
            }
            section::CODE => {
                functions(content)?;
                None
            }
            0..=12 => None,
            _ => return Err(FileError::malformed("an unknown section")),
        };
        if let Some(rewritten) = rewritten {
            out.push(id);
            number_into(rewritten.len() as u32, &mut out);
            out.extend_from_slice(&rewritten);
        } else {
            let whole = before.get(..before.len() - sections.0.len());
            out.extend_from_slice(whole.unwrap_or_default());
        }
    }
    if !has_memory {
        return Err(FileError::malformed("it has no memory"));
    }
    Ok(out)
}

/// Its component gives it nothing, so a host refuses as not valid what wants something.
fn nothing_imported(mut section: Bytes<'_>) -> Read<()> {
    match section.number()? {
        0 => Ok(()),
        _ => Err(FileError::malformed("its core module imports something")),
    }
}

/// The section of the tables, each with a maximum: the host lets none grow beyond it either.
fn tables(mut section: Bytes<'_>) -> Read<Vec<u8>> {
    const FUNCTIONS: u8 = 0x70;
    const EXTERNAL: u8 = 0x6f;
    let count = section.number()?;
    at_most("tables", count.into(), MAX_TABLES.into())?;
    let mut out = Vec::with_capacity(section.0.len() + 3 * count as usize);
    number_into(count, &mut out);
    for _ in 0..count {
        let (of, limits) = (section.byte()?, section.byte()?);
        if !matches!(of, FUNCTIONS | EXTERNAL) || limits > 1 {
            return Err(FileError::malformed("a table of another kind"));
        }
        let initial = section.number()?;
        at_most("table elements", initial.into(), MAX_TABLE_ELEMENTS.into())?;
        let own = if limits == 1 {
            section.number()?
        } else {
            MAX_TABLE_ELEMENTS
        };
        out.extend_from_slice(&[of, 1]);
        number_into(initial, &mut out);
        number_into(own.min(MAX_TABLE_ELEMENTS), &mut out);
    }
    section.end()?;
    Ok(out)
}

/// What compiling the code would cost.
fn functions(mut section: Bytes<'_>) -> Read<()> {
    let count = section.number()?;
    if count > MAX_FUNCTIONS {
        return Err(Box::new(FileError::TooManyFunctions {
            found: count.into(),
            limit: MAX_FUNCTIONS.into(),
        }));
    }
    for _ in 0..count {
        let length = section.number()?;
        if length > MAX_FUNCTION_BYTES {
            return Err(Box::new(FileError::FunctionTooLarge {
                bytes: length.into(),
                limit: MAX_FUNCTION_BYTES.into(),
            }));
        }
        let mut body = Bytes(section.take(length)?);
        let mut locals = 0;
        for _ in 0..body.number()? {
            locals += u64::from(body.number()?);
            // Their type: a number, a vector or a plain reference.
            body.byte()?;
        }
        at_most("locals in one function", locals, MAX_LOCALS.into())?;
    }
    Ok(())
}

/// The section of the one memory, with a maximum.
fn memory(mut section: Bytes<'_>, max_pages: u32) -> Read<Vec<u8>> {
    if section.number()? != 1 {
        return Err(FileError::malformed("it does not have one memory"));
    }
    let has_maximum = match section.byte()? {
        0 => false,
        1 => true,
        _ => {
            return Err(FileError::malformed(
                "its memory is shared, of 64 bits, or of other pages",
            ));
        }
    };
    let initial = section.number()?;
    let own = if has_maximum {
        section.number()?
    } else {
        max_pages
    };
    section.end()?;
    if initial > max_pages {
        return Err(Box::new(FileError::OutOfMemory {
            limit: u64::from(max_pages) * PAGE,
        }));
    }
    let mut out = vec![1, 1];
    number_into(initial, &mut out);
    number_into(own.min(max_pages), &mut out);
    Ok(out)
}

#[cfg(test)]
mod tests;
