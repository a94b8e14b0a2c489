//! Running a plan over a model: element by element, every different question once.

use std::collections::HashMap;
use std::rc::Rc;

use super::Cardinality;
use super::association::Caches;
use super::hash::Build;
use super::index::Index;
use super::plan::{Ask, ColumnId, ConstraintId, FacetId, Plan};
use super::property::{Column, Entries, Listing};
use super::scalar::Scalar;
use super::symbols::{Sym, Symbols};
use super::tally::{Count, Keep, Tally};
use crate::model::{File, Schema};
use crate::step::{KeywordId, RecordIx, Value};

/// How an element answers a facet.
#[derive(Clone, Copy, Debug)]
pub(super) enum Outcome {
    Pass,
    /// There is nothing to compare, which an optional facet allows.
    Absent(Why),
    Fail(Why),
}

/// Why an element does not answer a facet; worded when it is reported.
#[derive(Clone, Copy, Debug)]
pub(super) enum Why {
    Class,
    Predefined(Option<Sym>),
    NoAttribute,
    AttributeAbsent(Sym),
    AttributeDerived(Sym),
    AttributeEmpty(Sym),
    AttributeObject(Sym),
    AttributeValue(Sym, Scalar<Sym>),
    NoSet,
    NoProperty(Sym),
    Property(PropertyWhy, Place),
    NoMaterial,
    Material,
    NoClassification,
    Classification(Option<Sym>, Option<Sym>),
    NotPart,
    PartOf(RecordIx),
    /// It is there and may not be.
    Present,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum PropertyWhy {
    Unsupported,
    /// A list or bytes, where a value is asked for.
    Opaque,
    DataType(Option<Sym>),
    /// Its data type and its value.
    Value(Option<(Option<Sym>, Scalar<Sym>)>),
}

/// Where a property stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub set: Sym,
    pub name: Sym,
    pub record: RecordIx,
    pub on_type: bool,
}

pub(super) struct Checker<'m, 'p> {
    pub file: File<'m>,
    pub plan: &'p Plan,
    pub index: Index<'m>,
    pub symbols: Symbols<'m>,
    pub caches: Caches,
    /// Whether a text satisfies a constraint.
    memo: HashMap<(ConstraintId, Sym), bool, Build>,
    /// Data types that facets ask for.
    pub data_types: Vec<Option<Sym>>,
    /// The element that is looked at, with what was found of it.
    pub subject: RecordIx,
    pub columns: Vec<Option<Rc<Column>>>,
    pub filled: Vec<ColumnId>,
    pub listing: Option<Rc<Listing>>,
    pub entries: Entries,
    outcomes: Vec<Option<Outcome>>,
    answered: Vec<FacetId>,
    keep: Keep,
}

/// Answers of texts to constraints that are remembered: some fifty megabytes. 400 specifications on
/// a real model need a hundred thousand.
const MAX_REMEMBERED: usize = 2_000_000;

/// Specifications that apply to a class, by their index.
type Chosen = Rc<Vec<u32>>;

impl<'m, 'p> Checker<'m, 'p> {
    pub(super) fn new(file: File<'m>, plan: &'p Plan, keep: Keep) -> Checker<'m, 'p> {
        let mut symbols = Symbols::default();
        let data_types = plan
            .facets
            .iter()
            .map(|facet| match &facet.ask {
                Ask::Property { data_type, .. } => data_type.clone().map(|t| symbols.owned(t)),
                _ => None,
            })
            .collect();
        Checker {
            file,
            plan,
            index: Index::new(file),
            symbols,
            caches: Caches::default(),
            memo: HashMap::default(),
            data_types,
            subject: RecordIx(0),
            columns: vec![None; plan.columns.len()],
            filled: Vec::new(),
            listing: None,
            entries: Entries::default(),
            outcomes: vec![None; plan.facets.len()],
            answered: Vec::new(),
            keep,
        }
    }

    /// Checks every element; none when `progress` (elements done) says to stop.
    pub(super) fn run(&mut self, progress: &mut dyn FnMut(u64) -> bool) -> Option<Vec<Count>> {
        let mut counts: Vec<Count> = self
            .plan
            .specifications
            .iter()
            .map(|planned| Count {
                requirements: planned
                    .requirements
                    .iter()
                    .map(|_| Tally::default())
                    .collect(),
                ..Count::default()
            })
            .collect();
        let mut by_name: HashMap<String, Chosen> = HashMap::new();
        let mut done = 0u64;
        for keyword in 0..self.file.step().keywords() {
            let keyword = KeywordId(keyword as u16);
            let name = self.file.step().keyword_name(keyword);
            let Some(first) = self.file.step().with_keyword(keyword).next() else {
                continue;
            };
            if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                continue;
            }
            let chosen = self.chosen(name, Some(first));
            let by_type = self.named_by_type(first);
            if chosen.is_empty() && !by_type {
                continue;
            }
            for record in self.file.step().with_keyword(keyword) {
                let mut apply = chosen.clone();
                if by_type && let Some(name) = self.name_by_type(record) {
                    let more = match by_name.get(name.as_str()) {
                        Some(known) => known.clone(),
                        None => {
                            let more = self.chosen(&name, None);
                            by_name.insert(name, more.clone());
                            more
                        }
                    };
                    if !more.is_empty() {
                        let mut both: Vec<u32> = chosen.iter().chain(&*more).copied().collect();
                        both.sort_unstable();
                        both.dedup();
                        apply = Rc::new(both);
                    }
                }
                self.element(record, &apply, &mut counts);
                done += 1;
                if done.is_multiple_of(4096) && !progress(done) {
                    return None;
                }
            }
        }
        for count in &mut counts {
            self.keep.finish(&mut count.present, |record| *record);
            for tally in &mut count.requirements {
                self.keep.finish(&mut tally.failing, |(record, _)| *record);
            }
        }
        Some(counts)
    }

    /// The specifications whose class facet takes a name, or that have none and may apply.
    fn chosen(&mut self, name: &str, example: Option<RecordIx>) -> Chosen {
        let mut chosen = Vec::new();
        for (index, planned) in self.plan.specifications.iter().enumerate() {
            if planned.broken.is_some() {
                continue;
            }
            let first = planned
                .applicability
                .first()
                .and_then(|id| self.plan.facet(*id));
            let takes = match first.map(|facet| &facet.ask) {
                Some(Ask::Entity(entity)) => self
                    .plan
                    .constraint(entity.name)
                    .is_some_and(|matcher| matcher.is_match(Scalar::Text(name))),
                Some(ask) => example.is_some_and(|record| self.may_have(record, ask)),
                None => false,
            };
            if takes {
                chosen.push(index as u32);
            }
        }
        Rc::new(chosen)
    }

    /// Whether records of a class may answer a facet at all.
    fn may_have(&self, record: RecordIx, ask: &Ask) -> bool {
        let schema = self.file.schema();
        let is = |name| self.file.is_a(record, schema.class(name));
        match ask {
            Ask::Entity(_) | Ask::Classification { .. } => true,
            Ask::Attribute { name, .. } => {
                let (Some(class), Some(matcher)) =
                    (self.file.class(record), self.plan.constraint(*name))
                else {
                    return false;
                };
                schema
                    .attributes(class)
                    .iter()
                    .any(|attribute| matcher.is_match(Scalar::Text(attribute.name)))
            }
            Ask::Property { .. } => [
                "IfcObjectDefinition",
                "IfcMaterialDefinition",
                "IfcMaterial",
                "IfcProfileDef",
            ]
            .into_iter()
            .any(is),
            Ask::Material { .. } | Ask::PartOf { .. } => is("IfcObjectDefinition"),
        }
    }

    /// Whether elements of a class may be called after their type: IFC2X3 has no class for some,
    /// so that an `IfcFlowTerminal` with an `IfcAirTerminalType` is an air terminal.
    fn named_by_type(&self, record: RecordIx) -> bool {
        let schema = self.file.schema();
        schema == Schema::Ifc2x3 && self.file.is_a(record, schema.class("IfcObject"))
    }

    /// The class that the type of an element names and its schema does not have: `IFCAIRTERMINAL`.
    pub(super) fn name_by_type(&self, record: RecordIx) -> Option<String> {
        let of_type = self.index.type_of(record)?;
        let name = self.file.step().record(of_type).name();
        let stem = name
            .strip_suffix("TYPE")
            .or_else(|| name.strip_suffix("STYLE"))?;
        self.file
            .schema()
            .class(stem)
            .is_none()
            .then(|| stem.to_owned())
    }

    fn element(&mut self, record: RecordIx, apply: &[u32], counts: &mut [Count]) {
        self.turn_to(record);
        for index in apply {
            let (Some(planned), Some(count)) = (
                self.plan.specifications.get(*index as usize),
                counts.get_mut(*index as usize),
            ) else {
                continue;
            };
            let applies = planned
                .applicability
                .iter()
                .all(|facet| matches!(self.answer(*facet), Outcome::Pass));
            if !applies {
                continue;
            }
            count.applicable += 1;
            if planned.occurs.cardinality() == Cardinality::Prohibited {
                self.keep.push(&mut count.present, record, |record| *record);
            }
            let mut passed = true;
            for (requirement, tally) in planned.requirements.iter().zip(&mut count.requirements) {
                let outcome = self.answer(requirement.facet);
                let why = match (requirement.cardinality, outcome) {
                    (Cardinality::Required | Cardinality::Optional, Outcome::Pass)
                    | (Cardinality::Optional, Outcome::Absent(_))
                    | (Cardinality::Prohibited, Outcome::Absent(_) | Outcome::Fail(_)) => None,
                    (Cardinality::Prohibited, Outcome::Pass) => Some(Why::Present),
                    (_, Outcome::Absent(why) | Outcome::Fail(why)) => Some(why),
                };
                match why {
                    None => tally.passed += 1,
                    Some(why) => {
                        passed = false;
                        tally.failed += 1;
                        let failing = (record, why);
                        self.keep
                            .push(&mut tally.failing, failing, |(record, _)| *record);
                    }
                }
            }
            count.passed += u64::from(passed);
        }
    }

    pub(super) fn turn_to(&mut self, record: RecordIx) {
        self.subject = record;
        self.listing = None;
        for column in self.filled.drain(..) {
            if let Some(slot) = self.columns.get_mut(column as usize) {
                *slot = None;
            }
        }
        for facet in self.answered.drain(..) {
            if let Some(slot) = self.outcomes.get_mut(facet as usize) {
                *slot = None;
            }
        }
    }

    /// The answer of the current element to a facet, found once.
    fn answer(&mut self, facet: FacetId) -> Outcome {
        if let Some(Some(known)) = self.outcomes.get(facet as usize) {
            return *known;
        }
        let plan = self.plan;
        let outcome = match plan.facet(facet).map(|compiled| &compiled.ask) {
            Some(Ask::Entity(entity)) => self.entity(self.subject, *entity),
            Some(Ask::Attribute { name, value }) => self.attribute(*name, *value),
            Some(Ask::Property { column, value, .. }) => {
                let data_type = self.data_types.get(facet as usize).copied().flatten();
                self.property(*column, data_type, *value)
            }
            Some(Ask::Classification { system, value }) => self.classification(*system, *value),
            Some(Ask::Material { value }) => self.material(*value),
            Some(Ask::PartOf { entity, relation }) => self.part_of(*entity, *relation),
            None => Outcome::Fail(Why::Class),
        };
        if let Some(slot) = self.outcomes.get_mut(facet as usize) {
            *slot = Some(outcome);
            self.answered.push(facet);
        }
        outcome
    }

    /// Whether a value satisfies a constraint; texts are judged once.
    pub(super) fn satisfies(&mut self, constraint: ConstraintId, value: Scalar<Sym>) -> bool {
        let Some(matcher) = self.plan.constraint(constraint) else {
            return false;
        };
        let Scalar::Text(sym) = value else {
            return matcher.is_match(value.map(|_| ""));
        };
        if let Some(known) = self.memo.get(&(constraint, sym)) {
            return *known;
        }
        let answer = matcher.is_match(Scalar::Text(self.symbols.get(sym)));
        if self.memo.len() > MAX_REMEMBERED {
            self.memo.clear();
        }
        self.memo.insert((constraint, sym), answer);
        answer
    }

    /// A value of the file as one of IDS; none when it is nothing, empty, a list or a reference.
    /// `declared` is its type where the value does not say (`IFCLENGTHMEASURE`).
    #[inline(never)]
    pub(super) fn scalar(
        &mut self,
        value: Value<'m>,
        declared: &str,
        unit: Value<'m>,
    ) -> Option<Scalar<Sym>> {
        let typed = match value {
            Value::Typed(keyword, _) => std::str::from_utf8(keyword).ok(),
            _ => None,
        };
        let measure = typed.unwrap_or(declared);
        match value.untyped() {
            Value::Text(text) => {
                let sym = self.symbols.text(text);
                (!self.symbols.get(sym).is_empty()).then_some(Scalar::Text(sym))
            }
            Value::Integer(number) if !File::has_unit(measure) && unit.as_ref().is_none() => {
                Some(Scalar::Integer(number))
            }
            Value::Integer(number) => Some(self.real(number as f64, measure, unit)),
            Value::Real(number) => Some(self.real(number, measure, unit)),
            Value::Enum(item) if is_logical(measure) => match item {
                b"T" | b"t" => Some(Scalar::Boolean(true)),
                b"F" | b"f" => Some(Scalar::Boolean(false)),
                _ => None,
            },
            Value::Enum(item) => Some(Scalar::Text(self.symbols.upper(item))),
            _ => None,
        }
    }

    fn real(&self, number: f64, measure: &str, unit: Value<'m>) -> Scalar<Sym> {
        Scalar::Real(self.file.to_si(number, measure, unit))
    }
}

/// Whether a declared type is a truth value.
pub(super) fn is_logical(measure: &str) -> bool {
    ["IFCBOOLEAN", "IFCLOGICAL", "BOOLEAN", "LOGICAL"]
        .iter()
        .any(|name| measure.eq_ignore_ascii_case(name))
}
