//! What documents ask for and what was found, in words.

use super::document::{Constraint, Facet, PartOfFacet, Restriction};

/// Values of an enumeration that are listed; the others are counted.
const LISTED: usize = 6;

/// Characters of a value that are shown.
const SHOWN: usize = 120;

/// A text in quotes, cut where it is long.
pub(super) fn quoted(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{:?}…", text.get(..end).unwrap_or("")),
        None => format!("{text:?}"),
    }
}

/// A constraint as an object of a sentence: `"A"`, `one of "A", "B"`, `matching [A-Z]+`.
pub(super) fn constraint(constraint: &Constraint) -> String {
    match constraint {
        Constraint::Simple(text) => quoted(text),
        Constraint::Restriction(all) => restriction(all),
    }
}

fn restriction(all: &Restriction) -> String {
    let mut parts = Vec::new();
    match all.enumeration.as_slice() {
        [] => {}
        [one] => parts.push(quoted(one)),
        many => {
            let shown: Vec<String> = many.iter().take(LISTED).map(|text| quoted(text)).collect();
            let more = match many.len().saturating_sub(LISTED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            parts.push(format!("one of {}{more}", shown.join(", ")));
        }
    }
    if !all.patterns.is_empty() {
        let shown: Vec<String> = all
            .patterns
            .iter()
            .take(LISTED)
            .map(|text| text.chars().take(SHOWN).collect())
            .collect();
        parts.push(format!("matching {}", shown.join(" or ")));
    }
    for (bound, inclusive, exclusive) in [(&all.least, "≥", ">"), (&all.most, "≤", "<")] {
        if let Some(bound) = bound {
            let sign = if bound.inclusive {
                inclusive
            } else {
                exclusive
            };
            parts.push(format!("{sign} {}", bound.text.trim()));
        }
    }
    for (length, words) in [
        (all.length, ""),
        (all.min_length, "at least "),
        (all.max_length, "at most "),
    ] {
        if let Some(length) = length {
            parts.push(format!("{words}{length} characters long"));
        }
    }
    if parts.is_empty() {
        return "anything".to_owned();
    }
    parts.join(" and ")
}

/// A name as a word of a sentence: without quotes where it is exactly one.
fn name(constraint: &Constraint) -> String {
    match constraint {
        Constraint::Simple(text) => text.clone(),
        Constraint::Restriction(all) => format!("({})", restriction(all)),
    }
}

/// What a facet asks for: `Pset_DoorCommon.FireRating of IFCLABEL = "T30"`.
pub(super) fn facet(facet: &Facet) -> String {
    let equals = |value: &Option<Constraint>| match value {
        Some(Constraint::Simple(text)) => format!(" = {}", quoted(text)),
        Some(other) => format!(" {}", constraint(other)),
        None => String::new(),
    };
    match facet {
        Facet::Entity(entity) => {
            let of_type = match &entity.predefined_type {
                Some(value) => format!(" of predefined type {}", constraint(value)),
                None => String::new(),
            };
            format!("{}{of_type}", name(&entity.name))
        }
        Facet::Attribute(attribute) => {
            format!("{}{}", name(&attribute.name), equals(&attribute.value))
        }
        Facet::Property(property) => {
            let of_type = match &property.data_type {
                Some(name) => format!(" of {name}"),
                None => String::new(),
            };
            format!(
                "{}.{}{of_type}{}",
                name(&property.set),
                name(&property.name),
                equals(&property.value)
            )
        }
        Facet::Classification(classification) => {
            let system = match &classification.system {
                Some(system) => format!(" in {}", constraint(system)),
                None => String::new(),
            };
            format!("classification{}{system}", equals(&classification.value))
        }
        Facet::Material(material) => format!("material{}", equals(&material.value)),
        Facet::PartOf(PartOfFacet { entity, relation }) => {
            let whole = match entity {
                Some(entity) => self::facet(&Facet::Entity(entity.clone())),
                None => "anything".to_owned(),
            };
            match relation {
                Some(relation) => format!("part of {whole} by {}", relation.name()),
                None => format!("part of {whole}"),
            }
        }
    }
}
