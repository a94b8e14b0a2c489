//! What can go wrong, typed, each with a stable code.

use std::path::PathBuf;

pub use plancheck_engine::module_file::FileError;
pub(super) use plancheck_engine::module_file::shown;

/// The runtime could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeError {
    /// The WebAssembly engine refused its configuration; mostly the operating system refused it
    /// address space.
    #[error("the WebAssembly runtime could not be set up: {0}")]
    Setup(String),
    /// Compiled code is loaded from this folder, so nobody else may write there.
    #[error("the folder for compiled modules, {}, cannot be used: {reason}", path.display())]
    CacheDir {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

/// A module was refused, or a call of it gave no usable answer.
///
/// Text that comes from the module is escaped and cut short before it gets here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModuleError {
    /// The file is not one that can be run.
    #[error(transparent)]
    File(#[from] FileError),
    /// The compiler was stopped.
    #[error("compiling it took longer than {millis} ms")]
    CompileTimeout {
        /// The limit.
        millis: u64,
    },
    /// The compiler refused it, or broke on it.
    #[error("could not be compiled: {0}")]
    Compile(String),
    /// `describe` returned no text that can be a manifest.
    #[error("its manifest cannot be used: {0}")]
    BadManifest(String),
    /// Stopped by the clock.
    #[error("gave no answer within {millis} ms")]
    Deadline {
        /// The limit.
        millis: u64,
    },
    /// Gave up after it was refused more memory.
    #[error("needs more than {limit} bytes of memory")]
    OutOfMemory {
        /// The limit.
        limit: u64,
    },
    /// Called itself too deeply.
    #[error("its stack overflowed")]
    StackOverflow,
    /// Stopped by itself or by a fault: a panic, an access out of bounds, a division by zero.
    #[error("trapped: {0}")]
    Trap(String),
    /// An answer that is larger than any honest answer to what was asked.
    #[error("its answer is larger than {limit} bytes")]
    AnswerTooLarge {
        /// The limit for this question.
        limit: u64,
    },
    /// An answer that breaks the contract.
    #[error("its answer breaks the contract: {0}")]
    BadAnswer(String),
    /// Not the module's fault: the host had no memory or no file for it.
    #[error("the host could not run it: {0}")]
    Host(String),
}

impl ModuleError {
    /// What the compiler or the linker of wasmtime says of a file.
    pub(super) fn malformed(error: &wasmtime::Error) -> ModuleError {
        FileError::Malformed(shown(&format!("{error:#}")).into()).into()
    }

    /// A stable name, for machines: reports, problem documents, metrics.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            ModuleError::File(file) => file.code(),
            ModuleError::CompileTimeout { .. } => "compile-timeout",
            ModuleError::Compile(_) => "compile",
            ModuleError::BadManifest(_) => "bad-manifest",
            ModuleError::Deadline { .. } => "deadline",
            ModuleError::OutOfMemory { .. } => "out-of-memory",
            ModuleError::StackOverflow => "stack-overflow",
            ModuleError::Trap(_) => "trap",
            ModuleError::AnswerTooLarge { .. } => "answer-too-large",
            ModuleError::BadAnswer(_) => "bad-answer",
            ModuleError::Host(_) => "host",
        }
    }
}

/// The engine was refused, said no, or was stopped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// The engine component could not be loaded.
    #[error("the engine {0}")]
    Load(ModuleError),
    /// The engine's own typed error, as JSON. The session stays usable.
    #[error("{0}")]
    Refused(String),
    /// The engine was stopped in the middle of a call. The session is over.
    #[error("the engine {0}")]
    Stopped(ModuleError),
    /// An earlier call was stopped; start a new session.
    #[error("the session ended when the engine {0}")]
    Poisoned(ModuleError),
}

impl EngineError {
    /// A stable name, for machines. `refused` has a more exact code inside its JSON.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            EngineError::Refused(_) => "refused",
            EngineError::Load(cause) | EngineError::Stopped(cause) => cause.code(),
            EngineError::Poisoned(_) => "session-over",
        }
    }
}
