//! The results of IDS documents as text: worst first, each failing requirement with its elements
//! and what was found of them.

use super::order::{by_reason, worst_first};
use super::summary::{self, Row, Shown};
use super::{Document, Failing, Report, Requirement, Specification, Status};
use crate::render::group::noun;
use crate::render::lines;
use crate::render::palette::{Palette, paint};
use crate::render::report::Element;
use crate::render::safe;
use crate::render::{counted, thousands};

/// How a report is shown.
#[derive(Clone, Debug)]
pub struct TextOptions {
    /// Colours.
    pub palette: Palette,
    /// Every failing element instead of the first few.
    pub all: bool,
    /// Elements of the model, for the first line.
    pub elements: u64,
    /// How long it took; left out where two outputs are compared.
    pub seconds: Option<f64>,
    /// Width of a line.
    pub width: usize,
}

/// Reasons of a requirement that are shown, and elements for each.
const FEW_REASONS: usize = 5;
const FEW_ELEMENTS: usize = 6;

/// The report as text.
#[must_use]
pub fn text(report: &Report<'_>, options: &TextOptions) -> String {
    let mut page = Page {
        out: String::new(),
        options,
    };
    let summary = page.summary(report);
    let palette = options.palette;
    let model = match report.model.is_empty() {
        true => "the model".into(),
        false => safe(&report.model),
    };
    page.line(0, &paint(palette.heading, &model));
    let about = format!(
        "{} · {} · {}",
        safe(&report.schema),
        counted(options.elements, "element"),
        counted(report.documents.len() as u64, "IDS document"),
    );
    page.line(0, &paint(palette.faint, about));
    page.line(0, &summary);
    if let Some(note) = summary::other_versions(report) {
        page.wrapped(0, palette.undetermined, &safe(&note));
    }
    for document in &report.documents {
        page.document(document);
    }
    page.line(0, "");
    page.line(0, &summary);
    page.out
}

/// `door D101 · 0O6B… · Level 1 · #1486`, `space 101 Office · …`
pub(super) fn who(element: &Element<'_>) -> String {
    let noun = noun(&safe(&element.class), 1);
    let name = element.name.as_deref().filter(|n| !n.trim().is_empty());
    let mut named = match name {
        Some(name) => format!("{noun} {}", safe(name)),
        None => noun,
    };
    if let Some(long_name) = &element.long_name {
        named.push(' ');
        named.push_str(&safe(long_name));
    }
    let mut parts = vec![named];
    if !element.global_id.is_empty() {
        parts.push(safe(&element.global_id).into_owned());
    }
    parts.extend(element.storey.as_deref().map(|s| safe(s).into_owned()));
    parts.extend(element.record.map(|record| format!("#{record}")));
    parts.join(" · ")
}

struct Page<'o> {
    out: String,
    options: &'o TextOptions,
}

impl Page<'_> {
    fn line(&mut self, indent: usize, text: &str) {
        lines::line(&mut self.out, indent, text);
    }

    fn wrapped(&mut self, indent: usize, style: anstyle::Style, text: &str) {
        lines::wrapped(&mut self.out, self.options.width, indent, style, text);
    }

    fn summary(&self, report: &Report<'_>) -> String {
        let mut parts = vec![counted(report.totals.specifications, "specification")];
        for (count, word, shown) in summary::counts(&report.totals) {
            if summary::is_said(count, shown) {
                let text = format!("{} {word}", thousands(count));
                parts.push(match count {
                    0 => text,
                    _ => paint(self.style(shown), text),
                });
            }
        }
        parts.extend(
            self.options
                .seconds
                .map(|seconds| format!("{seconds:.2} s")),
        );
        parts.join(" · ")
    }

    fn style(&self, shown: Shown) -> anstyle::Style {
        let palette = self.options.palette;
        match shown {
            Shown::Error => palette.problem,
            Shown::Fail => palette.fail,
            Shown::Pass => palette.pass,
            Shown::Nothing => palette.faint,
        }
    }

    fn document(&mut self, document: &Document<'_>) {
        let palette = self.options.palette;
        let title = match document.title.trim() {
            "" => "Without a title".into(),
            title => safe(title),
        };
        self.line(0, "");
        let file = match document.file.is_empty() {
            true => String::new(),
            false => paint(palette.faint, format!(" · {}", safe(&document.file))),
        };
        self.line(0, &format!("{}{file}", paint(palette.heading, title)));
        if let Some(errors) = summary::errors(document) {
            self.wrapped(2, palette.problem, &safe(&errors));
        }
        if document.specifications.is_empty() {
            self.line(2, "no specifications");
        }
        for specification in worst_first(document) {
            self.specification(specification);
        }
    }

    fn specification(&mut self, specification: &Specification<'_>) {
        let palette = self.options.palette;
        let shown = Shown::of(specification);
        let word = match shown {
            Shown::Error => "ERROR",
            Shown::Fail => "FAIL ",
            Shown::Pass => "pass ",
            Shown::Nothing => "–    ",
        };
        let style = self.style(shown);
        let name = match specification.name.trim() {
            "" => "Without a name".into(),
            name => safe(name),
        };
        let identifier = match specification.identifier.trim() {
            "" => String::new(),
            identifier => format!("{} ", safe(identifier)),
        };
        let mut counts = counts(specification);
        if let Some(written) = summary::written_for(specification) {
            counts.push_str(&format!(" · {}", safe(&written)));
        }
        let counts = paint(palette.faint, counts);
        self.line(
            2,
            &format!("{}  {identifier}{name} · {counts}", paint(style, word)),
        );
        if specification.status == Status::Pass {
            return;
        }
        if let Some(reason) = &specification.reason {
            self.wrapped(9, anstyle::Style::new(), &safe(reason));
        }
        if !specification.instructions.trim().is_empty() {
            self.wrapped(9, palette.faint, &safe(specification.instructions.trim()));
        }
        if !specification.prohibited.is_empty() {
            let shown = specification.prohibited.iter();
            self.elements(9, specification.failed, &shown.collect::<Vec<_>>());
        }
        for requirement in &specification.requirements {
            if requirement.status == Status::Fail {
                self.requirement(requirement);
            }
        }
    }

    fn requirement(&mut self, requirement: &Requirement<'_>) {
        let palette = self.options.palette;
        let of = requirement.passed + requirement.failed;
        let demand = demand(requirement);
        let count = format!(
            "{demand}: {} of {} fail",
            thousands(requirement.failed),
            thousands(of)
        );
        self.wrapped(9, palette.heading, &count);
        if !requirement.instructions.trim().is_empty() {
            self.wrapped(11, palette.faint, &safe(requirement.instructions.trim()));
        }
        let most = if self.options.all {
            usize::MAX
        } else {
            FEW_REASONS
        };
        let groups = by_reason(&requirement.failing, &requirement.asks);
        let mut listed = 0;
        for group in groups.iter().take(most) {
            listed += group.failing.len() as u64;
            let reason = safe(&group.reason);
            if let [only] = group.failing.as_slice() {
                self.line(11, &who(&only.element));
                self.wrapped(13, anstyle::Style::new(), &reason);
                continue;
            }
            let count = thousands(group.failing.len() as u64);
            self.wrapped(11, anstyle::Style::new(), &format!("{count} × {reason}"));
            self.elements(13, group.failing.len() as u64, &group.failing);
        }
        self.more(11, requirement.failed.saturating_sub(listed));
    }

    /// Elements of `count`, the first few of them.
    fn elements(&mut self, indent: usize, count: u64, failing: &[&Failing<'_>]) {
        let most = if self.options.all {
            usize::MAX
        } else {
            FEW_ELEMENTS
        };
        for one in failing.iter().take(most) {
            self.line(indent, &format!("- {}", who(&one.element)));
        }
        self.more(indent, count.saturating_sub(most.min(failing.len()) as u64));
    }

    fn more(&mut self, indent: usize, left_out: u64) {
        if left_out > 0 {
            let text = format!("… and {} more (--all shows them)", thousands(left_out));
            self.line(indent, &paint(self.options.palette.faint, text));
        }
    }
}

/// `26 applicable, 14 passed, 12 failed`
pub(in crate::render) fn counts(specification: &Specification<'_>) -> String {
    match (Shown::of(specification), specification.applicable) {
        (Shown::Error, _) => "not checked".to_owned(),
        (Shown::Nothing, _) => "applies to nothing here".to_owned(),
        (Shown::Pass, 0) => "none there, as it should be".to_owned(),
        (Shown::Fail, 0) => "none there".to_owned(),
        (_, applicable) => format!(
            "{} applicable, {} passed, {} failed",
            thousands(applicable),
            thousands(specification.passed),
            thousands(specification.failed)
        ),
    }
}

/// `required: Pset_DoorCommon.FireRating`
pub(in crate::render) fn demand(requirement: &Requirement<'_>) -> String {
    let asks = safe(&requirement.asks);
    match &*requirement.cardinality {
        "prohibited" => format!("not allowed: {asks}"),
        "optional" => format!("where given: {asks}"),
        _ => format!("required: {asks}"),
    }
}

/// How several models came out, a line each.
#[must_use]
pub fn table(rows: &[Row], palette: Palette) -> String {
    let heading = std::iter::once("model").chain(summary::COLUMNS);
    let mut lines: Vec<Vec<String>> = vec![heading.map(str::to_owned).collect()];
    let mut unreadable = 0;
    for row in rows {
        let mut line = vec![safe(&row.name).into_owned()];
        match &row.outcome {
            Ok(totals) => line.extend(summary::cells(totals).map(thousands)),
            Err(_) => {
                unreadable += 1;
                line.push("could not be read".to_owned());
            }
        }
        lines.push(line);
    }
    let mut out = String::new();
    let table = crate::render::table::table(&lines);
    for (at, text) in table.lines().enumerate() {
        let style = if at == 0 {
            palette.heading
        } else {
            anstyle::Style::new()
        };
        out.push_str(&format!("{}\n", paint(style, text)));
    }
    if unreadable > 0 {
        let of = counted(rows.len() as u64, "model");
        out.push_str(&format!(
            "{} of {of} could not be read\n",
            thousands(unreadable)
        ));
    }
    out
}
