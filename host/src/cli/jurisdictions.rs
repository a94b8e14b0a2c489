//! `plancheck jurisdictions`: which codes there are, and which of them apply where and when.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::exit::{self, Failure};
use super::setup::{self, EngineArgs, ModuleArgs};
use super::{input, output};
use crate::catalogue::{Explained, Place, Resolution, is_date, place_of, today};
use crate::check::location;
use crate::place::{Stated, stated};
use crate::render::{Palette, palette::paint, safe, table::table};
use crate::runtime::Limits;

/// Say which codes apply where, when, and why
#[derive(clap::Subcommand)]
pub(super) enum Command {
    List(List),
    Resolve(Resolve),
}

/// List the places that have codes
#[derive(clap::Args)]
#[command(after_help = "Example:\n  plancheck jurisdictions list --modules-dir modules")]
pub(super) struct List {
    #[command(flatten)]
    modules: ModuleArgs,
}

/// Choose the codes of a place and a date, and explain every choice
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  plancheck jurisdictions resolve office.ifc
  plancheck jurisdictions resolve --place us/ca/san-francisco
  plancheck jurisdictions resolve --place de/by --date 2024-03-01 --format json

Of the editions of a code the one that an amendment there adopts counts, else the newest that is in force.
Exit code 1: no code applies there, or the model does not say where it is.")]
pub(super) struct Resolve {
    /// A model, which says where it is; - is standard input. A place is taken too
    #[arg(
        value_name = "MODEL",
        required_unless_present = "place",
        conflicts_with = "place"
    )]
    model: Option<PathBuf>,
    /// Country, state and city, or country, state, county and city
    #[arg(long, value_name = "PLACE")]
    place: Option<Place>,
    /// The date of the permit, as 2026-03-01; otherwise today
    #[arg(long, value_name = "DATE", value_parser = date)]
    date: Option<String>,
    /// Text for people, or JSON
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    modules: ModuleArgs,
    #[command(flatten)]
    engine: EngineArgs,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

/// A date as people write it for machines.
pub(super) fn date(text: &str) -> Result<String, String> {
    if is_date(text) {
        Ok(text.to_owned())
    } else {
        Err("write a date as 2026-03-01".to_owned())
    }
}

pub(super) fn run(command: Command) -> Result<u8, Failure> {
    match command {
        Command::List(args) => list(&args),
        Command::Resolve(args) => resolve(&args),
    }
}

fn list(args: &List) -> Result<u8, Failure> {
    let runtime = setup::runtime(Limits::default())?;
    let catalogue = args.modules.catalogue(&runtime)?;
    let mut places: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for manifest in catalogue.manifests() {
        let j = &manifest.jurisdiction;
        let dates = match (j.effective_from.as_str(), j.effective_until.as_str()) {
            ("", "") => String::new(),
            (from, "") => format!("from {from}"),
            (from, until) => format!("{from} to {until}"),
        };
        let what = match &manifest.amends {
            Some(amends) => format!("amends {}", amends.module),
            None => format!("{} {}", j.family, j.edition),
        };
        places.entry(place_of(j)).or_default().push(vec![
            format!("  {}", safe(&manifest.module.id)),
            safe(&what).into_owned(),
            safe(&dates).into_owned(),
            safe(&manifest.module.title).into_owned(),
        ]);
    }
    let palette = Palette::of_stdout();
    let mut out = String::new();
    for (place, rows) in places {
        let _ = writeln!(out, "{}", paint(palette.heading, safe(&place)));
        out.push_str(&table(&rows));
    }
    output::print(&out)?;
    Ok(exit::CLEAN)
}

fn resolve(args: &Resolve) -> Result<u8, Failure> {
    let runtime = setup::runtime(args.engine.limits()?)?;
    let catalogue = args.modules.catalogue(&runtime)?;
    let on = args.date.clone().unwrap_or_else(today);
    let stated: Stated = match (&args.place, &args.model) {
        (Some(place), _) => place.clone().into(),
        (None, Some(path)) => match as_place(path) {
            Some(place) => place.into(),
            None => {
                let name = input::name(path);
                let engine = setup::engine(&args.engine, &runtime)?;
                let location = location(&engine, input::model(path)?)
                    .map_err(|error| Failure::from(error).at(&name))?;
                stated(&location.unwrap_or_default())
            }
        },
        (None, None) => Stated::default(),
    };
    let answer = catalogue.explain(stated, &on);
    let shown = match args.format {
        Format::Text => explained(&answer),
        Format::Json => {
            let json = serde_json::to_string_pretty(&answer).map_err(Failure::fault)?;
            format!("{json}\n")
        }
    };
    output::print(&shown)?;
    let applies = |found: &Resolution| !found.modules.is_empty();
    Ok(if answer.resolution.as_ref().is_some_and(applies) {
        exit::CLEAN
    } else {
        exit::FINDINGS
    })
}

/// `us/ca` where a model is expected: no file of this name is there, and none has a name like that.
fn as_place(path: &Path) -> Option<Place> {
    let text = path.to_str().filter(|text| !text.contains('.'))?;
    if text == "-" || path.exists() {
        return None;
    }
    text.parse().ok()
}

/// Where the place came from, then what follows of it.
fn explained(answer: &Explained) -> String {
    let mut out = match &answer.resolution {
        Some(found) => text(found),
        None => "The model states no place that can be told: name one with --place\n".to_owned(),
    };
    let rows: Vec<Vec<String>> = answer
        .read
        .iter()
        .map(|read| {
            let record = read.record.map_or_else(String::new, |n| format!("#{n}"));
            vec![
                format!("  {}", safe(&read.means)),
                safe(&read.attribute).into_owned(),
                format!("“{}”", safe(&read.value)),
                record,
            ]
        })
        .collect();
    if !rows.is_empty() {
        out.push_str("The place is read from:\n");
        out.push_str(&table(&rows));
    }
    for note in &answer.notes {
        let _ = writeln!(out, "Note: {}", safe(note));
    }
    out
}

fn text(found: &Resolution) -> String {
    let palette = Palette::of_stdout();
    let date = found.date.as_deref().unwrap_or_default();
    let mut out = format!(
        "{}\n",
        paint(palette.heading, format!("{} on {date}", safe(&found.place)))
    );
    if found.modules.is_empty() {
        let _ = writeln!(
            out,
            "No code applies there. There are codes for: {}",
            safe(&found.nearest.join(", "))
        );
    }
    let row = |choice: &crate::catalogue::Choice| {
        vec![
            format!("  {}", safe(&choice.module)),
            safe(&choice.why).into_owned(),
        ]
    };
    // In the order in which they are asked.
    let chosen: Vec<Vec<String>> = found
        .modules
        .iter()
        .filter_map(|id| found.choices.iter().find(|c| c.applies && c.module == *id))
        .map(row)
        .collect();
    let left: Vec<Vec<String>> = found
        .choices
        .iter()
        .filter(|c| !c.applies)
        .map(row)
        .collect();
    if !chosen.is_empty() {
        out.push_str("Applies:\n");
        out.push_str(&table(&chosen));
    }
    if !left.is_empty() {
        out.push_str("Does not apply:\n");
        out.push_str(&table(&left));
    }
    out
}
