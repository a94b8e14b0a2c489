//! A PostgreSQL of one's own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::{free_port, wait_until};

/// Its programs: in PATH, or where Debian puts them.
pub(crate) fn folder() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let mut debian: Vec<PathBuf> = versions
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    debian.sort();
    std::env::split_paths(&path)
        .chain(debian.into_iter().rev())
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// It refuses to run as root; Debian's package makes this user.
const USER: &str = "postgres";

fn program(name: &str) -> Command {
    let path = folder().expect("PostgreSQL is installed").join(name);
    if rustix::process::getuid().is_root() {
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid", USER, "--regid", USER, "--init-groups", "--"])
            .arg(path);
        command
    } else {
        Command::new(path)
    }
}

/// A running PostgreSQL; killed when dropped.
pub struct Postgres {
    child: Option<Child>,
    port: u16,
    folder: TempDir,
    tls: bool,
}

impl Postgres {
    /// Makes an empty one and starts it on a free port.
    ///
    /// # Panics
    /// It does not start.
    #[must_use]
    pub fn start() -> Postgres {
        Postgres::make(None)
    }

    /// The same, which speaks TLS with `server.pem` and `server.key` of a folder.
    ///
    /// # Panics
    /// It does not start.
    #[must_use]
    pub fn start_with_tls(certificates: &Path) -> Postgres {
        Postgres::make(Some(certificates))
    }

    fn make(certificates: Option<&Path>) -> Postgres {
        let folder = tempfile::Builder::new()
            .prefix("plancheck-pg")
            .tempdir()
            .expect("a folder");
        if rustix::process::getuid().is_root() {
            let owned = Command::new("chown")
                .args([USER, "--"])
                .arg(folder.path())
                .status();
            assert!(owned.is_ok_and(|status| status.success()), "chown {USER}");
        }
        let data = folder.path().join("data");
        let made = program("initdb")
            .args([
                "--username",
                "plancheck",
                "--auth",
                "trust",
                "--encoding",
                "UTF8",
                "--no-sync",
                "--pgdata",
            ])
            .arg(&data)
            .current_dir(folder.path())
            .output()
            .expect("initdb starts");
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        let mut postgres = Postgres {
            child: None,
            port: free_port(),
            folder,
            tls: certificates.is_some(),
        };
        for (file, to) in [("server.pem", "server.crt"), ("server.key", "server.key")] {
            let Some(from) = certificates else { break };
            let to = data.join(to);
            std::fs::copy(from.join(file), &to).expect("a certificate");
            if rustix::process::getuid().is_root() {
                let _ = Command::new("chown").args([USER, "--"]).arg(&to).status();
            }
            let _ = Command::new("chmod").arg("600").arg(&to).status();
        }
        postgres.restart();
        postgres
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://plancheck@127.0.0.1:{}/postgres", self.port)
    }

    /// Lets nobody in without a password from now on; its users have none.
    ///
    /// # Panics
    /// Its settings cannot be written.
    pub fn want_passwords(&self) {
        let file = self.folder.path().join("data/pg_hba.conf");
        std::fs::write(file, "host all all 127.0.0.1/32 scram-sha-256\n").expect("pg_hba.conf");
        let child = self.child.as_ref().expect("it runs");
        let pid = rustix::process::Pid::from_child(child);
        rustix::process::kill_process(pid, rustix::process::Signal::HUP).expect("a signal");
        std::thread::sleep(std::time::Duration::from_millis(500));
    }

    /// Ends it at once, with all its processes.
    pub fn kill(&mut self) {
        let Some(mut child) = self.child.take() else {
            return;
        };
        // SIGQUIT is its own word for at once.
        let pid = rustix::process::Pid::from_child(&child);
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::QUIT);
        let _ = child.wait();
    }

    /// Starts it again on the same port, with what it had.
    ///
    /// # Panics
    /// It does not start.
    pub fn restart(&mut self) {
        self.kill();
        let data: &Path = &self.folder.path().join("data");
        let child = program("postgres")
            .arg("-D")
            .arg(data)
            .args([
                "-p",
                &self.port.to_string(),
                "-c",
                "listen_addresses=127.0.0.1",
            ])
            .args(["-c", "fsync=off", "-c", "unix_socket_directories="])
            .args(["-c", if self.tls { "ssl=on" } else { "ssl=off" }])
            .current_dir(self.folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        self.child = Some(child.expect("postgres starts"));
        let address = ("127.0.0.1", self.port);
        wait_until("PostgreSQL listens", || {
            std::net::TcpStream::connect(address).is_ok()
        });
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.kill();
    }
}
