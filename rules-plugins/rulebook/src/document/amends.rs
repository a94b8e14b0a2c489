//! What the file changes of another module.

use plancheck_contract::{AmendedCell, Amends, Policy};
use toml::Spanned;
use toml::de::DeValue;

use super::read::{NOT_PERMITTED, check_id, check_name, not_permitted, number};
use super::{Table, Text};
use crate::diagnostic::{Diagnostic, Wrong};
use crate::expression;

/// The table `[amends]`.
pub(super) fn amends(mut table: Table<'_, '_>, wrong: &mut Wrong) -> Option<Amends> {
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
    wrong: &mut Wrong,
) {
    let mut add = |key: String,
                   value: &Spanned<DeValue<'_>>,
                   own: Option<String>,
                   wrong: &mut Wrong| {
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
