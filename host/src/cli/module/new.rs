//! `plancheck module new`: a module to start from, which builds and passes its fixture.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use super::super::exit::{self, Failure};
use super::super::output;

/// Write a new module's crate
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  plancheck module new us-co-denver
  plancheck module test us-co-denver

The crate depends on plancheck-sdk: the one of the checkout around you, or --sdk PATH.")]
pub(in crate::cli) struct Args {
    /// Id of the module: lower case with hyphens, place first; the folder gets this name
    name: String,
    /// The folder of plancheck-sdk, when not inside a checkout of plancheck
    #[arg(long, value_name = "PATH")]
    sdk: Option<PathBuf>,
    /// Where the folder is made
    #[arg(long, value_name = "DIR", default_value = ".")]
    r#in: PathBuf,
}

/// Path in the crate, and what is in it; `{{…}}` is filled in.
const FILES: [(&str, &str); 7] = [
    ("Cargo.toml", include_str!("template/Cargo.toml.txt")),
    ("README.md", include_str!("template/README.md.txt")),
    (".gitignore", "target\n"),
    ("src/lib.rs", include_str!("template/lib.rs.txt")),
    ("src/rules/mod.rs", include_str!("template/rules.rs.txt")),
    (
        "src/rules/door_width.rs",
        include_str!("template/door_width.rs.txt"),
    ),
    (
        "src/rules/door_width.toml",
        include_str!("template/door_width.toml.txt"),
    ),
];

pub(super) fn run(args: &Args) -> Result<u8, Failure> {
    check_name(&args.name)?;
    let here = args.r#in.as_os_str() == ".";
    let folder = if here {
        PathBuf::from(&args.name)
    } else {
        args.r#in.join(&args.name)
    };
    let sdk = sdk(args)?;
    let country = args
        .name
        .split('-')
        .next()
        .filter(|c| c.len() == 2)
        .unwrap_or("us");
    match fs::create_dir(&folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(Failure::usage(format!(
                "{}: exists already",
                folder.display()
            )));
        }
        other => other.map_err(|error| Failure::usage(format!("{}: {error}", folder.display())))?,
    }
    for (path, template) in FILES {
        let path = folder.join(path);
        let text = template
            .replace("{{name}}", &args.name)
            .replace("{{country}}", country)
            // A path as a TOML string.
            .replace("{{sdk}}", &format!("{:?}", sdk.display().to_string()));
        let parent = path.parent().unwrap_or(&folder);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&path, text))
            .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    }
    let shown = folder.display();
    output::print(&format!(
        "{shown} is ready: one rule, with its page and its fixture. Next:\n  \
         plancheck module test {shown}\n"
    ))?;
    Ok(exit::CLEAN)
}

fn check_name(name: &str) -> Result<(), Failure> {
    let good = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() <= 60
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !name.ends_with('-');
    if good {
        Ok(())
    } else {
        Err(Failure::usage(format!(
            "{name:?} is no module id: lower-case letters, digits and hyphens, such as us-co-denver"
        )))
    }
}

/// The folder of plancheck-sdk.
fn sdk(args: &Args) -> Result<PathBuf, Failure> {
    let is_sdk = |path: &Path| {
        fs::read_to_string(path.join("Cargo.toml"))
            .is_ok_and(|text| text.contains("name = \"plancheck-sdk\""))
    };
    if let Some(path) = &args.sdk {
        let full = path.canonicalize().unwrap_or_else(|_| path.clone());
        return if is_sdk(&full) {
            Ok(full)
        } else {
            Err(Failure::usage(format!(
                "{}: is not the folder of plancheck-sdk",
                path.display()
            )))
        };
    }
    let from = args.r#in.canonicalize().unwrap_or_default();
    let here = env::current_dir().unwrap_or_default();
    let mut folders = from.ancestors().chain(here.ancestors());
    folders.find_map(|dir| Some(dir.join("rules-plugins/sdk")).filter(|sdk| is_sdk(sdk))).ok_or_else(|| {
        Failure::usage("not inside a checkout of plancheck: name the folder of plancheck-sdk with --sdk PATH")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_ids() {
        assert!(check_name("us-co-denver").is_ok());
        for bad in ["", "-x", "x-", "Denver", "us_co", "../x", "1x"] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn nothing_is_left_to_fill_in() {
        for (path, template) in FILES {
            let filled = ["name", "country", "sdk"]
                .iter()
                .fold(template.to_owned(), |text, key| {
                    text.replace(&format!("{{{{{key}}}}}"), "")
                });
            assert!(!filled.contains("{{"), "{path}");
        }
    }
}
