//! A request's body, read piece by piece within the memory that uploads may use.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;
use http_body_util::BodyExt;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout};

use super::problem::Problem;
use super::state::AppState;

/// A body in memory, and the account that it is booked on.
pub(super) struct Upload {
    pub(super) bytes: Bytes,
    _memory: Option<OwnedSemaphorePermit>,
}

impl Upload {
    /// A model that the store had.
    pub(super) fn stored(bytes: Bytes) -> Upload {
        Upload {
            bytes,
            _memory: None,
        }
    }
}

/// A client that sends nothing for so long has gone, or wants to hold memory.
const STALLED: Duration = Duration::from_secs(30);
/// The whole body: 256 MiB at 4 Mbit/s take nine minutes.
const LONGEST: Duration = Duration::from_secs(900);

/// Reads a body.
pub(super) async fn read(
    state: &AppState,
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
    let full = || Problem::busy("busy", "too many uploads at the same time", 5);
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    // What was announced is booked at once: refused before it is sent rather than in the middle.
    let mut booked = announced.unwrap_or(0);
    let mut memory = match booked {
        0 => None,
        bytes => Some(state.reserve(bytes).ok_or_else(full)?),
    };
    let mut bytes = Vec::new();
    let end = Instant::now() + LONGEST;
    loop {
        let patience = STALLED.min(end.saturating_duration_since(Instant::now()));
        let frame = match timeout(patience, body.frame()).await {
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
        let wanted = bytes.len().saturating_add(data.len());
        if wanted > limit {
            return Err(too_large());
        }
        if wanted > booked {
            // Double it, as the list of bytes does.
            let more = wanted.max(booked.saturating_mul(2)).min(limit) - booked;
            let permit = state.reserve(more).ok_or_else(full)?;
            booked += more;
            match &mut memory {
                Some(memory) => memory.merge(permit),
                None => memory = Some(permit),
            }
        }
        bytes.extend_from_slice(&data);
    }
    if bytes.is_empty() {
        let detail = "the body is empty; send the model's file as the body";
        return Err(Problem::new(StatusCode::BAD_REQUEST, "empty-body", detail));
    }
    Ok(Upload {
        bytes: bytes.into(),
        _memory: memory,
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
