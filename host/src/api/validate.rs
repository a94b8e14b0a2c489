//! `POST /api/v1/validate`: a model in, its report out.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use axum::body::{Body, HttpBody as _};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Deserialize;
use tokio::time::timeout_at;
use utoipa::IntoParams;

use super::access::{ClientAddress, needs, refused};
use super::buildings::{self, Keep, acceptable_id, no_such_building};
use super::health::not_ready;
use super::problem::Problem;
use super::state::{AppState, InFlight, Loaded};
use super::upload::{self, Upload, payer};
use crate::auth::{Caller, Permission};
use crate::cache::{ReportKey, Source};
use crate::catalogue::{CatalogueError, Codes, Wanted, today};
use crate::check::{CheckError, CheckRequest, ModelSource, check};
use crate::render::{cut, safe};

/// Characters of a message about a model, which may quote a key of it.
const LONGEST: usize = 1000;
/// Characters of a message about the query.
const LONGEST_QUERY: usize = 200;

/// A message that may quote what the client sent: escaped and cut.
fn quoting(message: &str, characters: usize) -> String {
    cut(&safe(message), characters).into_owned()
}

/// What of a model, and where it goes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Options {
    /// The codes of this place and of the larger ones around it, such as `us/ca/san-francisco`;
    /// otherwise of the place that the model says.
    jurisdiction: Option<String>,
    /// Exactly these modules instead, by id, with commas between: for who checks with the same ones.
    modules: Option<String>,
    /// The report also holds what passes.
    #[serde(default)]
    detail: bool,
    /// Keep model and report under this building. Without a body: check its newest model again.
    building: Option<String>,
}

/// A report as it is given to clients.
#[derive(Clone)]
pub struct Report {
    /// JSON, as the engine wrote it.
    pub(super) body: Bytes,
    /// Names exactly this report.
    pub(super) tag: String,
    /// Where it came from.
    pub(super) source: Source,
}

/// What a check that many may wait for ends with.
pub type Made = Result<Report, Problem>;

/// Header that says where a report came from.
pub(super) static CACHE: HeaderName = HeaderName::from_static("plancheck-cache");

/// Check a model
///
/// The body is the file itself: IFC (STEP), .ifczip, or the JSON object model. The report is JSON.
#[utoipa::path(
    post, path = "/api/v1/validate", tag = "checks", params(Options),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "the report", content_type = "application/json", body = serde_json::Value),
        (status = 400, description = "no body, or a query that cannot be read"),
        (status = 404, description = "no such building"),
        (status = 408, description = "the body did not arrive"),
        (status = 409, description = "the building got another model meanwhile"),
        (status = 413, description = "too large"),
        (status = 415, description = "no model"),
        (status = 422, description = "a model that cannot be read"),
        (status = 504, description = "it took too long"),
    ),
)]
pub(super) async fn validate(
    State(state): State<AppState>,
    address: ClientAddress,
    caller: Caller,
    query: Result<Query<Options>, QueryRejection>,
    headers: HeaderMap,
    mut body: Body,
) -> Response {
    match answer(&state, (&caller, address), query, &headers, &mut body).await {
        Ok(report) => report.into_response(),
        Err(problem) => problem.into_response(),
    }
}

impl IntoResponse for Report {
    fn into_response(self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, "application/json".to_owned()),
            (header::ETAG, self.tag),
            (CACHE.clone(), self.source.name().to_owned()),
        ];
        (headers, self.body).into_response()
    }
}

async fn answer(
    state: &AppState,
    (caller, address): (&Caller, ClientAddress),
    query: Result<Query<Options>, QueryRejection>,
    headers: &HeaderMap,
    body: &mut Body,
) -> Result<Report, Problem> {
    let Some(work) = state.begin() else {
        return Err(not_ready(state).unwrap_or_else(Problem::internal));
    };
    let Query(options) = query.map_err(|rejection| {
        let detail = format!(
            "{}; known: jurisdiction=us/ca/san-francisco, modules=ID,ID, detail=true, building=ID",
            quoting(&rejection.body_text(), LONGEST_QUERY)
        );
        Problem::new(StatusCode::BAD_REQUEST, "bad-query", detail)
    })?;
    let who = payer(caller, address);
    let Some(id) = options.building.as_deref() else {
        let codes = codes(
            state,
            options.jurisdiction.as_deref(),
            options.modules.as_deref(),
        )?;
        let upload = upload::read(state, &who, headers, body).await?;
        return report(state, upload, codes, options.detail, work).await;
    };
    let store = &state.services().store;
    let may = async |what| {
        let asked = needs(caller, what);
        if asked.is_err() {
            let what = "POST /api/v1/validate?building".to_owned();
            refused(state, caller, Some(what), address.0).await;
        }
        asked
    };
    may(Permission::ReportsWrite).await?;
    let known = store.building(&caller.organisation, id).await?;
    let place = options
        .jurisdiction
        .clone()
        .or_else(|| known.as_ref().and_then(|building| building.place.clone()));
    if options.modules.is_some() {
        let detail = "`modules` is for models that are not kept: a building has a place";
        return Err(Problem::new(StatusCode::BAD_REQUEST, "bad-query", detail));
    }
    let codes = codes(state, place.as_deref(), None)?;
    let posted = body.size_hint().exact() != Some(0);
    let upload = match (body.size_hint().exact(), known) {
        (Some(0), None) => return Err(no_such_building()),
        (Some(0), Some(building)) => {
            let model = Upload::stored(state, &who, &building.model).await?;
            model.ok_or_else(no_such_building)?
        }
        _ => {
            may(Permission::BuildingsWrite).await?;
            acceptable_id(id)?;
            upload::read(state, &who, headers, body).await?
        }
    };
    let bytes = upload.bytes.clone();
    let report = report(state, upload, codes, options.detail, work).await?;
    let keep = Keep {
        id: id.to_owned(),
        digest: digest_of(&bytes).await?.to_hex().to_string(),
        model: posted.then_some(bytes),
        name: None,
        place,
        address,
        report: report.clone(),
    };
    buildings::keep(state, caller, keep).await?;
    Ok(report)
}

/// BLAKE3, away from the threads that serve where it takes long.
pub(super) async fn digest_of(bytes: &Bytes) -> Result<blake3::Hash, Problem> {
    /// A fraction of a millisecond.
    const QUICK: usize = 256 << 10;
    if bytes.len() <= QUICK {
        return Ok(blake3::hash(bytes));
    }
    let bytes = bytes.clone();
    let task = tokio::task::spawn_blocking(move || blake3::hash(&bytes));
    task.await.map_err(|_| Problem::internal())
}

/// Which codes a check is made with: those of the place, else exactly the modules named, else those that
/// the model's place has.
pub(super) fn codes(
    state: &AppState,
    place: Option<&str>,
    modules: Option<&str>,
) -> Result<Codes, Problem> {
    let bad = |code, detail: String| {
        Problem::new(
            StatusCode::BAD_REQUEST,
            code,
            quoting(&detail, LONGEST_QUERY),
        )
    };
    let wanted = match (place, modules) {
        (Some(_), Some(_)) => {
            let detail = "`jurisdiction` and `modules` exclude each other".to_owned();
            return Err(bad("bad-query", detail));
        }
        (Some(place), None) => Wanted::Place(place.parse().map_err(|why| bad("bad-query", why))?),
        (None, Some(ids)) => Wanted::Modules(ids.split(',').map(str::to_owned).collect()),
        (None, None) => Wanted::Model,
    };
    let Some(loaded) = state.loaded() else {
        return Err(not_ready(state).unwrap_or_else(Problem::internal));
    };
    Codes::new(Arc::clone(&loaded.catalogue), wanted, today())
        .map_err(|error| no_codes(&error, StatusCode::BAD_REQUEST))
}

/// `status`: whose fault it is that no module applies, that of the query or of the model.
fn no_codes(error: &CatalogueError, status: StatusCode) -> Problem {
    match error {
        CatalogueError::NothingApplies { .. } => Problem::new(
            status,
            "no-module-applies",
            quoting(&error.to_string(), LONGEST),
        ),
        CatalogueError::NoSuchModule { .. } => Problem::new(
            StatusCode::BAD_REQUEST,
            "bad-query",
            quoting(&error.to_string(), LONGEST_QUERY),
        ),
        CatalogueError::Empty | CatalogueError::Dir { .. } => {
            tracing::error!(%error, "no ruleset");
            Problem::busy("no-modules", "this server has no modules", 60)
        }
    }
}

/// What a report of this model with these codes is made of; none where a module cannot be used.
fn key(loaded: &Loaded, model: [u8; 32], codes: &Codes, detail: bool) -> Option<ReportKey> {
    let used = [("codes", codes.digest()?)];
    let engine = loaded.component_digest.as_deref().unwrap_or("native");
    Some(ReportKey::new(model, used.into_iter(), engine, detail))
}

/// The report of a model: one that was made before, or one that is made now, once for all who ask.
pub(super) async fn report(
    state: &AppState,
    upload: Upload,
    codes: Codes,
    detail: bool,
    work: InFlight,
) -> Result<Report, Problem> {
    let services = state.services();
    let loaded = state.loaded().ok_or_else(Problem::internal)?;
    let model = *digest_of(&upload.bytes).await?.as_bytes();
    let Some(key) = key(&loaded, model, &codes, detail) else {
        let interest = Arc::new(AtomicBool::new(false));
        let given_up = GivenUp(Arc::clone(&interest));
        let lost = move || interest.load(Ordering::Relaxed);
        let (body, _) = run(state, upload, codes, detail, lost, work).await?;
        drop(given_up);
        let source = services.reports.passed();
        services.metrics.report(source);
        let tag = format!("\"{}\"", &blake3::hash(&body).to_hex()[..40]);
        return Ok(Report { body, tag, source });
    };
    let tag = format!("\"{}\"", key.word());
    if let Some((body, source)) = services.reports.find(&key).await {
        services.metrics.report(source);
        return Ok(Report { body, tag, source });
    }
    let span = tracing::Span::current();
    let made = services.flights.fly(key, |interest| {
        let state = state.clone();
        let make = async move {
            let lost = move || interest.is_lost();
            let (body, complete) = run(&state, upload, codes, detail, lost, work).await?;
            let reports = &state.services().reports;
            let source = match complete {
                true => reports.keep(&key, &body).await,
                false => reports.passed(),
            };
            Ok(Report { body, tag, source })
        };
        tracing::Instrument::instrument(make, span)
    });
    let made = made.await.unwrap_or_else(|| Err(Problem::internal()));
    if let Ok(report) = &made {
        services.metrics.report(report.source);
    }
    made
}

/// What the host reads of a report.
#[derive(Deserialize)]
struct Completeness {
    summary: Complete,
}

#[derive(Deserialize)]
struct Complete {
    complete: bool,
}

/// Waits for the turn, then checks on a thread of its own. The turn ends with the check, not with
/// the client's patience: what nobody waits for any more still uses a processor. The second answer:
/// whether the report is complete.
async fn run(
    state: &AppState,
    upload: Upload,
    codes: Codes,
    detail: bool,
    lost: impl Fn() -> bool + Send + 'static,
    work: InFlight,
) -> Result<(Bytes, bool), Problem> {
    let busy = || Problem::busy("busy", "all checks are taken; try again", 2);
    let until = Instant::now() + state.settings().timeout;
    let place = state.wait_place().ok_or_else(busy)?;
    let turn = match timeout_at(until.into(), state.turn()).await {
        Ok(Some(turn)) => turn,
        Ok(None) | Err(_) => return Err(busy()),
    };
    drop(place);
    let task_state = state.clone();
    let span = tracing::Span::current();
    let began = Instant::now();
    let task = tokio::task::spawn_blocking(move || {
        let _held = (turn, work);
        let _entered = span.entered();
        let loaded = task_state.loaded().ok_or(CheckError::Cancelled)?;
        let request = CheckRequest {
            model: ModelSource::Bytes(&upload.bytes),
            ruleset: codes.ruleset(),
            detail,
            until: Some(until),
        };
        let report = check(&loaded.engine, request, &mut |_| match lost() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        })?;
        let counted = serde_json::from_str(&report).ok();
        let metrics = &task_state.services().metrics;
        metrics.checked("done", began.elapsed(), counted.as_ref());
        Ok(report)
    });
    let ended = match timeout_at(until.into(), task).await {
        Ok(Ok(Ok(report))) => {
            let complete = serde_json::from_str::<Completeness>(&report);
            let complete = complete.is_ok_and(|report| report.summary.complete);
            return Ok((report.into(), complete));
        }
        Ok(Ok(Err(error))) => error,
        Ok(Err(panic)) => {
            tracing::error!(%panic, "a check panicked");
            return Err(Problem::internal());
        }
        Err(_) => CheckError::TimeOver,
    };
    let outcome = match &ended {
        CheckError::BadInput(_) | CheckError::NoRuleset(_) => "bad-input",
        CheckError::TimeOver => "timeout",
        CheckError::TooLarge { .. } | CheckError::ReportTooLarge { .. } => "too-large",
        CheckError::Cancelled => "cancelled",
        _ => "error",
    };
    state
        .services()
        .metrics
        .checked(outcome, began.elapsed(), None);
    Err(failed(ended))
}

/// Set when nobody waits for the answer any more: the time is over, or the client has gone and
/// the request was dropped.
struct GivenUp(Arc<AtomicBool>);

impl Drop for GivenUp {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

pub(super) fn failed(error: CheckError) -> Problem {
    match error {
        CheckError::BadInput(problem) => {
            let (status, code) = match problem.code.as_str() {
                "step.empty" => (StatusCode::BAD_REQUEST, "empty-body".to_owned()),
                "step.not-step" => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-a-model".to_owned()),
                _ => (StatusCode::UNPROCESSABLE_ENTITY, problem.code),
            };
            Problem::new(status, code, quoting(&problem.message, LONGEST))
        }
        CheckError::TooLarge { limit } => {
            tracing::warn!(limit, "a model needs more memory than the engine may have");
            let detail = format!(
                "checking this model needs more than the {} MiB of memory that this server gives to \
                 one check; split it",
                limit >> 20
            );
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "model-too-large", detail)
        }
        CheckError::ReportTooLarge { limit } => {
            tracing::warn!(limit, "a report is larger than the engine may answer");
            let detail = format!(
                "the report of this model needs more than {} MiB; split it, or ask without detail",
                limit >> 20
            );
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "report-too-large", detail)
        }
        CheckError::NoRuleset(error) => no_codes(&error, StatusCode::UNPROCESSABLE_ENTITY),
        CheckError::TimeOver => Problem::new(
            StatusCode::GATEWAY_TIMEOUT,
            "timeout",
            "the check took longer than this server allows; send a smaller model",
        ),
        CheckError::Engine(error) if error.code() == "deadline" => {
            tracing::warn!(%error, "the engine ran into its deadline");
            failed(CheckError::TimeOver)
        }
        error => {
            tracing::error!(%error, "a check failed");
            Problem::internal()
        }
    }
}
