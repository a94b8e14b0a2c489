//! Documents compiled for checking: every different facet, constraint and property once.

use std::collections::HashMap;

use super::document::{
    Cardinality, ClassificationFacet, Constraint, Document, EntityFacet, Facet, Occurs, Relation,
    Specification, Versions,
};
use super::hash::Texts;
use super::matcher::Matcher;
use super::pattern::PatternError;
use super::report::Info;
use super::wording;

/// An index into [`Plan::constraints`].
pub(super) type ConstraintId = u32;
/// An index into [`Plan::facets`].
pub(super) type FacetId = u32;
/// An index into [`Plan::columns`].
pub(super) type ColumnId = u32;

/// Documents made ready for checking models. The same for every model.
#[derive(Debug)]
pub struct Plan {
    pub(super) documents: Vec<About>,
    pub(super) specifications: Vec<Planned>,
    pub(super) facets: Vec<Compiled>,
    pub(super) constraints: Vec<Matcher>,
    /// Property set and property, that several facets may ask for.
    pub(super) columns: Vec<(ConstraintId, ConstraintId)>,
}

/// What a document says of itself.
#[derive(Debug)]
pub(super) struct About {
    pub title: String,
    pub info: Info,
}

/// A specification as planned.
#[derive(Debug)]
pub(super) struct Planned {
    /// Index of its document.
    pub document: usize,
    pub name: String,
    pub identifier: String,
    pub description: String,
    pub instructions: String,
    pub versions: Versions,
    pub occurs: Occurs,
    /// The class facet, when there is one, stands first; then the cheapest.
    pub applicability: Vec<FacetId>,
    pub requirements: Vec<PlannedRequirement>,
    /// Why it cannot be checked.
    pub broken: Option<String>,
}

#[derive(Debug)]
pub(super) struct PlannedRequirement {
    pub facet: FacetId,
    pub cardinality: Cardinality,
    pub instructions: String,
}

/// A facet with its constraints by number.
#[derive(Debug)]
pub(super) struct Compiled {
    pub ask: Ask,
    /// What it asks for, in words.
    pub words: String,
}

#[derive(Debug)]
pub(super) enum Ask {
    Entity(EntityAsk),
    Attribute {
        name: ConstraintId,
        value: Option<ConstraintId>,
    },
    Property {
        column: ColumnId,
        data_type: Option<String>,
        value: Option<ConstraintId>,
    },
    Classification {
        system: Option<ConstraintId>,
        value: Option<ConstraintId>,
    },
    Material {
        value: Option<ConstraintId>,
    },
    PartOf {
        entity: Option<EntityAsk>,
        relation: Option<Relation>,
    },
}

#[derive(Debug, Clone, Copy)]
pub(super) struct EntityAsk {
    pub name: ConstraintId,
    pub predefined_type: Option<ConstraintId>,
}

impl Ask {
    /// What evaluating it costs, roughly: the class is known, attributes stand in the record,
    /// everything else is behind relations.
    fn cost(&self) -> u8 {
        match self {
            Ask::Entity(_) => 0,
            Ask::Attribute { .. } => 1,
            Ask::PartOf { .. } => 2,
            Ask::Material { .. } | Ask::Classification { .. } => 3,
            Ask::Property { .. } => 4,
        }
    }
}

impl Plan {
    /// Compiles documents. A specification that breaks IDS or has a pattern that is none of XSD is
    /// kept, and its result says why it was not checked.
    #[must_use]
    pub fn new(documents: &[Document]) -> Plan {
        let mut builder = Builder::default();
        let mut specifications = Vec::new();
        for (index, document) in documents.iter().enumerate() {
            for specification in &document.specifications {
                specifications.push(builder.specification(index, specification));
            }
        }
        let patterns = builder.patterns;
        for matcher in &mut builder.constraints {
            matcher.share(patterns);
        }
        Plan {
            documents: documents
                .iter()
                .map(|document| About {
                    title: document.title.clone(),
                    info: Info::of(document),
                })
                .collect(),
            specifications,
            facets: builder.facets,
            constraints: builder.constraints,
            columns: builder.columns,
        }
    }

    /// How many specifications there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.specifications.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.specifications.is_empty()
    }

    pub(super) fn facet(&self, id: FacetId) -> Option<&Compiled> {
        self.facets.get(id as usize)
    }

    pub(super) fn constraint(&self, id: ConstraintId) -> Option<&Matcher> {
        self.constraints.get(id as usize)
    }
}

/// Patterns of one plan: each takes a kilobyte before it is used. Packs have some hundreds.
const MAX_PATTERNS: usize = 50_000;

type Refused = (String, PatternError);

#[derive(Default)]
struct Builder<'d> {
    /// Patterns compiled.
    patterns: usize,
    facets: Vec<Compiled>,
    facet_ids: HashMap<&'d Facet, FacetId, Texts>,
    constraints: Vec<Matcher>,
    constraint_ids: HashMap<&'d Constraint, ConstraintId, Texts>,
    columns: Vec<(ConstraintId, ConstraintId)>,
    column_ids: HashMap<(ConstraintId, ConstraintId), ColumnId, Texts>,
}

impl<'d> Builder<'d> {
    fn specification(&mut self, document: usize, given: &'d Specification) -> Planned {
        let mut broken = given.broken.clone();
        let mut note = |refused: Refused| {
            let (pattern, error) = refused;
            broken.get_or_insert(format!("pattern {pattern:?}: {error}"));
        };
        let mut applicability: Vec<FacetId> = Vec::new();
        for facet in &given.applicability {
            match self.facet(&facet.value) {
                Ok(id) => applicability.push(id),
                Err(refused) => note(refused),
            }
        }
        applicability.sort_by_key(|id| {
            self.facets
                .get(*id as usize)
                .map_or(u8::MAX, |facet| facet.ask.cost())
        });
        let mut requirements = Vec::new();
        for requirement in &given.requirements {
            match self.facet(&requirement.facet) {
                Ok(facet) => requirements.push(PlannedRequirement {
                    facet,
                    cardinality: requirement.cardinality,
                    instructions: requirement.instructions.clone(),
                }),
                Err(refused) => note(refused),
            }
        }
        if applicability.is_empty() {
            broken.get_or_insert_with(|| "the applicability has no facet".to_owned());
        }
        Planned {
            document,
            name: given.name.clone(),
            identifier: given.identifier.clone(),
            description: given.description.clone(),
            instructions: given.instructions.clone(),
            versions: given.versions,
            occurs: given.occurs,
            applicability,
            requirements,
            broken,
        }
    }

    fn facet(&mut self, facet: &'d Facet) -> Result<FacetId, Refused> {
        if let Some(id) = self.facet_ids.get(facet) {
            return Ok(*id);
        }
        let ask = match facet {
            Facet::Entity(entity) => Ask::Entity(self.entity(entity)?),
            Facet::Attribute(attribute) => Ask::Attribute {
                name: self.constraint(&attribute.name)?,
                value: self.optional(attribute.value.as_ref())?,
            },
            Facet::Property(property) => {
                let column = (
                    self.constraint(&property.set)?,
                    self.constraint(&property.name)?,
                );
                let next = self.columns.len() as ColumnId;
                let id = *self.column_ids.entry(column).or_insert(next);
                if id == next {
                    self.columns.push(column);
                }
                Ask::Property {
                    column: id,
                    data_type: property
                        .data_type
                        .as_ref()
                        .map(|name| name.trim().to_ascii_uppercase()),
                    value: self.optional(property.value.as_ref())?,
                }
            }
            Facet::Classification(ClassificationFacet { system, value }) => Ask::Classification {
                system: self.optional(system.as_ref())?,
                value: self.optional(value.as_ref())?,
            },
            Facet::Material(material) => Ask::Material {
                value: self.optional(material.value.as_ref())?,
            },
            Facet::PartOf(part) => Ask::PartOf {
                entity: match &part.entity {
                    Some(entity) => Some(self.entity(entity)?),
                    None => None,
                },
                relation: part.relation,
            },
        };
        let id = self.facets.len() as FacetId;
        self.facets.push(Compiled {
            ask,
            words: wording::facet(facet),
        });
        self.facet_ids.insert(facet, id);
        Ok(id)
    }

    fn entity(&mut self, entity: &'d EntityFacet) -> Result<EntityAsk, Refused> {
        Ok(EntityAsk {
            name: self.constraint(&entity.name)?,
            predefined_type: self.optional(entity.predefined_type.as_ref())?,
        })
    }

    fn optional(&mut self, value: Option<&'d Constraint>) -> Result<Option<ConstraintId>, Refused> {
        value.map(|value| self.constraint(value)).transpose()
    }

    fn constraint(&mut self, constraint: &'d Constraint) -> Result<ConstraintId, Refused> {
        if let Some(id) = self.constraint_ids.get(constraint) {
            return Ok(*id);
        }
        let id = self.constraints.len() as ConstraintId;
        let matcher = Matcher::new(constraint)?;
        self.patterns += matcher.patterns();
        if self.patterns > MAX_PATTERNS {
            let error = PatternError::TooLarge {
                what: "patterns in all documents",
                limit: MAX_PATTERNS,
            };
            return Err((wording::constraint(constraint), error));
        }
        self.constraints.push(matcher);
        self.constraint_ids.insert(constraint, id);
        Ok(id)
    }
}

impl Ask {
    /// As a document names it: `partOf`.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Ask::Entity(_) => "entity",
            Ask::Attribute { .. } => "attribute",
            Ask::Property { .. } => "property",
            Ask::Classification { .. } => "classification",
            Ask::Material { .. } => "material",
            Ask::PartOf { .. } => "partOf",
        }
    }
}
