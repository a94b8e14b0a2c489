//! Which names stand in which sets of an element, for the elements that were looked at lately.
//!
//! A check asks one element for dozens of properties, most of which it does not have. Finding that
//! out from the file each time would decode all its sets each time.

use std::sync::Arc;

use super::ifc::Ifc;
use super::properties::{Kind, kind, members};
use super::{ElementId, Model};
use crate::step::RecordIx;

/// How many elements are remembered: bounds memory (some kilobytes for each), and is more than one
/// row of a rule looks at.
const REMEMBERED: usize = 256;

/// Elements with more entries than any real one are looked at anew each time.
const MAX_ENTRIES: usize = 4096;

/// A set of an element or its type.
pub(super) struct ListedSet {
    pub(super) record: RecordIx,
    pub(super) on_type: bool,
    pub(super) kind: Kind,
    /// Hash of the name, and record, of each entry; none for sets whose attributes are the
    /// properties.
    pub(super) members: Vec<(u64, RecordIx)>,
}

/// The sets of some elements, by the last digits of their number. The file does not change, and
/// edits lie above it, so nothing here grows old.
#[derive(Default)]
pub(super) struct Lately(Vec<Option<(ElementId, Arc<[ListedSet]>)>>);

impl Model {
    /// The sets of an element, then those of its type.
    pub(super) fn listed(&self, ifc: &Ifc, e: ElementId) -> Arc<[ListedSet]> {
        let place = e.0 as usize % REMEMBERED;
        // A poisoned lock costs a second look, nothing else.
        if let Ok(lately) = self.lately.lock()
            && let Some(Some((of_element, sets))) = lately.0.get(place)
            && *of_element == e
        {
            return Arc::clone(sets);
        }
        let sets: Arc<[ListedSet]> = self
            .sets(ifc, e)
            .filter_map(|(record, on_type)| list(ifc, record, on_type))
            .collect();
        let entries: usize = sets.iter().map(|set| set.members.len() + 1).sum();
        if entries <= MAX_ENTRIES
            && let Ok(mut lately) = self.lately.lock()
        {
            lately.0.resize(REMEMBERED, None);
            if let Some(slot) = lately.0.get_mut(place) {
                *slot = Some((e, Arc::clone(&sets)));
            }
        }
        sets
    }
}

fn list(ifc: &Ifc, record: RecordIx, on_type: bool) -> Option<ListedSet> {
    let kind = kind(ifc, record)?;
    let members = match kind {
        Kind::Predefined => Vec::new(),
        Kind::Properties | Kind::Quantities => members(ifc.step.record(record), kind)
            .filter_map(|number| {
                let member = ifc.step.find(number)?;
                let name = ifc.step.record(member).arg(0).as_text()?.decode();
                Some((name_hash(&name), member))
            })
            .collect(),
    };
    Some(ListedSet {
        record,
        on_type,
        kind,
        members,
    })
}

/// Equal for names that differ in ASCII case only (FNV-1a).
pub(super) fn name_hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
    })
}
