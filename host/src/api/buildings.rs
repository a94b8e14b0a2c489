//! `/api/v1/buildings`: models by the name of their building.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use super::access::{ClientAddress, needs};
use super::body::{Listing, Page, Path, Query, limit, time};
use super::health::not_ready;
use super::page::negotiation::is_known;
use super::problem::Problem;
use super::state::AppState;
use super::upload::{self, Upload, payer};
use super::validate::{self, Report, digest_of};
use crate::auth::{Caller, Permission};
use crate::store::{self, AuditEntry, NewModel, NewReport, new_id};

/// A building.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Building {
    /// Unique in the organisation.
    id: String,
    /// For people.
    name: String,
    /// BLAKE3 (hex) of its newest model.
    model: String,
    /// Which codes apply, as it was said with the model.
    jurisdiction: Option<String>,
    /// RFC 3339.
    created_at: String,
    /// RFC 3339.
    updated_at: String,
}

impl From<store::Building> for Building {
    fn from(building: store::Building) -> Building {
        Building {
            id: building.id,
            name: building.name,
            model: building.model,
            jurisdiction: building.place,
            created_at: time(building.created_at),
            updated_at: time(building.updated_at),
        }
    }
}

/// What is said of a model that is uploaded.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct About {
    /// For people; otherwise the id.
    name: Option<String>,
    /// Which codes apply, such as `us/ca/san-francisco`; otherwise as it was, else those of the place that
    /// the model says.
    jurisdiction: Option<String>,
}

/// Letters of an id and of a name.
const LONGEST_ID: usize = 64;
const LONGEST_NAME: usize = 200;

pub(super) fn no_such_building() -> Problem {
    Problem::nothing(
        "no-such-building",
        "there is no building of this id in your organisation",
    )
}

/// Whether a building may be called so: what fits into addresses and file names.
pub(super) fn acceptable_id(id: &str) -> Result<(), Problem> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let begins = id.starts_with(|c: char| c.is_ascii_alphanumeric());
    if begins && id.len() <= LONGEST_ID && id.chars().all(fits) {
        return Ok(());
    }
    let detail =
        "a building's id has 1 to 64 letters, digits, and . _ -, and begins with a letter or digit";
    Err(Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "bad-building-id",
        detail,
    ))
}

/// List buildings
#[utoipa::path(
    get, path = "/api/v1/buildings", tag = "buildings", params(Page),
    responses((status = 200, body = Listing<Building>)),
)]
pub(super) async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Query(page): Query<Page>,
) -> Result<axum::Json<Listing<Building>>, Problem> {
    let limit = page.limit()?;
    let store = &state.services().store;
    let found = store
        .buildings(&caller.organisation, &page.after, limit)
        .await?;
    let buildings = found.into_iter().map(Building::from).collect();
    Ok(axum::Json(Listing::new(
        buildings,
        limit,
        |building: &Building| building.id.clone(),
    )))
}

/// Upload a model as a new building
#[utoipa::path(
    post, path = "/api/v1/buildings", tag = "buildings", params(About),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 201, body = Building), (status = 400, description = "no body, or a bad query"),
        (status = 408, description = "the body did not arrive"),
        (status = 413, description = "too large"), (status = 415, description = "no model"),
        (status = 422, description = "a model that cannot be read, or a bad name"),
    ),
)]
pub(super) async fn create(
    State(state): State<AppState>,
    address: ClientAddress,
    caller: Caller,
    Query(about): Query<About>,
    headers: HeaderMap,
    mut body: Body,
) -> Response {
    let (who, id) = ((&caller, address), new_id("bld"));
    let done = put(&state, who, &id, &about, &headers, &mut body).await;
    respond(done, StatusCode::CREATED)
}

/// Upload a building's model
///
/// Makes the building where it is missing. Another model begins a new epoch: live edits of the one
/// before are left behind.
#[utoipa::path(
    put, path = "/api/v1/buildings/{building_id}", tag = "buildings",
    params(("building_id" = String, Path), About),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, body = Building), (status = 400, description = "no body, or a bad query"),
        (status = 408, description = "the body did not arrive"),
        (status = 413, description = "too large"), (status = 415, description = "no model"),
        (status = 422, description = "a model that cannot be read, or a bad id or name"),
    ),
)]
pub(super) async fn replace(
    State(state): State<AppState>,
    address: ClientAddress,
    caller: Caller,
    Path(id): Path<String>,
    Query(about): Query<About>,
    headers: HeaderMap,
    mut body: Body,
) -> Response {
    let who = (&caller, address);
    let done = put(&state, who, &id, &about, &headers, &mut body).await;
    respond(done, StatusCode::OK)
}

fn respond(done: Result<Building, Problem>, status: StatusCode) -> Response {
    match done {
        Ok(building) => (status, axum::Json(building)).into_response(),
        Err(problem) => problem.into_response(),
    }
}

async fn put(
    state: &AppState,
    (caller, address): (&Caller, ClientAddress),
    id: &str,
    about: &About,
    headers: &HeaderMap,
    body: &mut Body,
) -> Result<Building, Problem> {
    acceptable_id(id)?;
    let printable = |name: &String| {
        !name.is_empty() && name.len() <= LONGEST_NAME && !name.chars().any(char::is_control)
    };
    if !about.name.as_ref().is_none_or(printable) {
        let detail = "a name has 1 to 200 printable characters";
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "bad-name",
            detail,
        ));
    }
    let Some(work) = state.begin() else {
        return Err(not_ready(state).unwrap_or_else(Problem::internal));
    };
    let store = &state.services().store;
    let known = store.building(&caller.organisation, id).await?;
    let place = about
        .jurisdiction
        .clone()
        .or_else(|| known.and_then(|known| known.place));
    let codes = validate::codes(state, place.as_deref(), None)?;
    let upload = upload::read(state, &payer(caller, address), headers, body).await?;
    let bytes = upload.bytes.clone();
    // Only what can be read is kept.
    let report = validate::report(state, upload, codes, false, work).await?;
    let new = Keep {
        id: id.to_owned(),
        digest: digest_of(&bytes).await?.to_hex().to_string(),
        model: Some(bytes),
        name: about.name.clone(),
        place,
        address,
        report,
    };
    Ok(keep(state, caller, new).await?.into())
}

/// What is kept under a building.
pub(super) struct Keep {
    pub(super) id: String,
    /// BLAKE3 (hex).
    pub(super) digest: String,
    /// None: the model is the one that the building has.
    pub(super) model: Option<Bytes>,
    pub(super) name: Option<String>,
    pub(super) place: Option<String>,
    pub(super) address: ClientAddress,
    pub(super) report: Report,
}

/// Keeps a model and its report under a building, and tells whoever looks at it: all of it, also when
/// the client goes away in the middle.
pub(super) async fn keep(
    state: &AppState,
    caller: &Caller,
    keep: Keep,
) -> Result<store::Building, Problem> {
    let (state, caller, work) = (state.clone(), caller.clone(), state.begin());
    let task = tokio::spawn(async move {
        let _work = work;
        kept(&state, &caller, &keep).await
    });
    task.await.map_err(|_| Problem::internal())?
}

async fn kept(state: &AppState, caller: &Caller, keep: &Keep) -> Result<store::Building, Problem> {
    let services = state.services();
    let organisation = &caller.organisation;
    let made = Made::of(&keep.report.body);
    let report = NewReport {
        created_by: &caller.id,
        model: &keep.digest,
        ruleset: &made.ruleset,
        engine: &made.engine,
        summary: &made.summary,
        body: &keep.report.body,
    };
    let building = match &keep.model {
        Some(model) => {
            services.store.add_model(&keep.digest, model).await?;
            let new = NewModel {
                digest: &keep.digest,
                name: keep.name.as_deref(),
                place: keep.place.as_deref(),
            };
            let (building, dropped) = services
                .store
                .put_building(organisation, &keep.id, &new, &report)
                .await?;
            if let Some(edits) = dropped {
                let entry = AuditEntry {
                    organisation: Some(organisation.clone()),
                    actor: Some(caller.id.clone()),
                    event: "model_replaced".to_owned(),
                    subject: Some(keep.id.clone()),
                    address: Some(keep.address.0.to_string()),
                    detail: Some(format!("{edits} live edits left behind")),
                    ..AuditEntry::default()
                };
                services.accounts.note(entry).await;
            }
            building
        }
        None => {
            let kept = services
                .store
                .put_report(organisation, &keep.id, &report)
                .await?;
            kept.ok_or_else(|| {
                let detail = "the building has another model by now, or is gone; ask again";
                Problem::new(StatusCode::CONFLICT, "replaced", detail)
            })?
        }
    };
    services.metrics.kept();
    services.latest.forget(organisation, &keep.id);
    services.hub.replaced(state, organisation, &keep.id).await;
    Ok(building)
}

/// What a report says of itself.
struct Made {
    ruleset: String,
    engine: String,
    summary: String,
}

impl Made {
    fn of(report: &[u8]) -> Made {
        #[derive(Deserialize)]
        struct Document {
            engine: Digest,
            ruleset: Digest,
            summary: Box<serde_json::value::RawValue>,
        }
        #[derive(Deserialize)]
        struct Digest {
            digest: String,
        }
        match serde_json::from_slice::<Document>(report) {
            Ok(document) => Made {
                ruleset: document.ruleset.digest,
                engine: document.engine.digest,
                summary: document.summary.get().to_owned(),
            },
            Err(error) => {
                tracing::error!(%error, "a report of our own cannot be read");
                Made {
                    ruleset: String::new(),
                    engine: String::new(),
                    summary: "null".to_owned(),
                }
            }
        }
    }
}

/// See a building
#[utoipa::path(
    get, path = "/api/v1/buildings/{building_id}", tag = "buildings",
    params(("building_id" = String, Path)),
    responses((status = 200, body = Building), (status = 404, description = "no such building")),
)]
pub(super) async fn read(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<axum::Json<Building>, Problem> {
    let building = state
        .services()
        .store
        .building(&caller.organisation, &id)
        .await?;
    Ok(axum::Json(building.ok_or_else(no_such_building)?.into()))
}

/// Download a building's newest model
#[utoipa::path(
    get, path = "/api/v1/buildings/{building_id}/model", tag = "buildings",
    params(("building_id" = String, Path)),
    responses(
        (status = 200, description = "the file, byte for byte", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 304, description = "it is the one that If-None-Match names"),
        (status = 404, description = "no such building"),
    ),
)]
pub(super) async fn model(
    State(state): State<AppState>,
    address: ClientAddress,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let store = &state.services().store;
    let building = store.building(&caller.organisation, &id).await?;
    let building = building.ok_or_else(no_such_building)?;
    let tag = [(header::ETAG, format!("\"{}\"", building.model))];
    if is_known(&headers, &tag[0].1) {
        return Ok((StatusCode::NOT_MODIFIED, tag).into_response());
    }
    let model = Upload::stored(&state, &payer(&caller, address), &building.model).await?;
    let bytes = model.ok_or_else(no_such_building)?.bytes;
    let kind = [(header::CONTENT_TYPE, "application/octet-stream")];
    Ok((tag, kind, bytes).into_response())
}

/// An edit that was made live.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Edited {
    /// Its number.
    seq: i64,
    /// Who made it.
    by: String,
    /// What the sender called it.
    request: String,
    /// As the engine takes them.
    #[schema(value_type = serde_json::Value)]
    edits: Box<RawValue>,
    /// It stopped a check, and is not applied.
    skipped: bool,
}

/// Edits of a building's newest model.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Edits {
    /// Names the model: what live sync calls the epoch begins with it.
    epoch: String,
    /// In order.
    items: Vec<Edited>,
    /// For `after`, where there may be more.
    next: Option<String>,
}

/// Which part of the edits.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct After {
    /// The last number that is known already.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// At most so many, 1 to 1000.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u16>,
}

/// Letters of edits in one answer; a little more where the last edit is long.
const MOST_TEXT: i64 = 2 << 20;
/// What is written in so little time that no other thread is needed.
const QUICK_TEXT: usize = 128 << 10;

/// Edits of a building's newest model, in order
///
/// The model and these edits are what live sync checks. Where edits are long, an answer holds fewer than
/// `limit`: `next` says that there are more.
#[utoipa::path(
    get, path = "/api/v1/buildings/{building_id}/edits", tag = "buildings",
    params(("building_id" = String, Path), After),
    responses((status = 200, body = Edits), (status = 404, description = "no such building")),
)]
pub(super) async fn edits(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    Query(page): Query<After>,
) -> Result<Response, Problem> {
    let limit = limit(page.limit)?;
    let (store, organisation) = (&state.services().store, &caller.organisation);
    let building = store
        .building(organisation, &id)
        .await?
        .ok_or_else(no_such_building)?;
    let after = page.after.unwrap_or(0);
    let (records, more) = store
        .edits_within(organisation, &id, &building.epoch, after, limit, MOST_TEXT)
        .await?;
    let next = records
        .last()
        .filter(|_| more)
        .map(|edit| edit.seq.to_string());
    let length: usize = records.iter().map(|edit| edit.edit.len()).sum();
    let write = move || {
        // Texts that were checked before they were kept: they are handed on, not read.
        let items = records.into_iter().map(|edit| Edited {
            seq: edit.seq,
            by: edit.actor,
            request: edit.request,
            edits: RawValue::from_string(edit.edit).unwrap_or_default(),
            skipped: edit.skipped,
        });
        serde_json::to_vec(&Edits {
            epoch: building.epoch,
            items: items.collect(),
            next,
        })
    };
    let written = match length > QUICK_TEXT {
        true => tokio::task::spawn_blocking(write)
            .await
            .map_err(|_| Problem::internal())?,
        false => write(),
    };
    let body = written.map_err(|_| Problem::internal())?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// Remove a building with its reports and edits
#[utoipa::path(
    delete, path = "/api/v1/buildings/{building_id}", tag = "buildings",
    params(("building_id" = String, Path)),
    responses((status = 204, description = "removed"), (status = 404, description = "no such building")),
)]
pub(super) async fn remove(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    needs(&caller, Permission::BuildingsWrite)?;
    let services = state.services();
    if !services
        .store
        .remove_building(&caller.organisation, &id)
        .await?
    {
        return Err(no_such_building());
    }
    services.latest.forget(&caller.organisation, &id);
    services
        .hub
        .replaced(&state, &caller.organisation, &id)
        .await;
    let entry = AuditEntry {
        organisation: Some(caller.organisation.clone()),
        actor: Some(caller.id.clone()),
        event: "building_removed".to_owned(),
        subject: Some(id),
        address: Some(address.to_string()),
        ..AuditEntry::default()
    };
    services.accounts.note(entry).await;
    Ok(StatusCode::NO_CONTENT)
}
