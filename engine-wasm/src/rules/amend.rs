//! Amendments: numbers and rules of one module that another one replaces or switches off.

use plancheck_contract::amends::Policy;
use plancheck_contract::manifest::{Parameter, Stricter};
use plancheck_contract::{Manifest, Unit};
use serde::Serialize;

use super::ruleset::Problem;
use super::syntax::suggest;

/// What was changed of a module.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Amended {
    /// A number.
    Parameter {
        /// The module that was changed.
        module: String,
        /// The module that changes it.
        by: String,
        /// The parameter.
        parameter: String,
        /// Its cell; empty for a single number.
        key: String,
        /// What it was, in `unit`; none: not permitted.
        from: Option<f64>,
        /// What it is now, in `unit`; none: not permitted.
        to: Option<f64>,
        /// Symbol of the parameter's unit.
        unit: String,
        /// Where the amendment says so.
        citation: String,
    },
    /// A rule that does not apply.
    Disabled {
        /// The module that was changed.
        module: String,
        /// The module that changes it.
        by: String,
        /// The rule.
        rule: String,
    },
}

fn problem(code: &str, message: String) -> Problem {
    Problem {
        code: code.to_owned(),
        message,
    }
}

/// Holds the amendments of `by` against the module that it amends: what would be changed.
///
/// # Errors
/// The module has no such parameter or rule, the units do not fit, or nobody says which number is the
/// stricter one.
pub fn changes(by: &Manifest, base: &Manifest) -> Result<Vec<Amended>, Problem> {
    let Some(amends) = &by.amends else {
        return Ok(Vec::new());
    };
    let bad = |why: String| problem("bad-amendment", format!("{}: {why}", amends.module));
    let mut out = Vec::new();
    for cell in &amends.parameters {
        let parameter = base.parameters.iter().find(|p| p.name == cell.name);
        let parameter = parameter.ok_or_else(|| {
            let names = base.parameters.iter().map(|p| p.name.as_str());
            bad(format!(
                "it has no parameter {:?}{}",
                cell.name,
                suggest(&cell.name, names)
            ))
        })?;
        let same = |key: &str| key.eq_ignore_ascii_case(&cell.key);
        let found = parameter.cells.iter().find(|c| same(&c.key));
        let found = found.ok_or_else(|| {
            let keys = parameter.cells.iter().map(|c| c.key.as_str());
            bad(format!(
                "its parameter {:?} has no cell {:?}{}",
                cell.name,
                cell.key,
                suggest(&cell.key, keys)
            ))
        })?;
        let to = match cell.value {
            None => None,
            Some(value) if cell.unit == parameter.unit => Some(value),
            Some(value) => {
                let units = Unit::from_symbol(&cell.unit).zip(Unit::from_symbol(&parameter.unit));
                let fits = units.filter(|(from, to)| from.dimension() == to.dimension());
                let (from, to) = fits.ok_or_else(|| {
                    bad(format!(
                        "its parameter {:?} is in {}, not in {}",
                        cell.name, parameter.unit, cell.unit
                    ))
                })?;
                Some(to.from_si(from.to_si(value)))
            }
        };
        let to = match amends.policy {
            Policy::Replace => to,
            Policy::MostRestrictive => stricter(parameter, found.value, to)?,
        };
        out.push(Amended::Parameter {
            module: base.module.id.clone(),
            by: by.module.id.clone(),
            parameter: parameter.name.clone(),
            key: found.key.clone(),
            from: found.value,
            to,
            unit: parameter.unit.clone(),
            citation: cell.citation.clone(),
        });
    }
    for rule in &amends.disable {
        let rule = base.current_id(rule);
        if !base.rules.iter().any(|r| r.id == rule) {
            let ids = base.rules.iter().map(|r| r.id.as_str());
            return Err(bad(format!(
                "it has no rule {rule:?}{}",
                suggest(rule, ids)
            )));
        }
        out.push(Amended::Disabled {
            module: base.module.id.clone(),
            by: by.module.id.clone(),
            rule: rule.to_owned(),
        });
    }
    Ok(out)
}

/// The stricter of two numbers; nothing is as strict as "not permitted".
fn stricter(
    parameter: &Parameter,
    from: Option<f64>,
    to: Option<f64>,
) -> Result<Option<f64>, Problem> {
    let (Some(from), Some(to)) = (from, to) else {
        return Ok(None);
    };
    match parameter.stricter {
        Some(Stricter::Larger) => Ok(Some(from.max(to))),
        Some(Stricter::Smaller) => Ok(Some(from.min(to))),
        None => Err(problem(
            "policy-not-supported",
            format!(
                "the stricter number of its parameter {:?} cannot be told: the module does not say whether \
                 larger or smaller is stricter",
                parameter.name
            ),
        )),
    }
}

/// Makes the changes to the numbers of a module; those of its rules are left to who asks them.
pub(super) fn apply(base: &mut Manifest, changes: &[Amended]) {
    for change in changes {
        let Amended::Parameter {
            module,
            parameter,
            key,
            to,
            ..
        } = change
        else {
            continue;
        };
        if *module != base.module.id {
            continue;
        }
        let cells = base
            .parameters
            .iter_mut()
            .filter(|p| p.name == *parameter)
            .flat_map(|p| &mut p.cells);
        for cell in cells.filter(|cell| cell.key == *key) {
            cell.value = *to;
        }
    }
}
