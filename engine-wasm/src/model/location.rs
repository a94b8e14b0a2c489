//! Where a model says that it is: postal addresses and the geographic position of its site, as written.
//! What country that is, and whether it is believed, is not decided here.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::Model;
use super::ifc::Reader;
use super::value::text;
use crate::step::{RecordIx, Value};

/// What a model says of its place. Nothing of it is checked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// Of buildings, then of sites, in file order, at most [`MAX_ADDRESSES`]; those without any text are
    /// left out.
    pub addresses: Vec<Address>,
    /// Of the first site that has both numbers.
    pub position: Option<Position>,
}

/// A postal address: texts as written, each cut after [`MAX_TEXT`] characters, empty where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// Record of the `IfcPostalAddress`; none in JSON.
    pub record: Option<u64>,
    /// `BuildingAddress`, `SiteAddress`, or `metadata.location`.
    pub attribute: String,
    /// `Country`.
    pub country: String,
    /// `Region`, the state.
    pub region: String,
    /// The county, which only JSON has.
    pub county: String,
    /// `Town`, the city.
    pub town: String,
    /// `PostalCode`.
    pub postal_code: String,
    /// `AddressLines`, at most [`MAX_LINES`].
    pub lines: Vec<String>,
}

/// A position in degrees, north and east positive.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Record of the `IfcSite`; none in JSON.
    pub record: Option<u64>,
    /// Degrees, `RefLatitude`.
    pub latitude: f64,
    /// Degrees, `RefLongitude`.
    pub longitude: f64,
}

/// Characters of a text: real ones have under 100, and all of it goes into the report.
pub const MAX_TEXT: usize = 200;
/// Lines of an address; envelopes have no more.
pub const MAX_LINES: usize = 8;
/// Addresses: campuses of this many buildings state the same place.
pub const MAX_ADDRESSES: usize = 16;

impl Model {
    /// What the model says of its place, as it was loaded.
    #[must_use]
    pub fn location(&self) -> Location {
        match &self.ifc {
            Some(ifc) => of_ifc(ifc.reader()),
            None => self.stated.clone(),
        }
    }
}

fn of_ifc(reader: Reader<'_>) -> Location {
    let mut location = Location::default();
    for (class, attribute) in [
        ("IfcBuilding", "BuildingAddress"),
        ("IfcSite", "SiteAddress"),
    ] {
        let stated = reader
            .instances(class)
            .filter_map(|record| reader.follow(reader.attribute(record, attribute)))
            .filter_map(|record| address(reader, record, attribute));
        let left = MAX_ADDRESSES.saturating_sub(location.addresses.len());
        location.addresses.extend(stated.take(left));
    }
    location.position = reader.instances("IfcSite").find_map(|site| {
        let degrees = |name| degrees(reader.attribute(site, name));
        Some(Position {
            record: Some(reader.step().number(site)),
            latitude: degrees("RefLatitude")?,
            longitude: degrees("RefLongitude")?,
        })
    });
    location
}

/// An `IfcPostalAddress`, whose attributes are the same in every schema; none without any text.
fn address(reader: Reader<'_>, record: RecordIx, attribute: &str) -> Option<Address> {
    let record = reader.step().record(record);
    if record.name() != "IFCPOSTALADDRESS" {
        return None;
    }
    let of = |n| text(record.arg(n)).map_or_else(String::new, |text| cut(&text));
    let lines = record.arg(4).as_list().into_iter().flatten();
    let address = Address {
        record: Some(record.number()),
        attribute: attribute.to_owned(),
        town: of(6),
        region: of(7),
        postal_code: of(8),
        country: of(9),
        county: String::new(),
        lines: lines
            .filter_map(text)
            .map(|line| cut(&line))
            .filter(|line| !line.is_empty())
            .take(MAX_LINES)
            .collect(),
    };
    address.says_something().then_some(address)
}

impl Address {
    fn says_something(&self) -> bool {
        let texts = [
            &self.country,
            &self.region,
            &self.county,
            &self.town,
            &self.postal_code,
        ];
        texts.into_iter().chain(&self.lines).any(|t| !t.is_empty())
    }
}

fn cut(text: &str) -> String {
    text.trim().chars().take(MAX_TEXT).collect()
}

/// An `IfcCompoundPlaneAngleMeasure`: degrees, minutes, seconds, millionths of a second, all of one sign.
fn degrees(value: Value<'_>) -> Option<f64> {
    /// What each part is of a degree.
    const PARTS: [f64; 4] = [1.0, 60.0, 3600.0, 3.6e9];
    let mut parts = value.as_list()?.map(Value::as_i64);
    let mut sum = parts.next()?? as f64;
    for (part, scale) in parts.zip(PARTS.into_iter().skip(1)) {
        sum += part? as f64 / scale;
    }
    Some(sum)
}

/// `metadata.location` of the JSON object model; what is no text or number there is not stated.
pub(super) fn of_json(metadata: Option<&Json>) -> Location {
    let Some(stated) = metadata.and_then(|metadata| metadata.get("location")) else {
        return Location::default();
    };
    let text = |key: &str| match stated.get(key) {
        Some(Json::String(text)) => cut(text),
        _ => String::new(),
    };
    let number = |key: &str| stated.get(key).and_then(Json::as_f64);
    let address = Address {
        attribute: "metadata.location".to_owned(),
        country: text("country"),
        region: text("state"),
        county: text("county"),
        town: text("city"),
        ..Address::default()
    };
    Location {
        position: number("latitude")
            .zip(number("longitude"))
            .map(|(latitude, longitude)| Position {
                record: None,
                latitude,
                longitude,
            }),
        addresses: Some(address)
            .filter(Address::says_something)
            .into_iter()
            .collect(),
    }
}
