//! A Redis of one's own.

use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::{free_port, wait_until};

/// Whether there is one to start.
pub(crate) fn is_installed() -> bool {
    let version = Command::new("redis-server").arg("--version").output();
    version.is_ok_and(|output| output.status.success())
}

/// A running Redis; killed when dropped.
pub struct Redis {
    child: Option<Child>,
    port: u16,
    folder: TempDir,
}

impl Redis {
    /// Starts it on a free port.
    ///
    /// # Panics
    /// It does not start.
    #[must_use]
    pub fn start() -> Redis {
        let folder = tempfile::tempdir().expect("a folder");
        let mut redis = Redis {
            child: None,
            port: free_port(),
            folder,
        };
        redis.restart();
        redis
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Ends it at once, as a machine that loses power.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Stops it without closing its connections: it accepts and never answers.
    ///
    /// # Panics
    /// It is not running.
    pub fn freeze(&self) {
        self.signal(rustix::process::Signal::STOP);
    }

    /// Goes on after [`Redis::freeze`].
    ///
    /// # Panics
    /// It is not running.
    pub fn thaw(&self) {
        self.signal(rustix::process::Signal::CONT);
    }

    fn signal(&self, signal: rustix::process::Signal) {
        let child = self.child.as_ref().expect("it runs");
        let pid = rustix::process::Pid::from_child(child);
        rustix::process::kill_process(pid, signal).expect("a signal");
    }

    /// Starts it again on the same port, empty.
    ///
    /// # Panics
    /// It does not start.
    pub fn restart(&mut self) {
        self.kill();
        let child = Command::new("redis-server")
            .args(["--port", &self.port.to_string(), "--bind", "127.0.0.1"])
            .args(["--save", "", "--appendonly", "no", "--dir"])
            .arg(self.folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        self.child = Some(child.expect("redis-server starts"));
        let address = ("127.0.0.1", self.port);
        wait_until("Redis listens", || {
            std::net::TcpStream::connect(address).is_ok()
        });
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}
