//! The modules that there are, and which of them apply to a place.

mod find;
mod watch;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use plancheck_contract::{Manifest, Rule};

pub use plancheck_engine::rules::place::{Place, place_of};
pub use plancheck_engine::rules::resolve::{Choice, Resolution, is_date};

use plancheck_engine::rules::resolve;

use crate::check::{LoadedModule, Problem};
use crate::render::{cut, safe};
use crate::runtime::{Module, Runtime, Trust};
use crate::trust::{Signed, Trusted};

use find::Found;
pub use find::{Origin, Sources, parts_of};
pub use watch::{Event, FileState, FileStatus, Look, Watcher};

/// The date of this machine in UTC: what counts where nobody names the permit's.
#[must_use]
pub fn today() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d").to_string()
}

/// The rules of this id, or, where there is none, those that were called so before.
pub fn rules_called<'m>(
    id: &'m str,
    manifests: impl Iterator<Item = &'m Manifest>,
) -> Vec<(&'m Manifest, &'m Rule)> {
    let mut own = Vec::new();
    let mut renamed = Vec::new();
    for manifest in manifests {
        let current = manifest.current_id(id);
        for rule in &manifest.rules {
            if rule.id == id {
                own.push((manifest, rule));
            } else if rule.id == current {
                renamed.push((manifest, rule));
            }
        }
    }
    if own.is_empty() { renamed } else { own }
}

/// One module of the catalogue.
#[derive(Clone)]
pub struct Entry {
    /// Its id, or the name of its file where the id is not known.
    pub name: String,
    /// Where it was found.
    pub origin: Origin,
    /// Its file, for those who run it themselves; empty where it could not be read.
    pub file: Bytes,
    /// Who signed it; none of what is built in.
    pub signed: Option<Signed>,
    /// The module with its manifest, or why it cannot be used.
    pub state: Result<(Arc<Module>, Arc<Manifest>), Problem>,
}

/// The modules that there are.
#[derive(Clone, Default)]
pub struct Catalogue {
    /// Built-in ones first, then by folder and file; a later module replaces an earlier one of
    /// the same id.
    pub entries: Vec<Entry>,
    /// What a reader of the log should know: modules that were replaced.
    pub notes: Vec<String>,
    /// Whether what is selected runs its rules in preview, too.
    pub preview: bool,
}

/// Modules cannot even be looked for.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// A folder cannot be read.
    #[error("the folder of modules {}: {error}", path.display())]
    Dir {
        /// The folder.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// No module applies to the place.
    #[error("no module applies to {}{}; there are: {}", named(.place), on(.date), listed(.known))]
    NothingApplies {
        /// As asked for.
        place: Box<Place>,
        /// As asked for.
        date: Option<String>,
        /// Id and place of each module that there is.
        known: Vec<(String, String)>,
    },
    /// There is no module at all.
    #[error("there is no module: name one with --module FILE or --modules-dir DIR")]
    Empty,
}

/// A place is what a caller wrote.
fn named(place: &Place) -> String {
    cut(&safe(&place.to_string()), 100).into_owned()
}

fn on(date: &Option<String>) -> String {
    date.as_ref()
        .map(|date| format!(" on {}", safe(date)))
        .unwrap_or_default()
}

fn listed(known: &[(String, String)]) -> String {
    if known.is_empty() {
        return "none".to_owned();
    }
    let list: Vec<String> = known
        .iter()
        .map(|(id, place)| format!("{id} for {place}"))
        .collect();
    list.join(", ")
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

    /// Entries in their order; a later one of a known id takes the earlier one's place.
    fn of(entries: impl IntoIterator<Item = Entry>) -> Catalogue {
        Catalogue::default().with(entries.into_iter())
    }

    /// Adds entries; one of a known id takes its place.
    fn with(mut self, entries: impl Iterator<Item = Entry>) -> Catalogue {
        for entry in entries {
            if let Some(Signed::No(why)) = &entry.signed {
                self.notes.push(format!(
                    "NOT SIGNED: module {} of {} is used although {why}",
                    entry.name, entry.origin
                ));
            }
            let known = self
                .entries
                .iter_mut()
                .find(|known| known.name == entry.name);
            match known {
                Some(known) => {
                    self.notes.push(format!(
                        "module {} of {} replaces that of {}",
                        entry.name, entry.origin, known.origin
                    ));
                    *known = entry;
                }
                None => self.entries.push(entry),
            }
        }
        self
    }

    /// The modules that apply to a place on a date (`2026-03-01`); all, where no place is given. Modules
    /// that could not be loaded always belong to them: nobody knows where they apply.
    ///
    /// # Errors
    /// No module applies, or there is none: an empty ruleset would pass everything.
    pub fn select(
        &self,
        place: Option<&Place>,
        date: Option<&str>,
    ) -> Result<Vec<LoadedModule>, CatalogueError> {
        if self.entries.is_empty() {
            return Err(CatalogueError::Empty);
        }
        let Some(place) = place else {
            return Ok(self.loaded(self.entries.iter()));
        };
        let resolved = self.resolve(place, date);
        let order = |entry: &&Entry| match &entry.state {
            Ok((_, manifest)) => {
                let id = &manifest.module.id;
                resolved.modules.iter().position(|chosen| chosen == id)
            }
            Err(_) => Some(usize::MAX),
        };
        let mut chosen: Vec<&Entry> = self
            .entries
            .iter()
            .filter(|entry| order(entry).is_some())
            .collect();
        chosen.sort_by_key(order);
        if chosen.iter().all(|entry| entry.state.is_err()) {
            return Err(CatalogueError::NothingApplies {
                place: Box::new(place.clone()),
                date: date.map(str::to_owned),
                known: self
                    .manifests()
                    .map(|(_, m)| (m.module.id.clone(), place_of(&m.jurisdiction)))
                    .collect(),
            });
        }
        Ok(self.loaded(chosen.into_iter()))
    }

    fn loaded<'e>(&self, entries: impl Iterator<Item = &'e Entry>) -> Vec<LoadedModule> {
        let preview = self.preview;
        entries.map(|entry| entry.loaded(preview)).collect()
    }

    /// Which modules apply to a place on a date, and why.
    #[must_use]
    pub fn resolve(&self, place: &Place, date: Option<&str>) -> Resolution {
        let manifests: Vec<&Manifest> = self.manifests().map(|(_, manifest)| manifest).collect();
        resolve::resolve(&manifests, place, date)
    }

    /// The modules that could be loaded.
    pub fn manifests(&self) -> impl Iterator<Item = (&Arc<Module>, &Manifest)> {
        self.entries
            .iter()
            .filter_map(|entry| entry.state.as_ref().ok())
            .map(|(module, manifest)| (module, &**manifest))
    }
}

impl Entry {
    fn loaded(&self, preview: bool) -> LoadedModule {
        LoadedModule {
            preview,
            name: self.name.clone(),
            module: self
                .state
                .as_ref()
                .map(|(module, _)| Arc::clone(module))
                .map_err(Clone::clone),
        }
    }
}

/// Loads several at once, in their order.
fn load_all(runtime: &Runtime, found: &[Found], trusted: &Trusted) -> Vec<Entry> {
    let entries: Mutex<Vec<Option<Entry>>> = Mutex::new(vec![None; found.len()]);
    let next = AtomicUsize::new(0);
    let workers = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(found.len());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((at, found)) = take(&next, found) {
                    let entry = load(runtime, found, trusted);
                    let mut entries = entries.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Some(place) = entries.get_mut(at) {
                        *place = Some(entry);
                    }
                }
            });
        }
    });
    let entries = entries.into_inner().unwrap_or_else(PoisonError::into_inner);
    entries.into_iter().flatten().collect()
}

fn take<'f>(next: &AtomicUsize, found: &'f [Found]) -> Option<(usize, &'f Found)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    found.get(at).map(|found| (at, found))
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
    let loaded = match &found.bytes {
        Ok(bytes) => runtime
            .load_module(bytes, trust)
            .map_err(|e| Problem::from(&e)),
        Err(problem) => Err(problem.clone()),
    };
    let state = loaded.and_then(|module| match Manifest::from_json(&module.manifest_json) {
        Ok(manifest) => Ok((Arc::new(module), Arc::new(manifest))),
        Err(error) => Err(Problem {
            code: "bad-manifest".to_owned(),
            message: error.to_string(),
        }),
    });
    let name = match &state {
        Ok((_, manifest)) => manifest.module.id.clone(),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(name: &str, origin: Origin) -> Entry {
        let problem = Problem {
            code: "truncated".to_owned(),
            message: "ends early".to_owned(),
        };
        Entry {
            name: name.to_owned(),
            origin,
            file: Bytes::new(),
            signed: None,
            state: Err(problem),
        }
    }

    #[test]
    fn an_empty_ruleset_is_an_error() {
        assert!(matches!(
            Catalogue::default().select(None, None),
            Err(CatalogueError::Empty)
        ));
        let broken = broken("x", Origin::Embedded);
        let catalogue = Catalogue::default().with([broken].into_iter());
        assert!(
            catalogue
                .select(None, None)
                .is_ok_and(|modules| modules.len() == 1)
        );
        let place: Place = "fr".parse().unwrap();
        let error = catalogue.select(Some(&place), None).err().unwrap();
        assert_eq!(
            error.to_string(),
            "no module applies to fr; there are: none"
        );
    }

    #[test]
    fn a_later_module_of_the_same_name_replaces_the_earlier() {
        let file = Origin::File("x.wasm".into());
        let both = [broken("x", Origin::Embedded), broken("x", file.clone())];
        let catalogue = Catalogue::default().with(both.into_iter());
        assert_eq!(catalogue.entries.len(), 1);
        assert_eq!(catalogue.entries[0].origin, file);
        assert_eq!(
            catalogue.notes,
            ["module x of x.wasm replaces that of this program"]
        );
    }
}
