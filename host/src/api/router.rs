//! The routes, and what is around every one of them: a request id, a line in the log, problem
//! documents for everything that goes wrong.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use tower::util::option_layer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::CorsLayer;
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::lingering::lingering;
use super::problem::Problem;
use super::state::AppState;
use super::{operations, page, routes};
use crate::render::cut;
use crate::telemetry;

/// Characters of a method: clients may write any word there.
const LONGEST_METHOD: usize = 20;

/// A read that takes longer is worth a line.
const SLOW: Duration = Duration::from_millis(100);

/// Names a request in answers and in the log.
static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Tells clients that a host answers, not a mere file server or a stranger.
static PLANCHECK_HOST: HeaderName = HeaderName::from_static("plancheck-host");

/// All routes, and the page.
pub fn router(state: AppState) -> Router {
    let origins = others(&state);
    routes::guarded(&state)
        .route("/", get(page::index))
        .route("/about", get(page::about))
        .route("/api/openapi.json", get(openapi))
        .merge(SwaggerUi::new("/api/docs").config(Config::new(["/api/openapi.json"])))
        .fallback(page::other)
        .method_not_allowed_fallback(wrong_method)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(option_layer(origins))
        .layer(from_fn_with_state(state.clone(), logged))
        .with_state(state)
}

/// `GET /metrics` alone, for a port of its own.
pub fn metrics_router(state: AppState) -> Router {
    Router::new()
        .route("/metrics", get(operations::only_metrics))
        .fallback(operations::nothing)
        .with_state(state)
}

/// `GET /api/openapi.json`: what is here, for programs.
async fn openapi() -> Response {
    static DOCUMENT: std::sync::LazyLock<Bytes> =
        std::sync::LazyLock::new(|| super::openapi_json().into());
    (
        [(header::CONTENT_TYPE, "application/json")],
        DOCUMENT.clone(),
    )
        .into_response()
}

/// Pages of other origins that were named may ask and read; there are no cookies to misuse.
fn others(state: &AppState) -> Option<CorsLayer> {
    if state.settings().origins.is_empty() {
        return None;
    }
    let layer = CorsLayer::new()
        .allow_origin(state.settings().origins.clone())
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_NONE_MATCH,
        ])
        .expose_headers([
            header::ETAG,
            header::RETRY_AFTER,
            REQUEST_ID.clone(),
            super::validate::CACHE.clone(),
            PLANCHECK_HOST.clone(),
        ])
        .max_age(Duration::from_secs(3_600));
    Some(layer)
}

pub(super) fn no_such_path() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "not-found",
        "there is nothing at this path; GET /about lists what there is",
    )
}

async fn wrong_method(method: Method) -> Problem {
    let detail = format!(
        "this path does not know {}; the header Allow lists what it knows",
        cut(method.as_str(), LONGEST_METHOD)
    );
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail)
}

/// The router adds `Allow` after its fallback has answered; what else answers an error without a
/// problem document gets one here.
fn as_problem(response: Response) -> Response {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let is_problem = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == "application/problem+json");
    if !is_error || is_problem {
        return response;
    }
    let allow = response.headers().get(header::ALLOW).cloned();
    // Pages of other origins may read what went wrong, too.
    let kept: Vec<(HeaderName, HeaderValue)> = response
        .headers()
        .iter()
        .filter(|(name, _)| *name == header::VARY || name.as_str().starts_with("access-control-"))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let code = match status {
        StatusCode::BAD_REQUEST => "bad-request",
        StatusCode::PAYLOAD_TOO_LARGE => "too-large",
        _ => "refused",
    };
    let mut problem = Problem::new(status, code, "the request cannot be understood")
        .allowing(allow)
        .into_response();
    problem.headers_mut().extend(kept);
    problem
}

fn panicked(cause: Box<dyn std::any::Any + Send>) -> Response {
    let cause = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    tracing::error!(cause, "a handler panicked");
    Problem::internal().into_response()
}

/// One line for each request, and the id that ties the two together.
async fn logged(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let id = given_id(request.headers()).unwrap_or_else(request_id);
    let started = Instant::now();
    let method = request.method().clone();
    // The matched path, not the path: paths are for clients to choose, and fill logs.
    let route = request.extensions().get::<MatchedPath>().cloned();
    // What is said within it has its id. A read says nothing within, and a span is a twentieth of what it
    // costs; its last line has the id, too.
    let probe = matches!(
        route.as_ref().map(MatchedPath::as_str),
        Some("/livez" | "/readyz" | "/health" | "/metrics")
    );
    let traced = state.settings().traced && !probe;
    let span = if traced {
        let route = route.as_ref().map_or("", MatchedPath::as_str);
        // Named `HTTP` where the method is any word of a client, as OpenTelemetry has it.
        let method = match telemetry::method_name(&method) {
            "_OTHER" => "HTTP",
            known => known,
        };
        let name = format!("{method} {route}");
        let span = tracing::info_span!("request", otel.name = name, otel.kind = "server", id);
        telemetry::continue_trace(&span, request.headers());
        span
    } else if method == Method::GET {
        tracing::debug_span!("request", id)
    } else {
        tracing::info_span!("request", id)
    };
    let answer = tracing::Instrument::instrument(next.run(lingering(request)), span.clone());
    let mut response = answer.await;
    if method != Method::HEAD {
        response = as_problem(response);
    }
    // Reads that went as they should are counted in metrics; a line for each would be most of
    // what they cost.
    let read = method == Method::GET && response.status().as_u16() < 400;
    let quiet = probe || (read && started.elapsed() < SLOW);
    let (status, took) = (response.status(), started.elapsed());
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let metrics = &state.services().metrics;
    metrics.answered(method.as_str(), route, status.as_str(), took);
    if traced {
        let method = telemetry::method_name(&method);
        telemetry::answered(&span, &id, method, route, status);
    }
    let method = cut(method.as_str(), LONGEST_METHOD);
    let (method, status) = (method.as_ref(), status.as_u16());
    if quiet {
        tracing::debug!(id, method, route, status, millis, "answered");
    } else {
        tracing::info!(id, method, route, status, millis, "answered");
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(&REQUEST_ID, id);
    }
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        &PLANCHECK_HOST,
        HeaderValue::from_static(env!("CARGO_PKG_VERSION")),
    );
    response
}

/// What the client or a proxy calls the request, where it is a plain word.
fn given_id(headers: &HeaderMap) -> Option<String> {
    /// As long as those that tracing tools make.
    const LONGEST: usize = 64;
    let text = headers.get(&REQUEST_ID)?.to_str().ok()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let fits = !text.is_empty() && text.len() <= LONGEST && text.chars().all(plain);
    fits.then(|| text.to_owned())
}

/// Unique in all logs: when this process began, and a number.
fn request_id() -> String {
    static PROCESS: std::sync::LazyLock<u64> = std::sync::LazyLock::new(|| {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        since.as_micros() as u64 ^ u64::from(std::process::id()).rotate_left(48)
    });
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    format!(
        "{:x}-{:x}",
        *PROCESS,
        NUMBER.fetch_add(1, Ordering::Relaxed)
    )
}
