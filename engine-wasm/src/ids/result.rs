//! From what was counted to a report.

use super::check::{Checker, Why};
use super::document::Cardinality;
use super::plan::{Ask, Plan, Planned, PlannedRequirement};
use super::reason::Reasons;
use super::report::{
    DocumentResult, FORMAT, Failing, Report, RequirementResult, SpecificationResult, Status, Totals,
};
use super::tally::{Count, Tally};
use crate::model::Model;
use crate::report::finding::{ElementRef, identity, long_name, shortened};
use crate::step::{RecordIx, Value};

/// Failing elements of each requirement of which it is said what comes near to a property that they
/// do not have. Finding that costs as much as checking them; what fails beyond is told no more by it.
const COMPARED: usize = 1_000;

/// Characters of a document's demand in the reason of one element: it stands in full with the
/// requirement, and a hundred thousand elements may fail it.
const MAX_ASKS: usize = 300;

fn cut(asks: &str) -> String {
    match asks.char_indices().nth(MAX_ASKS) {
        Some((end, _)) => format!("{}…", asks.get(..end).unwrap_or("")),
        None => asks.to_owned(),
    }
}

/// Words what was counted.
pub(super) fn report(checker: &mut Checker<'_, '_>, model: &Model, counts: Vec<Count>) -> Report {
    let (plan, schema) = (checker.plan, checker.file.schema());
    let mut documents: Vec<DocumentResult> = plan
        .documents
        .iter()
        .map(|document| DocumentResult {
            file: String::new(),
            title: document.title.clone(),
            info: document.info.clone(),
            errors: 0,
            warnings: 0,
            specifications: Vec::new(),
        })
        .collect();
    let mut totals = Totals::default();
    let mut words = Words {
        reasons: Reasons::new(checker),
        model,
        plan,
    };
    for (planned, count) in plan.specifications.iter().zip(counts) {
        let result = words.specification(planned, count);
        totals.specifications += 1;
        match result.status {
            Status::Pass => totals.passed += 1,
            Status::Fail => totals.failed += 1,
            Status::Error => totals.errors += 1,
        }
        totals.not_applicable += u64::from(result.applies_to_nothing());
        if let Some(document) = documents.get_mut(planned.document) {
            document.specifications.push(result);
        }
    }
    let good = totals.passed == totals.specifications;
    Report {
        format: FORMAT,
        engine: crate::VERSION,
        model: String::new(),
        schema: schema.name(),
        status: if good { Status::Pass } else { Status::Fail },
        totals,
        documents,
    }
}

/// What words a result.
struct Words<'c, 'm, 'p> {
    reasons: Reasons<'c, 'm, 'p>,
    model: &'c Model,
    plan: &'p Plan,
}

impl<'p> Words<'_, '_, 'p> {
    fn specification(&mut self, planned: &'p Planned, count: Count) -> SpecificationResult {
        let (plan, schema) = (self.plan, self.reasons.checker.file.schema());
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
        let found = count.applicable;
        if prohibited && found > 0 {
            fail(Some(format!("expected no {applies_to}, found {found}")));
        } else if found < least {
            let what = format!("expected at least {least} of {applies_to}, found {found}");
            fail(Some(what));
        }
        // A most of 1 is what the schema gives when nothing is said, and means no more than required.
        if let Some(most) = most.filter(|most| *most > 1)
            && found > most
        {
            let what = format!("expected at most {most} of {applies_to}, found {found}");
            fail(Some(what));
        }
        let title = plan
            .documents
            .get(planned.document)
            .map_or("", |d| &d.title);
        let key = match planned.identifier.as_str() {
            "" => format!("{title}/{}", planned.name),
            identifier => format!("{title}/{identifier}"),
        };
        let mut requirements = Vec::new();
        for (asked, tally) in planned.requirements.iter().zip(count.requirements) {
            if !prohibited && tally.failed > 0 {
                fail(None);
            }
            let place = format!("{key}/{}", requirements.len());
            let broken = planned.broken.is_some();
            requirements.push(self.requirement(&place, asked, &tally, broken));
        }
        let expected = format!("expected no {}", cut(&applies_to));
        let present = count.present.iter().map(|record| {
            let reason = match self.present(planned, *record) {
                Some(found) => format!("{expected}, found {found}"),
                None => expected.clone(),
            };
            self.failing(&key, *record, reason)
        });
        let present = present.collect();
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

    /// Because of what, besides its class, a prohibited specification applies to an element.
    fn present(&mut self, planned: &Planned, record: RecordIx) -> Option<String> {
        let mut found = Vec::new();
        for id in &planned.applicability {
            match self.plan.facet(*id).map(|facet| &facet.ask) {
                None | Some(Ask::Entity(_)) => {}
                Some(ask) => found.push(self.reasons.present(record, ask)),
            }
        }
        (!found.is_empty()).then(|| found.join(" and "))
    }

    fn requirement(
        &mut self,
        place: &str,
        planned: &PlannedRequirement,
        tally: &Tally,
        broken: bool,
    ) -> RequirementResult {
        let compiled = self.plan.facet(planned.facet);
        let asks = compiled.map_or("", |facet| facet.words.as_str());
        let short = cut(asks);
        let mut failing = Vec::new();
        for (at, (record, why)) in tally.failing.iter().enumerate() {
            let Some(compiled) = compiled else { continue };
            let near = at < COMPARED;
            let found = self.reasons.found(*record, &compiled.ask, why, near);
            let reason = match why {
                Why::Present => format!("expected no {short}, found {found}"),
                _ => format!("expected {short}, found {found}"),
            };
            failing.push(self.failing(place, *record, reason));
        }
        RequirementResult {
            facet: compiled.map_or("", |facet| facet.ask.kind()),
            asks: asks.to_owned(),
            cardinality: planned.cardinality,
            instructions: planned.instructions.clone(),
            status: match (broken, tally.failed == 0) {
                (true, _) => Status::Error,
                (false, true) => Status::Pass,
                (false, false) => Status::Fail,
            },
            passed: tally.passed,
            failed: tally.failed,
            left_out: tally.failed - failing.len() as u64,
            failing,
        }
    }

    fn failing(&self, place: &str, record: RecordIx, reason: String) -> Failing {
        let (checker, model) = (&*self.reasons.checker, self.model);
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
                class: self.reasons.class(record),
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
}
