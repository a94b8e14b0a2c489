//! The modules that there are, and which of them apply to a place.
//!
//! `find` looks for them, `load` loads them, `watch` swaps them while a server runs, `choose` says which are used
//! for a building, and why.

mod choose;
mod find;
mod load;
mod watch;

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use plancheck_contract::{Manifest, Rule};

pub use plancheck_engine::rules::place::{Place, place_of};
pub use plancheck_engine::rules::resolve::{Choice, Resolution, is_date};

use plancheck_engine::rules::resolve;

pub use choose::{Codes, Explained, Selection, Wanted};
pub use find::{Origin, Sources, parts_of};
pub use load::Ready;
pub use watch::{Event, FileState, FileStatus, Look, Watcher};

use crate::check::{LoadedModule, Problem};
use crate::render::{cut, safe};
use crate::trust::Signed;

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
    pub state: Result<Arc<Ready>, Problem>,
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
    #[error("no module applies to {}{}{}; the nearest places with modules: {}", named(.place), on(.date), why(.because), listed(.nearest))]
    NothingApplies {
        /// As asked for, or as the model says.
        place: Box<Place>,
        /// As asked for.
        date: Option<String>,
        /// Where the place came from, where the caller did not name it.
        because: Option<String>,
        /// Places that have modules, the likeliest first.
        nearest: Vec<String>,
    },
    /// A module that was named is not there.
    #[error("there is no module {}{}", cut(&safe(.id), 100), hint(.nearest))]
    NoSuchModule {
        /// As asked for.
        id: String,
        /// The one that may be meant.
        nearest: Option<String>,
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

fn why(because: &Option<String>) -> String {
    because
        .as_ref()
        .map(|because| format!(" ({})", safe(because)))
        .unwrap_or_default()
}

fn hint(nearest: &Option<String>) -> String {
    nearest
        .as_ref()
        .map(|id| format!("; is {id} meant?"))
        .unwrap_or_default()
}

fn listed(nearest: &[String]) -> String {
    if nearest.is_empty() {
        return "none".to_owned();
    }
    nearest.join(", ")
}

impl Catalogue {
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

    /// The modules that apply to a place on a date (`2026-03-01`), in the order in which they are asked.
    /// Modules that could not be loaded always belong to them: nobody knows where they apply.
    ///
    /// # Errors
    /// No module applies, or there is none: an empty ruleset would pass everything.
    pub fn applying(
        &self,
        place: &Place,
        date: Option<&str>,
    ) -> Result<Vec<&Entry>, CatalogueError> {
        if self.entries.is_empty() {
            return Err(CatalogueError::Empty);
        }
        let resolved = self.resolve(place, date);
        let order = |entry: &&Entry| match &entry.state {
            Ok(ready) => {
                let id = &ready.manifest.module.id;
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
                because: None,
                nearest: resolved.nearest,
            });
        }
        Ok(chosen)
    }

    /// Which modules apply to a place on a date, and why.
    #[must_use]
    pub fn resolve(&self, place: &Place, date: Option<&str>) -> Resolution {
        let manifests: Vec<&Manifest> = self.manifests().collect();
        resolve::resolve(&manifests, place, date)
    }

    /// What the modules that can be used say of themselves.
    pub fn manifests(&self) -> impl Iterator<Item = &Manifest> {
        self.entries
            .iter()
            .filter_map(|entry| entry.state.as_ref().ok())
            .map(|ready| &ready.manifest)
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
                .map_err(Clone::clone)
                .and_then(|ready| ready.module()),
        }
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
            Catalogue::default().applying(&"fr".parse().unwrap(), None),
            Err(CatalogueError::Empty)
        ));
        let broken = broken("x", Origin::Embedded);
        let catalogue = Catalogue::default().with([broken].into_iter());
        let place: Place = "fr".parse().unwrap();
        let error = catalogue.applying(&place, None).err().unwrap();
        assert_eq!(
            error.to_string(),
            "no module applies to fr; the nearest places with modules: none"
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
