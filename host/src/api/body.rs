//! JSON in, JSON out, and lists in pages.

use std::time::Duration;

use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use utoipa::{IntoParams, ToSchema};

use super::problem::Problem;
use crate::render::{cut, safe};

/// For a body of JSON, which is small.
const PATIENCE: Duration = Duration::from_secs(15);
/// Characters of what is said of a body or a query, which may quote it.
const LONGEST: usize = 300;

/// A body of JSON; what is wrong with it is said as a problem document.
pub(super) struct Json<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Json<T>, Problem> {
        let read = timeout(PATIENCE, axum::Json::<T>::from_request(request, state)).await;
        let read = read.map_err(|_| {
            let detail = "the body did not arrive; send it without pauses";
            Problem::new(StatusCode::REQUEST_TIMEOUT, "upload-stalled", detail)
        })?;
        let axum::Json(body) = read.map_err(|rejection| {
            let (status, code) = match &rejection {
                JsonRejection::MissingJsonContentType(_) => {
                    (StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json")
                }
                JsonRejection::JsonDataError(_) => (StatusCode::UNPROCESSABLE_ENTITY, "bad-body"),
                JsonRejection::BytesRejection(_) => (rejection.status(), "bad-body"),
                _ => (StatusCode::BAD_REQUEST, "bad-json"),
            };
            Problem::new(status, code, quoted(&rejection.body_text()))
        })?;
        Ok(Json(body))
    }
}

/// A query; what is wrong with it is said as a problem document.
pub(super) struct Query<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Query<T>, Problem> {
        let read = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        let axum::extract::Query(query) = read.map_err(|rejection| {
            Problem::new(
                StatusCode::BAD_REQUEST,
                "bad-query",
                quoted(&rejection.body_text()),
            )
        })?;
        Ok(Query(query))
    }
}

/// A parameter of the path; what cannot be read is nowhere.
pub(super) struct Path<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Path<T>, Problem> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        let axum::extract::Path(path) = read.map_err(|_| super::router::no_such_path())?;
        Ok(Path(path))
    }
}

/// What a client wrote, escaped and cut.
pub(super) fn quoted(text: &str) -> String {
    cut(&safe(text), LONGEST).into_owned()
}

/// Which part of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Page {
    /// `next` of the page before.
    #[serde(default)]
    pub(super) after: String,
    /// At most so many, 1 to 1000.
    #[param(minimum = 1, maximum = 1000)]
    pub(super) limit: Option<u16>,
}

/// Entries of a page that does not say how many.
const PAGE: i64 = 100;
const LARGEST_PAGE: i64 = 1000;

impl Page {
    /// How many.
    pub(super) fn limit(&self) -> Result<i64, Problem> {
        limit(self.limit)
    }
}

/// How many entries are asked for.
pub(super) fn limit(asked: Option<u16>) -> Result<i64, Problem> {
    match asked.map(i64::from) {
        None => Ok(PAGE),
        Some(limit @ 1..=LARGEST_PAGE) => Ok(limit),
        Some(_) => {
            let detail = "limit is a number from 1 to 1000";
            Err(Problem::new(StatusCode::BAD_REQUEST, "bad-query", detail))
        }
    }
}

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Listing<T> {
    /// In their order.
    pub(super) items: Vec<T>,
    /// For `after`, where there may be more.
    pub(super) next: Option<String>,
}

impl<T> Listing<T> {
    /// `next` tells the key of an item.
    pub(super) fn new(items: Vec<T>, limit: i64, next: impl Fn(&T) -> String) -> Listing<T> {
        let full = i64::try_from(items.len()).is_ok_and(|count| count >= limit);
        let next = items.last().filter(|_| full).map(next);
        Listing { items, next }
    }
}

/// Milliseconds since 1970 as RFC 3339.
pub(super) fn time(at: i64) -> String {
    jiff::Timestamp::from_millisecond(at).map_or_else(|_| String::new(), |at| at.to_string())
}
