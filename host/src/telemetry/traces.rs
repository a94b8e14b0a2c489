//! Traces for a collector of OpenTelemetry: OTLP over HTTP.
//!
//! Spans wait in a bounded queue and are sent by a thread of their own; a collector that does not
//! answer costs spans, never requests.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::http::{HeaderMap, Method, Request, Response, StatusCode, Uri};
use bytes::Bytes;
use opentelemetry::KeyValue;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::{Status, TracerProvider as _};
use opentelemetry_http::hyper::HyperClient;
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, Tracer};
use tokio::runtime::Handle;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// For one batch.
const PATIENCE: Duration = Duration::from_secs(5);
/// For what waits when the server ends.
const LAST: Duration = Duration::from_secs(2);

/// Where spans go.
#[derive(Clone, Debug)]
pub struct Collector(Uri);

impl std::str::FromStr for Collector {
    type Err = String;

    fn from_str(text: &str) -> Result<Collector, String> {
        let wrong = || "write http://collector:4318; a path where it is not /v1/traces".to_owned();
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let plain = uri.scheme_str() == Some("http") && uri.query().is_none();
        match uri.authority() {
            Some(authority) if plain && !authority.as_str().contains('@') => {}
            _ => return Err(wrong()),
        }
        if !matches!(uri.path(), "" | "/") {
            return Ok(Collector(uri));
        }
        let whole = format!("{}/v1/traces", text.trim_end_matches('/'));
        whole.parse().map(Collector).map_err(|_| wrong())
    }
}

impl std::fmt::Display for Collector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Sends spans until the server ends.
pub struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// Spans for a collector; what sends them runs on `runtime`.
    ///
    /// # Errors
    /// Why the exporter cannot be made.
    pub fn new(collector: &Collector, runtime: Handle) -> Result<Traces, String> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Sender {
                client: HyperClient::with_default_connector(PATIENCE, None),
                runtime,
                lost: AtomicBool::new(false),
            })
            .with_endpoint(collector.0.to_string())
            .with_timeout(PATIENCE)
            .build()
            .map_err(|error| error.to_string())?;
        let resource = Resource::builder()
            .with_service_name("plancheck")
            .with_attributes([
                KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
                // Replicas are told apart.
                KeyValue::new("service.instance.id", crate::store::new_id("ins")),
            ])
            .build();
        // Whether a client's own trace is kept or not: each request here is a span. Who wants fewer has
        // the collector sample them.
        let provider = SdkTracerProvider::builder()
            .with_sampler(Sampler::AlwaysOn)
            .with_batch_exporter(exporter)
            .with_resource(resource)
            .build();
        Ok(Traces { provider })
    }

    /// For the layer that makes spans of ours into theirs.
    pub(super) fn tracer(&self) -> Tracer {
        self.provider.tracer("plancheck")
    }

    /// Sends what waits. Not for an async thread: it waits.
    pub fn end(self) {
        if let Err(error) = self.provider.shutdown_with_timeout(LAST) {
            tracing::debug!(%error, "spans were lost at the end");
        }
    }
}

/// Makes a request's span part of the trace that its client names in `traceparent`.
pub fn continue_trace(span: &Span, headers: &HeaderMap) {
    let context = TraceContextPropagator::new().extract(&Headers(headers));
    // Fails only where nobody listens to the span.
    let _ = span.set_parent(context);
}

/// A method as spans name it: one that HTTP does not know is any word of a client.
#[must_use]
pub fn method_name(method: &Method) -> &'static str {
    const KNOWN: [&str; 9] = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
    ];
    let known = KNOWN.into_iter().find(|known| *known == method.as_str());
    known.unwrap_or("_OTHER")
}

/// What became of a request.
pub fn answered(span: &Span, id: &str, method: &str, route: &str, status: StatusCode) {
    span.set_attribute("http.request.method", method.to_owned());
    span.set_attribute("http.route", route.to_owned());
    span.set_attribute("http.response.status_code", i64::from(status.as_u16()));
    span.set_attribute("plancheck.request_id", id.to_owned());
    if status.is_server_error() {
        span.set_status(Status::error(status.as_str().to_owned()));
    }
}

struct Headers<'h>(&'h HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(axum::http::HeaderName::as_str).collect()
    }
}

/// The queue's thread is none of the runtime's, which the client needs.
#[derive(Debug)]
struct Sender {
    client: HyperClient,
    runtime: Handle,
    /// The last batch was.
    lost: AtomicBool,
}

impl Sender {
    /// Says once that the collector is gone, and once that it is back.
    fn note(&self, failure: Option<&str>) {
        let was = self.lost.swap(failure.is_some(), Ordering::Relaxed);
        match failure {
            Some(error) if !was => tracing::warn!(error, "the collector of traces takes no spans"),
            None if was => tracing::info!("the collector of traces takes spans again"),
            _ => {}
        }
    }
}

#[async_trait::async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let task = self
            .runtime
            .spawn(async move { client.send_bytes(request).await });
        let answer = match task.await {
            Ok(answer) => answer,
            Err(ended) => Err(ended.into()),
        };
        match &answer {
            Ok(response) if response.status().is_success() => self.note(None),
            Ok(response) => self.note(Some(response.status().as_str())),
            Err(error) => self.note(Some(&error.to_string())),
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::Collector;

    #[test]
    fn where_spans_go() {
        let of = |text: &str| text.parse::<Collector>().map(|at| at.0.to_string());
        let whole = "http://collector:4318/v1/traces";
        assert_eq!(of("http://collector:4318").as_deref(), Ok(whole));
        assert_eq!(of("http://collector:4318/").as_deref(), Ok(whole));
        assert_eq!(
            of("http://[::1]:1/otlp/in").as_deref(),
            Ok("http://[::1]:1/otlp/in")
        );
        for wrong in [
            "",
            "collector:4318",
            "https://c/",
            "http://u:p@c/",
            "http://c/?a=b",
            "http://",
        ] {
            assert!(of(wrong).is_err(), "{wrong}");
        }
    }
}
