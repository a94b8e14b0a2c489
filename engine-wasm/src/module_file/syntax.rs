//! How a component file writes what it imports, exports and describes.

use super::bytes::Bytes;
use super::error::{FileError, Read};

/// `\0asm`, version 13, layer 1: a component.
pub(super) const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";
/// `\0asm`, version 1, layer 0: a core module.
pub(super) const MODULE: &[u8] = b"\0asm\x01\0\0\0";

/// Sections of a component.
pub(super) mod section {
    pub(in super::super) const CUSTOM: u8 = 0;
    pub(in super::super) const CORE_MODULE: u8 = 1;
    pub(in super::super) const CORE_INSTANCES: u8 = 2;
    pub(in super::super) const COMPONENT: u8 = 4;
    pub(in super::super) const INSTANCES: u8 = 5;
    pub(in super::super) const ALIASES: u8 = 6;
    pub(in super::super) const TYPES: u8 = 7;
    pub(in super::super) const ADAPTERS: u8 = 8;
    pub(in super::super) const START: u8 = 9;
    pub(in super::super) const IMPORTS: u8 = 10;
    pub(in super::super) const EXPORTS: u8 = 11;
}

/// What a definition is of. Only the kinds that modules have are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    CoreFunction,
    CoreMemory,
    Function,
    Type,
    Instance,
    Other,
}

/// What something that is imported or exported is said to be, with the number of its type.
#[derive(Clone, Copy)]
pub(super) struct Described {
    pub(super) sort: Sort,
    pub(super) of: u32,
}

/// Something exported.
pub(super) struct Export<'a> {
    pub(super) name: &'a str,
    pub(super) sort: Sort,
    pub(super) index: u32,
    pub(super) described: Option<Described>,
}

impl<'a> Bytes<'a> {
    #[inline(never)]
    pub(super) fn sort(&mut self) -> Read<Sort> {
        Ok(match self.byte()? {
            0 => match self.byte()? {
                0 => Sort::CoreFunction,
                2 => Sort::CoreMemory,
                _ => Sort::Other,
            },
            1 => Sort::Function,
            3 => Sort::Type,
            5 => Sort::Instance,
            _ => Sort::Other,
        })
    }

    /// The name of what a component imports or exports.
    pub(super) fn external_name(&mut self) -> Read<&'a str> {
        // 2: with options, of which no module has any.
        if self.byte()? > 1 {
            return Err(FileError::malformed("an unknown kind of name"));
        }
        self.name()
    }

    #[inline(never)]
    pub(super) fn described(&mut self) -> Read<Described> {
        let plain = |sort, of| Ok(Described { sort, of });
        match self.byte()? {
            // A core module.
            0 => {
                self.byte()?;
                plain(Sort::Other, self.number()?)
            }
            1 => plain(Sort::Function, self.number()?),
            3 => match self.byte()? {
                0 => plain(Sort::Type, self.number()?),
                // Any resource.
                _ => plain(Sort::Other, 0),
            },
            // A component.
            4 => plain(Sort::Other, self.number()?),
            5 => plain(Sort::Instance, self.number()?),
            _ => Err(FileError::malformed("an unknown kind of import or export")),
        }
    }

    #[inline(never)]
    pub(super) fn export(&mut self) -> Read<Export<'a>> {
        Ok(Export {
            name: self.external_name()?,
            sort: self.sort()?,
            index: self.number()?,
            described: match self.byte()? {
                0 => None,
                1 => Some(self.described()?),
                _ => return Err(FileError::malformed("an unknown kind of export")),
            },
        })
    }
}
