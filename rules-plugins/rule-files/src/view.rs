//! The views of a module while its rules are compiled: which rows, which columns.

use std::collections::{BTreeSet, HashMap};

use plancheck_contract::{FactKind, MAX_VIEW_FACTS, Only, View, ViewFact};
use plancheck_rule_files_runner::condition::{Columns, Condition, NONE, Own};

use crate::error::What;

/// The longest name that fits into the path of a fact.
const MAX_NAME: usize = 400;

/// A view that grows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Growing {
    /// The one type of its objects, each looked at alone; none: all rows of several types together.
    single: Option<String>,
    /// The types of its rows; none: every type.
    types: Option<BTreeSet<String>>,
    facts: Vec<ViewFact>,
    known: HashMap<(String, FactKind), u32>,
}

/// Where a property or a value of the location stands.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    Properties,
    Location,
}

impl Growing {
    pub(crate) fn of_type(name: &str) -> Growing {
        Growing {
            single: Some(name.to_owned()),
            types: Some(BTreeSet::from([name.to_owned()])),
            ..Growing::default()
        }
    }

    pub(crate) fn of_all() -> Growing {
        Growing {
            types: Some(BTreeSet::new()),
            ..Growing::default()
        }
    }

    /// Whether rules of this kind of view belong here.
    pub(crate) fn is(&self, single: Option<&str>) -> bool {
        self.single.as_deref() == single
    }

    pub(crate) fn is_full(&self) -> bool {
        self.facts.len() > MAX_VIEW_FACTS
    }

    fn column(&mut self, name: &str, path: String, kind: FactKind) -> u32 {
        let next = self.facts.len() as u32;
        let key = (path, kind);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        self.facts.push(ViewFact {
            name: name.to_owned(),
            path: key.0.clone(),
            kind,
            dimension: None,
        });
        self.known.insert(key, next);
        next
    }

    /// The columns of a value; `written` where its text is wanted, whatever it is.
    pub(crate) fn value(
        &mut self,
        place: Place,
        name: &str,
        written: bool,
    ) -> Result<Columns, What> {
        let clean = name.trim() == name && !name.contains([',', '(', ')', '"', '\n', '\r']);
        if name.is_empty() || !clean || name.len() > MAX_NAME {
            return Err(What::Name(name.chars().take(MAX_NAME).collect()));
        }
        let (set, title) = match place {
            Place::Properties => ("properties", name.to_owned()),
            Place::Location => ("location", format!("location {name}")),
        };
        let path = format!("given({set}, {name})");
        Ok(Columns {
            number: self.column(&title, path.clone(), FactKind::Number),
            text: self.column(&format!("{title} as text"), path, FactKind::Text),
            written: match written {
                true => self.column(
                    &format!("{title} as written"),
                    format!("written({set}, {name})"),
                    FactKind::Text,
                ),
                false => NONE,
            },
        })
    }

    /// The columns of an object that its conditions look at beside values, and the types of rows.
    pub(crate) fn own(&mut self, conditions: &[Condition<'_>]) -> Result<Own, What> {
        if self.single.is_some() {
            return Ok(Own::NONE);
        }
        let mut own = Own {
            object_type: self.column(
                "object type",
                "given(object_type)".to_owned(),
                FactKind::Text,
            ),
            ..Own::NONE
        };
        let (mut all, mut ids, mut links, mut places) =
            (conditions.is_empty(), false, false, false);
        let mut named = BTreeSet::new();
        for condition in conditions {
            condition.visit(&mut |condition| {
                named.extend(condition.element_type().map(str::to_owned));
                match condition {
                    Condition::Linked { target_type, .. } => {
                        (ids, links) = (true, true);
                        named.insert((*target_type).to_owned());
                    }
                    Condition::Near { target_type, .. } => {
                        places = true;
                        named.insert((*target_type).to_owned());
                    }
                    // The object with the id may be of any type.
                    Condition::Distance { .. } => (all, ids, places) = (true, true, true),
                    _ => {}
                }
            });
        }
        match &mut self.types {
            _ if all => self.types = None,
            Some(types) => types.extend(named),
            None => {}
        }
        if ids {
            let path = "given(object_id)".to_owned();
            own.object_id = self.column("object id", path, FactKind::Text);
        }
        if links {
            let path = "given(connections)".to_owned();
            own.connections = self.column("connections", path, FactKind::Text);
        }
        if places {
            let path = "given(location)".to_owned();
            own.located = self.column("location", path, FactKind::Boolean);
            own.place = [
                self.value(Place::Location, "x", false)?,
                self.value(Place::Location, "y", false)?,
                self.value(Place::Location, "z", false)?,
            ];
        }
        Ok(own)
    }

    /// The view of the manifest; `number` tells those of the same rows apart.
    pub(crate) fn finish(self, number: usize) -> View {
        let rows = self.single.as_deref().unwrap_or("objects");
        View {
            name: match number {
                0 => rows.to_owned(),
                more => format!("{rows} {}", more + 1),
            },
            subject: "element".to_owned(),
            facts: self.facts,
            only: self.types.map(|types| Only {
                fact: "given(object_type)".to_owned(),
                values: types.into_iter().collect(),
            }),
            whole: self.single.is_none(),
        }
    }
}
