//! `plancheck module new`: a module to start from, which builds and passes its fixtures.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use super::super::exit::{self, Failure};
use super::super::output;
use crate::render::brief;

/// Write a new module: a crate in Rust, or a rulebook
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  plancheck module new us-co-denver --rulebook
  plancheck module test us-co-denver.toml
  plancheck module new us-co-denver
  plancheck module test us-co-denver
  plancheck module new us-ca --path ~/codes --sdk ~/plancheck/rules-plugins/sdk

Where the code holds is taken from the id: country and state by their two letters, then the city.

A rulebook is one file and needs nothing else. The crate depends on plancheck-sdk: the one of the checkout around you, or --sdk PATH.")]
pub(in crate::cli) struct Args {
    /// Id of the module: lower case with hyphens, place first; the folder gets this name
    name: String,
    /// Write a rulebook: one TOML file, for which no compiler is needed
    #[arg(long, conflicts_with = "sdk")]
    rulebook: bool,
    /// The folder of plancheck-sdk, when not inside a checkout of plancheck
    #[arg(long, value_name = "PATH")]
    sdk: Option<PathBuf>,
    /// Where the folder is made; otherwise here
    #[arg(long, visible_alias = "in", value_name = "DIR", default_value = ".")]
    path: PathBuf,
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
    if args.rulebook {
        return rulebook(args);
    }
    let here = args.path.as_os_str() == ".";
    let folder = if here {
        PathBuf::from(&args.name)
    } else {
        args.path.join(&args.name)
    };
    let sdk = sdk(args)?;
    let place = Holds::of(&args.name);
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
            .replace("{{place}}", &place.lines())
            // A path as a TOML string.
            .replace("{{sdk}}", &format!("{:?}", sdk.display().to_string()));
        let parent = path.parent().unwrap_or(&folder);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&path, text))
            .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    }
    let full = folder.canonicalize().unwrap_or_else(|_| folder.clone());
    let shown = folder.display();
    output::print(&format!(
        "Wrote {}: one rule, with its page and its fixture, for {}. Next:\n  \
         plancheck module test {shown}\n",
        full.display(),
        place.words(),
    ))?;
    if let Some(checkout) = checkout(&full) {
        eprintln!(
            "plancheck: that is inside the checkout {}; --path DIR writes it elsewhere",
            checkout.display()
        );
    }
    Ok(exit::CLEAN)
}

/// A module in one file.
fn rulebook(args: &Args) -> Result<u8, Failure> {
    use std::io::Write as _;
    let path = args.path.join(format!("{}.toml", args.name));
    let path = path.strip_prefix(".").unwrap_or(&path);
    let place = Holds::of(&args.name);
    let lines: Vec<String> = place
        .parts()
        .map(|(key, value)| format!("{key} = \"{value}\""))
        .collect();
    let text = include_str!("template/rulebook.toml.txt")
        .replace("{{name}}", &args.name)
        .replace("{{place}}", &lines.join("\n"));
    let cannot = |error: io::Error| Failure::usage(format!("{}: {error}", path.display()));
    let mut file = fs::File::create_new(path).map_err(cannot)?;
    file.write_all(text.as_bytes()).map_err(cannot)?;
    output::print(&format!(
        "Wrote {}: one rule, with its page and its cases, for {}. Next:\n  \
         plancheck module test {}\n",
        path.display(),
        place.words(),
        path.display()
    ))?;
    Ok(exit::CLEAN)
}

/// Where the code holds, as an id says: `us`, `us-co`, `us-co-denver`, `us-ca-san-francisco-2022`.
#[derive(Debug, PartialEq, Eq)]
struct Holds<'n> {
    country: &'n str,
    state: Option<&'n str>,
    city: Option<String>,
}

impl Holds<'_> {
    /// Parts that are no place (`us-ibc-2024`) are left out; an id without a country is one of the
    /// United States, for a start.
    fn of(name: &str) -> Holds<'_> {
        let is_code = |part: &&str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_lowercase());
        let is_year = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let mut parts = name.split('-').peekable();
        let Some(country) = parts.next_if(is_code) else {
            return Holds {
                country: "us",
                state: None,
                city: None,
            };
        };
        let state = parts.next_if(is_code);
        let city: Vec<&str> = parts.take_while(|part| !is_year(part)).collect();
        Holds {
            country,
            state,
            city: (state.is_some() && !city.is_empty()).then(|| city.join("-")),
        }
    }

    fn parts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let parts = [
            ("country", Some(self.country)),
            ("state", self.state),
            ("city", self.city.as_deref()),
        ];
        parts
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?)))
    }

    /// As `module!` wants it.
    fn lines(&self) -> String {
        let lines: Vec<String> = self
            .parts()
            .map(|(key, value)| format!("{key}: \"{value}\","))
            .collect();
        lines.join("\n        ")
    }

    /// `country us, state co, city denver`
    fn words(&self) -> String {
        let words: Vec<String> = self
            .parts()
            .map(|(key, value)| format!("{key} {value}"))
            .collect();
        words.join(", ")
    }
}

/// The checkout of plancheck that a folder is in.
fn checkout(folder: &Path) -> Option<&Path> {
    folder
        .ancestors()
        .find(|dir| is_sdk(&dir.join("rules-plugins/sdk")))
}

fn is_sdk(path: &Path) -> bool {
    fs::read_to_string(path.join("Cargo.toml"))
        .is_ok_and(|text| text.contains("name = \"plancheck-sdk\""))
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
            "{} is no module id: lower-case letters, digits and hyphens, such as us-co-denver",
            brief(name)
        )))
    }
}

/// The folder of plancheck-sdk.
fn sdk(args: &Args) -> Result<PathBuf, Failure> {
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
    let from = args.path.canonicalize().unwrap_or_default();
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
    fn an_id_says_where_the_code_holds() {
        for (name, words) in [
            ("us", "country us"),
            ("us-co", "country us, state co"),
            ("us-co-denver", "country us, state co, city denver"),
            (
                "us-ca-san-francisco-2022",
                "country us, state ca, city san-francisco",
            ),
            ("us-ibc-2024", "country us"),
            ("springfield", "country us"),
        ] {
            assert_eq!(Holds::of(name).words(), words, "{name}");
        }
        assert_eq!(
            Holds::of("us-co").lines(),
            "country: \"us\",\n        state: \"co\","
        );
    }

    #[test]
    fn a_checkout_is_known_from_within() {
        let host = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(checkout(&host.join("src")), host.parent());
        assert_eq!(checkout(Path::new("/")), None);
    }

    #[test]
    fn nothing_is_left_to_fill_in() {
        for (path, template) in FILES {
            let filled = ["name", "place", "sdk"]
                .iter()
                .fold(template.to_owned(), |text, key| {
                    text.replace(&format!("{{{{{key}}}}}"), "")
                });
            assert!(!filled.contains("{{"), "{path}");
        }
    }
}
