//! Where a building is, by what its model says.
//!
//! The engine gives addresses and positions as written ([`plancheck_engine::model::location`]); here they
//! become the id of a place, or a reason why they do not. `names` holds the tables, `address` reads an
//! address, `position` a position and exporters' defaults. Nothing is guessed: what may be two places is none.

mod address;
mod names;
mod position;

use plancheck_engine::model::location::{Address, Location};
use plancheck_engine::rules::chosen::Read;

use crate::catalogue::Place;

/// What a model says of its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stated {
    /// The place; none: the model states none that can be told.
    pub place: Option<Place>,
    /// What it was read from.
    pub read: Vec<Read>,
    /// What was written and not believed, and what contradicts the place.
    pub notes: Vec<String>,
}

impl From<Place> for Stated {
    /// A place that somebody named.
    fn from(place: Place) -> Stated {
        Stated {
            place: Some(place),
            ..Stated::default()
        }
    }
}

/// Reads it. An address counts before the position; of several addresses the first that names a country.
#[must_use]
pub fn stated(location: &Location) -> Stated {
    let mut out = Stated::default();
    let position = position::read(location.position.as_ref(), &mut out.notes);
    let raw = location.position.as_ref();
    for address in &location.addresses {
        if position::is_default_address(address, raw) {
            out.notes.push(format!(
                "the address in {} (Boston, MA, “Enter address here”) is what an exporter writes by itself: it \
                 is taken as not stated",
                at(address)
            ));
            continue;
        }
        let Some(found) = address::read(address, raw, &mut out.notes) else {
            continue;
        };
        match &out.place {
            None => {
                out.place = Some(found.place);
                out.read = found.read;
            }
            Some(first) if *first != found.place => out.notes.push(format!(
                "{} says {}: the first address counts",
                at(address),
                found.place
            )),
            Some(_) => {}
        }
    }
    let Some(position) = position else { return out };
    match &out.place {
        Some(place) => {
            let country = place.country();
            if !position.countries.is_empty() && !position.countries.contains(&country) {
                out.notes.push(format!(
                    "{} lies outside {} ({}): the address counts",
                    position.written,
                    names::called(country),
                    position.among()
                ));
            }
        }
        None => match position.countries.as_slice() {
            [] => out
                .notes
                .push(format!("{} lies in no country's box", position.written)),
            [country] => {
                out.place = country.parse().ok();
                out.read = position.read(country);
            }
            _ => out.notes.push(format!(
                "{} may lie in {}: the boxes around countries decide no further",
                position.written,
                position.among()
            )),
        },
    }
    out
}

/// Where an address stands, for people.
fn at(address: &Address) -> String {
    match address.record {
        Some(record) => format!("{} #{record}", address.attribute),
        None => address.attribute.clone(),
    }
}
