//! The file, table by table.

use plancheck_contract::fixture::Case;
use plancheck_contract::{AmendedCell, Amends, Policy, Severity, Stage, Unit};
use plancheck_engine::rules::nearest;
use serde::Deserialize as _;
use serde::de::IntoDeserializer as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::table::{inside, kind};
use super::{Document, Fact, Fixture, Named, Parameter, Rule, Table, Text};
use crate::diagnostic::{Diagnostic, Span};
use crate::expression;
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
pub(crate) fn read(source: &str, wrong: &mut Vec<Diagnostic>) -> Document {
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
    if !["rules", "facts", "amends"].iter().any(|key| root.has(key)) {
        wrong.push(
            Diagnostic::new("no-rules", root.span.clone(), "the rulebook has no rule")
                .help("a rule begins with `[rules.its-id]`"),
        );
    }
    root.finish(wrong);
    document
}

/// A span with at least one character, where there is one.
fn visible(source: &str, span: Span) -> Span {
    if !span.is_empty() {
        return span;
    }
    let start = source
        .char_indices()
        .map(|(at, _)| at)
        .take_while(|at| *at <= span.start)
        .last()
        .unwrap_or_default();
    let next = source.get(start..).and_then(|rest| rest.chars().next());
    start..start + next.map_or(0, char::len_utf8)
}

/// Names of parameters, facts and definitions.
fn is_name(name: &str) -> bool {
    name.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && !KEYWORDS.contains(&name)
}

fn check_name(what: &str, name: &Text, wrong: &mut Vec<Diagnostic>) {
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

fn check_id(what: &str, id: &Text, wrong: &mut Vec<Diagnostic>) {
    if !is_id(&id.value) {
        let message = format!("`{}` cannot be the id of a {what}", id.value);
        wrong.push(
            Diagnostic::new("bad-id", id.whole(), message)
                .help("an id has lower-case letters, digits, `-` and `_`"),
        );
    }
}

fn module(root: &mut Table<'_, '_>, document: &mut Document, wrong: &mut Vec<Diagnostic>) {
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

fn jurisdiction(root: &mut Table<'_, '_>, document: &mut Document, wrong: &mut Vec<Diagnostic>) {
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

fn date(table: &mut Table<'_, '_>, key: &'static str, wrong: &mut Vec<Diagnostic>) -> String {
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
    wrong: &mut Vec<Diagnostic>,
    read: fn(&'s str, &Text, Table<'a, 's>, &mut Vec<Diagnostic>) -> Option<T>,
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
    wrong: &mut Vec<Diagnostic>,
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
fn number(
    source: &str,
    value: &Spanned<DeValue<'_>>,
    key: &str,
    wrong: &mut Vec<Diagnostic>,
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
    wrong: &mut Vec<Diagnostic>,
) -> Option<Parameter> {
    check_name("parameter", name, wrong);
    let title = table.string("title", wrong);
    let citation = table.string("citation", wrong);
    let unit = table.text("unit", wrong);
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
    })
}

fn fact<'s>(
    source: &'s str,
    name: &Text,
    mut table: Table<'_, 's>,
    wrong: &mut Vec<Diagnostic>,
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
    wrong: &mut Vec<Diagnostic>,
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
        .unwrap_or(Stage::Preview);
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
        require: require?,
        messages,
        page,
        since,
        stage,
        verified,
        fixtures,
    })
}

fn fixtures<'s>(
    source: &'s str,
    table: &mut Table<'_, 's>,
    wrong: &mut Vec<Diagnostic>,
) -> Vec<Fixture> {
    const KEYS: [&str; 9] = [
        "name",
        "given",
        "parameters",
        "expect",
        "measured",
        "required",
        "facts_named",
        "message",
        "value",
    ];
    let Some(list) = table.value("fixtures") else {
        return Vec::new();
    };
    let Some(members) = list.get_ref().as_array() else {
        wrong.push(kind(
            list.span(),
            "fixtures",
            "a list of tables",
            list.get_ref(),
        ));
        return Vec::new();
    };
    let mut out: Vec<Fixture> = Vec::new();
    for member in members {
        let span = member.span();
        let Some(mut case) = inside(source, member, span.clone(), "a fixture", wrong) else {
            continue;
        };
        for key in KEYS {
            case.value(key);
        }
        let name = case.required("name", wrong);
        let keys = |key, case: &mut Table<'_, 's>| {
            let inner = case.table(key, key, &mut Vec::new());
            inner.map_or_else(Vec::new, |t| t.entries().into_iter().map(|e| e.0).collect())
        };
        let given = keys("given", &mut case);
        let parameters = keys("parameters", &mut case);
        let expect = case.value("expect").map(Spanned::span);
        let before = wrong.len();
        case.finish(wrong);
        if wrong.len() > before {
            continue;
        }
        let Some(name) = name else { continue };
        if out.iter().any(|other| other.case.name == name.value) {
            let message = format!("two fixtures are named {:?}", name.value);
            wrong.push(Diagnostic::new("same-fixture", name.whole(), message));
        }
        match Case::deserialize(member.clone().into_deserializer()) {
            Ok(case) => out.push(Fixture {
                case,
                name: name.whole(),
                given,
                parameters,
                expect,
            }),
            Err(error) => {
                let span = error.span().unwrap_or(span);
                let first = error
                    .message()
                    .lines()
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                wrong.push(Diagnostic::new(
                    "bad-fixture",
                    span,
                    format!("a fixture: {first}"),
                ));
            }
        }
    }
    out
}

fn amends(mut table: Table<'_, '_>, wrong: &mut Vec<Diagnostic>) -> Option<Amends> {
    let source = table.source();
    let module = table.required("module", wrong);
    if let Some(module) = &module {
        check_id("module", module, wrong);
    }
    let policies = [Policy::Replace, Policy::MostRestrictive].map(|p| (p.name(), p));
    let policy = table.one_of("policy", &policies, wrong).unwrap_or_default();
    let citation = table.text("citation", wrong).map(|text| text.value);
    let mut disable: Vec<String> = Vec::new();
    for rule in table.texts("disable", wrong) {
        check_id("rule", &rule, wrong);
        if disable.contains(&rule.value) {
            let message = format!("rule `{}` is disabled twice", rule.value);
            wrong.push(Diagnostic::new("disabled-twice", rule.whole(), message));
        }
        disable.push(rule.value);
    }
    let mut parameters = Vec::new();
    if let Some(inner) = table.table("parameters", "[amends.parameters]", wrong) {
        for (name, value) in inner.entries() {
            check_name("parameter", &name, wrong);
            amended(
                source,
                &name,
                value,
                citation.as_deref(),
                &mut parameters,
                wrong,
            );
        }
    }
    table.finish(wrong);
    Some(Amends {
        module: module?.value,
        policy,
        parameters,
        disable,
    })
}

/// One parameter of another module: a number, a number with its citation, or cells of a table.
fn amended(
    source: &str,
    name: &Text,
    value: &Spanned<DeValue<'_>>,
    citation: Option<&str>,
    out: &mut Vec<AmendedCell>,
    wrong: &mut Vec<Diagnostic>,
) {
    let mut add = |key: String,
                   value: &Spanned<DeValue<'_>>,
                   own: Option<String>,
                   wrong: &mut Vec<Diagnostic>| {
        let Some(text) = number(source, value, &name.value, wrong) else {
            return;
        };
        let Some(citation) = own.or_else(|| citation.map(str::to_owned)) else {
            wrong.push(
                Diagnostic::new(
                    "no-citation",
                    value.span(),
                    format!("nothing says where `{}` is amended", name.value),
                )
                .help("write `citation` under `[amends]`, or `{ value = \"36 in\", citation = \"…\" }`"),
            );
            return;
        };
        let (value, unit) = if text.value == NOT_PERMITTED {
            (None, String::new())
        } else {
            match expression::literal(&text) {
                Ok(literal) => (Some(literal.value), literal.unit.symbol().to_owned()),
                Err(error) => return wrong.push(not_permitted(&text, error)),
            }
        };
        out.push(AmendedCell {
            name: name.value.clone(),
            key,
            value,
            unit,
            citation,
        });
    };
    let Some(table) = value.get_ref().as_table() else {
        return add(String::new(), value, None, wrong);
    };
    let mut table = Table::new(source, table, value.span(), format!("`{}`", name.value));
    if table.has("value") {
        let own = table.text("citation", wrong).map(|text| text.value);
        if let Some(value) = table.value("value") {
            add(String::new(), value, own, wrong);
        }
        return table.finish(wrong);
    }
    for (key, value) in table.entries() {
        match value.get_ref().as_table() {
            None => add(key.value, value, None, wrong),
            Some(inner) => {
                let what = format!("`{}.{}`", name.value, key.value);
                let mut inner = Table::new(source, inner, value.span(), what);
                let own = inner.text("citation", wrong).map(|text| text.value);
                match inner.value("value") {
                    Some(value) => add(key.value, value, own, wrong),
                    None => wrong.push(inner.missing("value")),
                }
                inner.finish(wrong);
            }
        }
    }
}

/// Adds what could be meant where a number cannot be read.
pub(crate) fn not_permitted(text: &Text, error: Diagnostic) -> Diagnostic {
    let near = nearest(&text.value, [NOT_PERMITTED].into_iter());
    match near {
        Some(near) => Diagnostic {
            help: Vec::new(),
            span: text.whole(),
            ..error
        }
        .suggest(Some(&format!("{near:?}"))),
        None => error,
    }
}

/// The unit of a parameter, written out.
pub(crate) fn unit_text(text: &Text) -> Result<Unit, Diagnostic> {
    let found = crate::units::unit(&text.value).or_else(|| Unit::from_symbol(&text.value));
    found.ok_or_else(|| {
        let message = format!("unknown unit `{}`", text.value);
        let near = nearest(&text.value, crate::units::spellings());
        let near = near.map(|near| format!("{near:?}"));
        Diagnostic::new("unknown-unit", text.whole(), message).suggest(near.as_deref())
    })
}
