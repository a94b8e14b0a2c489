//! `/livez`, `/readyz`, `/health`: for whoever starts, balances and watches the server.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::modules::summaries;
use super::problem::Problem;
use super::state::{AppState, Phase};

/// `GET /livez`: the process answers.
pub(super) async fn live() -> &'static str {
    "alive\n"
}

/// `GET /readyz`: checks are made here and now.
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

/// `GET /health`: what is running. Always 200; `status` says how it is.
pub(super) async fn health(State(state): State<AppState>) -> Json<serde_json::Value> {
    let loaded = state.loaded();
    let broken = loaded.is_some_and(|l| l.catalogue.entries.iter().any(|e| e.state.is_err()));
    let status = match state.phase() {
        Phase::Loading => "loading",
        Phase::Stopping => "stopping",
        Phase::Ready if broken => "degraded",
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
        "modules": loaded.map(|l| summaries(&l.catalogue)).unwrap_or_default(),
    }))
}
