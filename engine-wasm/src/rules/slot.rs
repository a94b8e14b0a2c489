//! Modules as they come into a ruleset: read, and changed by those that amend them.

use plancheck_contract::Manifest;
use serde::Deserialize;

use super::amend::{self, Amended};
use super::ruleset::Problem;

/// A module as it comes into a ruleset.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModuleSlot {
    /// It is there.
    Ready {
        /// What it says of itself.
        manifest: String,
        /// BLAKE3 of its bytes, hex.
        digest: String,
    },
    /// The same, and its rules in preview run, too.
    Preview(Box<ModuleSlot>),
    /// It should be there and is not.
    Unavailable {
        /// The module's id, or its file name where the id is not known.
        id: String,
        /// Why.
        problem: Problem,
    },
}

/// A module as it was read.
pub(super) struct Slot {
    pub(super) id: String,
    pub(super) digest: String,
    pub(super) preview: bool,
    /// Or why there is none.
    pub(super) manifest: Result<Manifest, Problem>,
}

/// The manifest cannot be used.
pub(super) fn bad_manifest(error: &dyn std::fmt::Display) -> Problem {
    Problem {
        code: "bad-manifest".to_owned(),
        message: error.to_string(),
    }
}

impl Slot {
    /// Reads what a module says of itself.
    pub(super) fn read(slot: ModuleSlot) -> Slot {
        match slot {
            ModuleSlot::Unavailable { id, problem } => Slot {
                id,
                digest: String::new(),
                preview: false,
                manifest: Err(problem),
            },
            ModuleSlot::Ready { manifest, digest } => {
                let manifest = Manifest::from_json(&manifest).map_err(|e| bad_manifest(&e));
                let id = manifest.as_ref().map_or("unknown", |m| &m.module.id);
                Slot {
                    id: id.to_owned(),
                    digest,
                    preview: false,
                    manifest,
                }
            }
            ModuleSlot::Preview(slot) => Slot {
                preview: true,
                ..Slot::read(*slot)
            },
        }
    }
}

/// Makes every amendment, in the order of modules; one that does not fit makes its module unavailable:
/// what it was to change would be judged by the wrong numbers, and nobody would see it.
pub(super) fn amend_all(read: &mut [Slot]) -> Vec<Amended> {
    let mut all = Vec::new();
    for at in 0..read.len() {
        let Some(Ok(by)) = read.get(at).map(|slot| &slot.manifest) else {
            continue;
        };
        let Some(amends) = &by.amends else { continue };
        let base = read.iter().position(|slot| {
            matches!(&slot.manifest, Ok(m) if m.module.id == amends.module && m.amends.is_none())
        });
        let changes = match base
            .and_then(|base| read.get(base))
            .map(|slot| &slot.manifest)
        {
            Some(Ok(base)) => amend::changes(by, base),
            _ => Err(Problem {
                code: "nothing-to-amend".to_owned(),
                message: format!(
                    "it changes {}, which is not in the ruleset or cannot be used",
                    amends.module
                ),
            }),
        };
        match (changes, base) {
            (Ok(changes), Some(base)) => {
                if let Some(Ok(base)) = read.get_mut(base).map(|slot| &mut slot.manifest) {
                    amend::apply(base, &changes);
                }
                all.extend(changes);
            }
            (Ok(_), None) => {}
            (Err(problem), _) => {
                if let Some(slot) = read.get_mut(at) {
                    slot.manifest = Err(problem);
                }
            }
        }
    }
    all
}
