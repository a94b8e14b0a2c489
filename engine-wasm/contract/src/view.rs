//! Views: the batches that a module wants.

use crate::manifest::FactKind;
use crate::unit::Dimension;
use crate::write::Object;

#[cfg(feature = "read")]
use serde::{Deserialize, Serialize};

/// A batch that the module wants: rows of a subject, columns of facts.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(
    feature = "read",
    derive(Serialize, Deserialize),
    serde(deny_unknown_fields)
)]
pub struct View {
    /// Unique in the module.
    pub name: String,
    /// A subject of the fact catalogue (`door`), or an IFC class (`IfcFlowTerminal`).
    pub subject: String,
    /// The columns, at most [`crate::MAX_VIEW_FACTS`].
    pub facts: Vec<ViewFact>,
    /// Only rows of which this holds; none: every row of the subject.
    #[cfg_attr(
        feature = "read",
        serde(default, rename = "where", skip_serializing_if = "Option::is_none")
    )]
    pub only: Option<Only>,
    /// Every batch has all rows of the view, in the order of the model, and all of them are asked
    /// about again when one is edited: for rules that look from one row to others.
    #[cfg_attr(
        feature = "read",
        serde(default, skip_serializing_if = "std::ops::Not::not")
    )]
    pub whole: bool,
}

/// One column of a view.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(
    feature = "read",
    derive(Serialize, Deserialize),
    serde(deny_unknown_fields)
)]
pub struct ViewFact {
    /// Unique in the view.
    pub name: String,
    /// Fact path: `clear_width`, `storey.elevation`, `spaces.sum(occupant_load)`,
    /// `property(Pset_DoorCommon, FireExit)`; see docs/facts.md.
    pub path: String,
    /// What it is.
    pub kind: FactKind,
    /// For numbers.
    pub dimension: Option<Dimension>,
}

/// Which rows of a subject a view has: those where a text fact is one of some texts.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(
    feature = "read",
    derive(Serialize, Deserialize),
    serde(deny_unknown_fields)
)]
pub struct Only {
    /// Fact path of a text.
    pub fact: String,
    /// What it may be, compared exactly.
    #[cfg_attr(feature = "read", serde(rename = "in"))]
    pub values: Vec<String>,
}

impl View {
    /// A view as the manifest has it.
    pub(crate) fn write(&self, o: &mut Object<'_>) {
        o.text("name", &self.name);
        o.text("subject", &self.subject);
        o.list("facts", &self.facts, |f, o| {
            o.text("name", &f.name);
            o.text("path", &f.path);
            o.text("kind", f.kind.name());
            o.optional("dimension", f.dimension.map(Dimension::name));
        });
        if let Some(only) = &self.only {
            o.nested("where", |o| {
                o.text("fact", &only.fact);
                o.texts("in", &only.values);
            });
        }
        if self.whole {
            o.boolean("whole", true);
        }
    }
}

#[cfg(feature = "read")]
impl View {
    /// What contradicts itself, if anything.
    pub(crate) fn check(&self) -> Option<String> {
        let too_many = |what: &str, count: usize, limit: usize| {
            Some(format!(
                "view {:?} has {count} {what}; at most {limit}",
                self.name
            ))
        };
        if self.facts.len() > crate::MAX_VIEW_FACTS {
            return too_many("facts", self.facts.len(), crate::MAX_VIEW_FACTS);
        }
        match &self.only {
            Some(only) if only.values.len() > crate::manifest::MAX_ITEMS => too_many(
                "texts in its `where`",
                only.values.len(),
                crate::manifest::MAX_ITEMS,
            ),
            _ => None,
        }
    }
}

#[cfg(all(test, feature = "read"))]
mod tests {
    use super::*;
    use crate::Manifest;

    fn view() -> View {
        View {
            name: "ducts".to_owned(),
            subject: "element".to_owned(),
            facts: vec![ViewFact {
                name: "width".to_owned(),
                path: "given(properties, width)".to_owned(),
                kind: FactKind::Number,
                dimension: None,
            }],
            only: None,
            whole: false,
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let narrow = View {
            only: Some(Only {
                fact: "given(object_type)".to_owned(),
                values: vec!["duct".to_owned()],
            }),
            whole: true,
            ..view()
        };
        let manifest = Manifest {
            contract: crate::VERSION.to_owned(),
            module: crate::ModuleInfo {
                id: "m".to_owned(),
                ..Default::default()
            },
            views: vec![view(), narrow],
            ..Default::default()
        };
        let json = manifest.to_json();
        assert_eq!(Manifest::from_json(&json), Ok(manifest));
        // What manifests did not have before is only there where it says something.
        assert_eq!(json.matches("where").count(), 1);
        assert_eq!(json.matches("whole").count(), 1);
    }
}
