//! A registry for tests: the part of the distribution specification that pushing and pulling need, over
//! HTTP on a free port, with manners that tests spoil.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::stream;
use sha2::{Digest as _, Sha256};

/// What it does, and does wrong.
#[derive(Clone, Default)]
pub struct Manners {
    /// `Authorization` of those who may come in: their name and password.
    login: Option<String>,
    /// They ask for a token first.
    tokens: bool,
    pub other_blobs: bool,
    pub endless_blobs: bool,
    pub endless_manifest: bool,
    pub circle: bool,
    pub fails: bool,
    pub silent: bool,
    /// Changes the manifest on its way out.
    pub manifest: Option<fn(&str) -> String>,
}

impl Manners {
    pub fn basic(user: &str, password: &str) -> Manners {
        let login = STANDARD.encode(format!("{user}:{password}"));
        Manners {
            login: Some(format!("Basic {login}")),
            ..Manners::default()
        }
    }

    pub fn token(user: &str, password: &str) -> Manners {
        Manners {
            tokens: true,
            ..Manners::basic(user, password)
        }
    }
}

#[derive(Default)]
struct Kept {
    manners: Manners,
    blobs: HashMap<String, Bytes>,
    manifests: HashMap<String, Bytes>,
}

struct Shared {
    kept: Mutex<Kept>,
    requests: AtomicUsize,
    address: String,
}

/// A running registry; ends when it is dropped.
pub struct Registry {
    shared: Arc<Shared>,
    _runtime: tokio::runtime::Runtime,
}

const TOKEN: &str = "a-token";

impl Registry {
    pub fn start(manners: Manners) -> Registry {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let shared = Arc::new(Shared {
            kept: Mutex::new(Kept {
                manners,
                ..Kept::default()
            }),
            requests: AtomicUsize::new(0),
            address: listener.local_addr().unwrap().to_string(),
        });
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&shared));
        runtime.spawn(async move { axum::serve(listener, router).await });
        Registry {
            shared,
            _runtime: runtime,
        }
    }

    /// The name of an artifact here.
    pub fn artifact(&self, name: &str) -> String {
        format!("oci://{}/{name}", self.shared.address)
    }

    pub fn requests(&self) -> usize {
        self.shared.requests.load(Ordering::SeqCst)
    }

    /// Changes its manners.
    pub fn behave(&self, change: impl FnOnce(&mut Manners)) {
        change(&mut self.shared.kept().manners);
    }
}

impl Shared {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap()
    }
}

fn sha256(bytes: &[u8]) -> String {
    let hex: String = Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("sha256:{hex}")
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    shared.requests.fetch_add(1, Ordering::SeqCst);
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 16 << 20).await.unwrap();
    let manners = shared.kept().manners.clone();
    if manners.silent {
        std::future::pending::<()>().await;
    }
    if manners.fails {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    let path = head.uri.path();
    if let Some(refused) = challenge(&shared, &manners, path, &head.headers) {
        return refused;
    }
    if path == "/token" {
        return format!("{{\"token\":\"{TOKEN}\"}}").into_response();
    }
    if path == "/v2/" {
        return StatusCode::OK.into_response();
    }
    let Some((repository, rest)) = path.strip_prefix("/v2/").and_then(|path| {
        path.split_once("/manifests/")
            .or_else(|| path.split_once("/blobs/"))
    }) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match (head.method.clone(), path.contains("/manifests/")) {
        (Method::GET, true) => manifest(&shared, &manners, path, &format!("{repository}/{rest}")),
        (Method::PUT, true) => {
            let digest = sha256(&body);
            let mut kept = shared.kept();
            kept.manifests
                .insert(format!("{repository}/{digest}"), body.clone());
            kept.manifests.insert(format!("{repository}/{rest}"), body);
            let place = format!("/v2/{repository}/manifests/{digest}");
            (StatusCode::CREATED, [(header::LOCATION, place)]).into_response()
        }
        (Method::GET, false) => blob(&shared, &manners, rest),
        (Method::POST, false) => {
            let place = format!("/v2/{repository}/blobs/uploads/1");
            (StatusCode::ACCEPTED, [(header::LOCATION, place)]).into_response()
        }
        (Method::PUT, false) => {
            let digest = sha256(&body);
            let named = head.uri.query().unwrap_or_default().replace("%3A", ":");
            if !named.contains(&digest) {
                return StatusCode::BAD_REQUEST.into_response();
            }
            shared.kept().blobs.insert(digest.clone(), body);
            let place = format!("/v2/{repository}/blobs/{digest}");
            (StatusCode::CREATED, [(header::LOCATION, place)]).into_response()
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

/// Whoever has not shown who he is, is told how to.
fn challenge(
    shared: &Shared,
    manners: &Manners,
    path: &str,
    headers: &HeaderMap,
) -> Option<Response> {
    let login = manners.login.as_ref()?;
    let shown = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let (wanted, how) = match manners.tokens {
        true if path != "/token" => (
            format!("Bearer {TOKEN}"),
            format!(
                "Bearer realm=\"http://{}/token\",service=\"tests\"",
                shared.address
            ),
        ),
        _ => (login.clone(), "Basic realm=\"tests\"".to_owned()),
    };
    if shown == Some(wanted.as_str()) {
        return None;
    }
    let body =
        "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"who are you\",\"detail\":null}]}";
    Some(
        (
            StatusCode::UNAUTHORIZED,
            [(header::WWW_AUTHENTICATE, how)],
            body,
        )
            .into_response(),
    )
}

fn endless() -> Response {
    let part = Bytes::from_static(&[b' '; 64 << 10]);
    let parts = stream::iter(std::iter::repeat_with(move || {
        Ok::<_, Infallible>(part.clone())
    }));
    Body::from_stream(parts).into_response()
}

fn manifest(shared: &Shared, manners: &Manners, path: &str, name: &str) -> Response {
    if manners.endless_manifest {
        return endless();
    }
    if manners.circle {
        return (
            StatusCode::TEMPORARY_REDIRECT,
            [(header::LOCATION, path.to_owned())],
        )
            .into_response();
    }
    let Some(bytes) = shared.kept().manifests.get(name).cloned() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match manners.manifest {
        None => bytes.into_response(),
        Some(change) => change(std::str::from_utf8(&bytes).unwrap()).into_response(),
    }
}

fn blob(shared: &Shared, manners: &Manners, digest: &str) -> Response {
    if manners.endless_blobs {
        return endless();
    }
    let Some(bytes) = shared.kept().blobs.get(digest).cloned() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if manners.other_blobs {
        let mut other = bytes.to_vec();
        other[0] ^= 1;
        return other.into_response();
    }
    bytes.into_response()
}
