//! Holds the component around a core module to the one world that modules have.
//!
//! A host runs what the component *says*: `evaluate` is whatever core function it lifts under that
//! name. A page has no components, it calls the core functions that have the right *names*. A file in
//! which the two differ would be two programs under one digest and one signature. So both ask
//! [`ModuleFile::read`] first, and it takes a file only when the two are the same.
//!
//! It does not compare bytes, because every release of `wit-component` may order and number things
//! another way. It reads the component as a host does, definition by definition, and knows of every
//! function what it comes down to: the name of the core export that runs, of the one that frees, its
//! memory, its allocator, its type. For what our world exports each of those has one right answer,
//! through whatever aliases and through the component inside that `wit-component` wraps an interface
//! in. What no module of our world needs (another core module, an instance with arguments, another
//! adapter) is refused by name rather than followed.
//!
//! What is not valid besides, only the host's validator knows. Then the host runs nothing of the file,
//! and a page at most the one program that it is.

mod outer;
mod scope;

use std::borrow::Cow;

use super::bytes::Bytes;
use super::core::CoreExport;
use super::error::{FileError, Read, shown, shown_exports};
use super::syntax::{COMPONENT, Sort, section};
use super::world::{INTERFACE, TYPES, Type, WORLD};
use outer::Outer;
use scope::Item;

/// The names that `wit-component` demands of a core module.
const MEMORY: &str = "memory";
/// See [`MEMORY`].
const REALLOC: &str = "cabi_realloc";

/// A module's file: one program, whoever runs it.
#[derive(Clone, Copy, Debug)]
pub struct ModuleFile<'a> {
    pub(super) core: &'a [u8],
    interface: &'a str,
}

impl<'a> ModuleFile<'a> {
    /// Reads the component around the code.
    ///
    /// # Errors
    /// It is no component, not of our world, imports something, or is not made as a module is.
    pub fn read(component: &'a [u8]) -> Result<ModuleFile<'a>, FileError> {
        read(component).map_err(|error| *error)
    }

    /// The name of the interface that it exports, with its version.
    #[must_use]
    pub fn interface(&self) -> &'a str {
        self.interface
    }
}

fn read(component: &[u8]) -> Read<ModuleFile<'_>> {
    let sections = sections_of(component)?;
    let interface = one_interface(sections)?;
    let mut outer = Outer::default();
    outer.read(sections)?;
    let no_core = || FileError::outside("it has no core module");
    let core = outer.core.ok_or_else(no_core)?;
    is_named_as_it_runs(interface, &outer.exported, &outer.core_exports)?;
    Ok(ModuleFile { core, interface })
}

fn sections_of(component: &[u8]) -> Read<Bytes<'_>> {
    let sections = component.strip_prefix(COMPONENT);
    let no_component = || Box::new(FileError::NotAComponent);
    sections.map(Bytes).ok_or_else(no_component)
}

/// The name of the one interface that a component exports. Only names are looked at: who wrote a
/// component of another world wants to hear that, not which of its parts is odd.
fn one_interface(mut sections: Bytes<'_>) -> Read<&str> {
    let (mut exports, mut undeclared) = (Vec::new(), None);
    while let Some((id, mut content)) = sections.section()? {
        match id {
            section::IMPORTS => {
                for _ in 0..content.number()? {
                    let name = content.external_name()?;
                    let sort = content.described()?.sort;
                    if sort != Sort::Instance || !name.starts_with(TYPES) {
                        undeclared.get_or_insert(name);
                    }
                }
            }
            section::EXPORTS => {
                for _ in 0..content.number()? {
                    exports.push(content.export()?.name);
                }
            }
            section::START => return Err(FileError::malformed("it has a start function")),
            0..=11 => {}
            _ => return Err(FileError::malformed("an unknown section")),
        }
    }
    let of_ours = |name: &str| {
        let minor = name.strip_prefix(INTERFACE);
        minor.is_some_and(|minor| minor.starts_with('.'))
    };
    match (exports.as_slice(), undeclared) {
        ([name], None) if of_ours(name) => Ok(name),
        ([name], Some(import)) if of_ours(name) => {
            Err(Box::new(FileError::UndeclaredImport(shown(import))))
        }
        (names, _) => Err(wrong_world(shown_exports(names))),
    }
}

/// Refuses a module in which something else runs than the names of its core exports say.
fn is_named_as_it_runs(
    interface: &str,
    exported: &[(&str, Item<'_>)],
    core: &[CoreExport<'_>],
) -> Read<()> {
    let has = |kind, name: &str| core.contains(&CoreExport { name, kind });
    if !has(CoreExport::MEMORY, MEMORY) || !has(CoreExport::FUNCTION, REALLOC) {
        let names = "its core module does not export `memory` and `cabi_realloc`";
        return Err(FileError::outside(names));
    }
    for (name, item) in exported {
        let ours = WORLD.iter().zip(0..).any(|(of, number)| {
            let function = of.result.is_some();
            of.name == *name && item.is == Type::Ours(number) && item.runs.is_some() == function
        });
        if !ours {
            let found = [interface, " with another `", name, "`"].concat();
            return Err(wrong_world(shown(&found)));
        }
        let Some(runs) = item.runs else { continue };
        let own = [interface, "#", name].concat();
        if runs != own || !has(CoreExport::FUNCTION, &own) {
            let before = ["its `", name, "` runs the core function "].concat();
            return Err(FileError::outside_as(&before, runs, ""));
        }
        let post = ["cabi_post_", &own].concat();
        match item.frees {
            None if has(CoreExport::FUNCTION, &post) => {
                let before = "what is returned is not freed by ";
                return Err(FileError::outside_as(before, &post, ""));
            }
            Some(frees) if frees != post => {
                let before = ["what its `", name, "` returns is freed by "].concat();
                return Err(FileError::outside_as(&before, frees, ""));
            }
            _ => {}
        }
    }
    let called = |name: &str| {
        let mut functions = WORLD.iter().filter(|of| of.result.is_some());
        functions.any(|of| of.name == name)
    };
    let missing = WORLD
        .iter()
        .find(|of| called(of.name) && !exported.iter().any(|(known, _)| *known == of.name));
    if let Some(missing) = missing {
        let found = [interface, " without `", missing.name, "`"].concat();
        return Err(wrong_world(shown(&found)));
    }
    // A page may find the interface by the names of its functions: there must be no other one.
    let stray = core.iter().find(|export| {
        let function = export.name.strip_prefix(interface);
        let function = function.and_then(|name| name.strip_prefix('#'));
        export.name.starts_with(INTERFACE) && !function.is_some_and(called)
    });
    match stray {
        Some(stray) => Err(FileError::outside_as(
            "its core module exports ",
            stray.name,
            " too",
        )),
        None => Ok(()),
    }
}

/// It exports something else than our world, which is told in these words.
fn wrong_world(found: String) -> Box<FileError> {
    Box::new(FileError::WrongWorld {
        found,
        expected: Cow::Borrowed(INTERFACE),
    })
}

#[cfg(test)]
mod tests;
