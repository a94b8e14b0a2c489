//! `plancheck explain`: a rule's page.

use std::fmt::Write as _;

use plancheck_contract::{Manifest, Stage, manifest::Rule};

use super::exit::{self, Failure};
use super::output;
use super::setup::{self, ModuleArgs};
use crate::catalogue::rules_called;
use crate::render::{Palette, brief, markdown, palette::paint, safe};
use crate::runtime::Limits;

/// Show what a rule requires, why, and what it needs to know
#[derive(clap::Args)]
#[command(after_help = "Example:\n  plancheck explain egress-door-clear-width")]
pub(super) struct Args {
    /// Id of the rule, as reports name it
    rule: String,
    #[command(flatten)]
    modules: ModuleArgs,
}

pub(super) fn run(args: Args) -> Result<u8, Failure> {
    let runtime = setup::runtime(Limits::default())?;
    let catalogue = args.modules.catalogue(&runtime)?;
    let mut out = String::new();
    for (manifest, rule) in rules_called(&args.rule, catalogue.manifests()) {
        if !out.is_empty() {
            out.push('\n');
        }
        if rule.id != args.rule {
            let (old, new) = (safe(&args.rule), safe(&rule.id));
            let _ = writeln!(out, "{old} is called {new} now.\n");
        }
        out.push_str(&page(manifest, rule, Palette::of_stdout()));
    }
    if out.is_empty() {
        let near: Vec<&str> = catalogue
            .manifests()
            .flat_map(|m| &m.rules)
            .map(|rule| rule.id.as_str())
            .filter(|id| {
                args.rule
                    .split('-')
                    .any(|word| word.len() > 3 && id.contains(word))
            })
            .take(5)
            .collect();
        let hint = if near.is_empty() {
            "`plancheck rules` lists them".to_owned()
        } else {
            format!("similar: {}", near.join(", "))
        };
        return Err(Failure::usage(format!(
            "there is no rule {}; {hint}",
            brief(&args.rule)
        )));
    }
    output::print(&out)?;
    Ok(exit::CLEAN)
}

fn page(manifest: &Manifest, rule: &Rule, palette: Palette) -> String {
    let mut out = format!("{}\n", paint(palette.heading, safe(&rule.title)));
    let facts = [
        safe(&rule.citation),
        safe(&rule.id),
        safe(&manifest.module.id),
        rule.severity.name().into(),
    ];
    let _ = writeln!(out, "{}", paint(palette.faint, facts.join(" · ")));
    if let Some(section) = manifest.section(&rule.citation) {
        for text in [&section.title, &section.link] {
            if !text.is_empty() {
                let _ = writeln!(out, "{}", paint(palette.faint, safe(text)));
            }
        }
    }
    let checked = if rule.verified {
        "held against the official text"
    } else {
        "nobody has yet held it against the official text"
    };
    let runs = match rule.stage {
        Stage::Preview => " (runs with --preview)",
        Stage::Stable => "",
        Stage::Retired => " (does not run any more)",
    };
    let life = format!(
        "{}{runs}, since {}, {checked}",
        rule.stage.name(),
        safe(&rule.since)
    );
    let _ = writeln!(out, "{}\n", paint(palette.faint, life));
    // The page begins with the title, which is said above.
    let page = rule
        .page
        .trim_start()
        .strip_prefix(&rule.title)
        .unwrap_or(&rule.page);
    out.push_str(&markdown::page(page.trim_start(), palette, output::width()));
    if let Some(view) = manifest.views.get(rule.view as usize) {
        let _ = writeln!(
            out,
            "\nIt governs every {} and may ask for:",
            safe(&view.subject)
        );
        for fact in &view.facts {
            let of = fact.dimension.map_or(fact.kind.name(), |d| d.name());
            let _ = writeln!(out, "  {} ({of})", safe(&fact.path));
        }
    }
    out
}
