//! Children in the order, and as often, as the schema of IDS says (`xs:sequence` in `ids.xsd`).

use super::super::document::Place;
use super::Reader;

/// What a parent may hold.
pub(super) struct Sequence {
    parent: &'static str,
    /// In order; true: any number.
    names: &'static [(&'static str, bool)],
    /// The place of the last one.
    at: usize,
    seen: u32,
}

impl Sequence {
    pub(super) const fn new(
        parent: &'static str,
        names: &'static [(&'static str, bool)],
    ) -> Sequence {
        Sequence {
            parent,
            names,
            at: 0,
            seen: 0,
        }
    }
}

impl Reader<'_> {
    /// Notes a child that is there too often, which makes its parent mean something else, or at the
    /// wrong place, which only the schema minds. A name that is unknown is somebody else's to say.
    pub(super) fn in_sequence(&mut self, sequence: &mut Sequence, name: &str, at: Place) {
        let Some(place) = sequence.names.iter().position(|(own, _)| *own == name) else {
            return;
        };
        let parent = sequence.parent;
        let any_number = sequence.names.get(place).is_some_and(|(_, many)| *many);
        let seen = sequence.seen >> place & 1 == 1;
        sequence.seen |= 1 << place;
        if seen && !any_number {
            let what = format!("a second {name:?} in {parent:?}: there may be one");
            self.breaks("ids.doubled-element", at, what);
        } else if place < sequence.at {
            let before = sequence.names.get(sequence.at).map_or("", |(own, _)| *own);
            let what = format!("{name:?} comes before {before:?} in {parent:?}");
            self.findings.error("ids.order", at, what);
        }
        sequence.at = sequence.at.max(place);
    }
}
