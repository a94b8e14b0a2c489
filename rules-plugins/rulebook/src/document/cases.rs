//! The cases of rules and derived facts.

use plancheck_contract::fixture::Case;
use serde::Deserialize as _;
use serde::de::IntoDeserializer as _;
use toml::Spanned;

use super::table::{inside, kind};
use super::{Fixture, Table};
use crate::diagnostic::{Diagnostic, Wrong};

/// The cases under `fixtures`.
pub(super) fn fixtures<'s>(
    source: &'s str,
    table: &mut Table<'_, 's>,
    wrong: &mut Wrong,
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
            let inner = case.table(key, key, &mut Wrong::default());
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
