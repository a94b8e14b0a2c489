//! `plancheck facts`: what can be known of each kind of element, and where from.

use plancheck_engine::facts::{
    Fact, Subject, Target, catalogue_markdown, facts_of, find_subject, subjects,
};

use super::exit::{self, Failure};
use super::output;
use crate::render::brief;
use crate::render::table::{table, wrap};

/// List the facts that rules can ask for
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  plancheck facts door\n  plancheck facts --markdown > docs/facts.md"
)]
pub(super) struct Args {
    /// Only this kind of element: door, space, stair_flight, …
    subject: Option<String>,
    /// The whole catalogue as a page
    #[arg(long, conflicts_with_all = ["json", "subject"])]
    markdown: bool,
    /// For programs
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<u8, Failure> {
    let chosen: Vec<&'static Subject> = match &args.subject {
        None => subjects().iter().collect(),
        Some(name) => vec![find_subject(name).ok_or_else(|| {
            let known: Vec<&str> = subjects().iter().map(|s| s.name).collect();
            Failure::usage(format!(
                "there is no subject {}; there are: {}",
                brief(name),
                known.join(", ")
            ))
        })?],
    };
    let page = if args.markdown {
        catalogue_markdown()
    } else if args.json {
        let mut text = crate::api::facts::document(&chosen).to_string();
        text.push('\n');
        text
    } else if args.subject.is_some() {
        chosen.iter().map(|subject| whole(subject)).collect()
    } else {
        overview(&chosen)
    };
    output::print(&page)?;
    Ok(exit::CLEAN)
}

fn overview(chosen: &[&'static Subject]) -> String {
    let mut out = String::new();
    for subject in chosen {
        out.push_str(&format!("{}\n  {}\n", subject.name, subject.description));
        let own: Vec<&str> = subject
            .facts
            .iter()
            .flat_map(|f| f.iter())
            .map(|f| f.name)
            .collect();
        for line in wrap(&own.join(", "), output::width().saturating_sub(2)) {
            out.push_str(&format!("  {line}\n"));
        }
    }
    out.push_str("\nplancheck facts SUBJECT tells where each is read from.\n");
    out
}

fn whole(subject: &'static Subject) -> String {
    let mut out = format!("{} · {}\n", subject.name, subject.description);
    for fact in facts_of(Some(subject)) {
        out.push_str(&format!("\n{}  {}\n", fact.name, kind(fact)));
        for line in wrap(fact.description, output::width().saturating_sub(2)) {
            out.push_str(&format!("  {line}\n"));
        }
        for source in fact.sources {
            out.push_str(&format!(
                "    {} ({})\n",
                source.label(),
                source.provenance().name()
            ));
        }
    }
    if !subject.relations.is_empty() {
        out.push_str("\nRelations\n");
        let rows: Vec<Vec<String>> = subject
            .relations
            .iter()
            .map(|r| {
                let many = if matches!(r.to, Target::Many(_)) {
                    "many"
                } else {
                    "one"
                };
                vec![
                    format!("  {}", r.name),
                    format!("{many} {}", r.subject),
                    r.description.to_owned(),
                ]
            })
            .collect();
        out.push_str(&table(&rows));
    }
    out
}

fn kind(fact: &Fact) -> String {
    match fact.dimension {
        Some(dimension) => format!("{}, {}", dimension.name(), dimension.si_unit().symbol()),
        None => fact.kind.name().to_owned(),
    }
}
