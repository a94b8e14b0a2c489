//! Facts of every element.

use plancheck_contract::{Dimension, FactKind};

use super::catalogue::{Combine, Fact, Outcome, Provenance, Relation, Source, Target, for_pages};
use super::text;
use crate::model::Value;

/// A text fact read from the first source that has it.
pub(super) const fn text_fact(
    name: &'static str,
    title: &'static str,
    description: &'static str,
    sources: &'static [Source],
) -> Fact {
    Fact {
        name,
        title,
        kind: FactKind::Text,
        dimension: None,
        description,
        plausible: None,
        sources,
        combine: Combine::First,
        parse: None,
        examine: None,
        unchosen: None,
    }
}

/// A yes-or-no fact read from the first source that has it.
pub(super) const fn boolean_fact(
    name: &'static str,
    title: &'static str,
    description: &'static str,
    sources: &'static [Source],
) -> Fact {
    Fact {
        kind: FactKind::Boolean,
        ..text_fact(name, title, description, sources)
    }
}

/// A number with its dimension and plausible range (SI), first source first.
pub(super) const fn number_fact(
    name: &'static str,
    title: &'static str,
    dimension: Dimension,
    plausible: (f64, f64),
    description: &'static str,
    sources: &'static [Source],
) -> Fact {
    Fact {
        kind: FactKind::Number,
        dimension: Some(dimension),
        plausible: Some(plausible),
        ..text_fact(name, title, description, sources)
    }
}

pub(super) static FACTS: &[Fact] = &[
    text_fact(
        "name",
        "Name",
        "The element's own name.",
        &[Source::Attribute("Name")],
    ),
    text_fact(
        "tag",
        "Tag",
        "The mark that drawings use.",
        &[Source::Attribute("Tag")],
    ),
    text_fact(
        "description",
        "Description",
        "Free text.",
        &[Source::Attribute("Description")],
    ),
    text_fact(
        "object_type",
        "Object type",
        "What the author calls this kind of element.",
        &[Source::Compute {
            label: "ObjectType, of the type where the element has none",
            provenance: Provenance::Attribute,
            read: |reader, e| {
                reader.touch(e);
                reader
                    .model()
                    .object_type(e)
                    .map_or(Outcome::Nothing, |t| Outcome::exact(Value::Text(t)))
            },
        }],
    ),
    text_fact(
        "predefined_type",
        "Predefined type",
        "The IFC enumeration value; the user's own word where that is USERDEFINED.",
        &[Source::Compute {
            label: "PredefinedType, of the type where the element has none",
            provenance: Provenance::Attribute,
            read: |reader, e| {
                reader.touch(e);
                let found = reader.model().predefined_type(e);
                found.map_or(Outcome::Nothing, |t| Outcome::exact(Value::Text(t)))
            },
        }],
    ),
    boolean_fact(
        "is_external",
        "External",
        "Whether the element is part of the building's envelope: as stated, else where all of its \
         space boundaries are said to be external.",
        &[
            Source::Property("", "IsExternal"),
            Source::Property("", "is_external"),
            Source::Compute {
                label: "every space boundary of it is external",
                provenance: Provenance::Inferred,
                read: |reader, e| {
                    if reader.bounds_outside(e) {
                        Outcome::exact(Value::Boolean(true))
                    } else {
                        Outcome::Nothing
                    }
                },
            },
        ],
    ),
    boolean_fact(
        "load_bearing",
        "Load bearing",
        "Whether the element carries loads.",
        &[
            Source::Property("", "LoadBearing"),
            Source::Property("", "load_bearing"),
        ],
    ),
    Fact {
        parse: Some(text::fire_rating),
        ..number_fact(
            "fire_rating",
            "Fire rating",
            Dimension::Time,
            (0.0, 8.0 * 3600.0),
            "The fire resistance that the label states, `90 min`, `1.5 h`, `EI 60`. A placeholder \
             such as the text \"Fire Rating\" is not a rating.",
            &[
                Source::Property("", "FireRating"),
                Source::Property("", "Fire Rating"),
                Source::Property("", "fire_rating"),
            ],
        )
    },
    text_fact(
        "material",
        "Material",
        "The names of the materials, joined by commas, outermost first.",
        &[Source::Compute {
            label: "the associated materials, of the type where the element has none",
            provenance: Provenance::Attribute,
            read: |reader, e| {
                reader.touch(e);
                let names = reader.model().materials(e);
                if names.is_empty() {
                    Outcome::Nothing
                } else {
                    Outcome::exact(Value::Text(names.join(", ")))
                }
            },
        }],
    ),
];

pub(super) static RELATIONS: &[Relation] = &[
    Relation {
        name: "storey",
        subject: "storey",
        to: Target::One(|reader, e| reader.storey(e)),
        complete: None,
        description: for_pages("The storey that contains it, directly or through its host."),
    },
    Relation {
        name: "building",
        subject: "building",
        to: Target::One(|reader, e| reader.building(e)),
        complete: None,
        description: for_pages("The building that contains it."),
    },
];
