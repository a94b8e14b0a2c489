//! Errors as `application/problem+json` (RFC 9457).

use std::borrow::Cow;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// What a client is told of an error. Never more than it may know: causes go to the log.
#[derive(Clone, Debug)]
pub struct Problem(Box<Document>);

/// Problem Details for HTTP APIs (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct Document {
    /// Where the code is described.
    #[serde(rename = "type")]
    kind: String,
    /// The status in words.
    title: &'static str,
    #[serde(serialize_with = "number")]
    #[schema(value_type = u16)]
    status: StatusCode,
    /// Stable, for machines.
    #[schema(value_type = String)]
    code: Cow<'static, str>,
    /// What was wrong, and what to do.
    detail: String,
    #[serde(skip)]
    retry_after: Option<u32>,
    #[serde(skip)]
    allow: Option<HeaderValue>,
}

fn number<S: serde::Serializer>(status: &StatusCode, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u16(status.as_u16())
}

impl Problem {
    /// `code` is stable and lower case, words joined by hyphens; `detail` is one sentence.
    pub fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<String>,
    ) -> Problem {
        let code = code.into();
        Problem(Box::new(Document {
            kind: format!("urn:plancheck:problem:{code}"),
            title: status.canonical_reason().unwrap_or("Error"),
            status,
            code,
            detail: detail.into(),
            retry_after: None,
            allow: None,
        }))
    }

    /// There is no room now; try again after some seconds.
    pub fn busy(code: &'static str, detail: &'static str, seconds: u32) -> Problem {
        let mut problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, code, detail);
        problem.0.retry_after = Some(seconds);
        problem
    }

    /// Who asks is not known.
    pub fn unauthorized(detail: &'static str) -> Problem {
        Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
    }

    /// Too many requests; come back after some seconds.
    pub fn too_many(code: &'static str, detail: &'static str, seconds: u32) -> Problem {
        let mut problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, code, detail);
        problem.0.retry_after = Some(seconds);
        problem
    }

    /// Nothing of this kind is here, or nothing that the caller may see.
    pub fn nothing(code: &'static str, detail: &'static str) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, code, detail)
    }

    /// Something failed that the client can do nothing about; the log says what.
    pub fn internal() -> Problem {
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "something failed inside the server; the log says why under this request id",
        )
    }

    /// The methods that a path knows, for 405.
    #[must_use]
    pub fn allowing(mut self, methods: Option<HeaderValue>) -> Problem {
        self.0.allow = methods;
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        // A document of texts and a number cannot fail to be written.
        let body = serde_json::to_vec(&self.0).unwrap_or_default();
        let Document {
            status,
            retry_after,
            allow,
            ..
        } = *self.0;
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        let json = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, json);
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            let bearer = HeaderValue::from_static("Bearer");
            headers.insert(header::WWW_AUTHENTICATE, bearer);
        }
        if let Some(allow) = allow {
            headers.insert(header::ALLOW, allow);
        }
        response
    }
}
