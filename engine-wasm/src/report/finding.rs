//! One finding: a verdict on an element, with everything needed to believe or refute it.

use plancheck_contract::{Comparison, Kind, NO_MESSAGE, Unit, Verdicts};
use serde::Serialize;

use super::wording;
use crate::model::{ElementId, Model, Value};
use crate::rules::evaluate::Evaluator;
use crate::rules::explain::FactUse;
use crate::rules::ruleset::{Ruleset, Stage};

/// A verdict on an element.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Stable across model versions: made of module, rule, element and an ordinal.
    pub id: String,
    /// Pass, fail or undetermined.
    pub verdict: Kind,
    /// The element.
    pub element: ElementRef,
    /// What was measured.
    pub measured: Option<Quantity>,
    /// What is required.
    pub required: Option<Quantity>,
    /// How the two are held against each other.
    pub comparison: Comparison,
    /// How far on the right side the measured value is, SI; negative: how far off.
    pub margin: Option<f64>,
    /// For people.
    pub message: String,
    /// The facts that decided, or are missing.
    pub facts: Vec<FactUse>,
}

/// An element, named so that people and programs find it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ElementRef {
    /// GlobalId, or `object_id` of JSON models.
    pub global_id: String,
    /// IFC class.
    pub class: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What people call it, where that is more than the name: the use of a numbered room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub long_name: Option<String>,
    /// Instance number in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<u64>,
    /// The storey it is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storey: Option<String>,
}

/// A number in SI and as the code writes it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Quantity {
    /// In SI.
    pub si: f64,
    /// Plus or minus, SI; left out when exact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tolerance_si: Option<f64>,
    /// The SI unit.
    pub si_unit: &'static str,
    /// In the unit of the code.
    pub value: f64,
    /// That unit.
    pub unit: &'static str,
    /// For people: `31.5 in (0.8 m)`.
    pub display: String,
}

impl Quantity {
    fn new(si: f64, tolerance: f64, unit: Unit) -> Option<Quantity> {
        if !si.is_finite() {
            return None;
        }
        let si_unit = unit.dimension().si_unit();
        // to nine digits: what conversion adds beyond is noise
        let value = significant(unit.from_si(si));
        Some(Quantity {
            si,
            tolerance_si: (tolerance > 0.0).then_some(tolerance),
            si_unit: si_unit.symbol(),
            value,
            unit: unit.symbol(),
            display: wording::quantity(si, tolerance, unit),
        })
    }
}

/// A number with nine significant digits, the same on every machine.
fn significant(x: f64) -> f64 {
    format!("{x:.8e}").parse().unwrap_or(x)
}

/// One entry of a module's verdict columns.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The verdict.
    pub kind: Kind,
    comparison: Comparison,
    unit: Unit,
    measured: f64,
    tolerance: f64,
    required: f64,
    facts: u64,
    message: u32,
    arguments: &'a [f64],
}

/// The entries of verdict columns that were checked: position of the rule, row, verdict.
pub fn entries(verdicts: &Verdicts) -> impl Iterator<Item = (usize, usize, Entry<'_>)> {
    let mut start = 0_usize;
    (0..verdicts.rule.len()).filter_map(move |i| {
        let end = *verdicts.argument_ends.get(i)? as usize;
        let arguments = verdicts.arguments.get(start..end).unwrap_or_default();
        start = end;
        let entry = Entry {
            kind: Kind::from_code(*verdicts.kind.get(i)?)?,
            comparison: Comparison::from_code(*verdicts.comparison.get(i)?)?,
            unit: Unit::from_code(*verdicts.unit.get(i)?)?,
            measured: *verdicts.measured.get(i)?,
            tolerance: *verdicts.tolerance.get(i)?,
            required: *verdicts.required.get(i)?,
            facts: *verdicts.facts.get(i)?,
            message: *verdicts.message.get(i)?,
            arguments,
        };
        Some((
            *verdicts.rule.get(i)? as usize,
            *verdicts.row.get(i)? as usize,
            entry,
        ))
    })
}

/// Makes a finding of a verdict.
#[must_use]
pub fn word(
    evaluator: &Evaluator<'_>,
    ruleset: &Ruleset,
    stage: &Stage,
    rule: usize,
    element: ElementId,
    entry: &Entry<'_>,
) -> Option<Finding> {
    let (module, definition) = ruleset.rule(rule)?;
    let facts = evaluator.facts_of_mask(stage.module, stage.view, entry.facts, element, 0);
    let title = evaluator.title_of_number(
        stage.module,
        stage.view,
        entry.facts,
        element,
        entry.measured,
    );
    let measured = Quantity::new(entry.measured, entry.tolerance, entry.unit);
    let required = Quantity::new(entry.required, 0.0, entry.unit);
    let margin = match (entry.comparison, &measured, &required) {
        (Comparison::AtLeast, Some(m), Some(r)) => Some(m.si - r.si),
        (Comparison::AtMost, Some(m), Some(r)) => Some(r.si - m.si),
        _ => None,
    };
    let template = if entry.message == NO_MESSAGE {
        None
    } else {
        definition
            .messages
            .get(entry.message as usize)
            .map(String::as_str)
    };
    let message = wording::message(&wording::Said {
        kind: entry.kind,
        comparison: entry.comparison,
        measured: measured.as_ref(),
        required: required.as_ref(),
        template,
        arguments: entry.arguments,
        facts: &facts,
        title: title.as_deref(),
    });
    let element_ref = element_ref(evaluator, element);
    let id = identity(
        &module.id,
        &definition.id,
        &element_ref.global_id,
        ordinal(evaluator, element),
    );
    Some(Finding {
        id,
        verdict: entry.kind,
        element: element_ref,
        measured,
        required,
        comparison: entry.comparison,
        margin,
        message,
        facts,
    })
}

/// Characters of a name in a report: every finding of a storey repeats its name, so that one
/// hostile name of a megabyte would make a report of gigabytes. IFC labels are 255 at the most.
const MAX_NAME: usize = 255;

pub(crate) fn shortened(name: &str) -> String {
    match name.char_indices().nth(MAX_NAME) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name.to_owned(),
    }
}

/// What a report and a viewer say of an element.
pub(crate) fn element_ref(evaluator: &Evaluator<'_>, element: ElementId) -> ElementRef {
    let model = evaluator.reader.model();
    evaluator.reader.touch(element);
    let storey = evaluator.reader.storey(element).filter(|s| *s != element);
    ElementRef {
        global_id: shortened(&model.global_id(element)),
        class: model.class_name(element).to_owned(),
        name: model
            .element_name(element)
            .filter(|n| !n.trim().is_empty())
            .map(|n| shortened(&n)),
        long_name: long_name(model, element),
        record: model.record_number(element),
        storey: storey.map(|s| match model.element_name(s) {
            Some(name) if !name.trim().is_empty() => shortened(&name),
            _ => shortened(&model.global_id(s)),
        }),
    }
}

/// The attribute LongName where it says something that the name does not.
pub(crate) fn long_name(model: &Model, element: ElementId) -> Option<String> {
    let Value::Text(text) = model.attribute(element, "LongName")?.value else {
        return None;
    };
    let known = model.element_name(element).unwrap_or_default();
    let said = text.trim().to_lowercase();
    (!said.is_empty() && !known.to_lowercase().contains(&said)).then(|| shortened(&text))
}

/// Zero, but for elements whose GlobalId another has too: those are told apart by their number.
fn ordinal(evaluator: &Evaluator<'_>, element: ElementId) -> u64 {
    let model = evaluator.reader.model();
    let first = model.find(&model.global_id(element));
    if first == Some(element) {
        0
    } else {
        model.record_number(element).unwrap_or(u64::from(element.0))
    }
}

/// 16 hexadecimal digits: with 100 000 findings two collide once in four thousand million reports.
pub(crate) fn identity(module: &str, rule: &str, global_id: &str, ordinal: u64) -> String {
    let mut hash = blake3::Hasher::new();
    for part in [module, rule, global_id] {
        hash.update(&(part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.update(&ordinal.to_le_bytes());
    let hex = hash.finalize().to_hex();
    hex.chars().take(16).collect()
}
