//! TLS to PostgreSQL and Redis, with a certificate of an authority of one's own.

use std::path::Path;
use std::process::{Command, Stdio};

use plancheck_server_tests::{Host, Postgres, door, ready, wait_until};

/// An authority and a certificate of it for 127.0.0.1: `ca.pem`, `server.pem`, `server.key`.
fn certificates(folder: &Path) {
    let openssl = |arguments: &[&str]| {
        let output = Command::new("openssl")
            .args(arguments)
            .current_dir(folder)
            .output();
        let output = output.expect("openssl");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    let new = [
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
    ];
    let authority = ["-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Tests"];
    openssl(&[&new[..], &authority[..]].concat());
    let server = [
        "-keyout",
        "server.key",
        "-out",
        "server.pem",
        "-subj",
        "/CN=localhost",
    ];
    let of = [
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-addext",
        "basicConstraints=critical,CA:FALSE",
        "-addext",
        "subjectAltName=IP:127.0.0.1,DNS:localhost",
    ];
    openssl(&[&new[..], &server[..], &of[..]].concat());
}

#[test]
fn redis_is_spoken_to_over_tls_and_its_certificate_counts() {
    if !ready("redis_is_spoken_to_over_tls_and_its_certificate_counts") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    certificates(folder.path());
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mut redis = Command::new("redis-server")
        .args([
            "--port",
            "0",
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--tls-auth-clients",
            "no",
        ])
        .args(["--tls-port", &port.to_string()])
        .args([
            "--tls-cert-file",
            "server.pem",
            "--tls-key-file",
            "server.key",
            "--tls-ca-cert-file",
            "ca.pem",
        ])
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    wait_until("Redis listens", || {
        std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
    });
    let url = format!("rediss://127.0.0.1:{port}");
    let said = |trusted: bool| {
        let (mut command, _data) = Host::command(&["--redis-url", &url, "--check-config"]);
        if trusted {
            command.env("SSL_CERT_FILE", folder.path().join("ca.pem"));
        }
        let output = command.output().unwrap();
        format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    };
    let (trusted, strange) = (said(true), said(false));
    let _ = redis.kill();
    let _ = redis.wait();
    assert!(
        trusted
            .lines()
            .any(|line| line.starts_with("redis") && line.contains("answers")),
        "{trusted}"
    );
    assert!(strange.contains("does not answer"), "{strange}");
}

#[test]
fn postgres_is_spoken_to_over_tls_where_that_is_demanded() {
    if !ready("postgres_is_spoken_to_over_tls_where_that_is_demanded") {
        return;
    }
    let plain = Postgres::start();
    let demanded = |url: &str| format!("{url}?sslmode=require");
    let (mut command, _data) = Host::command(&["--database-url", &demanded(&plain.url())]);
    let output = command.output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(2),
        "a server without TLS is not spoken to"
    );
    let folder = tempfile::tempdir().unwrap();
    certificates(folder.path());
    let encrypted = Postgres::start_with_tls(folder.path());
    let host = Host::start(&["--database-url", &demanded(&encrypted.url())]);
    host.admin()
        .put("/api/v1/buildings/house?jurisdiction=us", &door(0.9))
        .expect(200);
}
