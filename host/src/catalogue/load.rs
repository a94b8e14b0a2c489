//! Loading modules, and when.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use bytes::Bytes;
use plancheck_contract::Manifest;

use super::find::{self, Found};
use super::{Catalogue, CatalogueError, Entry, Origin, Sources};
use crate::check::Problem;
use crate::runtime::{Module, Runtime, Trust};
use crate::trust::Trusted;

/// A module that can be used. One that is shipped as a rulebook is compiled when somebody needs it: there
/// are many, and a building stands in one place.
pub struct Ready {
    /// What it says of itself.
    pub manifest: Manifest,
    code: Code,
}

enum Code {
    Loaded(Arc<Module>),
    Shipped {
        runtime: Runtime,
        file: Bytes,
        digest: OnceLock<[u8; 32]>,
        module: OnceLock<Result<Arc<Module>, Problem>>,
    },
}

impl Ready {
    /// BLAKE3 of the file.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        match &self.code {
            Code::Loaded(module) => module.digest,
            Code::Shipped { file, digest, .. } => {
                *digest.get_or_init(|| *blake3::hash(file).as_bytes())
            }
        }
    }

    /// Whether it is compiled when a check needs it, as the rulebooks are that are built into the program.
    #[must_use]
    pub fn is_on_demand(&self) -> bool {
        matches!(self.code, Code::Shipped { .. })
    }

    /// The module, compiled now where it was not yet.
    ///
    /// # Errors
    /// It cannot be loaded on this machine.
    pub fn module(&self) -> Result<Arc<Module>, Problem> {
        match &self.code {
            Code::Loaded(module) => Ok(Arc::clone(module)),
            Code::Shipped {
                runtime,
                file,
                module,
                ..
            } => module
                .get_or_init(|| {
                    let loaded = runtime.load_module(file, Trust::Trusted);
                    loaded.map(Arc::new).map_err(|e| Problem::from(&e))
                })
                .clone(),
        }
    }
}

impl Catalogue {
    /// Looks for modules and loads them, several at once. What cannot be loaded stays in the
    /// catalogue with the reason.
    ///
    /// # Errors
    /// [`CatalogueError::Dir`] when a folder cannot be read.
    pub fn load(runtime: &Runtime, sources: &Sources) -> Result<Catalogue, CatalogueError> {
        let found = find::all(sources)?;
        Ok(Catalogue::of(load_all(runtime, &found, &sources.trusted)))
    }
}

/// Does something with each, several at once; the answers in the order given.
pub(super) fn at_once<T: Sync, A: Send>(all: &[T], act: impl Fn(&T) -> A + Sync) -> Vec<A> {
    let answers: Mutex<Vec<(usize, A)>> = Mutex::default();
    let next = AtomicUsize::new(0);
    let workers = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(all.len());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(one) = all.get(at) else { break };
                    let answer = act(one);
                    let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
                    answers.push((at, answer));
                }
            });
        }
    });
    let mut answers = answers.into_inner().unwrap_or_else(PoisonError::into_inner);
    answers.sort_by_key(|(at, _)| *at);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// Loads several at once, in their order.
pub(super) fn load_all(runtime: &Runtime, found: &[Found], trusted: &Trusted) -> Vec<Entry> {
    at_once(found, |found| load(runtime, found, trusted))
}

fn load(runtime: &Runtime, found: &Found, trusted: &Trusted) -> Entry {
    let mut signed = None;
    if let (false, Ok(bytes)) = (found.origin == Origin::Embedded, &found.bytes) {
        match trusted.judge(bytes, found.signature.as_deref()) {
            Ok(how) => signed = Some(how),
            Err(problem) => {
                return Entry {
                    name: found.name.clone(),
                    origin: found.origin.clone(),
                    file: Bytes::new(),
                    signed: None,
                    state: Err(problem),
                };
            }
        }
    }
    let trust = match found.origin {
        Origin::Embedded => Trust::Trusted,
        _ => Trust::Untrusted,
    };
    let read = |text: &str| {
        Manifest::from_json(text).map_err(|error| Problem {
            code: "bad-manifest".to_owned(),
            message: error.to_string(),
        })
    };
    let state = match (&found.bytes, found.manifest) {
        (Err(problem), _) => Err(problem.clone()),
        (Ok(file), Some(manifest)) => read(manifest).map(|manifest| Ready {
            manifest,
            code: Code::Shipped {
                runtime: runtime.clone(),
                file: file.clone(),
                digest: OnceLock::new(),
                module: OnceLock::new(),
            },
        }),
        (Ok(file), None) => runtime
            .load_module(file, trust)
            .map_err(|e| Problem::from(&e))
            .and_then(|module| {
                Ok(Ready {
                    manifest: read(&module.manifest_json)?,
                    code: Code::Loaded(Arc::new(module)),
                })
            }),
    };
    let state = state.map(Arc::new);
    let name = match &state {
        Ok(ready) => ready.manifest.module.id.clone(),
        Err(_) => found.name.clone(),
    };
    Entry {
        name,
        origin: found.origin.clone(),
        file: found.bytes.clone().unwrap_or_default(),
        signed,
        state,
    }
}
