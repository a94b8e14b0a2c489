//! `POST /api/v1/validate`: a model in, its report out.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tokio::time::timeout_at;

use super::health::not_ready;
use super::problem::Problem;
use super::state::{AppState, InFlight};
use super::upload::{self, Upload};
use crate::catalogue::{CatalogueError, Place};
use crate::check::{CheckError, CheckRequest, LoadedModule, ModelSource, check};
use crate::render::{cut, safe};

/// Characters of a message about a model, which may quote a key of it.
const LONGEST: usize = 1000;
/// Characters of a message about the query.
const LONGEST_QUERY: usize = 200;

/// A message that may quote what the client sent: escaped and cut.
fn quoting(message: &str, characters: usize) -> String {
    cut(&safe(message), characters).into_owned()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Options {
    jurisdiction: Option<String>,
    #[serde(default)]
    detail: bool,
}

pub(super) async fn validate(
    State(state): State<AppState>,
    query: Result<Query<Options>, QueryRejection>,
    headers: HeaderMap,
    mut body: Body,
) -> Response {
    match answer(&state, query, &headers, &mut body).await {
        Ok(report) => ([(header::CONTENT_TYPE, "application/json")], report).into_response(),
        Err(problem) => {
            upload::discard(&mut body).await;
            problem.into_response()
        }
    }
}

async fn answer(
    state: &AppState,
    query: Result<Query<Options>, QueryRejection>,
    headers: &HeaderMap,
    body: &mut Body,
) -> Result<String, Problem> {
    let Some(work) = state.begin() else {
        return Err(not_ready(state).unwrap_or_else(Problem::internal));
    };
    let Query(options) = query.map_err(|rejection| {
        let detail = format!(
            "{}; known: jurisdiction=us/ca/san-francisco, detail=true",
            quoting(&rejection.body_text(), LONGEST_QUERY)
        );
        Problem::new(StatusCode::BAD_REQUEST, "bad-query", detail)
    })?;
    let modules = ruleset(state, options.jurisdiction.as_deref())?;
    let upload = upload::read(state, headers, body).await?;
    run(state, upload, modules, options.detail, work).await
}

fn ruleset(state: &AppState, place: Option<&str>) -> Result<Vec<LoadedModule>, Problem> {
    let bad = |code, detail: String| Problem::new(StatusCode::BAD_REQUEST, code, detail);
    let place: Option<Place> = match place {
        None => None,
        Some(text) => Some(text.parse().map_err(|why| bad("bad-query", why))?),
    };
    let Some(loaded) = state.loaded() else {
        return Err(not_ready(state).unwrap_or_else(Problem::internal));
    };
    loaded
        .catalogue
        .select(place.as_ref())
        .map_err(|error| match error {
            CatalogueError::NothingApplies { .. } => bad("no-module-applies", error.to_string()),
            CatalogueError::Empty | CatalogueError::Dir { .. } => {
                tracing::error!(%error, "no ruleset");
                Problem::busy("no-modules", "this server has no modules", 60)
            }
        })
}

/// Waits for the turn, then checks on a thread of its own. The turn ends with the check, not with
/// the client's patience: what nobody waits for any more still uses a processor.
async fn run(
    state: &AppState,
    upload: Upload,
    modules: Vec<LoadedModule>,
    detail: bool,
    work: InFlight,
) -> Result<String, Problem> {
    let busy = || Problem::busy("busy", "all checks are taken; try again", 2);
    let until = Instant::now() + state.settings().timeout;
    let place = state.wait_place().ok_or_else(busy)?;
    let turn = match timeout_at(until.into(), state.turn()).await {
        Ok(Some(turn)) => turn,
        Ok(None) | Err(_) => return Err(busy()),
    };
    drop(place);
    let given_up = GivenUp::default();
    let flag = Arc::clone(&given_up.0);
    let task_state = state.clone();
    let span = tracing::Span::current();
    let task = tokio::task::spawn_blocking(move || {
        let _held = (turn, work);
        let _entered = span.entered();
        let loaded = task_state.loaded().ok_or(CheckError::Cancelled)?;
        let request = CheckRequest {
            model: ModelSource::Bytes(&upload.bytes),
            modules: &modules,
            detail,
            until: Some(until),
        };
        check(
            &loaded.engine,
            request,
            &mut |_| match flag.load(Ordering::Relaxed) {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            },
        )
    });
    match timeout_at(until.into(), task).await {
        Ok(Ok(Ok(report))) => Ok(report),
        Ok(Ok(Err(error))) => Err(refused(error)),
        Ok(Err(panic)) => {
            tracing::error!(%panic, "a check panicked");
            Err(Problem::internal())
        }
        Err(_) => Err(refused(CheckError::TimeOver)),
    }
}

/// Set when nobody waits for the answer any more: the time is over, or the client has gone and
/// the request was dropped.
#[derive(Default)]
struct GivenUp(Arc<AtomicBool>);

impl Drop for GivenUp {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn refused(error: CheckError) -> Problem {
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
        CheckError::TimeOver => Problem::new(
            StatusCode::GATEWAY_TIMEOUT,
            "timeout",
            "the check took longer than this server allows; send a smaller model",
        ),
        CheckError::Engine(error) if error.code() == "deadline" => {
            tracing::warn!(%error, "the engine ran into its deadline");
            refused(CheckError::TimeOver)
        }
        error => {
            tracing::error!(%error, "a check failed");
            Problem::internal()
        }
    }
}
