//! Rulebooks: modules that are one TOML file. No compiler is needed; the program has the interpreter
//! in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use plancheck_rule_files::RuleFile;
use plancheck_rulebook::Rulebook;

use super::super::exit::{self, Failure};
use super::super::{input, output};
use super::build::{self, Built};
use crate::render::{cut, safe};
use crate::runtime::{embedded_interpreter, embedded_runner};

/// Whether this is a rulebook by its name: a file, not a crate's folder.
pub(super) fn is_one(path: &Path) -> bool {
    let toml = path.extension().is_some_and(|ending| ending == "toml");
    toml && path.file_name().is_some_and(|name| name != "Cargo.toml")
}

/// Reads one; what is wrong with it is a message for people, with the lines of the file.
pub(super) fn read(path: &Path, fixtures: bool) -> Result<Rulebook, Failure> {
    let name = input::name(path);
    let source = String::from_utf8(input::read(path)?)
        .map_err(|_| Failure::usage(format!("{name}: this is no text in UTF-8")))?;
    let parsed = if fixtures {
        Rulebook::parse(&source, &name)
    } else {
        Rulebook::parse_without_fixtures(&source, &name)
    };
    parsed.map_err(|errors| {
        eprintln!("{}", errors.render(output::errors_to_terminal()).trim_end());
        Failure::findings(format!("{name} cannot be used as it is"))
    })
}

/// The module that it becomes.
pub(super) fn component(rulebook: &Rulebook) -> Result<Vec<u8>, Failure> {
    let interpreter = embedded_interpreter().ok_or_else(incomplete)?;
    let core = rulebook.module(interpreter).map_err(Failure::fault)?;
    wrap(&core, &rulebook.manifest().module.id)
}

/// A rule file of the older system, and the module that it becomes.
fn rule_file(path: &Path) -> Result<(RuleFile, Vec<u8>), Failure> {
    let name = input::name(path);
    let source = String::from_utf8(input::read(path)?)
        .map_err(|_| Failure::usage(format!("{name}: this is no text in UTF-8")))?;
    let file = RuleFile::parse(&source, &name).map_err(Failure::findings)?;
    let runner = embedded_runner().ok_or_else(incomplete)?;
    let core = file.module(runner).map_err(Failure::fault)?;
    let bytes = wrap(&core, &file.manifest().module.id)?;
    Ok((file, bytes))
}

fn incomplete() -> Failure {
    Failure::fault(
        "this program was built without what runs rulebooks: run `./x wasm` in the checkout and build again",
    )
}

/// The core module as a component, held to what hosts and browsers ask.
fn wrap(core: &[u8], id: &str) -> Result<Vec<u8>, Failure> {
    let bytes = wit_component::ComponentEncoder::default()
        .validate(true)
        .module(core)
        .and_then(|encoder| encoder.encode())
        .map_err(|error| Failure::fault(format!("the module cannot be wrapped: {error:#}")))?;
    build::check(id, &bytes)?;
    Ok(bytes)
}

/// Whether this is a rule file of the older system by its name.
pub(super) fn is_rule_file(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "json")
}

/// Reads, wraps, checks and writes.
pub(super) fn build(path: &Path, out: Option<&Path>) -> Result<Built, Failure> {
    let (id, bytes) = if is_rule_file(path) {
        let (file, bytes) = rule_file(path)?;
        (file.manifest().module.id.clone(), bytes)
    } else {
        let rulebook = read(path, true)?;
        (rulebook.manifest().module.id.clone(), component(&rulebook)?)
    };
    let folder = path.parent().unwrap_or(Path::new(".")).to_owned();
    let out = match out {
        Some(out) => out.to_owned(),
        None => folder.join(&id).with_extension("wasm"),
    };
    output::write(&out, &bytes)?;
    Ok(Built {
        path: out,
        bytes,
        folder,
    })
}

/// Does it again each time that the file changes, until the program is ended.
pub(super) fn watch(
    path: &Path,
    mut again: impl FnMut() -> Result<u8, Failure>,
) -> Result<u8, Failure> {
    /// Between two looks at the file.
    const LOOK: Duration = Duration::from_millis(250);
    let changed =
        |path: &PathBuf| -> Option<SystemTime> { fs::metadata(path).ok()?.modified().ok() };
    let path = path.to_owned();
    loop {
        let seen = changed(&path);
        if output::to_terminal() {
            output::print("\x1b[2J\x1b[H")?;
        }
        match again() {
            Ok(exit::CLEAN | exit::FINDINGS) => {}
            Ok(code) => return Ok(code),
            // A file that is being written is read again in a moment.
            Err(failure) => {
                let _ = failure.report();
            }
        }
        eprintln!(
            "plancheck: waiting for changes of {}; Ctrl-C ends",
            cut(&safe(&path.display().to_string()), 200)
        );
        while changed(&path) == seen {
            std::thread::sleep(LOOK);
        }
    }
}
