//! Reads a component, definition by definition, and the one that it may have inside.

use super::scope::{Instance, Item, Scope, at, definition, items, nothing_there, type_item};
use super::{MEMORY, REALLOC, sections_of};
use crate::module_file::bytes::Bytes;
use crate::module_file::core::{CoreExport, exports};
use crate::module_file::error::{FileError, Read, shown};
use crate::module_file::syntax::{Described, Sort, section};
use crate::module_file::world::Type;

/// What a component has defined so far.
#[derive(Default)]
pub(super) struct Outer<'a> {
    scope: Scope<'a>,
    pub(super) core: Option<&'a [u8]>,
    core_instances: u32,
    /// What the instance of the code exports.
    pub(super) core_exports: Vec<CoreExport<'a>>,
    core_functions: Vec<&'a str>,
    memories: Vec<&'a str>,
    inner: Option<&'a [u8]>,
    /// Whether the component inside has its instance.
    wrapped: bool,
    /// The interface that is described, to be imported.
    interface: Option<Instance<'a>>,
    instances: Vec<Instance<'a>>,
    pub(super) exported: Instance<'a>,
}

impl<'a> Outer<'a> {
    pub(super) fn read(&mut self, mut sections: Bytes<'a>) -> Read<()> {
        while let Some((id, mut content)) = sections.section()? {
            let whole = match id {
                section::CUSTOM => continue,
                section::CORE_MODULE => &mut self.core,
                section::COMPONENT => &mut self.inner,
                _ => {
                    self.definitions(id, &mut content)?;
                    content.end()?;
                    continue;
                }
            };
            if whole.replace(content.0).is_some() {
                return Err(FileError::outside(match id {
                    section::CORE_MODULE => "it has more than one core module",
                    _ => "it has more than one component inside",
                }));
            }
        }
        Ok(())
    }

    fn definitions(&mut self, id: u8, content: &mut Bytes<'a>) -> Read<()> {
        for _ in 0..self.scope.count(content)? {
            match id {
                section::CORE_INSTANCES => self.instantiate_core(content)?,
                section::INSTANCES => self.instantiate(content)?,
                section::ALIASES => self.alias(content)?,
                section::TYPES => self.define(content)?,
                section::ADAPTERS => self.lift(content)?,
                section::IMPORTS => self.import(content)?,
                section::EXPORTS => self.export(content)?,
                _ => return Err(FileError::outside("it defines a core type")),
            }
        }
        Ok(())
    }

    fn instantiate_core(&mut self, bytes: &mut Bytes<'a>) -> Read<()> {
        if bytes.byte()? != 0 || self.core_instances > 0 {
            return Err(FileError::outside("it has more than one core instance"));
        }
        let core = self.core.ok_or_else(nothing_there)?;
        if bytes.number()? != 0 {
            return Err(nothing_there());
        }
        if bytes.number()? != 0 {
            return Err(FileError::outside("its core module is given something"));
        }
        self.core_instances = 1;
        self.core_exports = exports(core)?;
        Ok(())
    }

    /// An instance is what is named, or what the component inside makes of it.
    fn instantiate(&mut self, bytes: &mut Bytes<'a>) -> Read<()> {
        let inner = match bytes.byte()? {
            0 if bytes.number()? == 0 => Some(self.inner.ok_or_else(nothing_there)?),
            0 => return Err(nothing_there()),
            1 => None,
            _ => return Err(FileError::malformed("an unknown kind of instance")),
        };
        let mut given = Instance::new();
        for _ in 0..items(bytes)? {
            let name = match inner {
                Some(_) => bytes.name()?,
                None => bytes.external_name()?,
            };
            let (sort, index) = (bytes.sort()?, bytes.number()?);
            given.push((name, self.scope.item(sort, index)?));
        }
        let made = match inner {
            Some(_) if self.wrapped => {
                return Err(FileError::outside("the component inside has two instances"));
            }
            Some(inner) => inner_exports(inner, &given)?,
            None => given,
        };
        self.wrapped |= inner.is_some();
        self.instances.push(made);
        Ok(())
    }

    fn alias(&mut self, bytes: &mut Bytes<'a>) -> Read<()> {
        const OF_INSTANCE: u8 = 0;
        const OF_CORE_INSTANCE: u8 = 1;
        let (sort, target) = (bytes.sort()?, bytes.byte()?);
        let (instance, name) = (bytes.number()?, bytes.name()?);
        match (sort, target) {
            (Sort::CoreFunction | Sort::CoreMemory, OF_CORE_INSTANCE) => {
                if instance >= self.core_instances {
                    return Err(nothing_there());
                }
                let (kind, names) = match sort {
                    Sort::CoreMemory => (CoreExport::MEMORY, &mut self.memories),
                    _ => (CoreExport::FUNCTION, &mut self.core_functions),
                };
                if !self.core_exports.contains(&CoreExport { name, kind }) {
                    return Err(nothing_there());
                }
                names.push(name);
            }
            (Sort::Type | Sort::Function, OF_INSTANCE) => {
                let of = self.instances.get(instance as usize);
                let found = of.and_then(|of| of.iter().find(|(known, _)| *known == name));
                let (_, item) = found.ok_or_else(nothing_there)?;
                if item.runs.is_some() != (sort == Sort::Function) {
                    return Err(nothing_there());
                }
                self.scope.push(*item);
            }
            _ => return Err(FileError::outside("it has an alias of another kind")),
        }
        Ok(())
    }

    fn define(&mut self, bytes: &mut Bytes<'a>) -> Read<()> {
        const INTERFACE: u8 = 0x42;
        let mut after = *bytes;
        let defined = if after.byte()? == INTERFACE {
            *bytes = after;
            self.describe_interface(bytes)?
        } else {
            definition(bytes, &self.scope.types)?
        };
        self.scope.types.push(defined);
        Ok(())
    }

    fn describe_interface(&mut self, bytes: &mut Bytes<'a>) -> Read<Type> {
        const DEFINITION: u8 = 1;
        const EXPORT: u8 = 4;
        let mut own = Vec::new();
        let mut named = Instance::new();
        let mut only_types = true;
        for _ in 0..items(bytes)? {
            match bytes.byte()? {
                DEFINITION => {
                    let defined = definition(bytes, &own)?;
                    own.push(defined);
                }
                EXPORT => {
                    let name = bytes.external_name()?;
                    let Described { sort, of } = bytes.described()?;
                    if sort == Sort::Type {
                        let is = at(&own, of)?;
                        own.push(is);
                        named.push((name, type_item(is)));
                    } else {
                        only_types = false;
                    }
                }
                _ => {
                    return Err(FileError::outside(
                        "it describes an interface of another kind",
                    ));
                }
            }
        }
        if !only_types {
            return Ok(Type::Other);
        }
        match self.interface.replace(named) {
            None => Ok(Type::Interface),
            Some(_) => Err(FileError::outside("it describes two interfaces")),
        }
    }

    /// Types may be imported: nobody gives anything to call with them.
    fn import(&mut self, bytes: &mut Bytes<'a>) -> Read<()> {
        let name = bytes.external_name()?;
        let Described { of, .. } = bytes.described()?;
        match (at(&self.scope.types, of)?, self.interface.clone()) {
            (Type::Interface, Some(types)) => {
                self.instances.push(types);
                Ok(())
            }
            _ => Err(Box::new(FileError::UndeclaredImport(shown(name)))),
        }
    }

    /// A function of the component: a core function, and how it is called.
    fn lift(&mut self, bytes: &mut Bytes<'a>) -> Read<()> {
        const UTF8: u8 = 0;
        const ITS_MEMORY: u8 = 3;
        const ITS_REALLOC: u8 = 4;
        const FREES: u8 = 5;
        if (bytes.byte()?, bytes.byte()?) != (0, 0) {
            return Err(FileError::outside("it has an adapter of another kind"));
        }
        let runs = at(&self.core_functions, bytes.number()?)?;
        let (mut memory, mut frees) = (None, None);
        for _ in 0..items(bytes)? {
            match bytes.byte()? {
                UTF8 => {}
                ITS_MEMORY => memory = Some(at(&self.memories, bytes.number()?)?),
                ITS_REALLOC => match at(&self.core_functions, bytes.number()?)? {
                    REALLOC => {}
                    other => {
                        return Err(FileError::outside_as("it allocates with ", other, ""));
                    }
                },
                FREES => frees = Some(at(&self.core_functions, bytes.number()?)?),
                _ => return Err(FileError::outside("a function is called in another way")),
            }
        }
        if memory != Some(MEMORY) {
            return Err(FileError::outside("a function has another memory"));
        }
        let is = at(&self.scope.types, bytes.number()?)?;
        self.scope.push(Item {
            is,
            runs: Some(runs),
            frees,
        });
        Ok(())
    }

    /// There is one export, that is known already.
    fn export(&mut self, bytes: &mut Bytes<'a>) -> Read<()> {
        let export = bytes.export()?;
        let instance = self.instances.get(export.index as usize);
        match (export.sort, export.described, instance) {
            (Sort::Instance, None, Some(instance)) => {
                self.exported.clone_from(instance);
                self.instances.push(self.exported.clone());
                Ok(())
            }
            _ => Err(FileError::outside("what it exports is no plain interface")),
        }
    }
}

/// Reads the component inside, which passes on what it is given under other names.
fn inner_exports<'a>(component: &'a [u8], given: &[(&'a str, Item<'a>)]) -> Read<Instance<'a>> {
    let mut sections = sections_of(component)?;
    let mut scope = Scope::default();
    let mut exports = Instance::new();
    while let Some((id, mut content)) = sections.section()? {
        if id == section::CUSTOM {
            continue;
        }
        for _ in 0..scope.count(&mut content)? {
            match id {
                section::TYPES => {
                    let defined = definition(&mut content, &scope.types)?;
                    scope.types.push(defined);
                }
                section::IMPORTS => {
                    let name = content.external_name()?;
                    let described = content.described()?;
                    let (_, item) = given
                        .iter()
                        .find(|(known, _)| *known == name)
                        .ok_or_else(nothing_there)?;
                    scope.must_be(*item, described)?;
                    scope.push(*item);
                }
                section::EXPORTS => {
                    let export = content.export()?;
                    let item = scope.item(export.sort, export.index)?;
                    if let Some(described) = export.described {
                        scope.must_be(item, described)?;
                    }
                    scope.push(item);
                    exports.push((export.name, item));
                }
                _ => {
                    return Err(FileError::outside(
                        "the component inside does more than pass on functions",
                    ));
                }
            }
        }
        content.end()?;
    }
    Ok(exports)
}
