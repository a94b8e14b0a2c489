//! Bodies of requests that are refused before they are read.
//!
//! A connection that is closed while its client still sends is reset, and the client may never see
//! the answer. So what a handler leaves of a body is read on, and forgotten, beside the answer.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header;
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body as _, Frame, SizeHint};
use tokio::time::timeout;

/// What is read of the rest, at most: then the client sees the answer or a reset.
const MOST: usize = 16 << 20;
/// And for so long.
const LONGEST: Duration = Duration::from_secs(5);

/// The same request; what is left of its body when that is dropped is read to its end within limits.
pub(super) fn lingering(request: Request) -> Request {
    if request.body().is_end_stream() {
        return request;
    }
    // A client that waits to be asked for the body has sent none, and is not to be asked now.
    let waits = request.headers().contains_key(header::EXPECT);
    request.map(|body| Body::new(Lingering { body, waits }))
}

struct Lingering {
    body: Body,
    waits: bool,
}

impl hyper::body::Body for Lingering {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.waits = false;
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Lingering {
    fn drop(&mut self) {
        if self.waits || self.body.is_end_stream() {
            return;
        }
        let rest = std::mem::take(&mut self.body);
        // Without a runtime, the server has ended and so has the connection.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(timeout(LONGEST, forget(rest)));
        }
    }
}

async fn forget(mut body: Body) {
    let mut left = MOST;
    while let Some(Ok(frame)) = body.frame().await {
        let length = frame.data_ref().map_or(0, Bytes::len);
        match left.checked_sub(length) {
            Some(less) => left = less,
            None => break,
        }
    }
}
