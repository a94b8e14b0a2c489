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

/// Some texts in quotes, the first few; the others are counted.
pub(super) fn listed<'t>(texts: impl ExactSizeIterator<Item = &'t str>) -> String {
    let more = match texts.len().saturating_sub(LISTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let shown: Vec<String> = texts.take(LISTED).map(quoted).collect();
    format!("{}{more}", shown.join(", "))
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
            let all = listed(many.iter().map(String::as_str));
            parts.push(format!("one of {all}"));
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

/// A name as it stands, in quotes only where it would not be told from the sentence.
fn plain(text: &str) -> String {
    let word = text.len() <= SHOWN && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    match word && !text.is_empty() {
        true => text.to_owned(),
        false => quoted(text),
    }
}

/// Classes: `IFCDOOR`, `IFCWALL or IFCSLAB`, `class matching IFC.*TYPE`.
pub(super) fn classes(constraint: &Constraint) -> String {
    let all = match constraint {
        Constraint::Simple(text) => return text.clone(),
        Constraint::Restriction(all) => all,
    };
    let only_list = Restriction {
        base: all.base.clone(),
        enumeration: all.enumeration.clone(),
        ..Restriction::default()
    };
    match all.enumeration.split_last() {
        Some((last, rest)) if *all == only_list => {
            let shown: Vec<String> = rest.iter().take(LISTED).map(|text| plain(text)).collect();
            let end = match rest.len().saturating_sub(LISTED) {
                0 => plain(last),
                more => format!("{} more", more + 1),
            };
            match shown.as_slice() {
                [] => end,
                shown => format!("{} or {end}", shown.join(", ")),
            }
        }
        _ => format!("class {}", restriction(all)),
    }
}

/// A name of a kind of thing: `FireRating`, `property matching .*Area`.
fn named(what: &str, name: &Constraint) -> String {
    match name {
        Constraint::Simple(text) => text.clone(),
        Constraint::Restriction(all) => format!("{what} {}", restriction(all)),
    }
}

/// A property with its set: `Set.Name`, or `property matching .*Area in Set`.
fn property(set: &Constraint, name: &Constraint) -> String {
    match (set, name) {
        (Constraint::Simple(set), Constraint::Simple(name)) => format!("{set}.{name}"),
        _ => format!(
            "{} in {}",
            named("property", name),
            named("property set", set)
        ),
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
            format!("{}{of_type}", classes(&entity.name))
        }
        Facet::Attribute(attribute) => {
            let name = named("attribute", &attribute.name);
            format!("{name}{}", equals(&attribute.value))
        }
        Facet::Property(property) => {
            let of_type = match &property.data_type {
                Some(name) => format!(" of {name}"),
                None => String::new(),
            };
            format!(
                "{}{of_type}{}",
                self::property(&property.set, &property.name),
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
