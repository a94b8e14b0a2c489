//! Names of countries, states and cities as people write them, and the boxes around countries.

use std::collections::HashMap;
use std::sync::OnceLock;

/// A box in degrees.
struct Bounds {
    south: f64,
    west: f64,
    north: f64,
    east: f64,
}

struct Country {
    code: &'static str,
    /// As people call it.
    name: &'static str,
    boxes: Vec<Bounds>,
}

struct State {
    country: &'static str,
    code: &'static str,
    /// Names, made plain.
    names: Vec<String>,
}

struct Tables {
    countries: Vec<Country>,
    /// Position of a country by its plain names and codes.
    by_name: HashMap<String, usize>,
    states: Vec<State>,
    /// Country and state by the plain names of cities.
    cities: HashMap<String, Vec<(&'static str, &'static str)>>,
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(Tables::read)
}

/// The columns of each line of a table.
fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split('\t').collect())
}

fn names(cell: &'static str) -> impl Iterator<Item = String> {
    cell.split('|').map(plain)
}

impl Tables {
    fn read() -> Tables {
        let (mut countries, mut by_name) = (Vec::new(), HashMap::new());
        for row in rows(include_str!("countries.tsv")) {
            let [code, code3, called, boxes] = row.as_slice() else {
                continue;
            };
            for name in names(called).chain([plain(code), plain(code3)]) {
                by_name.entry(name).or_insert(countries.len());
            }
            countries.push(Country {
                code,
                name: called.split('|').next().unwrap_or(code),
                boxes: boxes.split('|').filter_map(Bounds::read).collect(),
            });
        }
        let states = rows(include_str!("states.tsv")).filter_map(|row| match row.as_slice() {
            [country, code, called] => Some(State {
                country,
                code,
                names: names(called).collect(),
            }),
            _ => None,
        });
        let mut cities: HashMap<String, Vec<_>> = HashMap::new();
        for row in rows(include_str!("cities.tsv")) {
            if let [country, state, called] = row.as_slice() {
                for name in names(called) {
                    cities.entry(name).or_default().push((*country, *state));
                }
            }
        }
        Tables {
            countries,
            by_name,
            states: states.collect(),
            cities,
        }
    }
}

impl Bounds {
    fn read(cell: &str) -> Option<Bounds> {
        let mut degrees = cell.split(' ').map(str::parse::<f64>);
        let mut next = || degrees.next()?.ok();
        Some(Bounds {
            south: next()?,
            west: next()?,
            north: next()?,
            east: next()?,
        })
    }

    fn contains(&self, latitude: f64, longitude: f64) -> bool {
        (self.south..=self.north).contains(&latitude)
            && (self.west..=self.east).contains(&longitude)
    }
}

/// A text without what writers differ in: capitals, accents of Latin letters, dots, hyphens, spaces.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            '.' | '\'' | '’' => {}
            'ä' | 'á' | 'à' | 'â' | 'å' | 'ã' => out.push('a'),
            'ö' | 'ó' | 'ô' | 'ø' | 'õ' => out.push('o'),
            'ü' | 'ú' | 'û' => out.push('u'),
            'é' | 'è' | 'ê' | 'ë' => out.push('e'),
            'í' | 'î' | 'ï' => out.push('i'),
            'ñ' => out.push('n'),
            'ç' => out.push('c'),
            'ß' => out.push_str("ss"),
            c if c.is_whitespace() || matches!(c, '-' | '_' | '–') => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out.trim().to_owned()
}

/// The country of this name or code: `us` for "USA", "United States", "us".
pub(super) fn country(text: &str) -> Option<&'static str> {
    let tables = tables();
    let at = tables.by_name.get(&plain(text))?;
    Some(tables.countries.get(*at)?.code)
}

/// What people call a country.
pub(super) fn called(code: &str) -> &'static str {
    let countries = &tables().countries;
    let found = countries.iter().find(|country| country.code == code);
    found.map_or("", |country| country.name)
}

/// The state of this name or code in a country: `by` for "Bayern" in `de`.
pub(super) fn state(country: &str, text: &str) -> Option<&'static str> {
    let text = plain(text);
    let mut own = tables().states.iter().filter(|s| s.country == country);
    own.find(|s| s.code == text || s.names.contains(&text))
        .map(|s| s.code)
}

/// The countries, each with its state, that have a state of this code.
pub(super) fn states_by_code(text: &str) -> Vec<(&'static str, &'static str)> {
    let text = plain(text);
    let states = tables().states.iter().filter(|s| s.code == text);
    states.map(|s| (s.country, s.code)).collect()
}

/// The only country that has a state of this name, with it.
pub(super) fn state_by_name(text: &str) -> Option<(&'static str, &'static str)> {
    let text = plain(text);
    let mut states = tables().states.iter().filter(|s| s.names.contains(&text));
    let first = states.next()?;
    states
        .all(|other| other.country == first.country)
        .then_some((first.country, first.code))
}

/// Whether states of a country are known here.
pub(super) fn has_states(country: &str) -> bool {
    tables().states.iter().any(|s| s.country == country)
}

/// The state of a well-known city of a country.
pub(super) fn state_of_city(country: &str, city: &str) -> Option<&'static str> {
    let found = tables().cities.get(&plain(city))?;
    found.iter().find(|c| c.0 == country).map(|c| c.1)
}

/// The countries in whose boxes a point lies, in alphabetical order.
pub(super) fn around(latitude: f64, longitude: f64) -> Vec<&'static str> {
    let countries = tables().countries.iter();
    let inside = countries.filter(|country| {
        let mut boxes = country.boxes.iter();
        boxes.any(|around| around.contains(latitude, longitude))
    });
    inside.map(|country| country.code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_whole() {
        let tables = tables();
        assert_eq!(tables.countries.len(), 250);
        assert_eq!(tables.states.len(), 118);
        for row in rows(include_str!("countries.tsv")) {
            let boxes: Vec<&str> = row[3].split('|').filter(|b| !b.is_empty()).collect();
            assert!(boxes.iter().all(|b| Bounds::read(b).is_some()), "{row:?}");
        }
        for found in tables.cities.values().flatten() {
            let (country, code) = *found;
            assert_eq!(state(country, code), Some(code), "{country}/{code}");
        }
    }

    #[test]
    fn no_name_is_that_of_two_countries() {
        let mut seen: HashMap<String, &str> = HashMap::new();
        for row in rows(include_str!("countries.tsv")) {
            for name in names(row[2]) {
                let before = seen.insert(name.clone(), row[0]);
                assert!(
                    before.is_none_or(|before| before == row[0]),
                    "{name}: {before:?} and {}",
                    row[0]
                );
            }
        }
    }
}
