//! The real program, as an operator starts it.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::client::{Client, Reply};
use crate::{PASSWORD, root, wait_until};

/// The program that cargo built beside this test.
///
/// # Panics
/// The test has no folder.
#[must_use]
pub fn program() -> PathBuf {
    let test = std::env::current_exe().expect("this program");
    let folder = test
        .parent()
        .and_then(|deps| deps.parent())
        .expect("target/debug");
    folder.join(format!("plancheck{}", std::env::consts::EXE_SUFFIX))
}

/// A running server; killed when dropped.
pub struct Host {
    child: Child,
    /// `127.0.0.1:PORT`
    pub address: String,
    log: Arc<Mutex<String>>,
    data: TempDir,
}

/// The server's settings, none of the caller's.
fn command(data: &TempDir) -> Command {
    let password = data.path().join("password");
    std::fs::write(&password, PASSWORD).expect("a password");
    let keys = data.path().join("keys");
    if !keys.exists() {
        std::fs::write(&keys, KEY).expect("keys");
    }
    let mut command = Command::new(program());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PLANCHECK_") {
            command.env_remove(name);
        }
    }
    command
        .arg("serve")
        .env(
            "PLANCHECK_CACHE_DIR",
            root().join("target/tmp/server-tests-cache"),
        )
        .env("PLANCHECK_DATA_DIR", data.path())
        .env("PLANCHECK_ADMIN_PASSWORD_FILE", &password)
        .env("PLANCHECK_TOKEN_KEYS_FILE", &keys)
        .env("NO_COLOR", "1");
    command
}

/// Signs tokens in tests.
pub const KEY: &str = "a key for tests that has more than thirty-two bytes";

impl Host {
    /// Starts it on a free port with these arguments, and waits until it is ready.
    ///
    /// # Panics
    /// It does not start.
    #[must_use]
    pub fn start(arguments: &[&str]) -> Host {
        let mut child = Self::command(arguments);
        let data = child.1;
        Self::spawn(&mut child.0, data)
    }

    /// What would be started, and the folder that it keeps things in.
    ///
    /// # Panics
    /// There is no folder for it.
    #[must_use]
    pub fn command(arguments: &[&str]) -> (Command, TempDir) {
        let data = tempfile::tempdir().expect("a folder");
        let mut command = command(&data);
        command.args(["--listen", "127.0.0.1:0"]).args(arguments);
        (command, data)
    }

    /// Starts what [`Host::command`] gave.
    ///
    /// # Panics
    /// It does not start.
    #[must_use]
    pub fn spawn(command: &mut Command, data: TempDir) -> Host {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let log = Arc::new(Mutex::new(String::new()));
        let mut errors = child.stderr.take().expect("standard error");
        thread::spawn({
            let log = Arc::clone(&log);
            move || {
                let mut part = [0; 4096];
                while let Ok(count @ 1..) = errors.read(&mut part) {
                    let text = String::from_utf8_lossy(&part[..count]).into_owned();
                    log.lock().expect("the log").push_str(&text);
                }
            }
        });
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().expect("standard output"));
        output.read_line(&mut line).expect("a line");
        let address = line
            .trim_end()
            .strip_prefix("plancheck is ready at http://");
        let address = match address {
            Some(address) => address.to_owned(),
            None => {
                thread::sleep(Duration::from_millis(200));
                panic!("not ready: {line:?}\n{}", log.lock().expect("the log"));
            }
        };
        Host {
            child,
            address,
            log,
            data,
        }
    }

    /// Nobody in particular.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(&self.address)
    }

    /// The administrator, logged in.
    ///
    /// # Panics
    /// The login is refused.
    #[must_use]
    pub fn admin(&self) -> Client {
        self.client().login("admin", PASSWORD)
    }

    /// A new account of this role, logged in. `organisation` is `main`, or another one.
    ///
    /// # Panics
    /// The account cannot be made.
    #[must_use]
    pub fn user(&self, admin: &Client, name: &str, role: &str, organisation: &str) -> Client {
        let body = serde_json::json!({
            "name": name, "password": PASSWORD, "role": role, "organisation": organisation,
        });
        admin.post_json("/api/v1/users", &body).expect(201);
        self.client().login(name, PASSWORD)
    }

    /// What it logged so far.
    ///
    /// # Panics
    /// A test panicked while it read it.
    #[must_use]
    pub fn log(&self) -> String {
        self.log.lock().expect("the log").clone()
    }

    /// The folder that it keeps things in.
    #[must_use]
    pub fn data(&self) -> &std::path::Path {
        self.data.path()
    }

    /// Asks it to end.
    ///
    /// # Panics
    /// It cannot be asked.
    pub fn terminate(&self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("a signal");
    }

    /// Asks it to look at its modules.
    ///
    /// # Panics
    /// It cannot be asked.
    pub fn hang_up(&self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::HUP).expect("a signal");
    }

    /// Ends it at once.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Waits until it has ended.
    ///
    /// # Panics
    /// It does not end.
    pub fn wait(&mut self) -> ExitStatus {
        let mut status = None;
        wait_until("the server ends", || {
            status = self.child.try_wait().expect("its state");
            status.is_some()
        });
        status.expect("it has ended")
    }

    /// Bytes of memory that it uses now.
    ///
    /// # Panics
    /// The system does not say.
    #[must_use]
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.expect("/proc");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().strip_suffix("kB"));
        kib.and_then(|kib| kib.trim().parse::<u64>().ok())
            .expect("VmRSS")
            << 10
    }

    /// The value of a metric; nought where there is none of this name and labels.
    ///
    /// # Panics
    /// It is no number.
    #[must_use]
    pub fn counted(&self, metric: &str) -> f64 {
        let metrics = self.client().get("/metrics").text();
        let value = metrics
            .lines()
            .find_map(|line| line.strip_prefix(metric)?.strip_prefix(' '));
        value.map_or(0.0, |value| value.parse().expect("a number"))
    }

    /// Asks until the answer has this status.
    pub fn wait_for(&self, path: &str, status: u16) -> Reply {
        let client = self.client();
        let mut last = None;
        wait_until(&format!("{path} answers {status}"), || {
            last = client.try_get(path);
            last.as_ref().is_some_and(|reply| reply.status == status)
        });
        last.unwrap_or_else(|| unreachable!("it was asked"))
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.kill();
        if thread::panicking() {
            eprintln!("the server's log:\n{}", self.log());
        }
    }
}
