//! An IDS document as read: specifications, their facets and the values these ask for.

use super::finding::AuditFinding;

/// Where something begins: the byte offset in the document (as UTF-8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place(pub u32);

/// A document: buildingSMART IDS 1.0.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// `info/title`.
    pub title: String,
    /// The other entries of `info`, by name, in the order of the file: `version`, `author`, …
    pub info: Vec<(String, String)>,
    /// In the order of the file.
    pub specifications: Vec<Specification>,
    /// What breaks the schema of IDS; a specification with such an error is not checked.
    pub(super) findings: Vec<AuditFinding>,
}

impl Document {
    /// What breaks the schema of IDS, in the order of the file.
    #[must_use]
    pub fn findings(&self) -> &[AuditFinding] {
        &self.findings
    }
}

/// A version of IFC that a specification names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Versions(pub u8);

impl Versions {
    /// Names in `ifcVersion`, with their bit and the schema.
    pub const ALL: [(&'static str, u8, crate::model::Schema); 3] = [
        ("IFC2X3", 1, crate::model::Schema::Ifc2x3),
        ("IFC4", 2, crate::model::Schema::Ifc4),
        ("IFC4X3_ADD2", 4, crate::model::Schema::Ifc4x3),
    ];

    /// The names, in order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::ALL
            .into_iter()
            .filter(move |(_, bit, _)| self.0 & bit != 0)
            .map(|(name, ..)| name)
    }

    /// The schemas, in order.
    pub fn schemas(self) -> impl Iterator<Item = crate::model::Schema> {
        Self::ALL
            .into_iter()
            .filter(move |(_, bit, _)| self.0 & bit != 0)
            .map(|(.., schema)| schema)
    }
}

/// One specification: what it applies to and what it asks of that.
#[derive(Clone, Debug)]
pub struct Specification {
    /// Its name.
    pub name: String,
    /// For machines; empty when not given.
    pub identifier: String,
    /// Why; empty when not given.
    pub description: String,
    /// How to achieve it; empty when not given.
    pub instructions: String,
    /// Versions of IFC that it is meant for.
    pub versions: Versions,
    /// How many elements it has to apply to.
    pub occurs: Occurs,
    /// All of them select.
    pub applicability: Vec<Placed<Facet>>,
    /// All of them have to hold.
    pub requirements: Vec<Requirement>,
    /// Where it begins.
    pub at: Place,
    /// It breaks the schema of IDS so that checking it would mean something else: why.
    pub broken: Option<String>,
}

/// `minOccurs` and `maxOccurs` of an applicability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurs {
    /// 1 when not given.
    pub least: u64,
    /// None: unbounded. 1 when not given.
    pub most: Option<u64>,
}

impl Occurs {
    /// What the pair means.
    #[must_use]
    pub fn cardinality(self) -> Cardinality {
        match self {
            Occurs { most: Some(0), .. } => Cardinality::Prohibited,
            Occurs { least: 0, .. } => Cardinality::Optional,
            _ => Cardinality::Required,
        }
    }
}

/// Whether something has to be, may be, or may not be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Cardinality {
    /// Has to be.
    Required,
    /// May be missing; when it is there, it has to be as said.
    Optional,
    /// May not be.
    Prohibited,
}

impl Cardinality {
    /// `required`
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Cardinality::Required => "required",
            Cardinality::Optional => "optional",
            Cardinality::Prohibited => "prohibited",
        }
    }
}

/// Something with the place where it stands.
#[derive(Clone, Debug)]
pub struct Placed<T> {
    /// Where its start tag is.
    pub at: Place,
    /// It.
    pub value: T,
}

/// A facet that has to hold.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// Where its start tag is.
    pub at: Place,
    /// What is asked.
    pub facet: Facet,
    /// Required when not given.
    pub cardinality: Cardinality,
    /// How to achieve it; empty when not given.
    pub instructions: String,
}

/// A question about an element.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Facet {
    /// Its class.
    Entity(EntityFacet),
    /// What it belongs to.
    PartOf(PartOfFacet),
    /// Its classification.
    Classification(ClassificationFacet),
    /// An attribute.
    Attribute(AttributeFacet),
    /// A property or a quantity.
    Property(PropertyFacet),
    /// Its material.
    Material(MaterialFacet),
}

impl Facet {
    /// As the document names it: `partOf`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Facet::Entity(_) => "entity",
            Facet::PartOf(_) => "partOf",
            Facet::Classification(_) => "classification",
            Facet::Attribute(_) => "attribute",
            Facet::Property(_) => "property",
            Facet::Material(_) => "material",
        }
    }
}

/// The class of an element, without its subtypes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EntityFacet {
    /// In capitals: `IFCWALL`.
    pub name: Constraint,
    /// `PredefinedType`, or what stands for `USERDEFINED`.
    pub predefined_type: Option<Constraint>,
}

/// An explicit attribute.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AttributeFacet {
    /// As IFC spells it.
    pub name: Constraint,
    /// None: any that is not empty.
    pub value: Option<Constraint>,
}

/// A property or quantity.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PropertyFacet {
    /// Name of the set.
    pub set: Constraint,
    /// Name of the property.
    pub name: Constraint,
    /// In capitals: `IFCLABEL`. None: any.
    pub data_type: Option<String>,
    /// None: any that is not empty. Numbers are in the unit of IDS for the type, which is SI.
    pub value: Option<Constraint>,
}

/// A reference to a classification system.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClassificationFacet {
    /// Name of the system; none: any.
    pub system: Option<Constraint>,
    /// Identification of the reference or of one above it.
    pub value: Option<Constraint>,
}

/// A material.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MaterialFacet {
    /// Name or category of any material, layer, profile or constituent; none: any material.
    pub value: Option<Constraint>,
}

/// The whole that an element is part of, directly or not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PartOfFacet {
    /// Class of the whole; none: any.
    pub entity: Option<EntityFacet>,
    /// None: any of them.
    pub relation: Option<Relation>,
}

/// The relations that part-of follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// `IFCRELAGGREGATES`
    Aggregates,
    /// `IFCRELASSIGNSTOGROUP`
    Group,
    /// `IFCRELCONTAINEDINSPATIALSTRUCTURE`
    Contained,
    /// `IFCRELNESTS`
    Nests,
    /// `IFCRELVOIDSELEMENT IFCRELFILLSELEMENT`
    VoidsAndFills,
}

impl Relation {
    /// All, with their names in a document.
    pub const ALL: [(&'static str, Relation); 5] = [
        ("IFCRELAGGREGATES", Relation::Aggregates),
        ("IFCRELASSIGNSTOGROUP", Relation::Group),
        ("IFCRELCONTAINEDINSPATIALSTRUCTURE", Relation::Contained),
        ("IFCRELNESTS", Relation::Nests),
        (
            "IFCRELVOIDSELEMENT IFCRELFILLSELEMENT",
            Relation::VoidsAndFills,
        ),
    ];

    /// As in a document.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL
            .into_iter()
            .find(|(_, relation)| *relation == self)
            .map_or("", |(name, _)| name)
    }
}

/// What a value has to be: `idsValue`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Constraint {
    /// Exactly this.
    Simple(String),
    /// An `xs:restriction`.
    Restriction(Restriction),
}

/// An `xs:restriction`: all kinds that are given have to hold; of several patterns, one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Restriction {
    /// Without prefix: `string`, `double`.
    pub base: String,
    /// One of these; empty when not given.
    pub enumeration: Vec<String>,
    /// One of these XSD regular expressions; empty when not given.
    pub patterns: Vec<String>,
    /// Lower bound.
    pub least: Option<Bound>,
    /// Upper bound.
    pub most: Option<Bound>,
    /// Characters, exactly.
    pub length: Option<u64>,
    /// Characters, at least.
    pub min_length: Option<u64>,
    /// Characters, at most.
    pub max_length: Option<u64>,
}

impl Restriction {
    /// Whether it bounds a range of numbers or dates.
    #[must_use]
    pub fn is_range(&self) -> bool {
        self.least.is_some() || self.most.is_some()
    }
}

/// One end of a range.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bound {
    /// As written.
    pub text: String,
    /// The bound itself is allowed.
    pub inclusive: bool,
}
