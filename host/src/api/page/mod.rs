//! What a browser gets: the app of `web-demo`, where the host was built with it, else a plain page.
//! `GET /about` is the plain page always.
//!
//! The app's files lie in the program, beside them their compressed variants. In a debug build they
//! are read from `web-demo/dist` when they are asked for, so that a new page needs no new host.

pub(super) mod negotiation;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::{Embed, EmbeddedFile};

use super::router::no_such_path;
use negotiation::{Coding, best, is_known};

/// The app, as `./x web` builds it.
#[derive(Embed)]
#[folder = "../web-demo/dist"]
#[allow_missing = true]
struct App;

const PAGE: &str = include_str!("about.html");

/// What the app may do: its own files only, and WebAssembly. Models that a user drops are read from
/// `blob:`; workers get this policy too, from their own answer.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                      img-src 'self' blob: data:; font-src 'self'; connect-src 'self' blob: data:; \
                      worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";
/// The plain page has its style inside and nothing else.
const PLAIN_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
                            form-action 'none'; frame-ancestors 'none'";
/// Files under this folder have a digest in their name: another content has another name.
const NAMED_BY_DIGEST: &str = "assets/";

/// `GET /`: the app, else the plain page.
pub(super) async fn index(headers: HeaderMap) -> Response {
    file("index.html", &headers).unwrap_or_else(plain)
}

/// `GET /about`: what the server offers, in short.
pub(super) async fn about() -> Response {
    plain()
}

/// Any other path: a file of the app, else nothing.
pub(super) async fn other(request: Request) -> Response {
    let readable = matches!(*request.method(), Method::GET | Method::HEAD);
    let path = request.uri().path().trim_start_matches('/');
    readable
        .then(|| file(path, request.headers()))
        .flatten()
        .unwrap_or_else(|| no_such_path().into_response())
}

fn plain() -> Response {
    let page = PAGE.replace("{{version}}", env!("CARGO_PKG_VERSION"));
    (
        [(header::CONTENT_SECURITY_POLICY, PLAIN_POLICY)],
        Html(page),
    )
        .into_response()
}

/// A file of the app, in the smallest form that the client takes.
fn file(path: &str, asked: &HeaderMap) -> Option<Response> {
    if !is_plain_name(path) {
        return None;
    }
    let whole = App::get(path)?;
    let variant = best(asked)
        .into_iter()
        .find_map(|coding| Some((coding, App::get(&format!("{path}.{}", coding.ending()))?)));
    let (coding, found) = match variant {
        Some((coding, found)) => (Some(coding), found),
        None => (None, whole),
    };
    let tag = tag(&found, coding);
    let known = is_known(asked, &tag);
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        found.data.into_owned().into_response()
    };
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    if !known {
        let kind = HeaderValue::from_static(content_type(path));
        headers.insert(header::CONTENT_TYPE, kind);
        if let Some(coding) = coding {
            let name = HeaderValue::from_static(coding.name());
            headers.insert(header::CONTENT_ENCODING, name);
        }
    }
    let cache = if path.starts_with(NAMED_BY_DIGEST) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    for (name, value) in [
        (header::CACHE_CONTROL, cache),
        (header::VARY, "accept-encoding"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
        (CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    Some(response)
}

const CROSS_ORIGIN_OPENER_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-opener-policy");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

/// Names that the build gives: nothing that walks through folders, and no compressed variant by
/// its own name.
fn is_plain_name(path: &str) -> bool {
    let segment = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._-@+".contains(&b))
    };
    path.split('/').all(segment) && !path.ends_with(".br") && !path.ends_with(".gz")
}

/// Names the content of a file, and its form.
fn tag(file: &EmbeddedFile, coding: Option<Coding>) -> String {
    let digest = file.metadata.sha256_hash();
    let hex: String = digest.iter().take(16).map(|b| format!("{b:02x}")).collect();
    match coding {
        Some(coding) => format!("\"{hex}-{}\"", coding.ending()),
        None => format!("\"{hex}\""),
    }
}

/// By the ending of its name.
fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_a_build_gives_are_looked_for() {
        for good in ["index.html", "assets/app-1a2b.js", "samples/office.ifc"] {
            assert!(is_plain_name(good), "{good}");
        }
        for bad in [
            "",
            "/",
            "..",
            "../Cargo.toml",
            "assets/../../x",
            "assets//x",
            "assets/",
            ".env",
            "a%2e%2e/x",
            "a\\b",
            "index.html.br",
            "index.html.gz",
        ] {
            assert!(!is_plain_name(bad), "{bad}");
            assert!(file(bad, &HeaderMap::new()).is_none(), "{bad}");
        }
    }
}
