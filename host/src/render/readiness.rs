//! What a model lacks before rules can judge it: a few lines before the verdicts.

use super::ids::{Status, text};
use super::lines::{line, wrapped};
use super::palette::{Palette, paint};
use super::report::Readiness;
use super::safe::safe;
use super::thousands;

/// Appends what readiness documents found; one line for a document that is met. With `pass` what is
/// met is listed too.
pub(super) fn readiness(
    out: &mut String,
    palette: Palette,
    width: usize,
    pass: bool,
    all: &[Readiness<'_>],
) {
    // What IDS cannot ask of, such as a JSON model, lacks nothing.
    let mut asked = all
        .iter()
        .filter(|r| r.status != "not_applicable")
        .peekable();
    let any = asked.peek().is_some();
    for result in asked {
        one(out, palette, width, pass, result);
    }
    if any {
        out.push('\n');
    }
}

fn one(out: &mut String, palette: Palette, width: usize, pass: bool, result: &Readiness<'_>) {
    let meant = || result.specifications.iter().filter(|s| s.meant_for_model);
    let met = meant().filter(|s| s.status == Status::Pass).count() as u64;
    let asked = meant().count() as u64;
    let (module, document) = (safe(&result.module), safe(&result.document));
    let heading = format!("Model readiness for {module} ({document})");
    let how = match (&*result.status, &result.reason) {
        (_, Some(reason)) => safe(reason).into_owned(),
        ("pass", None) => paint(palette.pass, format!("all {} met", thousands(asked))),
        (_, None) => format!("{} of {} met", thousands(met), thousands(asked)),
    };
    wrapped(out, width, 0, palette.heading, &heading);
    line(out, 2, &how);
    for specification in meant().filter(|s| s.status != Status::Pass) {
        let name = safe(specification.name.trim());
        let counts = paint(palette.faint, text::counts(specification));
        let fail = paint(palette.undetermined, "lacks");
        line(out, 4, &format!("{fail}  {name} · {counts}"));
        if let Some(reason) = &specification.reason {
            wrapped(out, width, 11, anstyle::Style::new(), &safe(reason));
        }
        for requirement in &specification.requirements {
            if requirement.status == Status::Fail {
                let (failed, of) = (requirement.failed, requirement.passed + requirement.failed);
                let demand = text::demand(requirement);
                let count = format!(
                    "{demand}: {} of {} do not say it",
                    thousands(failed),
                    thousands(of)
                );
                wrapped(out, width, 11, anstyle::Style::new(), &count);
            }
        }
        if !specification.instructions.trim().is_empty() {
            wrapped(
                out,
                width,
                11,
                palette.faint,
                &safe(specification.instructions.trim()),
            );
        }
    }
    let passing = meant().filter(|s| pass && s.status == Status::Pass);
    for specification in passing {
        let name = safe(specification.name.trim());
        let counts = paint(palette.faint, text::counts(specification));
        let met = paint(palette.pass, "met");
        line(out, 4, &format!("{met}    {name} · {counts}"));
    }
}
