//! `GET /api/v1/facts`: what rules can ask of each kind of element. `plancheck facts --json`
//! prints the same.

use axum::Json;
use plancheck_engine::facts::{Subject, Target, facts_of, subjects};
use serde_json::{Value, json};

/// What rules can ask of each kind of element
#[utoipa::path(
    get, path = "/api/v1/facts", tag = "codes",
    responses((status = 200, body = serde_json::Value)),
)]
pub(super) async fn list() -> Json<Value> {
    Json(document(&subjects().iter().collect::<Vec<_>>()))
}

/// The catalogue of some subjects.
#[must_use]
pub fn document(chosen: &[&'static Subject]) -> Value {
    let subjects: Vec<Value> = chosen
        .iter()
        .map(|subject| {
            json!({
                "name": subject.name,
                "class": subject.class,
                "only_if": subject.only_if,
                "description": subject.description,
                "facts": facts(subject),
                "relations": relations(subject),
            })
        })
        .collect();
    json!({ "subjects": subjects })
}

fn facts(subject: &'static Subject) -> Vec<Value> {
    facts_of(Some(subject))
        .map(|fact| {
            let sources: Vec<Value> = fact
                .sources
                .iter()
                .map(|s| json!({ "label": s.label(), "provenance": s.provenance().name() }))
                .collect();
            json!({
                "name": fact.name,
                "title": fact.title,
                "kind": fact.kind.name(),
                "dimension": fact.dimension.map(|d| d.name()),
                "unit": fact.dimension.map(|d| d.si_unit().symbol()),
                "description": fact.description,
                "plausible_si": fact.plausible.map(|(low, high)| [low, high]),
                "sources": sources,
            })
        })
        .collect()
}

fn relations(subject: &Subject) -> Vec<Value> {
    let relations = subject.relations.iter();
    relations
        .map(|r| {
            json!({
                "name": r.name,
                "subject": r.subject,
                "many": matches!(r.to, Target::Many(_)),
                "description": r.description,
            })
        })
        .collect()
}
