//! What a browser gets from the server: the app, module files, and nothing else of the disk.

mod cli_support;
mod server_support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;

use cli_support::{complete, root};
use serde_json::Value;
use server_support::{PATIENCE, Reply, Server, agent, reply};

/// Where `./x web` writes the app; none before that.
fn app(test: &str) -> Option<PathBuf> {
    let dist = root().join("web-demo/dist");
    if dist.join("index.html").is_file() {
        return Some(dist);
    }
    eprintln!("{test}: skipped, the page is not built: ./x web");
    None
}

impl Server {
    fn get_with(&self, path: &str, name: &str, value: &str) -> Reply {
        reply(agent().get(self.url(path)).header(name, value).call())
    }

    /// A request whose path no client would send as it is.
    fn get_raw(&self, path: &str) -> String {
        self.get_raw_with("GET", path, "")
    }

    fn get_raw_with(&self, method: &str, path: &str, headers: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: x\r\n{headers}Connection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

/// The script that the page begins with, `assets/….js`.
fn script(page: &str) -> String {
    let start = page.find("assets/").expect("a script of the app");
    let name = page[start..].split('"').next().unwrap();
    name.to_owned()
}

#[test]
fn the_page_says_what_it_may_do() {
    let name = "the_page_says_what_it_may_do";
    let (true, Some(dist)) = (complete(name), app(name)) else {
        return;
    };
    let server = Server::start(&[]);
    let page = server.get("/");
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.body, std::fs::read(dist.join("index.html")).unwrap());
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"));
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    assert!(policy.contains("frame-ancestors 'none'"));
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
    assert_eq!(page.header("plancheck-host"), env!("CARGO_PKG_VERSION"));
    assert_eq!(page.header("cache-control"), "no-cache");
    let again = server.get_with("/", "if-none-match", page.header("etag"));
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(again.header("etag"), page.header("etag"));
    let other = server.get_with("/", "if-none-match", "\"another\"");
    assert_eq!(other.status, 200);
}

#[test]
fn files_come_compressed_and_those_named_by_digest_for_good() {
    let name = "files_come_compressed_and_those_named_by_digest_for_good";
    let (true, Some(dist)) = (complete(name), app(name)) else {
        return;
    };
    let server = Server::start(&[]);
    let script = script(&String::from_utf8(server.get("/").body).unwrap());
    let file = |ending: &str| std::fs::read(dist.join(format!("{script}{ending}")));
    let path = format!("/{script}");
    let plain = server.get(&path);
    assert_eq!(plain.body, file("").unwrap());
    assert_eq!(plain.header("content-encoding"), "");
    let kind = "text/javascript; charset=utf-8";
    assert_eq!(plain.header("content-type"), kind);
    assert_eq!(
        plain.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    // A worker takes its policy from its own answer.
    assert!(
        plain
            .header("content-security-policy")
            .contains("'wasm-unsafe-eval'")
    );
    for (takes, coding, ending) in [
        ("gzip, deflate, br", "br", ".br"),
        ("gzip", "gzip", ".gz"),
        ("br;q=0, gzip", "gzip", ".gz"),
    ] {
        let Ok(expected) = file(ending) else {
            eprintln!("{name}: no {ending} files, the page was built without `./x web`");
            continue;
        };
        let packed = server.get_with(&path, "accept-encoding", takes);
        assert_eq!(packed.header("content-encoding"), coding);
        assert_eq!(packed.header("content-type"), kind);
        assert_eq!(packed.header("vary"), "accept-encoding");
        assert_eq!(packed.body, expected);
        assert_ne!(packed.header("etag"), plain.header("etag"));
    }
}

#[test]
fn nothing_else_of_the_disk_is_served() {
    if !complete("nothing_else_of_the_disk_is_served") {
        return;
    }
    let server = Server::start(&[]);
    for path in [
        "/../Cargo.toml",
        "/../../Cargo.toml",
        "/assets/../../package.json",
        "/assets/..%2f..%2fpackage.json",
        "/%2e%2e/package.json",
        "//etc/passwd",
        "/assets//etc/passwd",
        "/index.html.br",
        "/.",
        "/assets/",
    ] {
        let answer = server.get_raw(path);
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        assert!(
            answer.contains("\"code\":\"not-found\""),
            "{path}: {answer}"
        );
    }
    let post = |path: &str| reply(agent().post(server.url(path)).send(&b"x"[..]));
    assert_eq!(post("/").problem(405), "method-not-allowed");
    assert_eq!(post("/index.html").problem(404), "not-found");
}

#[test]
fn module_files_are_those_that_the_server_uses() {
    if !complete("module_files_are_those_that_the_server_uses") {
        return;
    }
    let server = Server::start(&[]);
    let list: Value = serde_json::from_slice(&server.get("/api/v1/modules").body).unwrap();
    let modules = list["modules"].as_array().unwrap();
    assert!(!modules.is_empty());
    for module in modules {
        let path = format!("/api/v1/modules/{}/file", module["id"].as_str().unwrap());
        let file = server.get(&path);
        assert_eq!(file.status, 200);
        assert_eq!(file.header("content-type"), "application/wasm");
        let digest = module["digest"].as_str().unwrap();
        assert_eq!(blake3::hash(&file.body).to_hex().as_str(), digest);
        assert_eq!(file.header("etag"), format!("\"{digest}\""));
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        let again = server.get_with(&path, "if-none-match", file.header("etag"));
        assert_eq!((again.status, again.body.len()), (304, 0));
    }
    for id in ["nobody", "..", "%2e%2e%2fsecret", "us-ibc-2024.wasm"] {
        let path = format!("/api/v1/modules/{id}/file");
        let answer = server.get_raw(&path);
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        assert!(
            answer.contains("application/problem+json"),
            "{path}: {answer}"
        );
    }
    let unknown = server.get("/api/v1/modules/nobody/file");
    assert_eq!(unknown.problem(404), "no-such-module");
}

#[test]
fn a_module_from_a_folder_is_served_as_it_lies_there() {
    if !complete("a_module_from_a_folder_is_served_as_it_lies_there") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let bytes = plancheck_hostile::module(plancheck_hostile::HONEST).unwrap();
    std::fs::write(folder.path().join("some.wasm"), &bytes).unwrap();
    std::fs::write(folder.path().join("broken.wasm"), b"no module").unwrap();
    let dir = folder.path().to_string_lossy().into_owned();
    let server = Server::start(&["--modules-dir", &dir, "--allow-unsigned"]);
    assert_eq!(server.get("/api/v1/modules/honest/file").body, bytes);
    // One that cannot be used has no file to use.
    let broken = server.get("/api/v1/modules/broken/file");
    assert_eq!(broken.problem(404), "no-such-module");
}

#[test]
fn other_origins_read_only_where_they_were_named() {
    if !complete("other_origins_read_only_where_they_were_named") {
        return;
    }
    let allowed = "https://viewer.example.org:8443";
    let server = Server::start(&["--allow-origin", allowed]);
    let header = |reply: &Reply, wanted: &str| {
        let mut headers = reply.headers.iter();
        headers
            .find(|(name, _)| name == wanted)
            .map(|(_, v)| v.clone())
    };
    let named = "access-control-allow-origin";
    let reply = server.get_with("/api/v1/modules", "Origin", allowed);
    assert_eq!(reply.status, 200);
    assert_eq!(header(&reply, named).as_deref(), Some(allowed));
    let other = server.get_with("/api/v1/modules", "Origin", "https://evil.example.org");
    assert_eq!((other.status, header(&other, named)), (200, None));
    let asked = server.get_raw_with(
        "OPTIONS",
        "/api/v1/validate",
        &format!("Origin: {allowed}\r\nAccess-Control-Request-Method: POST\r\n"),
    );
    assert!(
        asked
            .to_lowercase()
            .contains(&format!("{named}: {allowed}")),
        "{asked}"
    );
    let closed = Server::start(&[]);
    let reply = closed.get_with("/api/v1/modules", "Origin", allowed);
    assert_eq!((reply.status, header(&reply, named)), (200, None));
}
