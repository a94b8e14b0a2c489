//! The file, table by table.

use plancheck_contract::{Severity, Stage, Stricter, Unit};
use plancheck_engine::rules::nearest;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::amends::amends;
use super::cases::fixtures;
use super::knowledge;
use super::table::{inside, kind};
use super::{Document, Fact, Named, Parameter, Rule, Table, Text};
use crate::diagnostic::{Diagnostic, Span, Wrong};
use crate::expression::parser::KEYWORDS;

/// What rules are about, as the SDK has it. Reports are grouped by it.
const CATEGORIES: &[&str] = &[
    "fire_safety_egress",
    "fire_protection",
    "accessibility",
    "safety_in_use",
    "interior_environment",
    "structural",
    "electrical",
    "plumbing",
    "mechanical",
    "energy",
    "general",
];
/// What stands in place of a number that nothing meets.
pub(crate) const NOT_PERMITTED: &str = "not permitted";

/// Reads a file; what is wrong goes to the list.
pub(crate) fn read(source: &str, wrong: &mut Wrong) -> Document {
    let (root, errors) = DeTable::parse_recoverable(source);
    for error in errors {
        let span = visible(source, error.span().unwrap_or(0..source.len()));
        wrong.push(Diagnostic::new(
            "toml",
            span,
            format!("not TOML: {}", error.message()),
        ));
    }
    let mut root = Table::new(
        source,
        root.get_ref(),
        0..source.len().min(1),
        "the rulebook",
    );
    let mut document = Document::default();
    module(&mut root, &mut document, wrong);
    jurisdiction(&mut root, &mut document, wrong);
    document.parameters = named(&mut root, "parameters", wrong, parameter);
    document.definitions = texts(&mut root, "definitions", "[definitions]", wrong);
    document.facts = named(&mut root, "facts", wrong, fact);
    document.rules = named(&mut root, "rules", wrong, rule);
    for rule in &mut document.rules {
        if rule.value.since.is_empty() {
            rule.value.since.clone_from(&document.module.version);
        }
    }
    document.amends = root
        .table("amends", "[amends]", wrong)
        .and_then(|table| amends(table, wrong));
    document.sections = knowledge::sections(&mut root, wrong);
    document.redirects = knowledge::redirects(&mut root, wrong);
    if !["rules", "facts", "amends"].iter().any(|key| root.has(key)) {
        wrong.push(
            Diagnostic::new("no-rules", root.span.clone(), "the rulebook has no rule")
                .help("a rule begins with `[rules.its-id]`"),
        );
    }
    root.finish(wrong);
    document
}

/// A span with at least one character that can be seen, where there is one.
fn visible(source: &str, span: Span) -> Span {
    if !span.is_empty() {
        return span;
    }
    let start = source.floor_char_boundary(span.start);
    let next = source.get(start..).and_then(|rest| rest.chars().next());
    let last = source
        .get(..start)
        .and_then(|before| before.chars().next_back());
    match (next, last) {
        (Some(next), _) if next != '\n' && next != '\r' => start..start + next.len_utf8(),
        (_, Some(last)) if last != '\n' => start - last.len_utf8()..start,
        _ => start..start,
    }
}

/// Names of parameters, facts and definitions.
fn is_name(name: &str) -> bool {
    name.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && !KEYWORDS.contains(&name)
}

pub(super) fn check_name(what: &str, name: &Text, wrong: &mut Wrong) {
    if KEYWORDS.contains(&name.value.as_str()) {
        let message = format!("`{}` is a word of the expression language", name.value);
        wrong.push(Diagnostic::new("bad-name", name.whole(), message));
    } else if !is_name(&name.value) {
        let message = format!("`{}` cannot be the name of a {what}", name.value);
        wrong.push(
            Diagnostic::new("bad-name", name.whole(), message)
                .help("a name has lower-case letters, digits and `_`, and begins with a letter"),
        );
    }
}

fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= 100
        && id
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

pub(super) fn check_id(what: &str, id: &Text, wrong: &mut Wrong) {
    if !is_id(&id.value) {
        let message = format!("`{}` cannot be the id of a {what}", id.value);
        wrong.push(
            Diagnostic::new("bad-id", id.whole(), message)
                .help("an id has lower-case letters, digits, `-` and `_`"),
        );
    }
}

fn module(root: &mut Table<'_, '_>, document: &mut Document, wrong: &mut Wrong) {
    let Some(mut table) = root.table("module", "[module]", wrong) else {
        if !root.has("module") {
            wrong.push(root.missing("[module]"));
        }
        return;
    };
    if let Some(id) = table.required("id", wrong) {
        check_id("module", &id, wrong);
        document.module.id = id.value;
    }
    document.module.title = table.string("title", wrong);
    if let Some(version) = table.required("version", wrong) {
        let parts: Vec<&str> = version.value.split('.').collect();
        let number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if parts.len() != 3 || !parts.iter().all(number) {
            wrong.push(
                Diagnostic::new(
                    "bad-version",
                    version.whole(),
                    format!("{:?} is no version", version.value),
                )
                .help("a version has three numbers: \"0.1.0\""),
            );
        }
        document.module.version = version.value;
    }
    document.module.publisher = table.string("publisher", wrong);
    document.module.limits = table.string("limits", wrong);
    table.finish(wrong);
}

fn jurisdiction(root: &mut Table<'_, '_>, document: &mut Document, wrong: &mut Wrong) {
    let Some(mut table) = root.table("jurisdiction", "[jurisdiction]", wrong) else {
        if !root.has("jurisdiction") {
            wrong.push(root.missing("[jurisdiction]"));
        }
        return;
    };
    let out = &mut document.jurisdiction;
    if let Some(country) = table.required("country", wrong) {
        if country.value.len() != 2 || !country.value.bytes().all(|b| b.is_ascii_lowercase()) {
            let message = format!("{:?} is no country", country.value);
            wrong.push(
                Diagnostic::new("bad-country", country.whole(), message)
                    .help("a country is two lower-case letters, ISO 3166-1 alpha-2: \"us\""),
            );
        }
        out.country = country.value;
    }
    out.state = table.optional("state", wrong);
    out.county = table.optional("county", wrong);
    out.city = table.optional("city", wrong);
    out.family = table.optional("family", wrong);
    out.edition = table.optional("edition", wrong);
    out.effective_from = date(&mut table, "effective_from", wrong);
    out.effective_until = date(&mut table, "effective_until", wrong);
    table.finish(wrong);
}

fn date(table: &mut Table<'_, '_>, key: &'static str, wrong: &mut Wrong) -> String {
    let Some(value) = table.value(key) else {
        return String::new();
    };
    let text = match value.get_ref() {
        DeValue::String(text) => text.to_string(),
        DeValue::Datetime(date) => date.to_string(),
        other => {
            wrong.push(kind(value.span(), key, "a date", other));
            return String::new();
        }
    };
    let good = text.len() == 10
        && text.bytes().enumerate().all(|(at, b)| match at {
            4 | 7 => b == b'-',
            _ => b.is_ascii_digit(),
        });
    if !good {
        wrong.push(
            Diagnostic::new("bad-date", value.span(), format!("{text:?} is no date"))
                .help("a date is written 2024-01-31"),
        );
    }
    text
}

/// The tables of a table, by their names.
fn named<'a, 's, T>(
    root: &mut Table<'a, 's>,
    key: &'static str,
    wrong: &mut Wrong,
    read: fn(&'s str, &Text, Table<'a, 's>, &mut Wrong) -> Option<T>,
) -> Vec<Named<T>> {
    let source = root.source();
    let Some(table) = root.table(key, format!("[{key}]"), wrong) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for (name, value) in table.entries() {
        let what = format!("[{key}.{}]", name.value);
        let Some(table) = inside(source, value, name.whole(), what, wrong) else {
            continue;
        };
        if let Some(value) = read(source, &name, table, wrong) {
            out.push(Named { name, value });
        }
    }
    out
}

/// The texts of a table, by their names.
fn texts(
    table: &mut Table<'_, '_>,
    key: &'static str,
    what: &str,
    wrong: &mut Wrong,
) -> Vec<Named<Text>> {
    let source = table.source();
    let Some(inner) = table.table(key, what, wrong) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for (name, value) in inner.entries() {
        check_name("definition", &name, wrong);
        match value.get_ref() {
            DeValue::String(text) => {
                let value = Text::new(source, value.span(), text);
                out.push(Named { name, value });
            }
            other => wrong.push(kind(
                value.span(),
                &name.value,
                "an expression in quotes",
                other,
            )),
        }
    }
    out
}

/// A number in quotes with its unit, or a plain number.
pub(super) fn number(
    source: &str,
    value: &Spanned<DeValue<'_>>,
    key: &str,
    wrong: &mut Wrong,
) -> Option<Text> {
    let written = match value.get_ref() {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.as_str().to_owned(),
        DeValue::Float(number) => number.as_str().to_owned(),
        other => {
            wrong.push(kind(
                value.span(),
                key,
                "a number with its unit, in quotes,",
                other,
            ));
            return None;
        }
    };
    Some(Text::new(source, value.span(), &written))
}

fn parameter<'s>(
    source: &'s str,
    name: &Text,
    mut table: Table<'_, 's>,
    wrong: &mut Wrong,
) -> Option<Parameter> {
    check_name("parameter", name, wrong);
    let title = table.string("title", wrong);
    let citation = table.string("citation", wrong);
    let unit = table.text("unit", wrong);
    let directions = [Stricter::Larger, Stricter::Smaller].map(|d| (d.name(), d));
    let stricter = table.one_of("stricter", &directions, wrong);
    let mut cells = Vec::new();
    let is_table = table.has("cells");
    if is_table && table.has("value") {
        let span = table.key_span("value").unwrap_or_default();
        let message = format!("parameter `{}` has both a value and cells", name.value);
        wrong.push(Diagnostic::new("value-and-cells", span, message));
    }
    if let Some(value) = table.value("value") {
        cells.extend(number(source, value, "value", wrong).map(|value| (None, value)));
    }
    if let Some(inner) = table.table("cells", "cells", wrong) {
        for (key, value) in inner.entries() {
            if let Some(value) = number(source, value, &key.value, wrong) {
                cells.push((Some(key), value));
            }
        }
        if cells.is_empty() {
            let message = format!("the table `{}` has no cell", name.value);
            wrong.push(Diagnostic::new("no-cells", inner.span, message));
        }
    } else if !table.has("value") {
        wrong.push(
            table
                .missing("value")
                .help("a single number: `value = \"32 in\"`; a table: `cells = { office = \"150 ft²/person\" }`"),
        );
    }
    table.finish(wrong);
    Some(Parameter {
        title,
        citation,
        unit,
        cells,
        is_table,
        stricter,
    })
}

fn fact<'s>(
    source: &'s str,
    name: &Text,
    mut table: Table<'_, 's>,
    wrong: &mut Wrong,
) -> Option<Fact> {
    check_name("fact", name, wrong);
    let subject = table.required("subject", wrong);
    let title = table.string("title", wrong);
    let description = table.string("description", wrong);
    let lets = texts(&mut table, "let", "`let`", wrong);
    let value = table.required("value", wrong);
    let fixtures = fixtures(source, &mut table, wrong);
    table.finish(wrong);
    Some(Fact {
        subject: subject?,
        title,
        description,
        value: value?,
        lets,
        fixtures,
    })
}

fn rule<'s>(
    source: &'s str,
    name: &Text,
    mut table: Table<'_, 's>,
    wrong: &mut Wrong,
) -> Option<Rule> {
    check_id("rule", name, wrong);
    let title = table.string("title", wrong);
    let citation = table.string("citation", wrong);
    let severities = [Severity::Error, Severity::Warning, Severity::Info].map(|s| (s.name(), s));
    if !table.has("severity") {
        wrong.push(
            table
                .missing("severity")
                .help("severity = \"error\", \"warning\" or \"info\""),
        );
    }
    let severity = table.one_of("severity", &severities, wrong);
    let categories: Vec<(&str, &str)> = CATEGORIES.iter().map(|c| (*c, *c)).collect();
    if !table.has("category") {
        wrong.push(
            table
                .missing("category")
                .help(format!("one of: {}", CATEGORIES.join(", "))),
        );
    }
    let category = table.one_of("category", &categories, wrong);
    let subject = table.required("subject", wrong);
    let lets = texts(&mut table, "let", "`let`", wrong);
    let when = table.text("when", wrong);
    let unless = table.text("unless", wrong);
    let require = table.required("require", wrong);
    let mut messages = Vec::new();
    for mut message in table.tables("messages", "a message", wrong) {
        let (when, say) = (
            message.required("when", wrong),
            message.required("say", wrong),
        );
        message.finish(wrong);
        if let (Some(when), Some(say)) = (when, say) {
            messages.push((Some(when), say));
        }
    }
    messages.extend(table.text("message", wrong).map(|say| (None, say)));
    let page = table.string("page", wrong);
    let since = table.optional("since", wrong);
    let stages = [Stage::Preview, Stage::Stable, Stage::Retired].map(|s| (s.name(), s));
    let stage = table
        .one_of("stage", &stages, wrong)
        .unwrap_or(Stage::Stable);
    let verified = table.flag("verified", wrong);
    let fixtures = fixtures(source, &mut table, wrong);
    table.finish(wrong);
    let page = if page.starts_with(&title) {
        page
    } else {
        format!("{title}\n\n{page}")
    };
    Some(Rule {
        title,
        citation,
        // Where they are missing that was said; the rest of the rule is read all the same.
        severity: severity.unwrap_or(Severity::Error),
        category: category.unwrap_or_default().to_owned(),
        subject: subject?,
        lets,
        when,
        unless,
        require: require?,
        messages,
        page,
        since,
        stage,
        verified,
        fixtures,
    })
}

/// Adds what could be meant where a number cannot be read.
pub(crate) fn not_permitted(text: &Text, error: Box<Diagnostic>) -> Box<Diagnostic> {
    let near = nearest(&text.value, [NOT_PERMITTED].into_iter());
    match near {
        Some(near) => Diagnostic::new(error.code, text.whole(), error.message)
            .suggest(Some(&format!("{near:?}"))),
        None => error,
    }
}

/// The unit of a parameter, written out.
pub(crate) fn unit_text(text: &Text) -> Result<Unit, Box<Diagnostic>> {
    let found = crate::units::unit(&text.value).or_else(|| Unit::from_symbol(&text.value));
    found.ok_or_else(|| {
        let message = format!("unknown unit `{}`", text.value);
        let near = nearest(&text.value, crate::units::spellings());
        let near = near.map(|near| format!("{near:?}"));
        Diagnostic::new("unknown-unit", text.whole(), message).suggest(near.as_deref())
    })
}
