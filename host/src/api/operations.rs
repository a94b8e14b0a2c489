//! For operators: version, metrics, the caches, the audit log.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::access::ClientAddress;
use super::body::{Listing, Page, Path, Query, time};
use super::buildings::no_such_building;
use super::problem::Problem;
use super::state::AppState;
use crate::auth::Caller;
use crate::cache::CacheStats;
use crate::store::AuditEntry;

/// What runs.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Version {
    /// Of the program.
    version: &'static str,
    /// BLAKE3 (hex) of the engine's file; none while it is loaded.
    engine: Option<String>,
    /// `sqlite` or `postgres`.
    store: &'static str,
}

/// What runs
#[utoipa::path(get, path = "/version", tag = "operations", responses((status = 200, body = Version)))]
pub(super) async fn version(State(state): State<AppState>) -> axum::Json<Version> {
    axum::Json(Version {
        version: env!("CARGO_PKG_VERSION"),
        engine: state
            .loaded()
            .and_then(|loaded| loaded.component_digest.clone()),
        store: state.services().store.kind().name(),
    })
}

/// Metrics for Prometheus
#[utoipa::path(
    get, path = "/metrics", tag = "operations",
    responses(
        (status = 200, description = "the text format of Prometheus", content_type = "text/plain", body = String),
        (status = 404, description = "they have a port of their own"),
    ),
)]
pub(super) async fn metrics(State(state): State<AppState>) -> Response {
    match state.settings().metrics_apart {
        true => super::router::no_such_path().into_response(),
        false => metrics_text(&state).await,
    }
}

/// The answer to a scrape.
pub(super) async fn metrics_text(state: &AppState) -> Response {
    let text = state.services().metrics.text(state).await;
    (
        [(
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        )],
        text,
    )
        .into_response()
}

/// Metrics as JSON
#[utoipa::path(
    get, path = "/api/v1/monitoring/metrics", tag = "operations",
    responses((status = 200, body = serde_json::Value)),
)]
pub(super) async fn metrics_json(State(state): State<AppState>) -> axum::Json<serde_json::Value> {
    axum::Json(state.services().metrics.json(&state).await)
}

/// How Redis is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RedisState {
    /// The host was told of one.
    configured: bool,
    /// It answers.
    up: bool,
    /// Since when that is so (RFC 3339).
    since: Option<String>,
    /// Its version.
    version: Option<String>,
    /// Bytes that it uses.
    memory: Option<u64>,
    /// Bytes that it may use; 0: all that there are.
    memory_limit: Option<u64>,
    /// Keys of the database.
    keys: Option<u64>,
    /// Keys dropped for want of room.
    evicted: Option<u64>,
}

/// How Redis is
#[utoipa::path(
    get, path = "/api/v1/monitoring/redis", tag = "operations",
    responses((status = 200, body = RedisState)),
)]
pub(super) async fn redis(State(state): State<AppState>) -> axum::Json<RedisState> {
    let redis = state.services().reports.redis();
    let memory = match redis {
        Some(redis) => redis.memory().await.ok(),
        None => None,
    };
    axum::Json(RedisState {
        configured: redis.is_some(),
        up: memory.is_some(),
        since: redis.map(|redis| time(redis.health().since())),
        version: memory.as_ref().map(|memory| memory.version.clone()),
        memory: memory.as_ref().map(|memory| memory.used),
        memory_limit: memory.as_ref().map(|memory| memory.most),
        keys: memory.as_ref().map(|memory| memory.keys),
        evicted: memory.as_ref().map(|memory| memory.evicted),
    })
}

/// How the cache of reports is used
#[utoipa::path(
    get, path = "/api/v1/cache/stats", tag = "operations",
    responses((status = 200, body = CacheStats)),
)]
pub(super) async fn cache_stats(State(state): State<AppState>) -> axum::Json<CacheStats> {
    let services = state.services();
    axum::Json(services.reports.stats(services.flights.joined()).await)
}

/// What was forgotten.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Forgotten {
    /// Reports in Redis.
    shared: u64,
}

/// Forget the cached reports of a building's model
#[utoipa::path(
    delete, path = "/api/v1/cache/{building_id}", tag = "operations",
    params(("building_id" = String, Path)),
    responses((status = 200, body = Forgotten), (status = 404, description = "no such building")),
)]
pub(super) async fn forget(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<axum::Json<Forgotten>, Problem> {
    let services = state.services();
    let building = services.store.building(&caller.organisation, &id).await?;
    let building = building.ok_or_else(no_such_building)?;
    let model = blake3::Hash::from_hex(&building.model).map_err(|_| Problem::internal())?;
    services.latest.forget(&caller.organisation, &id);
    let shared = services
        .reports
        .forget_model(*model.as_bytes())
        .await
        .map_err(|error| {
            tracing::warn!(%error, "cached reports could not be forgotten");
            Problem::busy("cache-unavailable", "the shared cache does not answer", 5)
        })?;
    let entry = AuditEntry {
        organisation: Some(caller.organisation.clone()),
        actor: Some(caller.id.clone()),
        event: "cache_forgotten".to_owned(),
        subject: Some(id),
        address: Some(address.to_string()),
        ..AuditEntry::default()
    };
    services.accounts.note(entry).await;
    Ok(axum::Json(Forgotten { shared }))
}

/// An entry of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Entry {
    /// Never changes.
    id: String,
    /// RFC 3339.
    at: String,
    /// `login`, `login_refused`, `role_changed`, …
    event: String,
    /// Whose data it was about.
    organisation: Option<String>,
    /// Who.
    actor: Option<String>,
    /// To whom or what.
    subject: Option<String>,
    /// From where.
    address: Option<String>,
    /// More, in words.
    detail: Option<String>,
}

/// The audit log, newest first
#[utoipa::path(
    get, path = "/api/v1/audit", tag = "operations", params(Page),
    responses((status = 200, body = Listing<Entry>), (status = 400, description = "a bad query")),
)]
pub(super) async fn audit(
    State(state): State<AppState>,
    Query(page): Query<Page>,
) -> Result<axum::Json<Listing<Entry>>, Problem> {
    let limit = page.limit()?;
    let found = state.services().store.audit(&page.after, limit).await?;
    let entry = |entry: AuditEntry| Entry {
        id: entry.id,
        at: time(entry.at),
        event: entry.event,
        organisation: entry.organisation,
        actor: entry.actor,
        subject: entry.subject,
        address: entry.address,
        detail: entry.detail,
    };
    let items = found.into_iter().map(entry).collect();
    Ok(axum::Json(Listing::new(items, limit, |entry: &Entry| {
        entry.id.clone()
    })))
}

/// `GET /metrics` on the port of its own; nothing else is there.
pub(super) async fn only_metrics(State(state): State<AppState>) -> Response {
    metrics_text(&state).await
}

/// Anything else there.
pub(super) async fn nothing() -> StatusCode {
    StatusCode::NOT_FOUND
}
