//! Rules about what our sources say.

use super::rust::{code_outside_tests, is_test_path, without_comment};
use super::{Breach, File};

/// Unfinished work. In two parts, so that this file keeps its own rule.
const OPEN_ENDS: &[&str] = &[
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("FIX", "ME"),
];

/// A folder of one machine, which means nothing on another.
const LOCAL_PATHS: &[&str] = &[concat!("/wo", "rk/"), concat!("/tmp/tar", "get")];

/// What the engine must not know, and why.
const NOT_IN_ENGINE: &[(&str, &str)] = &[
    ("axum", "the engine does not know HTTP"),
    ("hyper", "the engine does not know HTTP"),
    ("reqwest", "the engine does not know HTTP"),
    ("redis", "the engine has no store"),
    ("sqlx", "the engine has no store"),
    ("tokio", "the engine does not wait"),
    ("wasmtime", "the engine does not know its host"),
    ("plancheck_host", "the engine does not know its host"),
    ("std::fs", "the engine does no I/O"),
    ("std::net", "the engine does no I/O"),
    ("std::io::stdin", "the engine does no I/O"),
    ("std::env", "the engine has no surroundings"),
    ("std::process", "the engine has no surroundings"),
    ("std::thread", "the engine has no threads of its own"),
    ("std::time::Instant", "the engine has no clock"),
    ("std::time::SystemTime", "the engine has no clock"),
];

/// No unfinished work in sources.
pub fn open_ends(file: &File) -> Vec<Breach> {
    let is_source = [".rs", ".ts", ".js", ".mjs", ".sh", ".py", ".wit"]
        .iter()
        .any(|end| file.path.ends_with(end));
    let text = file
        .text
        .as_deref()
        .filter(|_| is_source)
        .unwrap_or_default();
    each_line(file, text, |line| {
        OPEN_ENDS
            .iter()
            .find(|end| line.contains(**end))
            .map(|end| format!("`{end}`: finish it or leave it out"))
    })
}

/// No paths of one machine.
pub fn local_paths(file: &File) -> Vec<Breach> {
    let text = file.text.as_deref().unwrap_or_default();
    each_line(file, text, |line| {
        LOCAL_PATHS
            .iter()
            .find(|path| names_path(line, path))
            .map(|path| format!("`{path}` exists on one machine only"))
    })
}

/// Whether `path` starts in `line`, rather than continue another one.
fn names_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|character| character.is_alphanumeric() || "._-$}".contains(character))
    })
}

/// Every `#[allow(…)]` and `#[expect(…)]` says why.
pub fn reasons(file: &File) -> Vec<Breach> {
    let Some(text) = file.rust() else {
        return Vec::new();
    };
    let mut breaches = Vec::new();
    let lines: Vec<&str> = text.lines().map(without_comment).collect();
    for (index, line) in lines.iter().enumerate() {
        let start = line.trim_start();
        let opens = ["#[allow(", "#![allow(", "#[expect(", "#![expect("]
            .iter()
            .any(|open| start.starts_with(open))
            || (start.starts_with("#[cfg_attr(") && start.contains("allow("));
        if !opens {
            continue;
        }
        let attribute: Vec<&str> = lines.iter().skip(index).take(8).copied().collect();
        let attribute = attribute.join("\n");
        let attribute = attribute.split(")]").next().unwrap_or_default();
        if !attribute.contains("reason = \"") {
            breaches.push(Breach::new(file, index + 1, "say why: `reason = \"…\"`"));
        }
    }
    breaches
}

/// The engine knows no host, no I/O, no clock and no threads.
pub fn engine_is_pure(file: &File) -> Vec<Breach> {
    let Some(text) = file
        .rust()
        .filter(|_| file.path.starts_with("engine-wasm/src/") && !is_test_path(&file.path))
    else {
        return Vec::new();
    };
    let mut breaches = Vec::new();
    for line in code_outside_tests(text) {
        for (name, why) in NOT_IN_ENGINE {
            if mentions(line.text, name) {
                breaches.push(Breach::new(file, line.number, format!("`{name}`: {why}")));
            }
        }
    }
    breaches
}

/// Whether a line of code names a path such as `std::fs`, also as `use std::{fs, …}`.
fn mentions(line: &str, path: &str) -> bool {
    let Some((parent, name)) = path.rsplit_once("::") else {
        return words(line).any(|word| word == path) && line.contains(&format!("{path}::"));
    };
    let in_group = || {
        let group = line.split(&format!("{parent}::{{")).nth(1)?;
        let group = group.split("};").next()?;
        Some(words(group).any(|word| word == name))
    };
    let directly = line
        .split(path)
        .skip(1)
        .any(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'));
    directly || in_group().unwrap_or(false)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_alphanumeric() && character != '_')
}

/// Every `const MAX_…` has a doc comment: what it protects and why it has this value.
pub fn limits_are_explained(file: &File) -> Vec<Breach> {
    let Some(text) = file.rust().filter(|_| !is_test_path(&file.path)) else {
        return Vec::new();
    };
    let all: Vec<&str> = text.lines().map(str::trim).collect();
    let mut breaches = Vec::new();
    for line in code_outside_tests(text) {
        let code = line.text.trim_start();
        let is_limit = [
            "const MAX_",
            "pub const MAX_",
            "pub(crate) const MAX_",
            "pub(super) const MAX_",
        ]
        .iter()
        .any(|start| code.starts_with(start));
        let above = all
            .iter()
            .take(line.number - 1)
            .rev()
            .find(|line| !line.starts_with("#["));
        if is_limit && !above.is_some_and(|line| line.starts_with("///")) {
            breaches.push(Breach::new(
                file,
                line.number,
                "a limit needs a doc comment with its reason",
            ));
        }
    }
    breaches
}

/// A breach for every line about which `judge` has something to say.
fn each_line(file: &File, text: &str, judge: impl Fn(&str) -> Option<String>) -> Vec<Breach> {
    text.lines()
        .enumerate()
        .filter_map(|(index, line)| judge(line).map(|what| Breach::new(file, index + 1, what)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::file;

    fn count(rule: fn(&File) -> Vec<Breach>, path: &str, text: &str) -> usize {
        rule(&file(path, text)).len()
    }

    #[test]
    fn open_ends_are_found_in_sources() {
        for end in OPEN_ENDS {
            assert_eq!(
                count(open_ends, "a.rs", &format!("fn a() {{ {end}) }}")),
                1,
                "{end}"
            );
            assert_eq!(count(open_ends, "a.md", end), 0, "{end}");
        }
    }

    #[test]
    fn local_paths_are_found_in_any_text() {
        let path = LOCAL_PATHS[0];
        assert_eq!(
            count(local_paths, "README.md", &format!("see {path}main")),
            1
        );
        assert_eq!(
            count(local_paths, "README.md", &format!("see .github{path}flow")),
            0
        );
        assert_eq!(count(local_paths, "README.md", "see ../shared"), 0);
    }

    #[test]
    fn exceptions_need_a_reason() {
        assert_eq!(count(reasons, "a.rs", "#[allow(dead_code)]\nfn a() {}"), 1);
        assert_eq!(
            count(reasons, "a.rs", "    #![expect(\n    dead_code,\n)]"),
            1
        );
        assert_eq!(
            count(reasons, "a.rs", "#[cfg_attr(test, allow(dead_code))]"),
            1
        );
        assert_eq!(
            count(
                reasons,
                "a.rs",
                "#[allow(dead_code, reason = \"mirrors the format\")]"
            ),
            0
        );
        assert_eq!(
            count(
                reasons,
                "a.rs",
                "#[allow(\n    dead_code,\n    reason = \"b\"\n)]"
            ),
            0
        );
        assert_eq!(count(reasons, "a.rs", "/// `#[allow(dead_code)]`"), 0);
    }

    #[test]
    fn the_engine_mentions_no_host() {
        let engine = |text| count(engine_is_pure, "engine-wasm/src/a.rs", text);
        assert_eq!(engine("use std::fs;"), 1);
        assert_eq!(engine("use std::{collections::HashMap, fs, fmt};"), 1);
        assert_eq!(engine("let now = std::time::Instant::now();"), 1);
        assert_eq!(engine("tokio::spawn(a);"), 1);
        assert_eq!(engine("use std::fmt; // not std::fs"), 0);
        assert_eq!(engine("/// No tokio::spawn here."), 0);
        assert_eq!(engine("use crate::redistribute;"), 0);
        assert_eq!(
            engine("#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n"),
            0
        );
        assert_eq!(count(engine_is_pure, "host/src/a.rs", "use std::fs;"), 0);
        assert_eq!(
            count(engine_is_pure, "engine-wasm/tests/a.rs", "use std::fs;"),
            0
        );
    }

    #[test]
    fn limits_need_a_doc_comment() {
        let limits = |text| count(limits_are_explained, "a.rs", text);
        assert_eq!(limits("const MAX_DEPTH: u32 = 8;"), 1);
        assert_eq!(limits("// why\npub const MAX_DEPTH: u32 = 8;"), 1);
        assert_eq!(
            limits("/// Stack.\n#[doc(hidden)]\npub const MAX_DEPTH: u32 = 8;"),
            0
        );
        assert_eq!(limits("/// Stack.\nconst MAX_DEPTH: u32 = 8;"), 0);
    }
}
