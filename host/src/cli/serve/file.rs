//! The configuration file: its values become the defaults of the flags, so that a flag or a variable
//! counts before them, and each is read and checked as the flag is.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{ArgAction, Command};

/// What a file of settings is at most.
const LARGEST: u64 = 1 << 20;
/// Flags that make no sense in a file.
const NOT_IN_FILES: &[&str] = &[
    "config",
    "check-config",
    "print-settings",
    "help",
    "version",
];

/// The file that the arguments or the variable name, if `serve` is what is run.
pub(in crate::cli) fn named(mut arguments: impl Iterator<Item = OsString>) -> Option<PathBuf> {
    let first = arguments.by_ref().nth(1)?;
    if first != "serve" {
        return None;
    }
    let mut found = std::env::var_os("PLANCHECK_CONFIG").filter(|name| !name.is_empty());
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy();
        if text == "--config" {
            found = arguments.next();
        } else if let Some(name) = text.strip_prefix("--config=") {
            found = Some(name.into());
        }
    }
    found.map(PathBuf::from)
}

/// `serve` with the file's values as defaults.
pub(in crate::cli) fn with_defaults(serve: Command, file: &Path) -> Result<Command, String> {
    let at = |why: &dyn std::fmt::Display| format!("{}: {why}", file.display());
    let size = std::fs::metadata(file).map_err(|error| at(&error))?.len();
    if size > LARGEST {
        return Err(at(&"too large for a file of settings"));
    }
    let text = std::fs::read_to_string(file).map_err(|error| at(&error))?;
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| at(&error))?;
    let mut serve = serve;
    for (key, value) in &table {
        let flag = key.replace('_', "-");
        let known: Vec<String> = names(&serve);
        if !known.contains(&flag) {
            let near = nearest(&flag, &known);
            let hint = near
                .map(|near| format!("; is `{near}` meant?"))
                .unwrap_or_default();
            return Err(at(&format!("there is no setting `{key}`{hint}")));
        }
        let values = texts(value).ok_or_else(|| {
            at(&format!(
                "`{key}` is a text, a number, true or false, or a list of these"
            ))
        })?;
        check(&serve, &flag, &values).map_err(|why| at(&format!("`{key}`: {why}")))?;
        let id = serve
            .get_arguments()
            .find(|argument| argument.get_long() == Some(&flag))
            .map(|argument| argument.get_id().clone());
        if let Some(id) = id {
            serve = serve.mut_arg(id, |argument| argument.default_values(values));
        }
    }
    Ok(serve)
}

/// Names of flags that a file may set.
fn names(serve: &Command) -> Vec<String> {
    let longs = serve.get_arguments().filter_map(clap::Arg::get_long);
    longs
        .filter(|long| !NOT_IN_FILES.contains(long))
        .map(str::to_owned)
        .collect()
}

fn texts(value: &toml::Value) -> Option<Vec<String>> {
    use toml::Value;
    Some(match value {
        Value::String(text) => vec![text.clone()],
        Value::Integer(number) => vec![number.to_string()],
        Value::Boolean(flag) => vec![flag.to_string()],
        Value::Array(values) => {
            let lists: Option<Vec<Vec<String>>> = values.iter().map(texts).collect();
            lists?.concat()
        }
        Value::Float(_) | Value::Datetime(_) | Value::Table(_) => return None,
    })
}

/// What the flag says of values, before they become its defaults: a message about a default would
/// name a flag that nobody wrote.
fn check(serve: &Command, flag: &str, values: &[String]) -> Result<(), String> {
    let argument = serve
        .get_arguments()
        .find(|argument| argument.get_long() == Some(flag));
    let Some(argument) = argument else {
        return Ok(());
    };
    if matches!(argument.get_action(), ArgAction::SetTrue) {
        return match values {
            [one] if one == "true" || one == "false" => Ok(()),
            _ => Err("is true or false".to_owned()),
        };
    }
    let many = matches!(argument.get_action(), ArgAction::Append)
        || argument.get_value_delimiter().is_some();
    if values.len() != 1 && !many {
        return Err("is one value, not a list".to_owned());
    }
    let written = values.iter().map(|value| format!("--{flag}={value}"));
    let arguments = std::iter::once("serve".to_owned()).chain(written);
    match serve.clone().try_get_matches_from(arguments) {
        Ok(_) => Ok(()),
        Err(error) => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            let first = first.strip_prefix("error: ").unwrap_or(first);
            Err(first.to_owned())
        }
    }
}

/// The known name that is most alike.
fn nearest<'k>(name: &str, known: &'k [String]) -> Option<&'k str> {
    /// As clap's own hints.
    const ALIKE: f64 = 0.7;
    let alike = |other: &str| strsim::jaro_winkler(name, other);
    let best = known.iter().max_by(|a, b| alike(a).total_cmp(&alike(b)))?;
    (alike(best) > ALIKE).then_some(best.as_str())
}
