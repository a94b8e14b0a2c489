//! Positions, and what exporters write where nobody stated a place.

use plancheck_engine::model::location::{Address, Position};
use plancheck_engine::rules::chosen::Read;

use super::names::{self, plain};

/// A position that was stated by somebody.
pub(super) struct Believed {
    /// For people: the numbers, and where they stand.
    pub(super) written: String,
    /// In whose boxes it lies.
    pub(super) countries: Vec<&'static str>,
    position: Position,
}

/// Where the default site of Revit is, in degrees; its releases differ by 0.003.
const BOSTON: (f64, f64) = (42.3585, -71.058);
/// Nobody's building is nearer to a default than this by chance: 0.004 degrees are 400 m.
const NEAR: f64 = 0.004;

/// Reads a position; what is not believed is noted.
pub(super) fn read(position: Option<&Position>, notes: &mut Vec<String>) -> Option<Believed> {
    let position = position?;
    let (latitude, longitude) = (position.latitude, position.longitude);
    let stands = match position.record {
        Some(record) => format!("RefLatitude and RefLongitude, #{record}"),
        None => "metadata.location".to_owned(),
    };
    let written = format!("the position {latitude:.4}, {longitude:.4} ({stands})");
    let is_near = |(north, east): (f64, f64)| {
        (latitude - north).abs() < NEAR && (longitude - east).abs() < NEAR
    };
    let why = if !((-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude)) {
        "is none on Earth"
    } else if is_near((0.0, 0.0)) {
        "is what exporters write where nobody stated one"
    } else if is_near(BOSTON) {
        "is the site in Boston that an exporter writes by itself"
    } else {
        return Some(Believed {
            written,
            countries: names::around(latitude, longitude),
            position: position.clone(),
        });
    };
    notes.push(format!("{written} {why}: it is taken as not stated"));
    None
}

impl Believed {
    /// The countries, for people.
    pub(super) fn among(&self) -> String {
        let named: Vec<String> = self
            .countries
            .iter()
            .map(|code| format!("{code} ({})", names::called(code)))
            .collect();
        named.join(" or ")
    }

    /// Where a country was read from.
    pub(super) fn read(&self, country: &str) -> Vec<Read> {
        let Position {
            record,
            latitude,
            longitude,
        } = self.position;
        let names = match record {
            Some(_) => ["RefLatitude", "RefLongitude"],
            None => ["metadata.location.latitude", "metadata.location.longitude"],
        };
        let read = |(attribute, value): (&str, f64)| Read {
            record,
            attribute: attribute.to_owned(),
            value: format!("{value}"),
            means: country.to_owned(),
        };
        names
            .into_iter()
            .zip([latitude, longitude])
            .map(read)
            .collect()
    }
}

/// Whether a text is what an exporter, a template or a hurried person writes where nothing is stated.
pub(super) fn is_placeholder(text: &str) -> bool {
    /// Made plain. Whole texts: a street may contain any of these words.
    const NOTHING: [&str; 16] = [
        "",
        "<default>",
        "default",
        "unknown",
        "undefined",
        "notdefined",
        "not defined",
        "none",
        "null",
        "n/a",
        "na",
        "tbd",
        "x",
        "?",
        "address line 2",
        "city, state",
    ];
    let text = plain(text);
    NOTHING.contains(&text.as_str())
        || text.starts_with("enter address here")
        || text.chars().all(|c| !c.is_alphanumeric())
}

/// Whether an address is the one in Boston that Revit writes by itself: with another street or another
/// position somebody stated it.
pub(super) fn is_default_address(address: &Address, position: Option<&Position>) -> bool {
    let boston = |text: &str| plain(text) == "boston";
    let here = position.is_none_or(|p| {
        (p.latitude - BOSTON.0).abs() < NEAR && (p.longitude - BOSTON.1).abs() < NEAR
    });
    here && (boston(&address.town) || boston(&address.region))
        && plain(&address.country) == "ma"
        && address.lines.iter().all(|line| is_placeholder(line))
}
