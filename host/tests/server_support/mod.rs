//! A server for tests: the real program, and a client that speaks to it.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::cli_support::plancheck;

/// Nothing here takes longer, even on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// A running server; killed when a test ends without stopping it.
pub struct Server {
    pub child: Child,
    pub address: String,
    _data: tempfile::TempDir,
}

/// What a client gets.
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Server {
    /// Starts it on a free port, and waits until it is ready.
    pub fn start(arguments: &[&str]) -> Server {
        let data = tempfile::tempdir().unwrap();
        let mut child = plancheck()
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data.path())
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .trim_end()
            .strip_prefix("plancheck is ready at http://");
        let address = address.unwrap_or_else(|| panic!("{line:?}")).to_owned();
        assert!(!address.ends_with(":0"), "the real port is printed");
        Server {
            child,
            address,
            _data: data,
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn get(&self, path: &str) -> Reply {
        reply(agent().get(self.url(path)).call())
    }

    pub fn post(&self, path: &str, body: &[u8]) -> Reply {
        reply(agent().post(self.url(path)).send(body))
    }

    /// A request whose body has begun, and goes on when the test wants.
    pub fn begin(&self, length: usize, first: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let head = format!(
            "POST /api/v1/validate HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(first).unwrap();
        stream
    }

    #[cfg(unix)]
    pub fn terminate(&self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    }

    pub fn wait_until_in_flight(&self, requests: usize) {
        for _ in 0..600 {
            let health: Value = serde_json::from_slice(&self.get("/health").body).unwrap();
            if health["in_flight"] == requests {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("{requests} requests were never in flight");
    }

    /// Asks until the answer is this one.
    pub fn wait_for(&self, path: &str, status: u16) -> Reply {
        for _ in 0..600 {
            let reply = self.get(path);
            if reply.status == status {
                return reply;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("{path} never answered {status}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already, which is what some tests want.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .build()
        .into()
}

pub fn reply(answered: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Reply {
    let mut response = answered.unwrap();
    let headers = response.headers().iter();
    let headers = headers
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    let status = response.status().as_u16();
    let body = response
        .body_mut()
        .with_config()
        .limit(64 << 20)
        .read_to_vec()
        .unwrap();
    Reply {
        status,
        headers,
        body,
    }
}

impl Reply {
    pub fn header(&self, wanted: &str) -> &str {
        let found = self.headers.iter().find(|(name, _)| name == wanted);
        found.map_or("", |(_, value)| value)
    }

    /// Checks that it is a problem document, and returns its code.
    pub fn problem(&self, status: u16) -> String {
        assert_eq!(
            self.status,
            status,
            "{}",
            String::from_utf8_lossy(&self.body)
        );
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert!(!self.header("x-request-id").is_empty());
        let problem: Value = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(problem["status"], status);
        for field in ["type", "title", "detail"] {
            assert!(
                problem[field].as_str().is_some_and(|text| !text.is_empty()),
                "{problem}"
            );
        }
        problem["code"].as_str().unwrap().to_owned()
    }
}
