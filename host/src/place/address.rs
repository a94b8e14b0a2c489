//! From an address to a place: its country, then the state there, then the city.

use plancheck_engine::model::location::{Address, Position};
use plancheck_engine::rules::chosen::Read;

use super::at;
use super::names::{self, plain};
use super::position::is_placeholder;
use crate::catalogue::Place;

/// The place of an address, and what it was read from.
pub(super) struct Found {
    pub(super) place: Place,
    pub(super) read: Vec<Read>,
}

/// A text of an address, or a part of one between commas.
#[derive(Clone, Copy)]
struct Piece<'a> {
    /// The attribute that it stands in.
    of: Field,
    text: &'a str,
    /// It follows a comma: "NY" of "New York, NY".
    follows: bool,
}

/// Attributes of an address.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Country,
    Region,
    County,
    Town,
    Lines,
}

/// A part of a place, with the piece that says it.
type Part<'a> = (String, Piece<'a>);

/// Characters of a city's id: no name of a city has more.
const LONGEST_CITY: usize = 60;

/// Reads an address; none where no country can be told, with the reason where something was written.
pub(super) fn read(
    address: &Address,
    position: Option<&Position>,
    notes: &mut Vec<String>,
) -> Option<Found> {
    let mut pieces = Vec::new();
    for (of, text) in fields(address) {
        if is_placeholder(text) {
            if !text.is_empty() {
                notes.push(format!(
                    "{} {} “{text}” is a placeholder: it is taken as not stated",
                    at(address),
                    of.name(address)
                ));
            }
            continue;
        }
        pieces.extend(split(of, text));
    }
    let reader = Reader {
        pieces: &pieces,
        position,
    };
    let Some((country, state)) = reader.country(address, notes) else {
        if let Some(piece) = pieces.iter().find(|p| p.of == Field::Country) {
            notes.push(format!(
                "{} Country “{}” names no country that is known",
                at(address),
                piece.text
            ));
        } else if !pieces.is_empty() {
            notes.push(format!("{} names no country", at(address)));
        }
        return None;
    };
    let state = state.or_else(|| reader.state(&country.0));
    let state = state.or_else(|| reader.state_of_city(&country.0));
    let mut parts = vec![country];
    if let Some(state) = state {
        let city = reader.city(&parts, &state);
        parts.push(state);
        if let Some(city) = city {
            let county = reader.whole(Field::County);
            parts.extend(county.map(|piece| (slug(piece.text), piece)));
            parts.push(city);
        }
    } else if names::has_states(&parts.first()?.0)
        && let Some(region) = reader.whole(Field::Region)
    {
        notes.push(format!(
            "{} {} “{}” is no state that is known",
            at(address),
            Field::Region.name(address),
            region.text
        ));
    }
    let ids: Vec<&str> = parts.iter().map(|(id, _)| id.as_str()).collect();
    let place = ids.join("/").parse().ok()?;
    let read = parts.iter().map(|(id, piece)| Read {
        record: address.record,
        attribute: piece.of.full_name(address),
        value: piece.text.to_owned(),
        means: id.clone(),
    });
    Some(Found {
        place,
        read: read.collect(),
    })
}

fn fields(address: &Address) -> impl Iterator<Item = (Field, &str)> {
    [
        (Field::Country, address.country.as_str()),
        (Field::Region, &address.region),
        (Field::County, &address.county),
        (Field::Town, &address.town),
    ]
    .into_iter()
    .chain(
        address
            .lines
            .iter()
            .map(|line| (Field::Lines, line.as_str())),
    )
}

impl Field {
    fn name(self, address: &Address) -> &'static str {
        let json = address.record.is_none();
        match self {
            Field::Country if json => "country",
            Field::Region if json => "state",
            Field::Town if json => "city",
            Field::County => "county",
            Field::Country => "Country",
            Field::Region => "Region",
            Field::Town => "Town",
            Field::Lines => "AddressLines",
        }
    }

    fn full_name(self, address: &Address) -> String {
        format!("{}.{}", address.attribute, self.name(address))
    }
}

/// The parts of a text between commas. Of a line only what follows a comma may name more than a street.
fn split(of: Field, text: &str) -> impl Iterator<Item = Piece<'_>> {
    /// An address has no more parts.
    const MOST: usize = 8;
    let parts = text.split([',', ';', '\n', '\r']).map(str::trim);
    let pieces = parts.enumerate().map(move |(n, text)| Piece {
        of,
        text,
        follows: n > 0,
    });
    pieces.filter(|piece| !piece.text.is_empty()).take(MOST)
}

struct Reader<'a> {
    pieces: &'a [Piece<'a>],
    position: Option<&'a Position>,
}

impl<'a> Reader<'a> {
    /// The first part of an attribute.
    fn whole(&self, of: Field) -> Option<Piece<'a>> {
        let mut pieces = self.pieces.iter();
        pieces.find(|p| p.of == of && !p.follows).copied()
    }

    /// Pieces that may name a state or a country, the likeliest first.
    fn hints(&self) -> impl Iterator<Item = Piece<'a>> {
        let of = |field| self.pieces.iter().filter(move |p| p.of == field);
        of(Field::Region)
            .chain(of(Field::Town).filter(|p| p.follows))
            .chain(of(Field::Country).filter(|p| p.follows))
            .chain(of(Field::Lines).filter(|p| p.follows))
            .copied()
    }

    /// The country, and the state where one text says both.
    fn country(
        &self,
        address: &Address,
        notes: &mut Vec<String>,
    ) -> Option<(Part<'a>, Option<Part<'a>>)> {
        let own = |code: &str, piece| (code.to_owned(), piece);
        let written = self.pieces.iter().filter(|p| p.of == Field::Country);
        for piece in written.copied() {
            let country = names::country(piece.text);
            let state = self.state_in_country(country, piece);
            match (country, state) {
                (Some(country), Some((of, state))) => {
                    notes.push(format!(
                        "{} Country “{}” is taken for the state {of}/{state}, not for {}, by the rest of what is \
                         stated",
                        at(address),
                        piece.text,
                        names::called(country)
                    ));
                    return Some((own(of, piece), Some(own(state, piece))));
                }
                (Some(country), None) => return Some((own(country, piece), None)),
                (None, Some((of, state))) => {
                    return Some((own(of, piece), Some(own(state, piece))));
                }
                (None, None) => {}
            }
        }
        // What no attribute says alone, another may: "Deutschland" as the region, "New York, NY".
        for piece in self.hints() {
            // Two letters in these places are rather a state.
            if piece.text.chars().count() > 2
                && let Some(country) = names::country(piece.text)
                && names::state_by_name(piece.text).is_none()
            {
                return Some((own(country, piece), None));
            }
        }
        for piece in self.hints() {
            if let Some((of, state)) = self.state_alone(piece) {
                return Some((own(of, piece), Some(own(state, piece))));
            }
        }
        None
    }

    /// Exporters write the state as the country. A text that names both is the state only where something
    /// else speaks for it and nothing for the country.
    fn state_in_country(
        &self,
        country: Option<&str>,
        piece: Piece<'_>,
    ) -> Option<(&'static str, &'static str)> {
        let by_name = names::state_by_name(piece.text);
        let states: Vec<_> = match by_name {
            Some(state) => vec![state],
            None => names::states_by_code(piece.text),
        };
        let Some(country) = country else {
            // "England" and "New South Wales" name their country; a code must be of one country.
            return match states.as_slice() {
                [one] => Some(*one),
                _ => states.into_iter().find(|(of, _)| self.is_in(of)),
            };
        };
        let speaks_for = |country: &str| {
            let mut regions = self.hints().chain(self.whole(Field::Town));
            regions.any(|p| names::state(country, p.text).is_some())
                || self
                    .pieces
                    .iter()
                    .any(|p| names::state_of_city(country, p.text).is_some())
        };
        if speaks_for(country) || (self.position.is_some() && self.is_in(country)) {
            return None;
        }
        states.into_iter().find(|(of, state)| {
            let city = self
                .pieces
                .iter()
                .any(|p| names::state_of_city(of, p.text) == Some(*state));
            city || self.is_in(of)
        })
    }

    /// A state that nobody names the country of.
    fn state_alone(&self, piece: Piece<'_>) -> Option<(&'static str, &'static str)> {
        if let Some(state) = names::state_by_name(piece.text) {
            return Some(state);
        }
        // "CO 80202": a code of a state with the postal code of the United States.
        if let Some((code, post)) = piece.text.split_once(' ')
            && post.len() >= 5
            && post.chars().all(|c| c.is_ascii_digit() || c == '-')
            && code.len() == 2
        {
            return names::state("us", code).map(|state| ("us", state));
        }
        match names::states_by_code(piece.text).as_slice() {
            // In no other country here, and no country's own code, unless the position says where.
            [(of, state)] if names::country(piece.text).is_none() || self.is_in(of) => {
                Some((of, state))
            }
            several => several.iter().find(|(of, _)| self.is_in(of)).copied(),
        }
    }

    /// Whether the position lies in the box of a country; an exporter's default is better than nothing here.
    fn is_in(&self, country: &str) -> bool {
        self.position
            .is_some_and(|p| names::around(p.latitude, p.longitude).contains(&country))
    }

    fn state(&self, country: &str) -> Option<Part<'a>> {
        let hints = self.hints().chain(self.whole(Field::Town));
        let mut found = hints.filter_map(|piece| {
            let alone = names::state(country, piece.text);
            // "CO 80202"
            let first = piece.text.split_once(' ').map(|(code, _)| code);
            let code = first.filter(|code| piece.follows && code.len() == 2);
            let state = alone.or_else(|| names::state(country, code?))?;
            // A town may have the name of its state: then the state is what says it, if anything does.
            Some((state.to_owned(), piece))
        });
        found.next()
    }

    fn state_of_city(&self, country: &str) -> Option<Part<'a>> {
        let towns = [self.whole(Field::Town), self.whole(Field::Region)];
        towns.into_iter().flatten().find_map(|piece| {
            let state = names::state_of_city(country, piece.text)?;
            Some((state.to_owned(), piece))
        })
    }

    /// The town; where there is none, a region that names neither country nor state.
    fn city(&self, country: &[Part<'a>], state: &Part<'a>) -> Option<Part<'a>> {
        let of = country.first().map_or("", |(id, _)| id);
        let region = self.whole(Field::Region).filter(|piece| {
            names::state(of, piece.text).is_none() && names::country(piece.text).is_none()
        });
        let piece = self.whole(Field::Town).or(region)?;
        let id = match plain(piece.text).as_str() {
            "new york city" | "nyc" if of == "us" && state.0 == "ny" => "new-york".to_owned(),
            _ => slug(piece.text),
        };
        (!id.is_empty()).then_some((id, piece))
    }
}

/// The id of a city or county: `san-francisco`.
fn slug(text: &str) -> String {
    let lower = text.trim().to_lowercase();
    let words =
        lower.split(|c: char| c.is_whitespace() || matches!(c, '/' | '_') || c.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("-").chars().take(LONGEST_CITY).collect()
}
