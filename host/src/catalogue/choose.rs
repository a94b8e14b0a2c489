//! Which modules are used for a building, and why: by a place that was named, by what the model says, or by
//! their ids.

use std::sync::Arc;

use plancheck_contract::Manifest;
use plancheck_engine::model::Location;
use plancheck_engine::rules::chosen::{ChosenPlace, PlaceSource, Read};
use plancheck_engine::rules::nearest;
use serde::Serialize;

use super::load::at_once;
use super::{Catalogue, CatalogueError, Entry, Origin, Place, Resolution};
use crate::check::{LoadedModule, RulesetOf};
use crate::place::{Stated, stated};

/// Where nobody says where a building is: the country that this program has most rules for.
const ASSUMED: &str = "us";

/// What decides which modules are used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Those of a place that the caller named.
    Place(Place),
    /// Those of the place that the model says.
    Model,
    /// Exactly these, by id, in this order.
    Modules(Vec<String>),
}

/// The modules of a check, loaded.
#[derive(Clone)]
pub struct Selection {
    /// In the order in which they are asked.
    pub modules: Vec<LoadedModule>,
    /// Why these; none where the caller named them.
    pub place: Option<ChosenPlace>,
}

/// What the checks of a model are made with: the modules that there are, and what decides between them.
#[derive(Clone)]
pub struct Codes {
    catalogue: Arc<Catalogue>,
    wanted: Wanted,
    date: String,
}

impl Codes {
    /// Nothing is loaded yet.
    ///
    /// # Errors
    /// No module could be used, whatever the model is.
    pub fn new(
        catalogue: Arc<Catalogue>,
        wanted: Wanted,
        date: String,
    ) -> Result<Codes, CatalogueError> {
        catalogue.candidates(&wanted, Some(&date))?;
        Ok(Codes {
            catalogue,
            wanted,
            date,
        })
    }

    /// What the modules say of themselves that a check of this model or another may use.
    #[must_use]
    pub fn manifests(&self) -> Vec<&Manifest> {
        let entries = self.catalogue.candidates(&self.wanted, Some(&self.date));
        let entries = entries.unwrap_or_default().into_iter();
        entries
            .filter_map(|entry| entry.state.as_ref().ok())
            .map(|ready| &ready.manifest)
            .collect()
    }

    /// For a check.
    #[must_use]
    pub fn ruleset(&self) -> RulesetOf<'_> {
        RulesetOf::Wanted {
            catalogue: &self.catalogue,
            wanted: &self.wanted,
            date: Some(&self.date),
        }
    }

    /// Equal digests, equal reports of equal models; none where a module cannot be used: its report is not
    /// complete, and may be another one tomorrow.
    #[must_use]
    pub fn digest(&self) -> Option<[u8; 32]> {
        let date = self.date.as_str();
        let entries = self.catalogue.candidates(&self.wanted, Some(date));
        let mut hasher = blake3::Hasher::new();
        let mut add = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        add(match &self.wanted {
            Wanted::Place(_) => b"place",
            Wanted::Model => b"model",
            Wanted::Modules(_) => b"modules",
        });
        add(&[u8::from(self.catalogue.preview)]);
        if let Wanted::Place(place) = &self.wanted {
            add(place.to_string().as_bytes());
        }
        for entry in entries.ok()? {
            let ready = entry.state.as_ref().ok()?;
            add(entry.name.as_bytes());
            add(&ready.digest());
            let j = &ready.manifest.jurisdiction;
            let ended = !j.effective_until.is_empty() && date >= j.effective_until.as_str();
            add(&[u8::from(date >= j.effective_from.as_str()), u8::from(ended)]);
        }
        Some(*hasher.finalize().as_bytes())
    }
}

/// Which modules apply where a model says that it is, and where that was read.
#[derive(Debug, Serialize)]
pub struct Explained {
    /// None: the model states no place that can be told.
    #[serde(flatten)]
    pub resolution: Option<Resolution>,
    /// What of the model the place was read from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub read: Vec<Read>,
    /// What was written and not believed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Catalogue {
    /// Says which modules apply to a model on a date, by what it states of its place.
    #[must_use]
    pub fn explain(&self, stated: Stated, date: &str) -> Explained {
        Explained {
            resolution: stated.place.map(|place| self.resolve(&place, Some(date))),
            read: stated.read,
            notes: stated.notes,
        }
    }

    /// Chooses modules, and loads those that nobody needed before. `location` is what the model says, where
    /// that is asked; `date` as for [`Catalogue::applying`].
    ///
    /// # Errors
    /// See [`CatalogueError`].
    pub fn choose(
        &self,
        wanted: &Wanted,
        date: Option<&str>,
        location: Option<&Location>,
    ) -> Result<Selection, CatalogueError> {
        let (entries, place) = match wanted {
            Wanted::Place(place) => {
                let chosen = ChosenPlace {
                    place: Some(place.to_string()),
                    source: PlaceSource::Given,
                    why: "the place was named by who asked for the check".to_owned(),
                    read: Vec::new(),
                    notes: Vec::new(),
                };
                (self.applying(place, date)?, Some(chosen))
            }
            Wanted::Modules(ids) => (self.named(ids)?, None),
            Wanted::Model => {
                let found = location.map(stated).unwrap_or_default();
                let (entries, chosen) = self.by_model(found, date)?;
                (entries, Some(chosen))
            }
        };
        Ok(Selection {
            modules: at_once(&entries, |entry| entry.loaded(self.preview)),
            place,
        })
    }

    /// The entries that a check of this model or another may use: all of them, where the model decides.
    ///
    /// # Errors
    /// See [`CatalogueError`].
    pub fn candidates(
        &self,
        wanted: &Wanted,
        date: Option<&str>,
    ) -> Result<Vec<&Entry>, CatalogueError> {
        match wanted {
            Wanted::Place(place) => self.applying(place, date),
            Wanted::Modules(ids) => self.named(ids),
            Wanted::Model if self.entries.is_empty() => Err(CatalogueError::Empty),
            Wanted::Model => Ok(self.entries.iter().collect()),
        }
    }

    fn named(&self, ids: &[String]) -> Result<Vec<&Entry>, CatalogueError> {
        let found = ids.iter().map(|id| {
            let mut entries = self.entries.iter();
            entries.find(|entry| entry.name == *id).ok_or_else(|| {
                let known = self.entries.iter().map(|entry| entry.name.as_str());
                CatalogueError::NoSuchModule {
                    id: id.clone(),
                    nearest: nearest(id, known).map(str::to_owned),
                }
            })
        });
        let found: Vec<&Entry> = found.collect::<Result<_, _>>()?;
        if found.is_empty() {
            return Err(CatalogueError::Empty);
        }
        Ok(found)
    }

    fn by_model(
        &self,
        found: Stated,
        date: Option<&str>,
    ) -> Result<(Vec<&Entry>, ChosenPlace), CatalogueError> {
        let Stated { place, read, notes } = found;
        let Some(place) = place else {
            return self.without_a_place(date, notes);
        };
        let why = format!("the model says so: {}", sources(&read));
        let entries = self.applying(&place, date).map_err(|error| match error {
            CatalogueError::NothingApplies {
                place,
                date,
                nearest,
                ..
            } => {
                let notes: String = notes.iter().map(|note| format!("; {note}")).collect();
                CatalogueError::NothingApplies {
                    because: Some(format!("{why}{notes}")),
                    place,
                    date,
                    nearest,
                }
            }
            other => other,
        })?;
        let mut chosen = ChosenPlace {
            place: Some(place.to_string()),
            source: PlaceSource::Model,
            why,
            read,
            notes,
        };
        // Whoever names a file expects it to be used.
        let unused = self.entries.iter().filter(|entry| {
            is_file(entry) && !entries.iter().any(|used| std::ptr::eq(*used, *entry))
        });
        chosen.notes.extend(unused.map(|entry| {
            format!(
                "the module {} of {} is not used: it does not apply to {place}",
                entry.name, entry.origin
            )
        }));
        Ok((entries, chosen))
    }

    /// The built-in modules of the country that is assumed, and all that were given as files.
    fn without_a_place(
        &self,
        date: Option<&str>,
        notes: Vec<String>,
    ) -> Result<(Vec<&Entry>, ChosenPlace), CatalogueError> {
        const NOBODY: &str = "nobody named a place, and the model states none that can be told";
        let mut chosen = ChosenPlace {
            place: None,
            source: PlaceSource::None,
            why: format!("{NOBODY}: all modules that were given are used"),
            read: Vec::new(),
            notes,
        };
        if self.entries.is_empty() {
            return Err(CatalogueError::Empty);
        }
        let files: Vec<&Entry> = self.entries.iter().filter(|entry| is_file(entry)).collect();
        if files.len() == self.entries.len() {
            return Ok((files, chosen));
        }
        let assumed: Place = ASSUMED.parse().unwrap_or_default();
        let mut entries = self.applying(&assumed, date)?;
        let more: Vec<&Entry> = files
            .into_iter()
            .filter(|file| !entries.iter().any(|used| std::ptr::eq(*used, *file)))
            .collect();
        chosen.place = Some(assumed.to_string());
        chosen.source = PlaceSource::Assumed;
        chosen.why = format!(
            "{NOBODY}: the codes of {ASSUMED} are assumed, the country that this program knows most rules of"
        );
        if !more.is_empty() {
            let names: Vec<&str> = more.iter().map(|entry| entry.name.as_str()).collect();
            chosen.notes.push(format!(
                "modules that were given as files are used wherever they apply: {}",
                names.join(", ")
            ));
        }
        entries.extend(more);
        Ok((entries, chosen))
    }
}

fn is_file(entry: &Entry) -> bool {
    entry.origin != Origin::Embedded
}

/// `BuildingAddress.Country “US” and BuildingAddress.Region “CO”, record #32`.
fn sources(read: &[Read]) -> String {
    let values: Vec<String> = read
        .iter()
        .map(|read| format!("{} “{}”", read.attribute, read.value))
        .collect();
    let record = read.first().and_then(|read| read.record);
    let record = record.map_or_else(String::new, |record| format!(", record #{record}"));
    format!("{}{record}", values.join(", "))
}
