//! The repository's own rules, as code. Each rule looks at one file (or the list of all) and says what
//! breaches it; a rule that needs an exception lists it here, with the reason.
//!
//! - [`files`]: sizes, lengths, what may lie where
//! - [`source`]: what our Rust code may not say, and what it must say
//! - [`rule_fixtures`]: fixtures and pages of the rules in `rules-plugins/`

mod files;
mod rule_fixtures;
mod rust;
mod source;

use std::fmt;
use std::fs;

use anyhow::{Result, bail};

use crate::context::Context;
use crate::process;

/// A file of the repository.
pub struct File {
    /// From the root, with `/`.
    pub path: String,
    /// In bytes.
    pub size: u64,
    /// What it says; `None` when it is not text.
    pub text: Option<String>,
}

impl File {
    /// The text of a Rust source.
    pub fn rust(&self) -> Option<&str> {
        if self.path.ends_with(".rs") {
            self.text.as_deref()
        } else {
            None
        }
    }
}

/// One breach of one rule.
#[derive(Debug, PartialEq)]
pub struct Breach {
    path: String,
    /// From 1; 0 for the whole file.
    line: usize,
    what: String,
}

impl Breach {
    /// A breach in a line, counted from 1; 0 for the whole file.
    pub fn new(file: &File, line: usize, what: impl Into<String>) -> Self {
        Self {
            path: file.path.clone(),
            line,
            what: what.into(),
        }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.what),
            line => write!(f, "{}:{line}: {}", self.path, self.what),
        }
    }
}

/// Looks at one file.
type FileRule = fn(&File) -> Vec<Breach>;

const FILE_RULES: &[FileRule] = &[
    files::size,
    files::length,
    files::models,
    files::workspace_lints,
    source::open_ends,
    source::local_paths,
    source::reasons,
    source::engine_is_pure,
    source::limits_are_explained,
];

/// `./x tidy`
pub fn tidy(context: &Context, _arguments: &[String]) -> Result<()> {
    process::step("tidy", || {
        let files = collect(context)?;
        let breaches = check(&files);
        for breach in &breaches {
            eprintln!("{breach}");
        }
        match breaches.len() {
            0 => eprintln!("    {} files keep the rules", files.len()),
            count => bail!("{count} breaches of the repository's rules, see above"),
        }
        Ok(())
    })
}

/// Every breach in these files, in their order.
fn check(files: &[File]) -> Vec<Breach> {
    let mut breaches: Vec<Breach> = files
        .iter()
        .flat_map(|file| FILE_RULES.iter().flat_map(move |rule| rule(file)))
        .collect();
    breaches.extend(rule_fixtures::complete(files));
    breaches.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    breaches
}

/// Reads the files that git tracks or would track; without git every file outside build folders.
fn collect(context: &Context) -> Result<Vec<File>> {
    let mut git = context.program("git");
    git.args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]);
    // A checkout that belongs to another user is still ours to read.
    let listed = git
        .stderr(std::process::Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success());
    let paths: Vec<String> = match listed {
        Some(output) => String::from_utf8_lossy(&output.stdout)
            .split('\0')
            .filter(|path| !path.is_empty())
            .map(str::to_owned)
            .collect(),
        None => {
            let mut paths = Vec::new();
            walk(context, "", &mut paths)?;
            paths
        }
    };
    let mut files = Vec::new();
    for path in paths {
        // Deleted but still tracked.
        let Ok(bytes) = fs::read(context.root.join(&path)) else {
            continue;
        };
        files.push(File {
            path,
            size: bytes.len() as u64,
            text: String::from_utf8(bytes).ok(),
        });
    }
    Ok(files)
}

fn walk(context: &Context, folder: &str, paths: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(context.root.join(folder))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() {
            name.clone()
        } else {
            format!("{folder}/{name}")
        };
        if entry.file_type()?.is_dir() {
            if name != ".git" && name != "node_modules" && !name.starts_with("target") {
                walk(context, &path, paths)?;
            }
        } else {
            paths.push(path);
        }
    }
    Ok(())
}

/// A file for the tests of the rules.
#[cfg(test)]
fn file(path: &str, text: &str) -> File {
    File {
        path: path.to_owned(),
        size: text.len() as u64,
        text: Some(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaches_come_sorted_with_their_lines() {
        let marker = concat!("// FIX", "ME later\n");
        let files = [
            file("b.rs", &format!("\n{marker}{marker}")),
            file("a.rs", marker),
        ];
        let lines: Vec<String> = check(&files).iter().map(ToString::to_string).collect();
        let places: Vec<&str> = lines
            .iter()
            .filter_map(|line| line.split(": ").next())
            .collect();
        assert_eq!(places, ["a.rs:1", "b.rs:2", "b.rs:3"]);
    }
}
