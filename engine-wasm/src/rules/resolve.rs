//! Which of the modules that there are apply at a place on a date, and why.
//!
//! A module applies where its jurisdiction is the place or a larger one around it, while it is in force.
//! Of the editions of a code the one that an amendment there adopts counts, else the newest; a code that
//! a smaller place has for itself stands in the place of that of the larger one. Amendments come after
//! what they change, those of smaller places last.

use plancheck_contract::{Jurisdiction, Manifest};
use serde::Serialize;

use super::place::{Place, place_of};
use super::syntax::nearest;

/// What became of one module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// Its id.
    pub module: String,
    /// Whether it applies.
    pub applies: bool,
    /// Why, for people.
    pub why: String,
}

/// Which modules apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Resolution {
    /// The place that was asked for.
    pub place: String,
    /// The date that decided, ISO 8601; none: dates were not looked at.
    pub date: Option<String>,
    /// Ids of those that apply, in the order in which they are asked; none: nothing applies there.
    pub modules: Vec<String>,
    /// What became of each module, in the order given.
    pub choices: Vec<Choice>,
    /// Where nothing applies: places that have modules, the likeliest first.
    pub nearest: Vec<String>,
}

/// Whether this is a date: `2026-03-01`.
#[must_use]
pub fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| {
        bytes
            .get(range)
            .is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    };
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|t| t.parse::<u8>().ok());
    bytes.len() == 10
        && digits(0..4)
        && bytes.get(4) == Some(&b'-')
        && digits(5..7)
        && bytes.get(7) == Some(&b'-')
        && digits(8..10)
        && number(5..7).is_some_and(|month| (1..=12).contains(&month))
        && number(8..10).is_some_and(|day| (1..=31).contains(&day))
}

/// Chooses. `date` is that of the permit, `2026-03-01`; where none is given, modules of any time apply.
#[must_use]
pub fn resolve(manifests: &[&Manifest], place: &Place, date: Option<&str>) -> Resolution {
    let mut states: Vec<State<'_>> = manifests
        .iter()
        .map(|m| State::new(m, place, date))
        .collect();
    adopt(&mut states);
    replace(&mut states);
    amend(&mut states);
    let mut order: Vec<&State<'_>> = states.iter().filter(|s| s.applies).collect();
    // What is changed comes before what changes it, larger places before smaller ones.
    order.sort_by_key(|s| (s.manifest.amends.is_some(), level(&s.manifest.jurisdiction)));
    let modules: Vec<String> = order.iter().map(|s| s.manifest.module.id.clone()).collect();
    let nearest = if modules.is_empty() {
        likeliest(manifests, place)
    } else {
        Vec::new()
    };
    Resolution {
        place: place.to_string(),
        date: date.map(str::to_owned),
        modules,
        choices: states.into_iter().map(State::choice).collect(),
        nearest,
    }
}

/// A module while it is decided.
struct State<'m> {
    manifest: &'m Manifest,
    applies: bool,
    why: String,
}

impl<'m> State<'m> {
    fn new(manifest: &'m Manifest, place: &Place, date: Option<&str>) -> State<'m> {
        let j = &manifest.jurisdiction;
        let there = place_of(j);
        let (applies, why) = if !place.is_in(j) {
            (false, format!("it holds in {there}, not in {place}"))
        } else {
            match date {
                Some(date) if !j.effective_from.is_empty() && date < j.effective_from.as_str() => (
                    false,
                    format!("in force from {}, after {date}", j.effective_from),
                ),
                Some(date)
                    if !j.effective_until.is_empty() && date >= j.effective_until.as_str() =>
                {
                    (
                        false,
                        format!("in force until {}, not on {date}", j.effective_until),
                    )
                }
                _ if j.effective_from.is_empty() => (true, format!("it holds in {there}")),
                _ => (
                    true,
                    format!("it holds in {there}, from {}", j.effective_from),
                ),
            }
        };
        State {
            manifest,
            applies,
            why,
        }
    }

    fn leave(&mut self, why: String) {
        self.applies = false;
        self.why = why;
    }

    fn id(&self) -> &'m str {
        &self.manifest.module.id
    }

    fn choice(self) -> Choice {
        Choice {
            module: self.manifest.module.id.clone(),
            applies: self.applies,
            why: self.why,
        }
    }

    /// Family and edition, where it is a code of its own.
    fn code(&self) -> Option<(String, &'m str)> {
        let j = &self.manifest.jurisdiction;
        (self.applies && self.manifest.amends.is_none() && !j.family.is_empty())
            .then(|| (j.family.to_lowercase(), j.edition.as_str()))
    }
}

/// How small a place is: the whole world 0, a city 4.
fn level(j: &Jurisdiction) -> usize {
    [&j.city, &j.county, &j.state, &j.country]
        .iter()
        .position(|part| !part.is_empty())
        .map_or(0, |at| 4 - at)
}

/// Of the editions of a code, that which counts there.
fn adopt(states: &mut [State<'_>]) {
    // Of amendments of one place to editions of one code, the latest; it says which edition counts.
    let mut adopted: Vec<(String, usize, String, String, String)> = Vec::new();
    for state in states.iter().filter(|s| s.applies) {
        let Some(amends) = &state.manifest.amends else {
            continue;
        };
        let base = states.iter().find(|s| s.id() == amends.module);
        let Some((family, edition)) = base.and_then(State::code) else {
            continue;
        };
        let j = &state.manifest.jurisdiction;
        let why = format!(
            "{} adopts {} {edition}{} ({})",
            place_of(j),
            base.map_or("", |b| b.manifest.jurisdiction.family.as_str()),
            if j.effective_from.is_empty() {
                String::new()
            } else {
                format!(" from {}", j.effective_from)
            },
            state.id()
        );
        let entry = (
            family,
            level(j),
            j.effective_from.clone(),
            edition.to_owned(),
            why,
        );
        match adopted.iter_mut().find(|known| known.0 == entry.0) {
            Some(known) if (known.1, &known.2) < (entry.1, &entry.2) => *known = entry,
            Some(_) => {}
            None => adopted.push(entry),
        }
    }
    let codes: Vec<Option<(String, String, usize, String)>> = states
        .iter()
        .map(|s| {
            let j = &s.manifest.jurisdiction;
            s.code().map(|(family, edition)| {
                (
                    family,
                    edition.to_owned(),
                    level(j),
                    j.effective_from.clone(),
                )
            })
        })
        .collect();
    for at in 0..states.len() {
        let Some(Some((family, edition, own, _))) = codes.get(at) else {
            continue;
        };
        let by = adopted.iter().find(|a| a.0 == *family);
        // The newest edition of the same place.
        let newest = codes
            .iter()
            .flatten()
            .filter(|(f, _, level, _)| f == family && level == own)
            .max_by(|a, b| (&a.3, &a.1).cmp(&(&b.3, &b.1)));
        let Some(state) = states.get_mut(at) else {
            continue;
        };
        match (by, newest) {
            (Some((.., adopted, why)), _) if adopted == edition => state.why = why.clone(),
            (Some((.., why)), _) => state.leave(format!("another edition counts: {why}")),
            (None, Some((_, newest, _, from))) if newest != edition => state.leave(format!(
                "the edition {newest} counts{}",
                if from.is_empty() {
                    String::new()
                } else {
                    format!(", from {from}")
                }
            )),
            _ => {}
        }
    }
}

/// A code of a smaller place stands in the place of that of a larger one.
fn replace(states: &mut [State<'_>]) {
    let codes: Vec<Option<(String, usize, String, String)>> = states
        .iter()
        .map(|s| {
            let j = &s.manifest.jurisdiction;
            s.code()
                .map(|(family, _)| (family, level(j), place_of(j), s.id().to_owned()))
        })
        .collect();
    for (state, code) in states.iter_mut().zip(&codes) {
        let Some((family, own, ..)) = code else {
            continue;
        };
        let smaller = codes
            .iter()
            .flatten()
            .filter(|(f, level, ..)| f == family && level > own)
            .max_by_key(|(_, level, ..)| *level);
        if let Some((_, _, place, id)) = smaller {
            state.leave(format!("{place} has a code of its own in its place ({id})"));
        }
    }
}

/// Amendments need what they change; of one place only the latest counts.
fn amend(states: &mut [State<'_>]) {
    let chosen: Vec<(bool, String)> = states
        .iter()
        .map(|s| (s.applies, s.id().to_owned()))
        .collect();
    let amendments: Vec<Option<(String, String, String)>> = states
        .iter()
        .map(|s| {
            let amends = s.manifest.amends.as_ref().filter(|_| s.applies)?;
            let j = &s.manifest.jurisdiction;
            Some((amends.module.clone(), place_of(j), j.effective_from.clone()))
        })
        .collect();
    for (state, own) in states.iter_mut().zip(&amendments) {
        let Some((base, place, from)) = own else {
            continue;
        };
        if !chosen.iter().any(|(applies, id)| *applies && id == base) {
            state.leave(format!("it changes {base}, which does not apply there"));
            continue;
        }
        let later = amendments
            .iter()
            .flatten()
            .filter(|(b, p, f)| b == base && p == place && f > from)
            .max_by(|a, b| a.2.cmp(&b.2));
        match later {
            Some((.., later)) => state.leave(format!("a later amendment counts, from {later}")),
            None => state.why = format!("it changes {base}; {}", state.why),
        }
    }
}

/// Places with modules, the likeliest to be meant first.
fn likeliest(manifests: &[&Manifest], place: &Place) -> Vec<String> {
    /// Enough to choose from.
    const MOST: usize = 5;
    let mut places: Vec<String> = manifests
        .iter()
        .map(|m| place_of(&m.jurisdiction))
        .collect();
    places.sort();
    places.dedup();
    let asked = place.to_string();
    let mut found: Vec<String> = Vec::new();
    if let Some(near) = nearest(&asked, places.iter().map(String::as_str)) {
        found.push(near.to_owned());
    }
    let same_country = |p: &&String| p.split('/').next() == Some(place.country());
    found.extend(places.iter().filter(same_country).cloned());
    found.extend(places.iter().filter(|p| !p.contains('/')).cloned());
    let mut seen = Vec::new();
    found.retain(|p| {
        let new = !seen.contains(p);
        seen.push(p.clone());
        new
    });
    found.truncate(MOST);
    found
}
