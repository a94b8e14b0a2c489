//! `plancheck health`: asks a running server how it is; for containers, which have no other client.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use axum::http::Uri;

use super::exit::{self, Failure};
use super::output;
use crate::render::safe;

/// Ask a running server whether it takes work
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  plancheck health
  plancheck health --url http://127.0.0.1:8080/livez

Asks the server that PLANCHECK_LISTEN names, else the one at port 8080, where it is not told another.
Ends with code 0 where a Plancheck answers 200, else with 1.")]
pub(super) struct Args {
    /// What to ask; http:// only
    #[arg(long, env = "PLANCHECK_HEALTH_URL", value_name = "URL", value_parser = http)]
    url: Option<Uri>,
}

/// The server of this machine: of the address that `serve` takes from its variable, too.
fn here() -> Result<Uri, Failure> {
    let set = std::env::var("PLANCHECK_LISTEN").ok();
    let set = set.filter(|text| !text.is_empty());
    let text = set.as_deref().unwrap_or("127.0.0.1:8080");
    let wrong = || {
        Failure::usage(format!(
            "PLANCHECK_LISTEN: {}: want 127.0.0.1:8080",
            safe(text)
        ))
    };
    let mut address: SocketAddr = text.parse().map_err(|_| wrong())?;
    // It listens everywhere, so here, too.
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    http(&format!("http://{address}/readyz")).map_err(|_| wrong())
}

fn http(text: &str) -> Result<Uri, String> {
    let wrong = || "want http://127.0.0.1:8080/readyz".to_owned();
    let uri: Uri = text.parse().map_err(|_| wrong())?;
    match (uri.scheme_str(), uri.authority()) {
        (Some("http"), Some(authority)) if !authority.as_str().contains('@') => Ok(uri),
        _ => Err(wrong()),
    }
}

/// A server that takes longer is not well.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) fn run(args: &Args) -> Result<u8, Failure> {
    let url = match &args.url {
        Some(url) => url.clone(),
        None => here()?,
    };
    match ask(&url) {
        Ok(answer) if !is_ours(&answer) => {
            eprintln!("plancheck: {url}: something answers there, but no Plancheck server");
            Ok(exit::FINDINGS)
        }
        Ok(answer) if answer.starts_with("HTTP/1.1 200 ") => {
            output::print("well\n")?;
            Ok(exit::CLEAN)
        }
        Ok(answer) => {
            let status = answer.lines().next().unwrap_or("no answer");
            let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
            let problem: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
            let detail = problem["detail"].as_str().unwrap_or_default();
            eprintln!("plancheck: {}: {}", safe(status), safe(detail));
            Ok(exit::FINDINGS)
        }
        Err(error) => {
            eprintln!("plancheck: {url}: {error}");
            Ok(exit::FINDINGS)
        }
    }
}

/// A server of ours says so in a header.
fn is_ours(answer: &str) -> bool {
    let head = answer.split("\r\n\r\n").next().unwrap_or_default();
    let names = head.lines().filter_map(|line| line.split_once(':'));
    names
        .map(|(name, _)| name)
        .any(|name| name.eq_ignore_ascii_case("plancheck-host"))
}

fn ask(url: &Uri) -> std::io::Result<String> {
    const HTTP: u16 = 80;
    let host = url.host().unwrap_or_default();
    // An address of IPv6 stands in brackets.
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let mut addresses = (name, url.port_u16().unwrap_or(HTTP)).to_socket_addrs()?;
    let nowhere = || std::io::Error::other("this names no address");
    let address = addresses.next().ok_or_else(nowhere)?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let path = url.path_and_query().map_or("/", |path| path.as_str());
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.take(64 << 10).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
