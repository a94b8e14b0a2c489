//! A report as text for a plan checker: by clause, worst first, each verdict with what was
//! measured, what is required, and where the value came from.

use std::collections::HashSet;
use std::fmt::Write as _;

use plancheck_engine::rules::chosen::{ChosenPlace, PlaceSource};

use super::group::{Clause, RuleFindings, alike, by_reason, clauses, noun, without_records};
use super::lines;
use super::palette::{Palette, paint};
use super::phrase::{
    comparison, counted, diagnostic, element, is_standard_wording, module_line, provenance,
    thousands,
};
use super::readiness::readiness;
use super::report::{Fact, Finding, Report, Rule};
use super::safe::safe;

/// What of a report is shown, and how.
#[derive(Clone, Debug)]
pub struct TextOptions {
    /// Colours.
    pub palette: Palette,
    /// Name of the file, for the header.
    pub source: String,
    /// Show elements that fail.
    pub fail: bool,
    /// Show elements that are undetermined.
    pub undetermined: bool,
    /// Show rules and elements that pass.
    pub pass: bool,
    /// At most this many findings for each rule; none: all.
    pub max_findings: Option<usize>,
    /// Only these rules; empty: all.
    pub rules: Vec<String>,
    /// All diagnostics instead of the first few.
    pub all_diagnostics: bool,
    /// How long it took; left out where two outputs are compared.
    pub seconds: Option<f64>,
    /// Width of a line.
    pub width: usize,
}

/// Diagnostics that are shown without being asked for.
const FEW_DIAGNOSTICS: usize = 3;
/// Hex digits of a digest that are enough to tell files apart.
const DIGEST_SHOWN: usize = 12;

/// Lines of a report from which on the counts are at its beginning too: it does not fit on a screen.
const LONG: usize = 40;

/// The report as text.
#[must_use]
pub fn text(report: &Report<'_>, options: &TextOptions) -> String {
    let mut page = Page {
        out: String::new(),
        options,
    };
    page.header(report);
    let beginning = page.out.len();
    page.gap();
    page.problems(report);
    readiness(
        &mut page.out,
        options.palette,
        options.width,
        options.pass,
        &report.readiness,
    );
    let wanted = |rule: &Rule<'_>| {
        options.rules.is_empty() || options.rules.iter().any(|id| *id == rule.rule)
    };
    let clauses = clauses(report, wanted);
    for clause in &clauses {
        page.clause(clause);
    }
    let unverified = clauses
        .iter()
        .flat_map(|c| &c.rules)
        .any(|e| !e.rule.verified && page.shows(e));
    if unverified {
        let note = "* nobody has yet held this rule against the official text of the code";
        page.line(0, &paint(options.palette.faint, note));
        page.gap();
    }
    page.diagnostics(report);
    let counts = page.summary(report, wanted);
    if page.out.lines().count() >= LONG {
        page.out.insert_str(beginning, &format!("{counts}\n"));
    }
    page.line(0, &counts);
    page.out
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

    fn gap(&mut self) {
        self.out.push('\n');
    }

    /// Which place's codes these are, and who said so; loud where nobody did.
    fn place(&mut self, chosen: &ChosenPlace) {
        let palette = self.options.palette;
        let why = safe(&chosen.why);
        let (style, text) = match (&chosen.place, chosen.source) {
            (Some(place), PlaceSource::Given) => {
                (palette.faint, format!("Place: {}, as named", safe(place)))
            }
            (Some(place), PlaceSource::Model) => {
                (palette.faint, format!("Place: {}; {why}", safe(place)))
            }
            (Some(place), _) => (
                palette.undetermined,
                format!(
                    "PLACE NOT KNOWN, {} ASSUMED: {why}. Name it: --jurisdiction us/ca/san-francisco",
                    safe(place)
                ),
            ),
            (None, _) => (
                palette.undetermined,
                format!("PLACE NOT KNOWN: {why}. Name it: --jurisdiction us/ca/san-francisco"),
            ),
        };
        self.wrapped(0, style, &text);
        for note in &chosen.notes {
            self.wrapped(0, palette.faint, &format!("Note: {}", safe(note)));
        }
    }

    fn header(&mut self, report: &Report<'_>) {
        let model = &report.model;
        let palette = self.options.palette;
        let source = safe(&self.options.source).into_owned();
        let name = model.name.as_deref().filter(|n| !n.trim().is_empty());
        let name = name.map_or_else(|| source.clone(), |name| safe(name).into_owned());
        self.line(0, &paint(palette.heading, name));
        let digest: String = model.digest.chars().take(DIGEST_SHOWN).collect();
        let about = format!(
            "{source} · {} · {} · {} · digest {}",
            safe(&model.schema),
            counted(model.elements, "element"),
            counted(model.records, "record"),
            safe(&digest)
        );
        self.wrapped(0, palette.faint, &about);
        for module in &report.ruleset.modules {
            self.line(0, &paint(palette.faint, module_line(module)));
        }
        if let Some(place) = &report.ruleset.place {
            self.place(place);
        }
    }

    /// What could not be checked at all: before everything else, because counts hide it.
    fn problems(&mut self, report: &Report<'_>) {
        let mut lines: Vec<String> = Vec::new();
        for module in &report.ruleset.modules {
            if let Some(problem) = &module.problem {
                let (id, code, why) = (
                    safe(&module.id),
                    safe(&problem.code),
                    safe(&problem.message),
                );
                lines.push(format!("module {id} is not available: {why} ({code})"));
            }
        }
        for rule in &report.rules {
            if let Some(problem) = &rule.problem {
                let (id, code, why) = (
                    safe(&rule.rule),
                    safe(&problem.code),
                    safe(&problem.message),
                );
                lines.push(format!(
                    "rule {id} of {} was not evaluated: {why} ({code})",
                    safe(&rule.module)
                ));
            }
        }
        if report.ruleset.modules.is_empty() {
            lines.push("no module applies: nothing was checked".to_owned());
        }
        if lines.is_empty() {
            return;
        }
        let style = self.options.palette.problem;
        self.line(0, &paint(style, "The check is not complete"));
        for line in lines {
            self.wrapped(2, anstyle::Style::new(), &line);
        }
        self.gap();
    }

    /// Whether there is anything to say of a rule.
    fn shows(&self, entry: &RuleFindings<'_, '_>) -> bool {
        let (counts, options) = (entry.rule.counts, self.options);
        (options.fail && counts.fail > 0)
            || (options.undetermined && counts.undetermined > 0)
            || (options.pass && counts.pass > 0)
            || (!options.rules.is_empty() && entry.rule.problem.is_none())
    }

    fn clause(&mut self, clause: &Clause<'_, '_>) {
        let shown: Vec<_> = clause
            .rules
            .iter()
            .filter(|entry| self.shows(entry))
            .collect();
        if shown.is_empty() {
            return;
        }
        let heading = self.options.palette.heading;
        self.line(0, &paint(heading, safe(clause.citation)));
        for text in clause.section.iter().filter(|text| !text.is_empty()) {
            self.line(0, &paint(self.options.palette.faint, safe(text)));
        }
        for entry in shown {
            self.rule(entry);
        }
        self.gap();
    }

    fn rule(&mut self, entry: &RuleFindings<'_, '_>) {
        let RuleFindings { rule, findings } = entry;
        let (palette, options) = (self.options.palette, self.options);
        let star = if rule.verified { "" } else { " *" };
        self.wrapped(2, anstyle::Style::new(), &safe(&rule.title));
        let counts = [
            (rule.counts.fail, "fail", palette.fail),
            (
                rule.counts.undetermined,
                "undetermined",
                palette.undetermined,
            ),
            (rule.counts.pass, "pass", palette.pass),
            (rule.counts.not_applicable, "not applicable", palette.faint),
        ];
        let counts: Vec<String> = counts
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, word, style)| paint(style, format!("{} {word}", thousands(count))))
            .collect();
        let counts = if counts.is_empty() {
            "governs nothing here".to_owned()
        } else {
            counts.join(" · ")
        };
        let stage = match &*rule.stage {
            "stable" => String::new(),
            stage => format!(" · {}", safe(stage)),
        };
        let id = format!(
            "{} · {}{stage}{star}",
            safe(&rule.rule),
            safe(&rule.severity)
        );
        self.line(2, &format!("{counts}   {}", paint(palette.faint, id)));
        let of = |verdict: &str| -> Vec<&Finding<'_>> {
            findings
                .iter()
                .filter(|f| f.verdict == verdict)
                .copied()
                .collect()
        };
        if options.fail {
            self.failures(&of("fail"));
        }
        if options.undetermined {
            self.undetermined(&of("undetermined"));
        }
        if options.pass {
            self.one_by_one("pass", palette.pass, &of("pass"));
        }
    }

    fn one_by_one(&mut self, word: &str, style: anstyle::Style, findings: &[&Finding<'_>]) {
        let most = self.options.max_findings.unwrap_or(usize::MAX);
        for finding in findings.iter().take(most) {
            let line = format!("{}  {}", paint(style, word), element(&finding.element));
            self.line(4, &line);
            self.values(finding);
            self.facts(10, &finding.facts, "");
        }
        self.more(findings.len().saturating_sub(most));
    }

    /// Failures that are the same in all but the element once, with the elements.
    fn failures(&mut self, findings: &[&Finding<'_>]) {
        let most = self.options.max_findings.unwrap_or(usize::MAX);
        let word = paint(self.options.palette.fail, "FAIL");
        let groups = alike(findings);
        for group in groups.iter().take(most) {
            let [first, others @ ..] = group.as_slice() else {
                continue;
            };
            if others.is_empty() {
                self.line(4, &format!("{word}  {}", element(&first.element)));
                self.values(first);
                self.facts(10, &first.facts, "");
                continue;
            }
            let count = thousands(group.len() as u64);
            let noun = noun(&safe(&first.element.class), group.len());
            self.line(4, &format!("{word}  {count} {noun}, each:"));
            self.values(first);
            // Values and sources are those of all of them, records are not.
            for line in without_records(&first.facts) {
                self.wrapped(10, self.options.palette.faint, &line);
            }
            for one in group.iter().take(most) {
                self.line(10, &format!("- {}", element(&one.element)));
            }
            if group.len() > most {
                let left = thousands((group.len() - most) as u64);
                let text = format!("… and {left} more (--max-findings 0 shows all)");
                self.line(10, &paint(self.options.palette.faint, text));
            }
        }
        let left = groups.iter().skip(most).map(Vec::len).sum();
        self.more(left);
    }

    /// What was measured, what is required, how far they are apart.
    fn values(&mut self, finding: &Finding<'_>) {
        let comparison = comparison(finding);
        let mut message = safe(&finding.message).into_owned();
        match &comparison {
            // The engine's own wording names both values: only the distance is added.
            Some(line) if is_standard_wording(finding) => {
                if let Some((_, off)) = line.split_once(", off by ") {
                    message.push_str(&format!(", off by {off}"));
                }
            }
            Some(line) => self.line(10, line),
            None => {}
        }
        self.wrapped(10, anstyle::Style::new(), &message);
    }

    fn more(&mut self, left_out: usize) {
        if left_out > 0 {
            let text = format!(
                "… and {} more (--max-findings 0 shows all)",
                thousands(left_out as u64)
            );
            self.line(4, &paint(self.options.palette.faint, text));
        }
    }

    /// Equal reasons once, with the elements they hold for.
    fn undetermined(&mut self, findings: &[&Finding<'_>]) {
        let most = self.options.max_findings.unwrap_or(usize::MAX);
        let groups = by_reason(findings);
        let mut left = 0;
        for (at, (message, group)) in groups.iter().enumerate() {
            if at >= most {
                left += group.len();
                continue;
            }
            let Some(first) = group.first() else { continue };
            let word = paint(self.options.palette.undetermined, "undetermined");
            if group.len() == 1 {
                self.line(4, &format!("{word}  {}", element(&first.element)));
            } else {
                let count = thousands(group.len() as u64);
                let noun = noun(&safe(&first.element.class), group.len());
                self.line(4, &format!("{word}  {count} {noun}"));
            }
            self.wrapped(10, anstyle::Style::new(), &safe(message));
            if group.len() == 1 {
                self.facts(10, &first.facts, message);
            } else {
                self.missing(group, message);
                self.names(group, most);
            }
        }
        self.more(left);
    }

    /// What is missing in a group, once, unless the message has said it.
    fn missing(&mut self, group: &[&Finding<'_>], message: &str) {
        let mut said = HashSet::new();
        for fact in group.iter().flat_map(|f| &f.facts) {
            if let Some(why) = &fact.absent
                && !message.contains(&**why)
                && said.insert((&*fact.title, &**why))
            {
                let line = format!("{}: {}", safe(&fact.title), safe(why));
                self.wrapped(10, self.options.palette.faint, &line);
            }
        }
    }

    fn names(&mut self, group: &[&Finding<'_>], most: usize) {
        let names: Vec<String> = group
            .iter()
            .take(most)
            .map(|f| match &f.element.name {
                Some(name) => format!("{} ({})", safe(name), safe(&f.element.global_id)),
                None => safe(&f.element.global_id).into_owned(),
            })
            .collect();
        let mut line = names.join(", ");
        if group.len() > most {
            let _ = write!(line, " and {} more", thousands((group.len() - most) as u64));
        }
        self.wrapped(10, anstyle::Style::new(), &line);
    }

    /// Facts and what they were computed from; without those whose absence the message has
    /// explained.
    fn facts(&mut self, indent: usize, facts: &[Fact<'_>], message: &str) {
        for fact in facts {
            let said = fact
                .absent
                .as_ref()
                .is_some_and(|why| message.contains(&**why));
            if !said {
                self.wrapped(indent, self.options.palette.faint, &provenance(fact, true));
            }
            self.facts(indent + 2, &fact.from, message);
        }
    }

    fn diagnostics(&mut self, report: &Report<'_>) {
        let list = &report.diagnostics;
        if list.total == 0 {
            return;
        }
        let faint = self.options.palette.faint;
        let noun = if list.total == 1 {
            "oddity"
        } else {
            "oddities"
        };
        self.line(0, &format!("{} {noun} in the input", thousands(list.total)));
        let shown = if self.options.all_diagnostics {
            usize::MAX
        } else {
            FEW_DIAGNOSTICS
        };
        for one in list.first.iter().take(shown) {
            self.wrapped(2, faint, &diagnostic(one));
        }
        let kept = list.first.len().min(shown) as u64;
        if list.total > kept {
            let how = if self.options.all_diagnostics {
                "the engine keeps the first only"
            } else {
                "--diagnostics shows all"
            };
            let text = format!("… and {} more ({how})", thousands(list.total - kept));
            self.line(2, &paint(faint, text));
        }
        self.gap();
    }

    /// The counts of the rules that are shown: of all, or of those that were asked for.
    fn summary(&self, report: &Report<'_>, wanted: impl Fn(&Rule<'_>) -> bool) -> String {
        let palette = self.options.palette;
        let mut summary = report.summary;
        let mut parts = Vec::new();
        if !self.options.rules.is_empty() {
            let rules: Vec<_> = report.rules.iter().filter(|rule| wanted(rule)).collect();
            summary = summary.narrowed(rules.iter().map(|rule| rule.counts));
            let all = counted(report.rules.len() as u64, "rule");
            parts.push(format!("{} of {all}", thousands(rules.len() as u64)));
        }
        let counts = summary.counts;
        parts.extend([
            coloured(counts.fail, "fail", palette.fail),
            coloured(counts.undetermined, "undetermined", palette.undetermined),
            coloured(counts.pass, "pass", palette.pass),
            format!("{} not applicable", thousands(counts.not_applicable)),
        ]);
        for (name, value) in [("score", summary.score), ("decided", summary.decided)] {
            parts.push(match value {
                Some(percent) => format!("{name} {percent:.1} %"),
                None => format!("no {name}"),
            });
        }
        if let Some(seconds) = self.options.seconds {
            parts.push(format!("{seconds:.2} s"));
        }
        if !summary.complete {
            parts.push(paint(palette.problem, "not complete"));
        }
        parts.join(" · ")
    }
}

fn coloured(count: u64, word: &str, style: anstyle::Style) -> String {
    let text = format!("{} {word}", thousands(count));
    if count == 0 { text } else { paint(style, text) }
}
