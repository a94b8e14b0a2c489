//! What IFC has, by version: data types, predefined types, standardised property sets.
//!
//! The tables are written by `tools/ids_tables.py` and read once.

use std::collections::HashMap;
use std::sync::OnceLock;

/// Versions as bits, as in [`super::super::Versions`].
type Bits = u8;

/// What the values of a data type are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Double,
    Integer,
    Text,
    Boolean,
    Date,
    DateTime,
    Duration,
    Time,
    /// No value that a document could write.
    Other,
}

impl Kind {
    /// The `base` of a restriction on such values.
    pub(super) fn base(self) -> &'static str {
        match self {
            Kind::Double => "double",
            Kind::Integer => "integer",
            Kind::Text | Kind::Other => "string",
            Kind::Boolean => "boolean",
            Kind::Date => "date",
            Kind::DateTime => "dateTime",
            Kind::Duration => "duration",
            Kind::Time => "time",
        }
    }

    fn of_letter(letter: &str) -> Kind {
        match letter {
            "d" => Kind::Double,
            "i" => Kind::Integer,
            "b" => Kind::Boolean,
            "D" => Kind::Date,
            "T" => Kind::DateTime,
            "P" => Kind::Duration,
            "M" => Kind::Time,
            "-" => Kind::Other,
            _ => Kind::Text,
        }
    }
}

/// A row of a table with the versions it holds for.
type Rows<T> = HashMap<&'static str, Vec<(Bits, T)>>;

/// A property as the table writes it, `FireRating:L`, with the versions that have it.
type Property = (Bits, &'static str);

#[derive(Default)]
pub(super) struct Tables {
    types: Rows<Kind>,
    items: Rows<Vec<&'static str>>,
    predefined: Rows<&'static str>,
    sets: Rows<Vec<Property>>,
    letters: Vec<(&'static str, &'static str)>,
}

fn bits(word: &str) -> Bits {
    word.parse().unwrap_or(0)
}

impl Tables {
    pub(super) fn get() -> &'static Tables {
        static TABLES: OnceLock<Tables> = OnceLock::new();
        TABLES.get_or_init(Tables::read)
    }

    fn read() -> Tables {
        let mut tables = Tables::default();
        let mut named = Vec::new();
        for line in include_str!("tables/types.txt").lines() {
            let mut words = line.split(' ');
            let (Some(versions), Some(letter), Some(name)) =
                (words.next(), words.next(), words.next())
            else {
                continue;
            };
            let versions = bits(versions);
            if letter == "@" {
                named.push((versions, name, words.next()));
                continue;
            }
            let own = (versions, Kind::of_letter(letter));
            tables.types.entry(name).or_default().push(own);
            if letter == "e" {
                let items = words.collect();
                tables
                    .items
                    .entry(name)
                    .or_default()
                    .push((versions, items));
            }
        }
        for (versions, class, of) in named {
            // Mostly named after the class: `IFCWALL`, `IFCWALLTYPE`: `IFCWALLTYPEENUM`.
            let named_after = || {
                let stem = class.strip_suffix("TYPE").unwrap_or(class);
                let (name, _) = tables
                    .items
                    .get_key_value(format!("{stem}TYPEENUM").as_str())?;
                Some(*name)
            };
            if let Some(of) = of.or_else(named_after) {
                let all = tables.predefined.entry(class).or_default();
                all.push((versions, of));
            }
        }
        for line in include_str!("tables/psets.txt").lines() {
            let mut words = line.split(' ');
            let Some(first) = words.next() else { continue };
            if let Some(letter) = first.split_once('=') {
                tables.letters.push(letter);
            } else if let Some(name) = words.next() {
                let versions = bits(first);
                let mut own = versions;
                let mut properties = Vec::new();
                for word in words {
                    match bits(word) {
                        0 => properties.push((own, word)),
                        fewer => own = fewer,
                    }
                }
                let row = (versions, properties);
                tables.sets.entry(name).or_default().push(row);
            }
        }
        tables
    }

    fn find<T>(rows: &'static Rows<T>, name: &str, version: Bits) -> Option<&'static T> {
        rows.get(name)?
            .iter()
            .find(|(versions, _)| versions & version != 0)
            .map(|(_, value)| value)
    }

    /// What a data type's values are, in a version.
    pub(super) fn kind(&'static self, data_type: &str, version: Bits) -> Option<Kind> {
        Self::find(&self.types, data_type, version).copied()
    }

    /// The data types of a version.
    pub(super) fn data_types(&'static self, version: Bits) -> impl Iterator<Item = &'static str> {
        Self::names(&self.types, version)
    }

    /// The standardised sets of some versions.
    pub(super) fn set_names(&'static self, version: Bits) -> impl Iterator<Item = &'static str> {
        Self::names(&self.sets, version)
    }

    /// Names of a table in no order.
    fn names<T>(rows: &'static Rows<T>, version: Bits) -> impl Iterator<Item = &'static str> {
        rows.iter()
            .filter(move |(_, all)| all.iter().any(|(versions, _)| versions & version != 0))
            .map(|(name, _)| *name)
    }

    /// A standardised set's properties as the table writes them; none when it is not known.
    fn entries(
        &'static self,
        set: &str,
        version: Bits,
    ) -> Option<impl Iterator<Item = &'static str>> {
        let all = Self::find(&self.sets, set, version)?;
        let of = all
            .iter()
            .filter(move |(versions, _)| versions & version != 0);
        Some(of.map(|(_, entry)| *entry))
    }

    /// The properties of a standardised set.
    pub(super) fn properties(
        &'static self,
        set: &str,
        version: Bits,
    ) -> impl Iterator<Item = &'static str> {
        self.entries(set, version)
            .into_iter()
            .flatten()
            .map(|entry| entry.split_once(':').map_or(entry, |(name, _)| name))
    }

    /// The items of a class's `PredefinedType`; none when it has no such attribute.
    pub(super) fn predefined(
        &'static self,
        class: &str,
        version: Bits,
    ) -> Option<&'static [&'static str]> {
        let name = Self::find(&self.predefined, class, version)?;
        Some(Self::find(&self.items, name, version)?)
    }

    /// Whether a standardised set is in any of some versions.
    pub(super) fn has_set(&'static self, set: &str, version: Bits) -> bool {
        Self::find(&self.sets, set, version).is_some()
    }

    /// The data type of a property of a standardised set: outer none when the set is not known,
    /// inner when it has no such property. An empty type is one that the table does not know.
    pub(super) fn property(
        &'static self,
        set: &str,
        name: &str,
        version: Bits,
    ) -> Option<Option<String>> {
        let mut entries = self.entries(set, version)?;
        let own = entries.find_map(|entry| {
            let (own, data_type) = entry.split_once(':').unwrap_or((entry, ""));
            (own == name).then_some(data_type)
        });
        Some(own.map(|code| {
            match code.strip_suffix('~') {
                Some(stem) => format!("IFC{stem}MEASURE"),
                None if code.is_empty() => String::new(),
                None => self
                    .letters
                    .iter()
                    .find(|(letter, _)| *letter == code)
                    .map_or_else(|| format!("IFC{code}"), |(_, name)| (*name).to_owned()),
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_know_ifc() {
        let tables = Tables::get();
        assert_eq!(tables.kind("IFCLENGTHMEASURE", 1), Some(Kind::Double));
        assert_eq!(tables.kind("IFCDURATION", 1), None);
        assert_eq!(tables.kind("IFCDURATION", 2), Some(Kind::Duration));
        assert!(tables.predefined("IFCWALL", 1).is_none());
        assert!(
            tables
                .predefined("IFCWALL", 4)
                .is_some_and(|i| i.contains(&"RETAININGWALL"))
        );
        let property = |set, name, version| tables.property(set, name, version);
        assert_eq!(
            property("Pset_DoorCommon", "FireRating", 2),
            Some(Some("IFCLABEL".to_owned()))
        );
        assert_eq!(
            property("Pset_WallCommon", "ThermalTransmittance", 4),
            Some(Some("IFCTHERMALTRANSMITTANCEMEASURE".to_owned()))
        );
        assert_eq!(property("Pset_DoorCommon", "Colour", 2), Some(None));
        assert_eq!(property("Pset_NoSuchThing", "A", 2), None);
    }
}
