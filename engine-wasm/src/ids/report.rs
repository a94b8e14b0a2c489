//! What came out of a check: for each specification and each requirement, with reasons in words.

use plancheck_contract::{Comparison, Kind};
use serde::Serialize;

use super::check::{Checker, Count, Place, PropertyWhy, Tally, Why};
use super::document::Cardinality;
use super::plan::{Plan, Planned, PlannedRequirement};
use super::scalar::Scalar;
use super::symbols::Sym;
use super::wording::quoted;
use crate::model::Model;
use crate::report::Finding;
use crate::report::finding::{ElementRef, identity, long_name, shortened};
use crate::step::{RecordIx, Value};

/// The format of the report's JSON.
pub const FORMAT: &str = "plancheck-ids-report/1";

/// The results of documents over a model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// [`FORMAT`].
    pub format: &'static str,
    /// Version of the engine.
    pub engine: &'static str,
    /// Name of the model's file, where it is known.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub model: String,
    /// Version of IFC that the model is in: `IFC4`.
    pub schema: &'static str,
    /// Fail when one of the specifications fails or could not be checked.
    pub status: Status,
    /// How many specifications came out how.
    pub totals: Totals,
    /// In the order given.
    pub documents: Vec<DocumentResult>,
}

/// How something came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// The specification could not be checked; the reason is with it.
    Error,
}

/// Specifications by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// All.
    pub specifications: u64,
    /// [`Status::Pass`]
    pub passed: u64,
    /// [`Status::Fail`]
    pub failed: u64,
    /// [`Status::Error`]
    pub errors: u64,
}

/// The results of one document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DocumentResult {
    /// Name of its file, where it is known.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// Its title.
    pub title: String,
    /// In the order of the file.
    pub specifications: Vec<SpecificationResult>,
}

/// The result of one specification.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SpecificationResult {
    /// Its name.
    pub name: String,
    /// Its identifier, when it has one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub identifier: String,
    /// Its description, when it has one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Its instructions, when it has some.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub instructions: String,
    /// Versions of IFC that it is meant for.
    pub ifc_versions: Vec<&'static str>,
    /// The model is in one of them. It is checked either way.
    pub meant_for_model: bool,
    /// Whether something has to be there that it applies to.
    pub cardinality: Cardinality,
    /// What it applies to, in words.
    pub applies_to: String,
    /// How it came out.
    pub status: Status,
    /// Why, where the requirements do not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Elements that it applies to.
    pub applicable: u64,
    /// Elements that meet every requirement.
    pub passed: u64,
    /// Elements that do not.
    pub failed: u64,
    /// In the order of the file.
    pub requirements: Vec<RequirementResult>,
    /// Elements that a prohibited specification applies to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prohibited: Vec<Failing>,
}

/// The result of one requirement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RequirementResult {
    /// `property`
    pub facet: &'static str,
    /// What is asked, in words.
    pub asks: String,
    /// Whether it has to be, may be or may not be.
    pub cardinality: Cardinality,
    /// How to achieve it, when the document says so.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub instructions: String,
    /// How it came out.
    pub status: Status,
    /// Elements that meet it.
    pub passed: u64,
    /// Elements that do not.
    pub failed: u64,
    /// Those, in the order of the file.
    pub failing: Vec<Failing>,
    /// Failing elements that [`Report::shorten`] left out of `failing`.
    #[serde(skip_serializing_if = "is_zero")]
    pub left_out: u64,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde calls"
)]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// An element that fails.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Failing {
    /// Stable across model versions: made of document, specification, requirement and element.
    pub id: String,
    /// The element; records that are no element (materials, tasks' times) have an empty GlobalId.
    pub element: ElementRef,
    /// What was expected and what was found, where.
    pub reason: String,
}

impl Report {
    /// Keeps at most `most` failing elements of each requirement, for display; the counts stay.
    pub fn shorten(&mut self, most: usize) {
        for specification in self
            .documents
            .iter_mut()
            .flat_map(|d| &mut d.specifications)
        {
            specification.prohibited.truncate(most);
            for requirement in &mut specification.requirements {
                let more = requirement.failing.len().saturating_sub(most);
                requirement.left_out += more as u64;
                requirement.failing.truncate(most);
            }
        }
    }

    /// Every failing element as a finding, as rules have them: the message is the reason, nothing
    /// is measured.
    pub fn findings(&self) -> impl Iterator<Item = Finding> + '_ {
        let specifications = self.documents.iter().flat_map(|d| &d.specifications);
        let failing = specifications.flat_map(|specification| {
            let asked = specification.requirements.iter().flat_map(|r| &r.failing);
            specification.prohibited.iter().chain(asked)
        });
        failing.map(|failing| Finding {
            id: failing.id.clone(),
            verdict: Kind::Fail,
            element: failing.element.clone(),
            measured: None,
            required: None,
            comparison: Comparison::None,
            margin: None,
            message: failing.reason.clone(),
            facts: Vec::new(),
        })
    }

    /// As JSON, on one line.
    ///
    /// # Errors
    /// None in practice: there are no maps with other keys than texts.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
}

/// Words what was counted.
pub(super) fn report(checker: &Checker<'_, '_>, model: &Model, counts: Vec<Count>) -> Report {
    let plan = checker.plan;
    let mut documents: Vec<DocumentResult> = plan
        .titles
        .iter()
        .map(|title| DocumentResult {
            file: String::new(),
            title: title.clone(),
            specifications: Vec::new(),
        })
        .collect();
    let mut totals = Totals::default();
    for (planned, count) in plan.specifications.iter().zip(counts) {
        let result = specification(&Words { checker, model }, plan, planned, count);
        totals.specifications += 1;
        match result.status {
            Status::Pass => totals.passed += 1,
            Status::Fail => totals.failed += 1,
            Status::Error => totals.errors += 1,
        }
        if let Some(document) = documents.get_mut(planned.document) {
            document.specifications.push(result);
        }
    }
    let good = totals.passed == totals.specifications;
    Report {
        format: FORMAT,
        engine: crate::VERSION,
        model: String::new(),
        schema: checker.file.schema().name(),
        status: if good { Status::Pass } else { Status::Fail },
        totals,
        documents,
    }
}

/// What words a result.
struct Words<'c, 'm, 'p> {
    checker: &'c Checker<'m, 'p>,
    model: &'c Model,
}

/// Characters of a document's demand in the reason of one element: it stands in full with the
/// requirement, and a hundred thousand elements may fail it.
const MAX_ASKS: usize = 300;

fn cut(asks: &str) -> String {
    match asks.char_indices().nth(MAX_ASKS) {
        Some((end, _)) => format!("{}…", asks.get(..end).unwrap_or("")),
        None => asks.to_owned(),
    }
}

fn specification(
    words: &Words<'_, '_, '_>,
    plan: &Plan,
    planned: &Planned,
    count: Count,
) -> SpecificationResult {
    let schema = words.checker.file.schema();
    let cardinality = planned.occurs.cardinality();
    let asks = |id: &u32| plan.facet(*id).map_or("", |facet| facet.words.as_str());
    let applies_to: Vec<&str> = planned.applicability.iter().map(asks).collect();
    let applies_to = applies_to.join(" and ");
    let mut reason = planned.broken.clone();
    let mut status = match &reason {
        Some(_) => Status::Error,
        None => Status::Pass,
    };
    let mut fail = |what: Option<String>| {
        if status == Status::Pass {
            status = Status::Fail;
            reason = what;
        }
    };
    let prohibited = cardinality == Cardinality::Prohibited;
    let (least, most) = (planned.occurs.least, planned.occurs.most);
    if prohibited && count.applicable > 0 {
        fail(Some(format!(
            "expected no {applies_to}, found {}",
            count.applicable
        )));
    } else if count.applicable < least {
        fail(Some(format!(
            "expected at least {least} of {applies_to}, found {}",
            count.applicable
        )));
    }
    // A most of 1 is what the schema gives when nothing is said, and means no more than required.
    if let Some(most) = most.filter(|most| *most > 1)
        && count.applicable > most
    {
        fail(Some(format!(
            "expected at most {most} of {applies_to}, found {}",
            count.applicable
        )));
    }
    let title = plan.titles.get(planned.document).map_or("", String::as_str);
    let key = match planned.identifier.as_str() {
        "" => format!("{title}/{}", planned.name),
        identifier => format!("{title}/{identifier}"),
    };
    let mut requirements = Vec::new();
    for (planned, tally) in planned.requirements.iter().zip(count.requirements) {
        if !prohibited && !tally.failing.is_empty() {
            fail(None);
        }
        let place = format!("{key}/{}", requirements.len());
        requirements.push(requirement(words, &place, plan, planned, &tally));
    }
    let reason_of_present = format!("expected no {}", cut(&applies_to));
    let present = count
        .present
        .iter()
        .map(|record| failing(words, &key, *record, reason_of_present.clone()))
        .collect();
    SpecificationResult {
        name: planned.name.clone(),
        identifier: planned.identifier.clone(),
        description: planned.description.clone(),
        instructions: planned.instructions.clone(),
        ifc_versions: planned.versions.names().collect(),
        meant_for_model: planned.versions.schemas().any(|own| own == schema),
        cardinality,
        status,
        reason,
        applicable: count.applicable,
        passed: if prohibited { 0 } else { count.passed },
        failed: if prohibited {
            count.applicable
        } else {
            count.applicable - count.passed
        },
        applies_to,
        requirements,
        prohibited: present,
    }
}

fn requirement(
    words: &Words<'_, '_, '_>,
    place: &str,
    plan: &Plan,
    planned: &PlannedRequirement,
    tally: &Tally,
) -> RequirementResult {
    let compiled = plan.facet(planned.facet);
    let asks = compiled.map_or("", |facet| facet.words.as_str());
    let short = cut(asks);
    let failing = tally
        .failing
        .iter()
        .map(|(record, why)| {
            let reason = match why {
                Why::Present => format!("expected no {short}, found it"),
                _ => format!(
                    "expected {short}, found {}",
                    found(words.checker, *record, why)
                ),
            };
            self::failing(words, place, *record, reason)
        })
        .collect();
    RequirementResult {
        facet: compiled.map_or("", |facet| facet.ask.kind()),
        asks: asks.to_owned(),
        cardinality: planned.cardinality,
        instructions: planned.instructions.clone(),
        status: if tally.failing.is_empty() {
            Status::Pass
        } else {
            Status::Fail
        },
        passed: tally.passed,
        failed: tally.failing.len() as u64,
        failing,
        left_out: 0,
    }
}

fn failing(words: &Words<'_, '_, '_>, place: &str, record: RecordIx, reason: String) -> Failing {
    let Words { checker, model } = words;
    let text = |name| match checker.file.attribute(record, name) {
        Value::Text(text) => Some(shortened(&text.decode())).filter(|text| !text.is_empty()),
        _ => None,
    };
    let global_id = text("GlobalId").unwrap_or_default();
    let number = checker.file.step().number(record);
    let element = model.find(&global_id).filter(|_| !global_id.is_empty());
    let is_first = element.is_some_and(|e| model.record_number(e) == Some(number));
    let storey = element
        .filter(|_| is_first)
        .and_then(|e| model.storey(e).filter(|storey| *storey != e));
    Failing {
        // Those that share a GlobalId, or have none, are told apart by their number.
        id: identity("ids", place, &global_id, if is_first { 0 } else { number }),
        element: ElementRef {
            class: class(checker, record),
            name: text("Name"),
            long_name: element
                .filter(|_| is_first)
                .and_then(|e| long_name(model, e)),
            record: Some(number),
            storey: storey.map(|s| match model.element_name(s) {
                Some(name) if !name.trim().is_empty() => shortened(&name),
                _ => shortened(&model.global_id(s)),
            }),
            global_id,
        },
        reason,
    }
}

/// The class of a record as IFC writes it; as the file does where the schema has none.
fn class(checker: &Checker<'_, '_>, record: RecordIx) -> String {
    let schema = checker.file.schema();
    let keyword = checker.file.step().record(record).name();
    schema.class(keyword).map_or_else(
        || keyword.to_owned(),
        |class| schema.class_name(class).to_owned(),
    )
}

/// What was found, as the object of "found".
fn found(checker: &Checker<'_, '_>, record: RecordIx, why: &Why) -> String {
    let text = |sym: &Sym| checker.symbols.get(*sym);
    match why {
        Why::Class => class(checker, record),
        Why::Predefined(None) => "no predefined type".to_owned(),
        Why::Predefined(Some(own)) => format!("predefined type {}", quoted(text(own))),
        Why::NoAttribute => format!("no such attribute of {}", class(checker, record)),
        Why::AttributeAbsent(name) => format!("no {}", text(name)),
        Why::AttributeDerived(name) => {
            format!("{} is derived (*), which IDS cannot check", text(name))
        }
        Why::AttributeEmpty(name) => format!("{} is empty", text(name)),
        Why::AttributeObject(name) => {
            format!(
                "{} is an object or a list, which has no value to compare",
                text(name)
            )
        }
        Why::AttributeValue(name, value) => format!("{} in {}", scalar(checker, value), text(name)),
        Why::NoSet => "no such property set".to_owned(),
        Why::NoProperty(set) => {
            format!("no such property with a value in {}", shortened(text(set)))
        }
        Why::Property(why, place) => {
            let what = match why {
                PropertyWhy::Unsupported => "a complex or reference property".to_owned(),
                PropertyWhy::DataType(Some(own)) => text(own).to_owned(),
                PropertyWhy::DataType(None) => "no data type".to_owned(),
                PropertyWhy::Value(Some(value)) => scalar(checker, value),
                PropertyWhy::Value(None) => "no value".to_owned(),
            };
            format!("{what} in {}", property_place(checker, record, place))
        }
        Why::NoMaterial => "no material".to_owned(),
        Why::Material(None) => "a material without name and category".to_owned(),
        Why::Material(Some(name)) => format!("material {}", quoted(text(name))),
        Why::NoClassification => "no classification".to_owned(),
        Why::Classification(system, value) => {
            let shown = |sym: &Option<Sym>| {
                sym.as_ref()
                    .map_or("nothing".to_owned(), |s| quoted(text(s)))
            };
            format!("classification {} in {}", shown(value), shown(system))
        }
        Why::NotPart => "that it is part of nothing".to_owned(),
        Why::PartOf(whole) => format!(
            "that it is part of {} #{}",
            class(checker, *whole),
            checker.file.step().number(*whole)
        ),
        Why::Present => "it".to_owned(),
    }
}

/// `Pset_DoorCommon.FireRating (#55) of type #12`
fn property_place(checker: &Checker<'_, '_>, record: RecordIx, place: &Place) -> String {
    let step = checker.file.step();
    let on_type = match checker.index.type_of(record) {
        Some(of_type) if place.on_type => format!(" of type #{}", step.number(of_type)),
        _ => String::new(),
    };
    format!(
        "{}.{} (#{}){on_type}",
        shortened(checker.symbols.get(place.set)),
        shortened(checker.symbols.get(place.name)),
        step.number(place.record)
    )
}

fn scalar(checker: &Checker<'_, '_>, value: &Scalar<Sym>) -> String {
    match value {
        Scalar::Text(sym) => quoted(checker.symbols.get(*sym)),
        Scalar::Real(number) => number.to_string(),
        Scalar::Integer(number) => number.to_string(),
        Scalar::Boolean(truth) => truth.to_string(),
    }
}
