//! `plancheck rules`: the rules that there are.

use std::fmt::Write as _;

use plancheck_contract::Stage;

use super::exit::{self, Failure};
use super::jurisdictions::date;
use super::output;
use super::setup::{self, ModuleArgs};
use crate::catalogue::{CatalogueError, Entry, Place, place_of, today};
use crate::render::{Palette, palette::paint, safe, table::table};
use crate::runtime::Limits;

/// List the rules
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  plancheck rules\n  plancheck rules --module my-city.wasm --no-builtin"
)]
pub(super) struct Args {
    #[command(flatten)]
    modules: ModuleArgs,
    /// Only the codes of this place and the larger ones around it
    #[arg(long, value_name = "PLACE")]
    jurisdiction: Option<Place>,
    /// The date that decides which editions count, as 2026-03-01; otherwise today
    #[arg(long, value_name = "DATE", requires = "jurisdiction", value_parser = date)]
    date: Option<String>,
}

pub(super) fn run(args: Args) -> Result<u8, Failure> {
    let runtime = setup::runtime(Limits::default())?;
    let catalogue = args.modules.catalogue(&runtime)?;
    // Says which places have modules when none applies.
    let on = args.date.unwrap_or_else(today);
    let chosen: Option<Vec<&Entry>> = match &args.jurisdiction {
        Some(place) => Some(catalogue.applying(place, Some(&on))?),
        None if catalogue.entries.is_empty() => return Err(CatalogueError::Empty.into()),
        None => None,
    };
    let palette = Palette::of_stdout();
    let mut out = String::new();
    let mut code = exit::CLEAN;
    for entry in &catalogue.entries {
        match &entry.state {
            Err(problem) => {
                code = exit::FINDINGS;
                let (name, why) = (safe(&entry.name), safe(&problem.message));
                let _ = writeln!(
                    out,
                    "{name} is not available: {why} ({})\n",
                    safe(&problem.code)
                );
            }
            Ok(ready) => {
                let manifest = &ready.manifest;
                let is_chosen = |chosen: &Vec<&Entry>| chosen.iter().any(|e| e.name == entry.name);
                if !chosen.as_ref().is_none_or(is_chosen) {
                    continue;
                }
                let (title, place) = (
                    safe(&manifest.module.title),
                    place_of(&manifest.jurisdiction),
                );
                let heading = format!("{title} ({}) · {}", safe(&manifest.module.id), safe(&place));
                let _ = writeln!(out, "{}", paint(palette.heading, heading));
                let _ = writeln!(out, "{}", rules_table(manifest));
            }
        }
    }
    out.push_str("plancheck explain RULE shows a rule's page.\n");
    output::print(&out)?;
    Ok(code)
}

/// The rules of a module, one line each.
pub(super) fn rules_table(manifest: &plancheck_contract::Manifest) -> String {
    let rows: Vec<Vec<String>> = manifest
        .rules
        .iter()
        .map(|rule| {
            let subject = manifest
                .views
                .get(rule.view as usize)
                .map_or("", |v| v.subject.as_str());
            let title = match rule.stage {
                Stage::Stable => rule.title.clone(),
                stage => format!("{} ({})", rule.title, stage.name()),
            };
            [
                rule.id.as_str(),
                rule.severity.name(),
                subject,
                &rule.citation,
                &title,
            ]
            .into_iter()
            .enumerate()
            .map(|(at, cell)| {
                if at == 0 {
                    format!("  {}", safe(cell))
                } else {
                    safe(cell).into_owned()
                }
            })
            .collect()
        })
        .collect();
    table(&rows)
}
