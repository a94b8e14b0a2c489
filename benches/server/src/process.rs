//! The server as a process: how it is started, and what the system says of it.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use plancheck_server_tests::{Host, PASSWORD, root};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::load::http::Connection;

/// As many open files as the system allows: thousands of connections, here and in the server.
pub fn raise_file_limit() -> Result<()> {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    setrlimit(Resource::Nofile, raised).context("the limit of open files cannot be raised")
}

/// A process that serves; killed when dropped.
pub struct Server {
    child: Child,
    /// `127.0.0.1:PORT`
    pub address: String,
    /// Its log.
    pub log: PathBuf,
    _data: TempDir,
}

/// The program that is measured.
pub fn program() -> PathBuf {
    let named = std::env::var_os("PLANCHECK_PROGRAM").map(PathBuf::from);
    named.unwrap_or_else(|| root().join("target/debug/plancheck"))
}

impl Server {
    /// Starts the server with the settings of the tests and these arguments, and waits until it is
    /// ready. Its log goes into a file, so that nobody has to read it while others are measured.
    pub fn start(arguments: &[&str]) -> Result<Server> {
        let (prepared, data) = Host::command(arguments);
        let program = program();
        let mut command = Command::new(&program);
        command.args(prepared.get_args());
        for (name, value) in prepared.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let log = data.path().join("log");
        command.stderr(File::create(&log)?);
        Server::spawn(command, data, log).with_context(|| format!("{} serve", program.display()))
    }

    /// Starts a program that says `… http://ADDRESS` once it is ready.
    pub fn spawn(mut command: Command, data: TempDir, log: PathBuf) -> Result<Server> {
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take().context("standard output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let Some((_, address)) = line.trim_end().split_once("http://") else {
            let _ = child.kill();
            let _ = child.wait();
            bail!(
                "not ready: {line:?}\n{}",
                std::fs::read_to_string(&log).unwrap_or_default()
            );
        };
        Ok(Server {
            child,
            address: address.to_owned(),
            log,
            _data: data,
        })
    }

    /// The administrator's access and refresh tokens.
    pub async fn login(&self) -> Result<(String, String)> {
        let mut connection = Connection::open(&self.address).await?;
        let body = json!({ "name": "admin", "password": PASSWORD }).to_string();
        let kind = "content-type: application/json\r\n";
        let reply = connection
            .send("POST", "/api/v1/auth/login", kind, body.as_bytes())
            .await?;
        tokens(reply.status, &reply.body)
    }

    fn proc(&self, file: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).unwrap_or_default()
    }

    /// Bytes of memory that it uses now.
    pub fn memory(&self) -> u64 {
        let status = self.proc("status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line
            .and_then(|line| line.trim().strip_suffix("kB"))
            .map(str::trim);
        kib.and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) << 10
    }

    /// Open files.
    pub fn files(&self) -> usize {
        let folder = std::fs::read_dir(format!("/proc/{}/fd", self.child.id()));
        folder.map_or(0, Iterator::count)
    }

    /// How many files it may open: soft and hard limit.
    pub fn file_limit(&self) -> String {
        let limits = self.proc("limits");
        let line = limits
            .lines()
            .find_map(|line| line.strip_prefix("Max open files"));
        let words: Vec<&str> = line
            .unwrap_or_default()
            .split_whitespace()
            .take(2)
            .collect();
        words.join(" of ")
    }

    /// Time that processors spent for it.
    pub fn processor(&self) -> Duration {
        let stat = self.proc("stat");
        // The name, in brackets, may hold spaces; user and system time are the 12th and 13th after it.
        let after = stat.rsplit_once(") ").map_or("", |(_, after)| after);
        let ticks = after
            .split(' ')
            .skip(11)
            .take(2)
            .filter_map(|word| word.parse::<u64>().ok());
        let each_second = rustix::param::clock_ticks_per_second();
        Duration::from_secs_f64(ticks.sum::<u64>() as f64 / each_second as f64)
    }

    /// Whether it has not ended.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Access and refresh token of an answer to a login or refresh.
pub fn tokens(status: u16, body: &[u8]) -> Result<(String, String)> {
    let given: Value = serde_json::from_slice(body).unwrap_or_default();
    match (
        given["access_token"].as_str(),
        given["refresh_token"].as_str(),
    ) {
        (Some(access), Some(refresh)) => Ok((access.to_owned(), refresh.to_owned())),
        _ => bail!("no tokens: {status} {given}"),
    }
}
