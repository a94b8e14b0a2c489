//! `/livez`, `/readyz`, `/health`: for whoever starts, balances and watches the server.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::modules::summaries;
use super::problem::Problem;
use super::state::{AppState, Phase};

/// The process answers
#[utoipa::path(get, path = "/livez", tag = "operations", responses((status = 200, body = String, content_type = "text/plain")))]
pub(super) async fn live() -> &'static str {
    "alive\n"
}

/// Checks are made here and now
#[utoipa::path(get, path = "/readyz", tag = "operations", responses((status = 200, body = String, content_type = "text/plain")))]
pub(super) async fn ready(State(state): State<AppState>) -> Response {
    match not_ready(&state) {
        None => "ready\n".into_response(),
        Some(problem) => problem.into_response(),
    }
}

/// Why no work is taken now, if so.
pub(super) fn not_ready(state: &AppState) -> Option<Problem> {
    match state.phase() {
        Phase::Ready => None,
        Phase::Loading => Some(Problem::busy("loading", "modules are being loaded", 2)),
        Phase::Stopping => Some(Problem::busy("stopping", "this server is shutting down", 5)),
    }
}

/// What is running, and how it is
///
/// Always 200; `status` says how it is.
#[utoipa::path(get, path = "/health", tag = "operations", responses((status = 200, body = serde_json::Value)))]
pub(super) async fn health(State(state): State<AppState>) -> Json<serde_json::Value> {
    let loaded = state.loaded();
    let loaded = loaded.as_deref();
    let broken = loaded.is_some_and(|l| l.catalogue.entries.iter().any(|e| e.state.is_err()));
    let services = state.services();
    let store_up = services.store.health().is_up();
    let redis_up = services.reports.redis().map(crate::cache::Redis::is_up);
    let status = match state.phase() {
        Phase::Loading => "loading",
        Phase::Stopping => "stopping",
        Phase::Ready if broken || !store_up || redis_up == Some(false) => "degraded",
        Phase::Ready => "ok",
    };
    Json(json!({
        "status": status,
        "version": env!("CARGO_PKG_VERSION"),
        "in_flight": state.in_flight(),
        "engine": {
            "sandboxed": loaded.map(|l| l.component_digest.is_some()),
            "component_digest": loaded.and_then(|l| l.component_digest.clone()),
        },
        "store": { "kind": services.store.kind().name(), "up": store_up },
        "redis": redis_up.map(|up| json!({ "up": up })),
        "modules": loaded.map(|l| summaries(&l.catalogue)).unwrap_or_default(),
    }))
}
