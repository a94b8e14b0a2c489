//! Which names stand in which sets of an element, for the elements that were looked at lately.
//!
//! A check asks one element for dozens of properties, most of which it does not have. Finding that
//! out from the file each time would decode all its sets each time.

use std::sync::Arc;

use super::ifc::Ifc;
use super::properties::{Kind, kind, members};
use super::{ElementId, Model};
use crate::step::RecordIx;

/// How many elements, and how many sets, are remembered: more than a row of a rule looks at.
const ELEMENTS: usize = 256;
const SETS: usize = 1024;

/// Longer lists than any real element or set has are made anew each time: bounds memory.
const MAX_LISTED: usize = 4096;

/// A set of an element or its type.
pub(super) struct ListedSet {
    pub(super) record: RecordIx,
    pub(super) on_type: bool,
    pub(super) kind: Kind,
    /// Hash of its name.
    pub(super) name: u64,
    /// Hash of the name, and record, of each entry; none for sets whose attributes are the
    /// properties. Elements that share a set share this.
    pub(super) members: Arc<[(u64, RecordIx)]>,
}

/// The sets of some elements and the entries of some sets, each by the last digits of its number.
/// The file does not change, and edits lie above it, so nothing here grows old.
#[derive(Default)]
pub(super) struct Lately {
    elements: Places<ElementId, ListedSet>,
    sets: Places<RecordIx, (u64, RecordIx)>,
}

/// One place for all keys with the same last digits.
struct Places<K, T>(Vec<Option<(K, Arc<[T]>)>>);

impl<K, T> Default for Places<K, T> {
    fn default() -> Self {
        Places(Vec::new())
    }
}

impl<K: Copy + PartialEq, T> Places<K, T> {
    fn get(&self, key: K, number: u32, places: usize) -> Option<Arc<[T]>> {
        match self.0.get(number as usize % places) {
            Some(Some((of, list))) if *of == key => Some(Arc::clone(list)),
            _ => None,
        }
    }

    fn keep(&mut self, key: K, number: u32, places: usize, list: &Arc<[T]>) {
        if list.len() > MAX_LISTED {
            return;
        }
        self.0.resize_with(places, || None);
        if let Some(place) = self.0.get_mut(number as usize % places) {
            *place = Some((key, Arc::clone(list)));
        }
    }
}

impl Model {
    /// The sets of an element, then those of its type.
    pub(super) fn listed(&self, ifc: &Ifc, e: ElementId) -> Arc<[ListedSet]> {
        // A poisoned lock costs a second look, nothing else.
        let Ok(mut lately) = self.lately.lock() else {
            let mut none = Lately::default();
            return self.list(ifc, e, &mut none);
        };
        if let Some(known) = lately.elements.get(e, e.0, ELEMENTS) {
            return known;
        }
        let sets = self.list(ifc, e, &mut lately);
        lately.elements.keep(e, e.0, ELEMENTS, &sets);
        sets
    }

    fn list(&self, ifc: &Ifc, e: ElementId, lately: &mut Lately) -> Arc<[ListedSet]> {
        self.sets(ifc, e)
            .filter_map(|(record, on_type)| {
                let kind = kind(ifc, record)?;
                let members = match lately.sets.get(record, record.0, SETS) {
                    Some(known) => known,
                    None => {
                        let found = entries_of(ifc, record, kind);
                        lately.sets.keep(record, record.0, SETS, &found);
                        found
                    }
                };
                let name = ifc.step.record(record).arg(2).as_text();
                Some(ListedSet {
                    record,
                    on_type,
                    kind,
                    name: name.map_or(0, |name| name_hash(&name.decode())),
                    members,
                })
            })
            .collect()
    }
}

fn entries_of(ifc: &Ifc, record: RecordIx, kind: Kind) -> Arc<[(u64, RecordIx)]> {
    if kind == Kind::Predefined {
        return Arc::default();
    }
    members(ifc.step.record(record), kind)
        .filter_map(|number| {
            let member = ifc.step.find(number)?;
            let name = ifc.step.record(member).arg(0).as_text()?.decode();
            Some((name_hash(&name), member))
        })
        .collect()
}

/// Equal for names that differ in ASCII case only (FNV-1a).
pub(super) fn name_hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
    })
}
