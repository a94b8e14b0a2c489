//! `plancheck jurisdictions`: which codes there are, and which of them apply where and when.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::exit::{self, Failure};
use super::output;
use super::setup::{self, ModuleArgs};
use crate::catalogue::{Place, Resolution, is_date, place_of, today};
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
  plancheck jurisdictions resolve us/ca/san-francisco
  plancheck jurisdictions resolve de/by --date 2024-03-01 --modules-dir modules --format json

Of the editions of a code the one that an amendment there adopts counts, else the newest that is in force.
Exit code 1: no code applies there.")]
pub(super) struct Resolve {
    /// Country, state and city, or country, state, county and city
    #[arg(value_name = "PLACE")]
    place: Place,
    /// The date of the permit, as 2026-03-01; otherwise today
    #[arg(long, value_name = "DATE", value_parser = date)]
    date: Option<String>,
    /// Text for people, or JSON
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    modules: ModuleArgs,
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
    for (_, manifest) in catalogue.manifests() {
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
    let runtime = setup::runtime(Limits::default())?;
    let catalogue = args.modules.catalogue(&runtime)?;
    let on = args.date.clone().unwrap_or_else(today);
    let found = catalogue.resolve(&args.place, Some(&on));
    let text = match args.format {
        Format::Text => text(&found),
        Format::Json => {
            let json = serde_json::to_string_pretty(&found).map_err(Failure::fault)?;
            format!("{json}\n")
        }
    };
    output::print(&text)?;
    Ok(if found.modules.is_empty() {
        exit::FINDINGS
    } else {
        exit::CLEAN
    })
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
