//! `GET /api/v1/modules`: which codes this server knows, and their files for those who check models
//! themselves.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::body::Path;
use super::health::not_ready;
use super::page::negotiation::is_known;
use super::problem::Problem;
use super::state::AppState;
use crate::catalogue::{Catalogue, place_of};
use crate::trust::Signed;

/// List modules
///
/// One entry for each module, also for those that cannot be used, with the reason. Then one for each file
/// that modules come from: `in-use`; `waiting` while it may not be whole yet; `refused`, with the reason,
/// and what was in use before stays.
#[utoipa::path(
    get, path = "/api/v1/modules", tag = "codes",
    responses((status = 200, body = serde_json::Value)),
)]
pub(super) async fn list(State(state): State<AppState>) -> Response {
    match state.loaded() {
        Some(loaded) => Json(json!({
            "modules": summaries(&loaded.catalogue),
            "files": loaded.files,
        }))
        .into_response(),
        None => not_ready(&state)
            .unwrap_or_else(Problem::internal)
            .into_response(),
    }
}

/// Download a module's file
///
/// Byte for byte as it was loaded: it runs in browsers too.
#[utoipa::path(
    get, path = "/api/v1/modules/{id}/file", tag = "codes", params(("id" = String, Path)),
    responses(
        (status = 200, content_type = "application/wasm", body = Vec<u8>),
        (status = 304, description = "it is the one that If-None-Match names"),
        (status = 404, description = "no such module"),
    ),
)]
pub(super) async fn file(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(loaded) = state.loaded() else {
        return not_ready(&state)
            .unwrap_or_else(Problem::internal)
            .into_response();
    };
    let entries = loaded.catalogue.entries.iter();
    let found = entries.filter(|entry| entry.name == id).find_map(|entry| {
        let ready = entry.state.as_ref().ok()?;
        Some((ready.digest(), entry.file.clone()))
    });
    let Some((digest, bytes)) = found else {
        let detail =
            "no module of this id is in use here; GET /api/v1/modules lists those that are";
        return Problem::new(StatusCode::NOT_FOUND, "no-such-module", detail).into_response();
    };
    let tag = format!("\"{}\"", blake3::Hash::from_bytes(digest).to_hex());
    // Another file may come under this id; the digest tells.
    let cache = [
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::ETAG, tag.clone()),
    ];
    if is_known(&headers, &tag) {
        return (StatusCode::NOT_MODIFIED, cache).into_response();
    }
    let kind = [(header::CONTENT_TYPE, "application/wasm")];
    (kind, cache, bytes).into_response()
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
            Ok(ready) => json!({
                "id": ready.manifest.module.id,
                "status": "ready",
                "title": ready.manifest.module.title,
                "version": ready.manifest.module.version,
                "publisher": ready.manifest.module.publisher,
                "limits": ready.manifest.module.limits,
                "place": place_of(&ready.manifest.jurisdiction),
                "jurisdiction": ready.manifest.jurisdiction,
                "rules": ready.manifest.rules.len(),
                "digest": blake3::Hash::from_bytes(ready.digest()).to_hex().as_str(),
                "signed_by": match &entry.signed {
                    Some(Signed::By(key)) => Some(key),
                    _ => None,
                },
                "on_demand": ready.is_on_demand(),
            }),
        })
        .collect()
}
