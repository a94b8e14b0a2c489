//! Places, and whose law holds there.

use std::fmt;
use std::str::FromStr;

use plancheck_contract::Jurisdiction;

/// A place: `us`, `us/ca`, `us/ca/san-francisco`, or with the county between, four parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    country: String,
    state: String,
    county: Option<String>,
    city: String,
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Place, String> {
        let parts: Vec<String> = text
            .split('/')
            .map(|part| part.trim().to_lowercase())
            .collect();
        if parts.iter().any(String::is_empty) {
            return Err(format!(
                "{} has an empty part; write us/ca/san-francisco",
                brief(text)
            ));
        }
        let mut parts = parts.into_iter();
        let mut next = || parts.next().unwrap_or_default();
        let (country, state, third, fourth) = (next(), next(), next(), next());
        if parts.next().is_some() {
            return Err(format!(
                "{} has more than four parts; write country/state/city or country/state/county/city",
                brief(text)
            ));
        }
        Ok(if fourth.is_empty() {
            Place {
                country,
                state,
                county: None,
                city: third,
            }
        } else {
            Place {
                country,
                state,
                county: Some(third),
                city: fourth,
            }
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let county = self.county.as_deref().unwrap_or_default();
        let parts = [self.country.as_str(), &self.state, county, &self.city];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        f.write_str(&parts.join("/"))
    }
}

impl Place {
    /// Whether rules of this jurisdiction are law there: it is the place, or a larger one around
    /// it.
    #[must_use]
    pub fn is_in(&self, jurisdiction: &Jurisdiction) -> bool {
        let county = self.county.as_deref().unwrap_or_default();
        let parts = [
            (&jurisdiction.country, self.country.as_str()),
            (&jurisdiction.state, &self.state),
            (&jurisdiction.county, county),
            (&jurisdiction.city, &self.city),
        ];
        parts.into_iter().all(|(theirs, ours)| {
            theirs.is_empty() || same_name(theirs, ours) || is_member(theirs, ours)
        })
    }

    /// The country, as its code.
    #[must_use]
    pub fn country(&self) -> &str {
        &self.country
    }
}

/// Members of the European Union, by ISO 3166-1 alpha-2: what holds in `eu` holds there.
const UNION: [&str; 27] = [
    "at", "be", "bg", "cy", "cz", "de", "dk", "ee", "es", "fi", "fr", "gr", "hr", "hu", "ie", "it",
    "lt", "lu", "lv", "mt", "nl", "pl", "pt", "ro", "se", "si", "sk",
];

fn is_member(union: &str, country: &str) -> bool {
    union.eq_ignore_ascii_case("eu") && UNION.contains(&country)
}

/// What a caller wrote, for a message: in quotes, escaped, and cut after 100 characters.
fn brief(text: &str) -> String {
    const ENOUGH: usize = 100;
    let start: String = text
        .chars()
        .take(ENOUGH)
        .flat_map(char::escape_debug)
        .collect();
    match text.chars().skip(ENOUGH).count() {
        0 => format!("\"{start}\""),
        left => format!("\"{start}…\" ({} characters)", left + ENOUGH),
    }
}

/// `San Francisco` is `san-francisco`.
fn same_name(a: &str, b: &str) -> bool {
    let plain = |text: &str| text.trim().to_lowercase().replace([' ', '_'], "-");
    plain(a) == plain(b)
}

/// `us/ca/san-francisco`; `everywhere` for a jurisdiction without a country.
#[must_use]
pub fn place_of(jurisdiction: &Jurisdiction) -> String {
    let Jurisdiction {
        country,
        state,
        county,
        city,
        ..
    } = jurisdiction;
    let parts = [country, state, county, city];
    let parts: Vec<&str> = parts
        .into_iter()
        .map(String::as_str)
        .filter(|p| !p.is_empty())
        .collect();
    if parts.is_empty() {
        "everywhere".to_owned()
    } else {
        parts.join("/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(country: &str, state: &str, county: &str, city: &str) -> Jurisdiction {
        let text = str::to_owned;
        Jurisdiction {
            country: text(country),
            state: text(state),
            county: text(county),
            city: text(city),
            ..Jurisdiction::default()
        }
    }

    #[test]
    fn larger_places_apply_and_smaller_ones_do_not() {
        let place: Place = "us/ca/San Francisco".parse().unwrap();
        assert!(place.is_in(&of("", "", "", "")));
        assert!(place.is_in(&of("us", "", "", "")));
        assert!(place.is_in(&of("US", "CA", "", "san-francisco")));
        assert!(!place.is_in(&of("us", "co", "", "")));
        assert!(!place.is_in(&of("us", "ca", "", "oakland")));
        assert!(
            !"us"
                .parse::<Place>()
                .unwrap()
                .is_in(&of("us", "ca", "", ""))
        );
        // The county is not said, so its rules cannot be known to apply.
        assert!(!place.is_in(&of("us", "ca", "marin", "")));
        assert!(
            "us/ca/marin/novato"
                .parse::<Place>()
                .unwrap()
                .is_in(&of("us", "ca", "marin", ""))
        );
    }

    #[test]
    fn a_place_reads_back_as_written() {
        assert_eq!(
            "US/ca/x/y".parse::<Place>().unwrap().to_string(),
            "us/ca/x/y"
        );
        assert!("us//x".parse::<Place>().is_err());
        assert!("a/b/c/d/e".parse::<Place>().is_err());
        assert!("".parse::<Place>().is_err());
        assert_eq!(
            "a//b\n".parse::<Place>().unwrap_err(),
            "\"a//b\\n\" has an empty part; write us/ca/san-francisco"
        );
    }
}
