//! `plancheck health`: asks a running server how it is; for containers, which have no other client.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use super::exit::{self, Failure};
use super::output;

/// Ask a running server whether it takes work
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  plancheck health
  plancheck health --address 127.0.0.1:8080 --path /livez

Answers with code 0 where the server answers 200, else with 1.")]
pub(super) struct Args {
    /// Where the server listens
    #[arg(long, env = "PLANCHECK_HEALTH_ADDRESS", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    address: String,
    /// What to ask for
    #[arg(long, value_name = "PATH", default_value = "/readyz")]
    path: String,
}

/// A server that takes longer is not well.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) fn run(args: &Args) -> Result<u8, Failure> {
    match ask(args) {
        Ok(answer) if answer.starts_with("HTTP/1.1 200 ") => {
            output::print("well\n")?;
            Ok(exit::CLEAN)
        }
        Ok(answer) => {
            eprintln!("plancheck: {}", answer.lines().next().unwrap_or("no answer"));
            Ok(exit::FINDINGS)
        }
        Err(error) => {
            eprintln!("plancheck: {}: {error}", args.address);
            Ok(exit::FINDINGS)
        }
    }
}

fn ask(args: &Args) -> std::io::Result<String> {
    let mut addresses = args.address.to_socket_addrs()?;
    let nowhere = || std::io::Error::other("this names no address");
    let address = addresses.next().ok_or_else(nowhere)?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let path = args.path.replace(|c: char| c.is_control() || c == ' ', "");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", args.address)?;
    let mut answer = Vec::new();
    stream.take(64 << 10).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
