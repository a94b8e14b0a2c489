//! `/api/v1/rules` and `/api/v1/jurisdictions`: what the loaded modules say of themselves.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::access::needs;
use super::body::Query;
use super::buildings::no_such_building;
use super::health::not_ready;
use super::problem::Problem;
use super::state::{AppState, Loaded};
use crate::auth::{Caller, Permission};
use crate::catalogue::{Explained, Place, is_date, place_of, today};
use crate::check::{ModelSource, location};
use crate::place::{Stated, stated};

/// A rule of a module.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Rule {
    /// The module.
    module: String,
    /// Unique in the module.
    id: String,
    /// One line.
    title: String,
    /// Document, edition and section.
    citation: String,
    /// What the section is about; empty where the module does not say it.
    section: String,
    /// Where the section can be read in public, `https://…`; may be empty.
    link: String,
    /// `error`, `warning`, `info`.
    severity: String,
    /// `fire_safety_egress`, `accessibility`, …
    category: String,
    /// The version of the module that brought it.
    since: String,
    /// `preview`, `stable`, `retired`.
    stage: String,
    /// Somebody has held it against the official text.
    verified: bool,
}

/// All rules.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Rules {
    /// In the order of modules.
    rules: Vec<Rule>,
}

/// A place with codes.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Jurisdiction {
    /// As `jurisdiction=` wants it; empty: everywhere.
    place: String,
    /// Its modules.
    modules: Vec<String>,
}

/// All places with codes.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Jurisdictions {
    /// By place.
    jurisdictions: Vec<Jurisdiction>,
}

/// Which rules.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Only of this place and of the larger ones around it.
    jurisdiction: Option<String>,
}

fn loaded(state: &AppState) -> Result<Arc<Loaded>, Problem> {
    state
        .loaded()
        .ok_or_else(|| not_ready(state).unwrap_or_else(Problem::internal))
}

/// List rules
#[utoipa::path(
    get, path = "/api/v1/rules", tag = "codes", params(Which),
    responses((status = 200, body = Rules), (status = 400, description = "a place that cannot be read")),
)]
pub(super) async fn rules(
    State(state): State<AppState>,
    Query(which): Query<Which>,
) -> Result<axum::Json<Rules>, Problem> {
    let place: Option<Place> = match which.jurisdiction {
        None => None,
        Some(text) => Some(text.parse().map_err(|why: String| {
            Problem::new(
                StatusCode::BAD_REQUEST,
                "bad-query",
                super::body::quoted(&why),
            )
        })?),
    };
    let mut rules = Vec::new();
    for manifest in loaded(&state)?.catalogue.manifests() {
        if !place
            .as_ref()
            .is_none_or(|place| place.is_in(&manifest.jurisdiction))
        {
            continue;
        }
        let section = |citation: &str| manifest.section(citation).cloned().unwrap_or_default();
        rules.extend(manifest.rules.iter().map(|rule| Rule {
            module: manifest.module.id.clone(),
            id: rule.id.clone(),
            title: rule.title.clone(),
            citation: rule.citation.clone(),
            section: section(&rule.citation).title,
            link: section(&rule.citation).link,
            severity: word(&rule.severity),
            category: word(&rule.category),
            since: rule.since.clone(),
            stage: word(&rule.stage),
            verified: rule.verified,
        }));
    }
    Ok(axum::Json(Rules { rules }))
}

/// As a report writes it.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// Where, and when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WhereAndWhen {
    /// Country, state and city: `us/ca/san-francisco`; or country, state, county and city.
    place: Option<String>,
    /// A building instead, which needs `buildings:read`: its place, else the one that its model states.
    building: Option<String>,
    /// The date of the permit, `2026-03-01`; otherwise today.
    date: Option<String>,
}

/// Which codes apply at a place and on a date, and why
#[utoipa::path(
    get, path = "/api/v1/jurisdictions/resolve", tag = "codes", params(WhereAndWhen),
    responses(
        (status = 200, description = "what became of each module; `modules` is empty where nothing applies, and absent where the model of the building states no place", body = serde_json::Value),
        (status = 400, description = "a place or date that cannot be read, or neither place nor building"),
        (status = 404, description = "no such building"),
        (status = 413, description = "the model needs more memory than this server gives"),
        (status = 422, description = "the model cannot be read"),
        (status = 504, description = "it took too long"),
    ),
)]
pub(super) async fn resolve(
    State(state): State<AppState>,
    caller: Caller,
    Query(asked): Query<WhereAndWhen>,
) -> Result<axum::Json<Explained>, Problem> {
    let bad = |why: &str| {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "bad-query",
            super::body::quoted(why),
        )
    };
    let date = asked.date.unwrap_or_else(today);
    if !is_date(&date) {
        return Err(bad("write a date as 2026-03-01"));
    }
    let stated: Stated = match (asked.place, asked.building) {
        (Some(place), None) => {
            let place: Place = place.parse().map_err(|why: String| bad(&why))?;
            place.into()
        }
        (None, Some(building)) => of_building(&state, &caller, &building).await?,
        _ => return Err(bad("name a place or a building, not both")),
    };
    Ok(axum::Json(loaded(&state)?.catalogue.explain(stated, &date)))
}

/// The place of a building: as it was named, else as its model states it.
async fn of_building(state: &AppState, caller: &Caller, id: &str) -> Result<Stated, Problem> {
    needs(caller, Permission::BuildingsRead)?;
    let store = &state.services().store;
    let building = store.building(&caller.organisation, id).await?;
    let building = building.ok_or_else(no_such_building)?;
    if let Some(place) = building.place {
        let place: Place = place.parse().map_err(|_| Problem::internal())?;
        return Ok(place.into());
    }
    let model = store.model(&building.model).await?;
    let model = model.ok_or_else(no_such_building)?;
    // Reading a model costs as much as a check of a small one.
    let busy = || Problem::busy("busy", "all checks are taken; try again", 2);
    let until = tokio::time::Instant::now() + state.settings().timeout;
    let place = state.wait_place().ok_or_else(busy)?;
    let turn = tokio::time::timeout_at(until, state.turn()).await;
    let turn = turn.ok().flatten().ok_or_else(busy)?;
    drop(place);
    let engine = loaded(state)?.engine.clone();
    let read = tokio::task::spawn_blocking(move || {
        let _held = turn;
        location(&engine, ModelSource::Bytes(&model))
    });
    let read = read.await.map_err(|_| Problem::internal())?;
    let read = read.map_err(super::validate::failed)?;
    Ok(stated(&read.unwrap_or_default()))
}

/// List places with codes
#[utoipa::path(
    get, path = "/api/v1/jurisdictions", tag = "codes",
    responses((status = 200, body = Jurisdictions)),
)]
pub(super) async fn jurisdictions(
    State(state): State<AppState>,
) -> Result<axum::Json<Jurisdictions>, Problem> {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for manifest in loaded(&state)?.catalogue.manifests() {
        let place = place_of(&manifest.jurisdiction);
        places
            .entry(place)
            .or_default()
            .push(manifest.module.id.clone());
    }
    let jurisdictions = places
        .into_iter()
        .map(|(place, modules)| Jurisdiction { place, modules })
        .collect();
    Ok(axum::Json(Jurisdictions { jurisdictions }))
}
