//! A request's body, read piece by piece within the memory that uploads may use.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout_at};

use super::access::ClientAddress;
use super::problem::Problem;
use super::state::{AppState, Room};
use crate::auth::{Caller, network};

/// A model in memory, booked on somebody's account while anybody has it.
pub(super) struct Upload {
    pub(super) bytes: Bytes,
}

impl Upload {
    /// A model of the store.
    pub(super) async fn stored(
        state: &AppState,
        who: &str,
        digest: &str,
    ) -> Result<Option<Upload>, Problem> {
        let store = &state.services().store;
        let Some(size) = store.model_size(digest).await? else {
            return Ok(None);
        };
        let room = state.reserve(who, size).ok_or_else(full)?;
        let bytes = store.model(digest).await?;
        Ok(bytes.map(|bytes| Upload {
            bytes: room.hold(bytes),
        }))
    }
}

/// On whose account memory is booked: the caller's, or that of the address where nobody is logged in.
pub(super) fn payer(caller: &Caller, address: ClientAddress) -> String {
    match caller.role {
        Some(_) => caller.id.clone(),
        None => network(address.0).to_string(),
    }
}

fn full() -> Problem {
    Problem::busy("busy", "too many uploads and downloads at the same time", 5)
}

/// In each such time, so many bytes must arrive: a client that sends less has gone, or wants to hold
/// memory. A telephone sends more.
const WINDOW: Duration = Duration::from_secs(30);
const LEAST: usize = 30 << 10;
/// Bytes that are booked at first.
const FIRST: usize = 64 << 10;

/// Reads a body.
pub(super) async fn read(
    state: &AppState,
    who: &str,
    headers: &HeaderMap,
    body: &mut Body,
) -> Result<Upload, Problem> {
    let limit = state.settings().max_upload;
    acceptable(headers)?;
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok())
        .map(|length| usize::try_from(length).unwrap_or(usize::MAX));
    let too_large = || {
        let mib = limit >> 20;
        let detail = format!(
            "models up to {limit} bytes ({mib} MiB) are taken; send it as .ifczip, or split it"
        );
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
    };
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    // Refused before it is sent rather than in the middle; but booked as it arrives, so that nobody has
    // memory for what they only announce.
    if !state.has_room(who, announced.unwrap_or(0)) {
        return Err(full());
    }
    let most = announced.unwrap_or(limit);
    let mut room: Option<Room> = None;
    let mut bytes = Vec::new();
    let (mut end, mut arrived) = (Instant::now() + WINDOW, 0);
    loop {
        let frame = match timeout_at(end, body.frame()).await {
            Err(_) if arrived >= LEAST => {
                (end, arrived) = (Instant::now() + WINDOW, 0);
                continue;
            }
            Err(_) => {
                let detail = "the body did not arrive; send it without pauses";
                return Err(Problem::new(
                    StatusCode::REQUEST_TIMEOUT,
                    "upload-stalled",
                    detail,
                ));
            }
            Ok(None) => break,
            Ok(Some(Err(error))) => {
                tracing::info!(%error, "the client's body broke off");
                let detail = "the body broke off; send it again";
                return Err(Problem::new(StatusCode::BAD_REQUEST, "broken-body", detail));
            }
            Ok(Some(Ok(frame))) => frame,
        };
        let Ok(data) = frame.into_data() else {
            continue;
        };
        arrived += data.len();
        let wanted = bytes.len().saturating_add(data.len());
        if wanted > limit {
            return Err(too_large());
        }
        if wanted > bytes.capacity() {
            let larger = bytes.capacity().saturating_mul(2).max(FIRST);
            let larger = larger.min(most).max(wanted);
            let booked = match &mut room {
                Some(room) => room.grow(larger),
                None => {
                    room = state.reserve(who, larger);
                    room.is_some()
                }
            };
            if !booked {
                return Err(full());
            }
            bytes.reserve_exact(larger - bytes.len());
        }
        bytes.extend_from_slice(&data);
    }
    let Some(room) = room else {
        let detail = "the body is empty; send the model's file as the body";
        return Err(Problem::new(StatusCode::BAD_REQUEST, "empty-body", detail));
    };
    Ok(Upload {
        bytes: room.hold(bytes.into()),
    })
}

/// What a model in the body may not be wrapped in.
fn acceptable(headers: &HeaderMap) -> Result<(), Problem> {
    let of = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let unsupported = |code, detail| {
        Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            code,
            detail,
        ))
    };
    let encoding = of(header::CONTENT_ENCODING);
    if !encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity") {
        return unsupported(
            "unsupported-encoding",
            "send the file as it is, or as .ifczip, without a Content-Encoding",
        );
    }
    if of(header::CONTENT_TYPE)
        .to_ascii_lowercase()
        .starts_with("multipart/")
    {
        return unsupported(
            "multipart",
            "send the file itself as the body, not a form: curl --data-binary @file",
        );
    }
    Ok(())
}
