//! Why a file is no module that can be run, in the same words wherever that is found out.

use std::borrow::Cow;

use thiserror::Error;

/// Why a file cannot be run: the host and the engine in a page say the same of the same file.
///
/// Text that comes from the file is escaped and cut short before it gets here.
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
    Malformed(Cow<'static, str>),
    /// It exports something else than is called.
    #[error("exports {found}, but this host calls {expected}")]
    WrongWorld {
        /// What it exports.
        found: String,
        /// What it should export.
        expected: Cow<'static, str>,
    },
    /// A module imports nothing: no files, no network, no clock.
    #[error("imports `{0}`, but a module imports nothing")]
    UndeclaredImport(String),
    /// Valid, but the component is more, or something else, than what is put around the code of a
    /// module: it could be two programs in one file.
    #[error("not made as a module is: {0}")]
    OutsideProfile(Cow<'static, str>),
    /// More of something than a module may have.
    #[error("has {found} {what}, the limit is {limit}")]
    TooLarge {
        /// `bytes`, `tables`, …
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
}

impl FileError {
    /// A stable name, for machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            FileError::NotAComponent => "not-a-component",
            FileError::Truncated => "truncated",
            FileError::Malformed(_) => "malformed",
            FileError::WrongWorld { .. } => "wrong-world",
            FileError::UndeclaredImport(_) => "undeclared-import",
            FileError::OutsideProfile(_) => "outside-profile",
            FileError::TooLarge { .. } => "too-large",
            FileError::FunctionTooLarge { .. } => "function-too-large",
            FileError::TooManyFunctions { .. } => "too-many-functions",
            FileError::OutOfMemory { .. } => "out-of-memory",
        }
    }

    #[cold]
    #[inline(never)]
    pub(super) fn malformed(why: &'static str) -> Box<FileError> {
        Box::new(FileError::Malformed(Cow::Borrowed(why)))
    }

    #[cold]
    #[inline(never)]
    pub(super) fn outside(why: &'static str) -> Box<FileError> {
        Box::new(FileError::OutsideProfile(Cow::Borrowed(why)))
    }

    /// The same, of something that has a name.
    #[cold]
    #[inline(never)]
    pub(super) fn outside_as(before: &str, name: &str, after: &str) -> Box<FileError> {
        let why = [before, "`", &shown(name), "`", after].concat();
        Box::new(FileError::OutsideProfile(Cow::Owned(why)))
    }
}

/// What reading a part of a file gives. The error is one word, because it is handed on from every byte
/// that is read: with the whole of it the engine in a page would be kilobytes larger.
pub(super) type Read<T> = Result<T, Box<FileError>>;

/// Refuses more of something than there may be.
///
/// # Errors
/// [`FileError::TooLarge`].
pub fn at_most(what: &'static str, found: u64, limit: u64) -> Result<(), FileError> {
    if found > limit {
        Err(FileError::TooLarge { what, found, limit })
    } else {
        Ok(())
    }
}

/// A text from a stranger, fit for a message: escaped, at most 200 characters.
#[must_use]
pub fn shown(text: &str) -> String {
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

/// What a component exports, for [`FileError::WrongWorld`].
#[must_use]
pub fn shown_exports(names: &[&str]) -> String {
    const MOST: usize = 8;
    if names.is_empty() {
        return "nothing".to_owned();
    }
    let names: Vec<&str> = names.iter().take(MOST).copied().collect();
    shown(&names.join(", "))
}
