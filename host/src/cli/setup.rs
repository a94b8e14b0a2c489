//! What most commands need first: the runtime, the engine, the modules.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::exit::Failure;
use super::quantity::bytes;
use crate::catalogue::{Catalogue, CatalogueError, Codes, Place, Sources, Wanted, Watcher, today};
use crate::check::CheckEngine;
use crate::registry::{Artifact, is_artifact};
use crate::runtime::{
    Compiler, EngineError, FileError, Limits, ModuleError, Runtime, RuntimeConfig, embedded_engine,
};
use crate::trust::Trusted;

/// Where modules come from, in every command that uses some.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct ModuleArgs {
    /// Use this module, bundle of modules or artifact of a registry too; it replaces a built-in one of the
    /// same id
    #[arg(long = "module", value_name = "FILE|oci://…")]
    pub(super) modules: Vec<PathBuf>,
    /// Use every *.wasm and *.plancheck-bundle in this folder too
    #[arg(
        long,
        env = "PLANCHECK_MODULES_DIR",
        value_name = "DIR",
        value_delimiter = ':'
    )]
    pub(super) modules_dir: Vec<PathBuf>,
    /// Leave out the modules that are built into the program
    #[arg(long)]
    pub(super) no_builtin: bool,
    /// Leave out those of them that are rulebooks: pages have the others only
    #[arg(long)]
    pub(super) no_rulebooks: bool,
    /// Take only files that are signed with this key: a minisign public key, or a file of some
    #[arg(
        long = "trusted-key",
        env = "PLANCHECK_TRUSTED_KEYS",
        value_name = "KEY|FILE",
        value_delimiter = ','
    )]
    pub(super) trusted_keys: Vec<String>,
    /// Take files that nobody trusted signed, and say so. Commands do so by themselves where no key is
    /// named, a server does not
    #[arg(long, env = "PLANCHECK_ALLOW_UNSIGNED")]
    pub(super) allow_unsigned: bool,
}

/// Which rules run, in every command that runs some.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct PreviewArgs {
    /// Run rules that are still in preview, too: they may change from one version of a module to the next
    #[arg(long, env = "PLANCHECK_PREVIEW")]
    pub(super) preview: bool,
}

/// All that a component of 32 bits can address.
pub(super) const MAX_ENGINE_MEMORY: usize = 4 << 30;
/// The limit of a command that is not told another one.
const ENGINE_MEMORY: &str = "PLANCHECK_ENGINE_MEMORY";

/// Which engine runs.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct EngineArgs {
    /// Run this engine instead of the one that is built into the program
    #[arg(long, value_name = "FILE")]
    pub(super) engine: Option<PathBuf>,
    /// Memory that the engine may use for one model, at most 4GiB; otherwise
    /// PLANCHECK_ENGINE_MEMORY, else 4GiB
    #[arg(long, value_name = "SIZE", value_parser = engine_memory)]
    pub(super) engine_memory: Option<usize>,
    /// Run the engine without its sandbox, to compare the two
    #[cfg(feature = "native-engine")]
    #[arg(long, hide = true)]
    pub(super) native_engine: bool,
}

impl EngineArgs {
    /// The limits that were asked for.
    pub(super) fn limits(&self) -> Result<Limits, Failure> {
        let mut limits = Limits::default();
        let set = env::var_os(ENGINE_MEMORY).filter(|value| !value.is_empty());
        if let Some(bytes) = self.engine_memory {
            limits.engine_memory = bytes;
        } else if let Some(text) = set {
            limits.engine_memory = engine_memory(&text.to_string_lossy())
                .map_err(|why| Failure::usage(format!("{ENGINE_MEMORY}: {why}")))?;
        }
        Ok(limits)
    }
}

fn engine_memory(text: &str) -> Result<usize, String> {
    let bytes = bytes(text)?;
    if bytes > MAX_ENGINE_MEMORY {
        return Err("at most 4GiB: the engine addresses no more".to_owned());
    }
    Ok(bytes)
}

impl ModuleArgs {
    /// As the catalogue wants it.
    fn sources(&self, keep: Option<&Path>) -> Result<Sources, Failure> {
        for text in self.modules.iter().filter_map(|path| path.to_str()) {
            if is_artifact(text) {
                let wrong = |why: String| Failure::usage(format!("--module: {why}"));
                text.parse::<Artifact>().map_err(wrong)?;
            }
        }
        let mut keys = Vec::new();
        for text in &self.trusted_keys {
            let wrong = |why: String| Failure::usage(format!("--trusted-key: {why}"));
            match text.parse() {
                Ok(key) => keys.push(key),
                // A word that begins as a key and is no file is a wrong key.
                Err(why) if text.starts_with("RW") && !Path::new(text).exists() => {
                    return Err(wrong(why));
                }
                Err(_) => keys.extend(Trusted::read_keys(text.as_ref()).map_err(wrong)?),
            }
        }
        Ok(Sources {
            no_embedded: self.no_builtin,
            no_rulebooks: self.no_rulebooks,
            dirs: self.modules_dir.clone(),
            files: self.modules.clone(),
            keep: keep.map(Path::to_owned),
            trusted: Trusted {
                unsigned: self.allow_unsigned,
                keys,
                today: today(),
            },
        })
    }

    /// Loads the modules and says on standard error what a person should know of it.
    pub(super) fn catalogue(&self, runtime: &Runtime) -> Result<Catalogue, Failure> {
        let mut sources = self.sources(cache_dir().as_deref())?;
        // Who names a file on the command line wants it.
        sources.trusted.unsigned |= sources.trusted.keys.is_empty();
        self.load(runtime, &sources)
    }

    /// The same for a server, which answers for what it loads: files have to be signed. The modules are
    /// looked after by what is returned first.
    pub(super) fn watched(
        &self,
        runtime: &Runtime,
        settle: Duration,
        keep: Option<&Path>,
    ) -> Result<(Watcher, Catalogue), Failure> {
        let (watcher, catalogue) = Watcher::start(runtime.clone(), self.sources(keep)?, settle)?;
        say(&catalogue);
        Ok((watcher, catalogue))
    }

    fn load(&self, runtime: &Runtime, sources: &Sources) -> Result<Catalogue, Failure> {
        let catalogue = Catalogue::load(runtime, sources)?;
        say(&catalogue);
        Ok(catalogue)
    }

    /// What models are checked with: the codes of this place, else of the one that each model says.
    pub(super) fn codes(
        &self,
        runtime: &Runtime,
        place: Option<&Place>,
        date: String,
        preview: &PreviewArgs,
    ) -> Result<Codes, Failure> {
        let mut catalogue = self.catalogue(runtime)?;
        catalogue.preview = preview.preview;
        let catalogue = Arc::new(catalogue);
        let wanted = match place {
            Some(place) => Wanted::Place(place.clone()),
            // Who leaves out all others and names files one by one wants these.
            None if self.no_builtin && self.modules_dir.is_empty() => {
                let names = catalogue.entries.iter().map(|entry| entry.name.clone());
                Wanted::Modules(names.collect())
            }
            None => Wanted::Model,
        };
        Codes::new(catalogue, wanted, date).map_err(|error| match error {
            CatalogueError::Empty if crate::runtime::embedded_modules().is_empty() => {
                Failure::usage(format!("{error}; this program was built without modules"))
            }
            other => other.into(),
        })
    }
}

/// What a person should know of the modules.
fn say(catalogue: &Catalogue) {
    for note in &catalogue.notes {
        eprintln!("plancheck: {}", crate::render::safe(note));
    }
}

/// The runtime of a command. A cache folder that cannot be used costs time, not the command.
pub(super) fn runtime(limits: Limits) -> Result<Runtime, Failure> {
    let program = env::current_exe()
        .map_err(|error| Failure::fault(format!("cannot find this program: {error}")))?;
    let config = |cache_dir| RuntimeConfig {
        cache_dir,
        compiler: Compiler::Child(program.clone()),
        limits: limits.clone(),
    };
    let Some(dir) = cache_dir() else {
        return Ok(Runtime::new(config(None))?);
    };
    Runtime::new(config(Some(dir))).or_else(|error| {
        eprintln!("plancheck: {error}; compiled modules are not kept");
        Ok(Runtime::new(config(None))?)
    })
}

/// The engine that checks run on.
pub(super) fn engine(args: &EngineArgs, runtime: &Runtime) -> Result<CheckEngine, Failure> {
    #[cfg(feature = "native-engine")]
    if args.native_engine {
        return Ok(CheckEngine::Native);
    }
    let loaded = match (&args.engine, embedded_engine()) {
        (Some(path), _) => runtime.engine(&super::input::read(path)?),
        (None, Some(bytes)) => runtime.engine(bytes),
        (None, None) => {
            return Err(Failure::fault(
                "this program was built without an engine: run `./x wasm` in the checkout and build again, or \
                 name one with --engine FILE",
            ));
        }
    };
    let engine = loaded.map_err(|error| match error {
        EngineError::Load(ModuleError::File(FileError::OutOfMemory { limit })) => {
            Failure::usage(format!(
                "the engine itself needs more than {limit} bytes: give it more with --engine-memory"
            ))
        }
        other => other.into(),
    })?;
    Ok(CheckEngine::Component(engine))
}

/// Where compiled modules are kept: `PLANCHECK_CACHE_DIR`, or `plancheck` in the user's cache.
/// An empty variable: nowhere.
pub(super) fn cache_dir() -> Option<PathBuf> {
    if let Some(dir) = env::var_os("PLANCHECK_CACHE_DIR") {
        return (!dir.is_empty()).then(|| PathBuf::from(dir));
    }
    let of = |name: &str| {
        env::var_os(name)
            .filter(|v| !v.is_empty())
            .map(PathBuf::from)
    };
    let base = if cfg!(windows) {
        of("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        of("HOME").map(|home| home.join("Library/Caches"))
    } else {
        of("XDG_CACHE_HOME").or_else(|| of("HOME").map(|home| home.join(".cache")))
    };
    base.map(|base| base.join("plancheck"))
}
