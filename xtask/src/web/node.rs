//! Node and its npm, and a browser for the tests: found, or installed.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::context::Context;
use crate::process;

/// A Node that can run the build.
pub struct Node {
    /// Its folder, to be looked in first; none: it is found as it is.
    folder: Option<PathBuf>,
    /// `v20.19.0`
    pub version: String,
}

impl Node {
    /// The program `node`, in the root of the checkout.
    pub fn node(&self, context: &Context) -> Command {
        self.with_path(context.program("node"))
    }

    /// The program `npm` in a folder.
    pub fn npm(&self, context: &Context, folder: &Path) -> Command {
        let mut command = self.with_path(context.program("npm"));
        command.current_dir(folder);
        // No notices of new releases: they are no news of this build.
        command.env("NPM_CONFIG_UPDATE_NOTIFIER", "false");
        if !process::colour() {
            command.env("NO_COLOR", "1");
        }
        command
    }

    fn with_path(&self, command: Command) -> Command {
        with_path(command, self.folder.as_deref())
    }
}

/// A command that looks for programs in this folder first.
fn with_path(mut command: Command, folder: Option<&Path>) -> Command {
    let Some(folder) = folder else {
        return command;
    };
    let old = std::env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&old));
    // A folder with a colon in its name cannot be in PATH; it is left out then.
    let path: OsString = std::env::join_paths(all).unwrap_or(old);
    let program = command.get_program().to_owned();
    // The program itself is looked for in our own PATH.
    let own = folder.join(&program);
    if own.is_file() {
        let mut other = Command::new(own);
        if let Some(at) = command.get_current_dir() {
            other.current_dir(at);
        }
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => other.env(name, value),
                None => other.env_remove(name),
            };
        }
        command = other;
    }
    command.env("PATH", path);
    command
}

/// Finds or installs Node and npm.
pub fn prepare(context: &Context) -> Result<Node> {
    let mut script = context.program("sh");
    script.arg("xtask/tools.sh").arg("node");
    let words = process::output(&mut script).context("no Node for the web part, see above")?;
    let mut lines = words.lines();
    let version = lines.next().unwrap_or_default().to_owned();
    let folder = lines.next().filter(|line| !line.is_empty());
    if version.is_empty() {
        bail!("xtask/tools.sh named no version of Node");
    }
    Ok(Node {
        folder: folder.map(PathBuf::from),
        version,
    })
}

/// Finds or installs a browser.
pub fn prepare_browser(context: &Context) -> Result<()> {
    let mut script = context.program("sh");
    script.arg("xtask/tools.sh").arg("browser");
    process::output(&mut script).context("no browser for the tests, see above")?;
    Ok(())
}

/// Finds or installs what the tests of the server run: Redis, PostgreSQL, promtool, schemathesis.
pub fn prepare_services(context: &Context) -> Result<()> {
    let mut script = context.program("sh");
    script.arg("xtask/tools.sh").arg("services");
    process::output(&mut script).context("no services for the tests, see above")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_its_own_comes_first() {
        let command = with_path(Command::new("node"), Some(Path::new("/no/such/folder")));
        let path = command
            .get_envs()
            .find_map(|(name, value)| (name == "PATH").then_some(value?));
        let path = path.unwrap().to_string_lossy().into_owned();
        assert!(path.starts_with("/no/such/folder"), "{path}");
        assert_eq!(with_path(Command::new("node"), None).get_envs().count(), 0);
    }
}
