//! `GET /api/v1/modules`: which codes this server knows.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::health::not_ready;
use super::problem::Problem;
use super::state::AppState;
use crate::catalogue::{Catalogue, place_of};

pub(super) async fn list(State(state): State<AppState>) -> Response {
    match state.loaded() {
        Some(loaded) => Json(json!({ "modules": summaries(&loaded.catalogue) })).into_response(),
        None => not_ready(&state)
            .unwrap_or_else(Problem::internal)
            .into_response(),
    }
}

/// One entry for each module, also for those that could not be loaded.
pub(super) fn summaries(catalogue: &Catalogue) -> Vec<Value> {
    let entries = catalogue.entries.iter();
    entries
        .map(|entry| match &entry.state {
            Err(problem) => json!({
                "id": entry.name,
                "status": "unavailable",
                "problem": problem,
            }),
            Ok((module, manifest)) => json!({
                "id": manifest.module.id,
                "status": "ready",
                "title": manifest.module.title,
                "version": manifest.module.version,
                "publisher": manifest.module.publisher,
                "limits": manifest.module.limits,
                "place": place_of(&manifest.jurisdiction),
                "jurisdiction": manifest.jurisdiction,
                "rules": manifest.rules.len(),
                "digest": blake3::Hash::from_bytes(module.digest).to_hex().as_str(),
            }),
        })
        .collect()
}
