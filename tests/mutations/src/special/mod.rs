//! Mutants that no table can say: what is counted, named, related, or concluded from a shape. Each
//! says what is expected of it in words of its clause.

mod doors;
mod office;
mod rooms;
mod storeys;
mod ways;

use crate::building::building;
use crate::ifc::{Ifc, global_id};
use crate::mutants::{Kind, Mutant};
use crate::table::Expect;
use crate::units::{Measure, Units, square_feet};

/// All of them, each with the name of its model.
#[must_use]
pub fn mutants() -> Vec<(String, Mutant)> {
    let made = [
        doors::mutants(),
        rooms::mutants(),
        storeys::mutants(),
        ways::mutants(),
    ]
    .concat();
    let mut all: Vec<(String, Mutant)> = made
        .into_iter()
        .map(|m| ("building.ifc".to_owned(), m))
        .collect();
    all.extend(office::mutants());
    all
}

/// A rule, an element of the building, and what makes the sound file.
struct Case {
    modules: &'static [&'static str],
    rule: &'static str,
    element: &'static str,
    occupancy: &'static str,
    units: Units,
    setup: fn(&mut Ifc),
    /// Further elements whose verdicts may change.
    related: &'static [&'static str],
}

impl Case {
    fn ibc(rule: &'static str, element: &'static str) -> Case {
        Case {
            modules: &["us-ibc-2024"],
            rule,
            element,
            occupancy: "Business",
            units: Units::Metres,
            setup: |_| {},
            related: &[],
        }
    }

    fn setup(mut self, setup: fn(&mut Ifc)) -> Case {
        self.setup = setup;
        self
    }

    fn related(mut self, related: &'static [&'static str]) -> Case {
        self.related = related;
        self
    }

    /// The sound file, changed.
    fn mutant(&self, kind: Kind, what: &str, expect: Expect, edit: impl Fn(&mut Ifc)) -> Mutant {
        let mut sound = building(self.units, self.occupancy);
        (self.setup)(&mut sound);
        let mut changed = sound.clone();
        edit(&mut changed);
        let module = self.modules.first().copied().unwrap_or_default();
        let rule = match self.rule.contains('/') {
            true => self.rule.to_owned(),
            false => format!("{module}/{}", self.rule),
        };
        let elements = std::iter::once(&self.element).chain(self.related);
        Mutant {
            kind,
            what: format!("{what}, {}", self.units.name()),
            modules: self.modules.to_vec(),
            rule,
            element: global_id(self.element),
            text: changed.step.text(),
            expect,
            sound: sound.step.text(),
            may_change: match kind {
                Kind::Ungoverned => Vec::new(),
                _ => elements.map(|name| global_id(name)).collect(),
            },
        }
    }
}

const QUANTITIES: &str = "Qto_SpaceBaseQuantities";

/// The building's only word on the area of a room, in square feet.
fn area(ifc: &mut Ifc, room: &str, feet: f64) {
    crate::table::without_shape(ifc, room);
    let room = ifc.element(&global_id(room));
    ifc.set_quantity(
        room,
        QUANTITIES,
        "NetFloorArea",
        square_feet(feet),
        Measure::Area,
    );
}

/// The clear height of a room, in metres.
fn ceiling(ifc: &mut Ifc, room: &str, metres: f64) {
    crate::table::without_shape(ifc, room);
    let room = ifc.element(&global_id(room));
    ifc.set_quantity(
        room,
        QUANTITIES,
        "FinishCeilingHeight",
        metres,
        Measure::Length,
    );
}

/// An attribute, as it stands in the file.
fn attribute(ifc: &mut Ifc, name: &str, index: usize, text: &str) {
    let element = ifc.element(&global_id(name));
    ifc.step.set(element, index, text);
}

/// An attribute that is a length.
fn attribute_length(ifc: &mut Ifc, name: &str, index: usize, metres: f64) {
    let number = ifc.units.number(metres, Measure::Length);
    attribute(ifc, name, index, &number);
}

/// Takes a property away.
fn without(ifc: &mut Ifc, name: &str, set: &str, property: &str) {
    let element = ifc.element(&global_id(name));
    ifc.remove_entry(element, set, property);
}
