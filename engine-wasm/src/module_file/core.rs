//! Takes the core module out of a component, when it keeps the browser profile: exactly one core
//! module inside, which imports nothing, has one memory and exports our world.
//!
//! Written for hostile bytes: every length is held against what is there before it is used. The
//! code of the core module is not looked at; the browser validates it.

use thiserror::Error;

/// Bytes of a file: what the host takes from strangers. First-party modules have 40 to 400 kB.
const MAX_BYTES: usize = 4 << 20;
/// Functions, and bytes and locals of one: what the host compiles for strangers. First-party modules
/// have 200 to 2 000 functions.
const MAX_FUNCTIONS: u32 = 10_000;
/// See [`MAX_FUNCTIONS`].
const MAX_FUNCTION_BYTES: u32 = 64 << 10;
/// See [`MAX_FUNCTIONS`].
const MAX_LOCALS: u64 = 4_096;
/// Elements of a function table, as on the host. First-party modules have a few hundred.
const MAX_TABLE: u32 = 10_000;
/// Tables, as on the host. First-party modules have one.
const MAX_TABLES: u32 = 16;
/// Components inside components: `wit-component` nests one, for the types of an interface.
const MAX_NESTING: usize = 8;
/// Bytes of a page of memory.
const PAGE: u64 = 65_536;

/// `\0asm`, version 13, layer 1: a component.
const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";
/// `\0asm`, version 1, layer 0: a core module.
const MODULE: &[u8] = b"\0asm\x01\0\0\0";
/// The interface that a module exports, with the major version that this engine calls.
const INTERFACE: &str = "plancheck:module/rules@1.";
/// Its functions.
const FUNCTIONS: [&str; 3] = ["describe", "derive", "evaluate"];

/// Why a file cannot be run. The codes and words are the host's, where it refuses the same.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum FileError {
    /// Something else: a text, an archive, a core WebAssembly module.
    #[error("not a WebAssembly component")]
    NotAComponent,
    /// The file ends too early.
    #[error("the file ends in the middle of a section")]
    Truncated,
    /// Not valid WebAssembly, or a feature that modules may not use.
    #[error("not valid for a module: {0}")]
    Malformed(&'static str),
    /// It exports something else than is called.
    #[error("exports {0}, but this host calls plancheck:module/rules@1")]
    WrongWorld(String),
    /// A module imports nothing: no files, no network, no clock.
    #[error("imports `{0}`, but a module imports nothing")]
    UndeclaredImport(String),
    /// More of something than a module may have.
    #[error("has {found} {what}, the limit is {limit}")]
    TooLarge {
        /// `bytes`, …
        what: &'static str,
        /// How many it has.
        found: u64,
        /// How many it may have.
        limit: u64,
    },
    /// One function would take the compiler too long.
    #[error("has a function of {bytes} bytes, the limit is {limit}")]
    FunctionTooLarge {
        /// Size of the body.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// All functions together would take the compiler too long.
    #[error("has {found} functions, the limit is {limit}")]
    TooManyFunctions {
        /// How many it has.
        found: u64,
        /// How many it may have.
        limit: u64,
    },
    /// It asks for more memory at once than it may have.
    #[error("needs more than {limit} bytes of memory")]
    OutOfMemory {
        /// What it may have.
        limit: u64,
    },
    /// A component that only a host can run.
    #[error("cannot run in a browser: {0}")]
    OutsideProfile(&'static str),
}

impl FileError {
    /// A stable name, for machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            FileError::NotAComponent => "not-a-component",
            FileError::Truncated => "truncated",
            FileError::Malformed(_) => "malformed",
            FileError::WrongWorld(_) => "wrong-world",
            FileError::UndeclaredImport(_) => "undeclared-import",
            FileError::TooLarge { .. } => "too-large",
            FileError::FunctionTooLarge { .. } => "function-too-large",
            FileError::TooManyFunctions { .. } => "too-many-functions",
            FileError::OutOfMemory { .. } => "out-of-memory",
            FileError::OutsideProfile(_) => "outside-profile",
        }
    }
}

/// Takes the core module out of a component and limits its memory to so many pages of 64 KiB.
///
/// # Errors
/// The file is no component, breaks the browser profile or our world, or wants more memory.
pub fn core_module(component: &[u8], max_pages: u32) -> Result<Vec<u8>, FileError> {
    at_most("bytes", component.len() as u64, MAX_BYTES as u64)?;
    let mut found = Component::default();
    found.walk(component, 0)?;
    let interface = found.world()?;
    if let Some(name) = &found.undeclared {
        return Err(FileError::UndeclaredImport(name.clone()));
    }
    let core = found
        .core
        .ok_or(FileError::OutsideProfile("it has no core module"))?;
    limit_memory(core, &found, interface, max_pages)
}

/// What is known of a component.
#[derive(Default)]
struct Component<'a> {
    core: Option<&'a [u8]>,
    imports: Vec<&'a str>,
    exports: Vec<&'a str>,
    /// The first import that is certainly more than types.
    undeclared: Option<String>,
}

impl<'a> Component<'a> {
    fn walk(&mut self, component: &'a [u8], depth: usize) -> Result<(), FileError> {
        let Some(sections) = component.strip_prefix(COMPONENT) else {
            return Err(FileError::NotAComponent);
        };
        if depth > MAX_NESTING {
            return Err(FileError::Malformed("components nested too deeply"));
        }
        let mut sections = Bytes(sections);
        while let Some((id, content)) = sections.section()? {
            match id {
                1 if depth > 0 => {
                    return Err(FileError::OutsideProfile(
                        "a component inside it has a core module",
                    ));
                }
                1 if self.core.is_some() => {
                    return Err(FileError::OutsideProfile(
                        "it has more than one core module",
                    ));
                }
                1 => self.core = Some(content),
                4 => self.walk(content, depth + 1)?,
                9 => return Err(FileError::Malformed("it has a start function")),
                10 if depth == 0 => self.read_imports(content)?,
                11 if depth == 0 => self.read_exports(content)?,
                0..=11 => {}
                _ => return Err(FileError::Malformed("an unknown section")),
            }
        }
        Ok(())
    }

    /// Instances, which an interface of types is, may be imported. One of functions is found when
    /// the core module imports them: else nothing can call them.
    fn read_imports(&mut self, section: &'a [u8]) -> Result<(), FileError> {
        let mut bytes = Bytes(section);
        for _ in 0..bytes.number()? {
            let name = bytes.external_name()?;
            self.imports.push(name);
            if !bytes.is_instance()? {
                self.undeclared.get_or_insert_with(|| shown(name));
            }
        }
        Ok(())
    }

    fn read_exports(&mut self, section: &'a [u8]) -> Result<(), FileError> {
        let mut bytes = Bytes(section);
        for _ in 0..bytes.number()? {
            self.exports.push(bytes.external_name()?);
            // What it is: a sort, and for a core sort which one; its index; a type, if stated.
            if bytes.byte()? == 0 {
                bytes.byte()?;
            }
            bytes.number()?;
            match bytes.byte()? {
                0 => {}
                1 => bytes.is_instance().map(drop)?,
                _ => return Err(FileError::Malformed("an unknown kind of export")),
            }
        }
        Ok(())
    }

    /// The one interface that it must export, `plancheck:module/rules@1.0.0`.
    fn world(&self) -> Result<&'a str, FileError> {
        match self.exports.as_slice() {
            [name] if name.starts_with(INTERFACE) => Ok(name),
            [] => Err(FileError::WrongWorld("nothing".to_owned())),
            names => {
                let names: Vec<&str> = names.iter().take(8).copied().collect();
                Err(FileError::WrongWorld(shown(&names.join(", "))))
            }
        }
    }
}

/// Checks a core module against the browser profile and writes its memory's maximum.
fn limit_memory(
    core: &[u8],
    component: &Component<'_>,
    interface: &str,
    max_pages: u32,
) -> Result<Vec<u8>, FileError> {
    let Some(content) = core.strip_prefix(MODULE) else {
        return Err(FileError::Malformed("what is inside is no core module"));
    };
    let mut sections = Bytes(content);
    let mut out = MODULE.to_vec();
    out.reserve(content.len() + 8);
    let (mut has_memory, mut exports) = (false, Exports::new(interface));
    loop {
        let before = sections.0;
        let Some((id, section)) = sections.section()? else {
            break;
        };
        let whole = before
            .get(..before.len() - sections.0.len())
            .unwrap_or_default();
        match id {
            2 => core_imports(section, component)?,
            4 => {
                let limited = tables(section)?;
                out.push(4);
                number_into(limited.len() as u32, &mut out);
                out.extend_from_slice(&limited);
                continue;
            }
            5 if has_memory => return Err(FileError::Malformed("two sections of memories")),
            5 => {
                has_memory = true;
                let limited = memory(section, max_pages)?;
                out.push(5);
                number_into(limited.len() as u32, &mut out);
                out.extend_from_slice(&limited);
                continue;
            }
            7 => exports.read(section)?,
            10 => functions(section)?,
            0..=12 => {}
            _ => return Err(FileError::Malformed("an unknown section")),
        }
        out.extend_from_slice(whole);
    }
    if !has_memory {
        return Err(FileError::Malformed("it has no memory"));
    }
    exports.check()?;
    Ok(out)
}

fn core_imports(section: &[u8], component: &Component<'_>) -> Result<(), FileError> {
    let mut bytes = Bytes(section);
    if bytes.number()? == 0 {
        return Ok(());
    }
    let from = bytes.name()?;
    if component.imports.contains(&from) {
        return Err(FileError::UndeclaredImport(shown(from)));
    }
    Err(FileError::OutsideProfile(
        "its core module imports something",
    ))
}

/// The section of the tables, each with a maximum: the host lets none grow beyond it either.
fn tables(section: &[u8]) -> Result<Vec<u8>, FileError> {
    const FUNCTIONS: u8 = 0x70;
    const EXTERNAL: u8 = 0x6f;
    let mut bytes = Bytes(section);
    let count = bytes.number()?;
    at_most("tables", count.into(), MAX_TABLES.into())?;
    let mut out = Vec::with_capacity(section.len() + 3 * count as usize);
    number_into(count, &mut out);
    for _ in 0..count {
        let (of, limits) = (bytes.byte()?, bytes.byte()?);
        if !matches!(of, FUNCTIONS | EXTERNAL) || limits > 1 {
            return Err(FileError::Malformed("a table of another kind"));
        }
        let initial = bytes.number()?;
        at_most("table elements", initial.into(), MAX_TABLE.into())?;
        let own = if limits == 1 {
            bytes.number()?
        } else {
            MAX_TABLE
        };
        out.extend_from_slice(&[of, 1]);
        number_into(initial, &mut out);
        number_into(own.min(MAX_TABLE), &mut out);
    }
    if !bytes.0.is_empty() {
        return Err(FileError::Malformed("a section is longer than it says"));
    }
    Ok(out)
}

/// What compiling the code would cost.
fn functions(section: &[u8]) -> Result<(), FileError> {
    let mut bytes = Bytes(section);
    let count = bytes.number()?;
    if count > MAX_FUNCTIONS {
        return Err(FileError::TooManyFunctions {
            found: count.into(),
            limit: MAX_FUNCTIONS.into(),
        });
    }
    for _ in 0..count {
        let length = bytes.number()?;
        if length > MAX_FUNCTION_BYTES {
            return Err(FileError::FunctionTooLarge {
                bytes: length.into(),
                limit: MAX_FUNCTION_BYTES.into(),
            });
        }
        let mut body = Bytes(bytes.take(length)?);
        let mut locals = 0;
        for _ in 0..body.number()? {
            locals += u64::from(body.number()?);
            // Their type: a number, a vector or a plain reference.
            body.byte()?;
        }
        at_most("locals in one function", locals, MAX_LOCALS)?;
    }
    Ok(())
}

/// The section of the one memory, with a maximum.
fn memory(section: &[u8], max_pages: u32) -> Result<Vec<u8>, FileError> {
    let mut bytes = Bytes(section);
    if bytes.number()? != 1 {
        return Err(FileError::Malformed("it does not have one memory"));
    }
    let has_maximum = match bytes.byte()? {
        0 => false,
        1 => true,
        _ => {
            return Err(FileError::Malformed(
                "its memory is shared, of 64 bits, or of other pages",
            ));
        }
    };
    let initial = bytes.number()?;
    let own = if has_maximum {
        bytes.number()?
    } else {
        max_pages
    };
    if !bytes.0.is_empty() {
        return Err(FileError::Malformed("a section is longer than it says"));
    }
    if initial > max_pages {
        return Err(FileError::OutOfMemory {
            limit: u64::from(max_pages) * PAGE,
        });
    }
    let mut out = vec![1, 1];
    number_into(initial, &mut out);
    number_into(own.min(max_pages), &mut out);
    Ok(out)
}

/// Which of the exports that are called there are.
struct Exports<'a> {
    interface: &'a str,
    memory: bool,
    realloc: bool,
    functions: [bool; FUNCTIONS.len()],
}

impl<'a> Exports<'a> {
    fn new(interface: &'a str) -> Exports<'a> {
        Exports {
            interface,
            memory: false,
            realloc: false,
            functions: [false; FUNCTIONS.len()],
        }
    }

    fn read(&mut self, section: &[u8]) -> Result<(), FileError> {
        const FUNCTION: u8 = 0;
        const MEMORY: u8 = 2;
        let mut bytes = Bytes(section);
        for _ in 0..bytes.number()? {
            let name = bytes.name()?;
            let kind = bytes.byte()?;
            bytes.number()?;
            self.memory |= kind == MEMORY && name == "memory";
            self.realloc |= kind == FUNCTION && name == "cabi_realloc";
            let of_ours = name
                .strip_prefix(self.interface)
                .and_then(|rest| rest.strip_prefix('#'))
                .filter(|_| kind == FUNCTION);
            for (known, found) in FUNCTIONS.iter().zip(&mut self.functions) {
                *found |= of_ours == Some(*known);
            }
        }
        Ok(())
    }

    /// The names are those that `wit-component` gives.
    fn check(&self) -> Result<(), FileError> {
        if self.memory && self.realloc && self.functions.iter().all(|found| *found) {
            Ok(())
        } else {
            Err(FileError::OutsideProfile(
                "its core module does not export its functions by their names",
            ))
        }
    }
}

fn at_most(what: &'static str, found: u64, limit: u64) -> Result<(), FileError> {
    if found > limit {
        Err(FileError::TooLarge { what, found, limit })
    } else {
        Ok(())
    }
}

/// A text from a stranger, fit for a message: escaped, at most 200 characters.
fn shown(text: &str) -> String {
    const MOST: usize = 200;
    let mut out: String = text
        .chars()
        .take(MOST)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(MOST).is_some() {
        out.push('…');
    }
    out
}

/// Bytes still to be read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn byte(&mut self) -> Result<u8, FileError> {
        let (first, rest) = self.0.split_first().ok_or(FileError::Truncated)?;
        self.0 = rest;
        Ok(*first)
    }

    /// A number as WebAssembly writes it: LEB128, 32 bits.
    fn number(&mut self) -> Result<u32, FileError> {
        let mut number = 0_u32;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            let bits = u32::from(byte & 0x7f);
            if shift == 28 && bits > 0xf {
                return Err(FileError::Malformed("a number of more than 32 bits"));
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(FileError::Malformed("a number of more than 32 bits"))
    }

    fn take(&mut self, count: u32) -> Result<&'a [u8], FileError> {
        let (taken, rest) = self
            .0
            .split_at_checked(count as usize)
            .ok_or(FileError::Truncated)?;
        self.0 = rest;
        Ok(taken)
    }

    fn name(&mut self) -> Result<&'a str, FileError> {
        let length = self.number()?;
        std::str::from_utf8(self.take(length)?)
            .map_err(|_| FileError::Malformed("a name is not UTF-8"))
    }

    /// The name of what a component imports or exports.
    fn external_name(&mut self) -> Result<&'a str, FileError> {
        if self.byte()? > 1 {
            return Err(FileError::Malformed("an unknown kind of name"));
        }
        self.name()
    }

    /// Reads what a component imports or exports; whether it is an instance.
    fn is_instance(&mut self) -> Result<bool, FileError> {
        match self.byte()? {
            // A core module.
            0 => {
                self.byte()?;
                self.number()?;
            }
            // A function or a component.
            1 | 4 => {
                self.number()?;
            }
            // A value or a type: one by its number, or any resource.
            2 | 3 => {
                if self.byte()? == 0 {
                    self.number()?;
                }
            }
            5 => {
                self.number()?;
                return Ok(true);
            }
            _ => return Err(FileError::Malformed("an unknown kind of import or export")),
        }
        Ok(false)
    }

    /// The next section: its id and content; none at the end.
    fn section(&mut self) -> Result<Option<(u8, &'a [u8])>, FileError> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let id = self.byte()?;
        let length = self.number()?;
        Ok(Some((id, self.take(length)?)))
    }
}

fn number_into(mut number: u32, out: &mut Vec<u8>) {
    loop {
        let bits = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            out.push(bits);
            return;
        }
        out.push(bits | 0x80);
    }
}

#[cfg(test)]
mod tests;
