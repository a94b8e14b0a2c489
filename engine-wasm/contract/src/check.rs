//! Is an answer what the contract says? A module is a stranger: whoever calls one, on the host or
//! in a page, holds its answer against what was asked before it reads a single entry.
//!
//! Every check is linear in the answer and allocates at most one bit for each row and rule.

use crate::batch::{Columns, Comparison, Kind, NO_MESSAGE, Verdicts};
use crate::manifest::FactKind;
use crate::unit::Unit;

/// How an answer breaks the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadAnswer {
    /// A list has another length than the contract gives it.
    Length {
        /// The list, as the WIT calls it.
        list: &'static str,
        /// Its length.
        found: usize,
        /// What it must be.
        expected: usize,
    },
    /// More verdicts than there are rows and rules.
    TooMany {
        /// How many came.
        found: usize,
        /// Rows times rules.
        limit: u64,
    },
    /// A number in a list is none of those that the contract allows there.
    Value {
        /// The list, as the WIT calls it.
        list: &'static str,
        /// The position in the list.
        entry: usize,
        /// The number.
        found: u64,
        /// The first number that is too large for this list.
        limit: u64,
    },
    /// A tolerance is negative, infinite, or missing where something was measured.
    Tolerance {
        /// The position in the list.
        entry: usize,
    },
    /// Ends must not fall, and the last one must be the length of what they cut.
    Ends {
        /// The list, as the WIT calls it.
        list: &'static str,
        /// The position in the list.
        entry: usize,
    },
    /// An end lies inside a character.
    TextBoundary {
        /// The position in `text-ends`.
        entry: usize,
    },
    /// Two verdicts of one rule on one row.
    Twice {
        /// The rule's position in the question.
        rule: u32,
        /// The row.
        row: u32,
    },
}

impl std::error::Error for BadAnswer {}

impl std::fmt::Display for BadAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            BadAnswer::Length {
                list,
                found,
                expected,
            } => {
                write!(f, "`{list}` has {found} entries, not {expected}")
            }
            BadAnswer::TooMany { found, limit } => {
                write!(f, "{found} verdicts where rows and rules allow {limit}")
            }
            BadAnswer::Value {
                list,
                entry,
                found,
                limit,
            } => {
                write!(f, "`{list}[{entry}]` is {found}, not below {limit}")
            }
            BadAnswer::Tolerance { entry } => {
                write!(
                    f,
                    "the tolerance of entry {entry} is not a number from 0 up"
                )
            }
            BadAnswer::Ends { list, entry } => {
                write!(
                    f,
                    "`{list}[{entry}]` falls, or does not end where its list ends"
                )
            }
            BadAnswer::TextBoundary { entry } => {
                write!(f, "`text-ends[{entry}]` lies inside a character")
            }
            BadAnswer::Twice { rule, row } => {
                write!(f, "rule {rule} has two verdicts on row {row}")
            }
        }
    }
}

/// Holds the answer to `evaluate` against the question.
///
/// `checks` is the number of rules that were asked, `rows` that of the batch.
/// `messages_per_check` is, for each rule that was asked, how many messages it has; `None` when the
/// caller does not know the manifest, and then message numbers are not looked at.
///
/// # Errors
///
/// The first way in which the answer breaks the contract.
pub fn check_verdicts(
    v: &Verdicts,
    checks: usize,
    rows: u32,
    messages_per_check: Option<&[u32]>,
) -> Result<(), BadAnswer> {
    let found = v.rule.len();
    for (list, length) in [
        ("row", v.row.len()),
        ("kind", v.kind.len()),
        ("comparison", v.comparison.len()),
        ("unit", v.unit.len()),
        ("measured", v.measured.len()),
        ("tolerance", v.tolerance.len()),
        ("required", v.required.len()),
        ("facts", v.facts.len()),
        ("message", v.message.len()),
        ("argument-ends", v.argument_ends.len()),
    ] {
        length_is(list, length, found)?;
    }
    let limit = checks as u64 * u64::from(rows);
    if found as u64 > limit {
        return Err(BadAnswer::TooMany { found, limit });
    }
    all_below("rule", v.rule.iter().copied().map(u64::from), checks as u64)?;
    all_below("row", v.row.iter().copied().map(u64::from), u64::from(rows))?;
    codes("kind", &v.kind, |code| Kind::from_code(code).is_some())?;
    codes("comparison", &v.comparison, |code| {
        Comparison::from_code(code).is_some()
    })?;
    codes("unit", &v.unit, |code| Unit::from_code(code).is_some())?;
    tolerances(&v.tolerance, &v.measured)?;
    ends("argument-ends", &v.argument_ends, v.arguments.len())?;
    if let Some(counts) = messages_per_check {
        for (entry, (&message, &rule)) in v.message.iter().zip(&v.rule).enumerate() {
            let limit = counts.get(rule as usize).copied().unwrap_or(0);
            if message != NO_MESSAGE && message >= limit {
                let (found, limit) = (u64::from(message), u64::from(limit));
                return Err(BadAnswer::Value {
                    list: "message",
                    entry,
                    found,
                    limit,
                });
            }
        }
    }
    once_each(v, rows, limit)
}

/// Holds the answer to `derive` against the question.
///
/// `derived` is the number of facts that were asked, `rows` that of the batch. `kinds` says what
/// each of them is: values of texts are indices, those of booleans 0 or 1; `None` when the caller
/// does not know the manifest.
///
/// # Errors
///
/// The first way in which the answer breaks the contract.
pub fn check_columns(
    c: &Columns,
    derived: usize,
    rows: u32,
    kinds: Option<&[FactKind]>,
) -> Result<(), BadAnswer> {
    let rows = rows as usize;
    let expected = derived.saturating_mul(rows);
    length_is("values", c.values.len(), expected)?;
    length_is("facts", c.facts.len(), expected)?;
    if !c.tolerances.is_empty() {
        length_is("tolerances", c.tolerances.len(), expected)?;
        tolerances(&c.tolerances, &c.values)?;
    }
    ends("text-ends", &c.text_ends, c.text.len())?;
    for (entry, &end) in c.text_ends.iter().enumerate() {
        if !c.text.is_char_boundary(end as usize) {
            return Err(BadAnswer::TextBoundary { entry });
        }
    }
    for (column, kind) in kinds.unwrap_or(&[]).iter().enumerate() {
        let limit = match kind {
            FactKind::Number => continue,
            FactKind::Boolean => 2,
            FactKind::Text => c.text_ends.len() as u64,
        };
        let from = column.saturating_mul(rows);
        for (row, &value) in c.values.iter().skip(from).take(rows).enumerate() {
            let whole = value.is_nan() || (value >= 0.0 && value.fract() == 0.0);
            if !whole || value >= limit as f64 {
                let found = value.abs() as u64;
                return Err(BadAnswer::Value {
                    list: "values",
                    entry: from + row,
                    found,
                    limit,
                });
            }
        }
    }
    Ok(())
}

/// Holds the `facts` bits of an answer against the number of facts in the view.
///
/// # Errors
///
/// The first entry that names a fact that the view does not have.
pub fn check_facts(facts: &[u64], view_facts: usize) -> Result<(), BadAnswer> {
    let allowed = match u32::try_from(view_facts) {
        Ok(count) if count < u64::BITS => (1_u64 << count) - 1,
        _ => u64::MAX,
    };
    match facts.iter().position(|bits| bits & !allowed != 0) {
        None => Ok(()),
        Some(entry) => {
            let found = facts.get(entry).map_or(0, |bits| u64::from(bits.ilog2()));
            Err(BadAnswer::Value {
                list: "facts",
                entry,
                found,
                limit: view_facts as u64,
            })
        }
    }
}

fn length_is(list: &'static str, found: usize, expected: usize) -> Result<(), BadAnswer> {
    if found == expected {
        Ok(())
    } else {
        Err(BadAnswer::Length {
            list,
            found,
            expected,
        })
    }
}

fn all_below(
    list: &'static str,
    values: impl Iterator<Item = u64>,
    limit: u64,
) -> Result<(), BadAnswer> {
    match values.enumerate().find(|(_, value)| *value >= limit) {
        None => Ok(()),
        Some((entry, found)) => Err(BadAnswer::Value {
            list,
            entry,
            found,
            limit,
        }),
    }
}

fn codes(list: &'static str, codes: &[u8], known: impl Fn(u8) -> bool) -> Result<(), BadAnswer> {
    match codes.iter().enumerate().find(|(_, code)| !known(**code)) {
        None => Ok(()),
        Some((entry, code)) => {
            let limit = (0..=u8::MAX).take_while(|code| known(*code)).count() as u64;
            Err(BadAnswer::Value {
                list,
                entry,
                found: u64::from(*code),
                limit,
            })
        }
    }
}

/// A tolerance may be NaN where nothing was measured: there is nothing to be plus or minus of.
fn tolerances(tolerances: &[f64], values: &[f64]) -> Result<(), BadAnswer> {
    let bad = |(tolerance, value): (&f64, &f64)| {
        if tolerance.is_nan() {
            !value.is_nan()
        } else {
            *tolerance < 0.0 || tolerance.is_infinite()
        }
    };
    match tolerances.iter().zip(values).position(bad) {
        None => Ok(()),
        Some(entry) => Err(BadAnswer::Tolerance { entry }),
    }
}

fn ends(list: &'static str, ends: &[u32], length: usize) -> Result<(), BadAnswer> {
    let mut from = 0;
    for (entry, &end) in ends.iter().enumerate() {
        if end < from {
            return Err(BadAnswer::Ends { list, entry });
        }
        from = end;
    }
    if from as usize == length {
        Ok(())
    } else {
        Err(BadAnswer::Ends {
            list,
            entry: ends.len().saturating_sub(1),
        })
    }
}

/// Modules answer rule by rule, row by row: then comparing neighbours is enough, and no memory is
/// needed. In any other order a bit for each row and rule remembers what was seen.
///
/// Rules, rows and the number of entries have been checked before.
fn once_each(v: &Verdicts, rows: u32, limit: u64) -> Result<(), BadAnswer> {
    let mut place = v.rule.iter().zip(&v.row);
    let sorted = place.clone().zip(place.clone().skip(1)).all(|(a, b)| a < b);
    if sorted {
        return Ok(());
    }
    let mut seen = vec![0_u64; usize::try_from(limit / 64).unwrap_or(usize::MAX - 1) + 1];
    let twice = place.find(|(rule, row)| {
        let bit = u64::from(**rule) * u64::from(rows) + u64::from(**row);
        let mask = 1_u64 << (bit % 64);
        match seen.get_mut((bit / 64) as usize) {
            Some(word) => std::mem::replace(word, *word | mask) & mask != 0,
            None => false,
        }
    });
    match twice {
        None => Ok(()),
        Some((&rule, &row)) => Err(BadAnswer::Twice { rule, row }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two rules over three rows: rule 0 fails row 1, rule 1 cannot tell on row 2.
    fn good() -> Verdicts {
        Verdicts {
            rule: vec![0, 1],
            row: vec![1, 2],
            kind: vec![1, 2],
            comparison: vec![1, 0],
            unit: vec![4, 0],
            measured: vec![0.8, f64::NAN],
            tolerance: vec![0.01, f64::NAN],
            required: vec![0.8128, f64::NAN],
            facts: vec![0b01, 0b10],
            message: vec![1, NO_MESSAGE],
            arguments: vec![2.0, 3.0],
            argument_ends: vec![2, 2],
        }
    }

    fn check(change: impl FnOnce(&mut Verdicts)) -> Result<(), BadAnswer> {
        let mut v = good();
        change(&mut v);
        check_verdicts(&v, 2, 3, Some(&[2, 0]))
    }

    #[test]
    fn an_honest_answer_passes() {
        assert_eq!(check(|_| ()), Ok(()));
        assert_eq!(check_verdicts(&Verdicts::default(), 5, 0, None), Ok(()));
    }

    #[test]
    fn every_list_must_have_the_same_length() {
        let lists: [fn(&mut Verdicts); 10] = [
            |v| v.row.push(0),
            |v| v.kind.truncate(1),
            |v| v.comparison.clear(),
            |v| v.unit.push(0),
            |v| v.measured.push(0.0),
            |v| v.tolerance.clear(),
            |v| v.required.push(0.0),
            |v| v.facts.clear(),
            |v| v.message.push(0),
            |v| v.argument_ends.push(2),
        ];
        for (index, change) in lists.into_iter().enumerate() {
            assert!(
                matches!(check(change), Err(BadAnswer::Length { .. })),
                "list {index}"
            );
        }
    }

    #[test]
    fn numbers_must_be_in_range() {
        let value = |list, entry, found, limit| {
            Err(BadAnswer::Value {
                list,
                entry,
                found,
                limit,
            })
        };
        assert_eq!(check(|v| v.rule[1] = 2), value("rule", 1, 2, 2));
        assert_eq!(check(|v| v.row[0] = 3), value("row", 0, 3, 3));
        assert_eq!(check(|v| v.kind[0] = 4), value("kind", 0, 4, 4));
        assert_eq!(check(|v| v.comparison[1] = 9), value("comparison", 1, 9, 4));
        assert_eq!(check(|v| v.unit[1] = 39), value("unit", 1, 39, 39));
        assert_eq!(check(|v| v.message[0] = 2), value("message", 0, 2, 2));
        assert_eq!(check(|v| v.message[1] = 0), value("message", 1, 0, 0));
    }

    #[test]
    fn messages_are_not_looked_at_without_the_manifest() {
        let mut v = good();
        v.message[0] = 77;
        assert_eq!(check_verdicts(&v, 2, 3, None), Ok(()));
    }

    #[test]
    fn tolerances_are_numbers_from_zero_up() {
        for bad in [-0.1, f64::INFINITY, f64::NAN] {
            assert_eq!(
                check(|v| v.tolerance[0] = bad),
                Err(BadAnswer::Tolerance { entry: 0 })
            );
        }
    }

    #[test]
    fn argument_ends_must_rise_to_the_number_of_arguments() {
        let end = |entry| {
            Err(BadAnswer::Ends {
                list: "argument-ends",
                entry,
            })
        };
        assert_eq!(check(|v| v.argument_ends = vec![2, 1]), end(1));
        assert_eq!(check(|v| v.argument_ends = vec![1, 3]), end(1));
        assert_eq!(check(|v| v.argument_ends = vec![0, 1]), end(1));
    }

    #[test]
    fn a_rule_says_one_thing_of_a_row_in_whatever_order() {
        let swapped = check(|v| {
            v.rule = vec![1, 0];
            v.message = vec![NO_MESSAGE, 1];
        });
        assert_eq!(swapped, Ok(()));
        let twice = check(|v| {
            v.rule = vec![1, 1];
            v.row = vec![2, 2];
            v.message[0] = NO_MESSAGE;
        });
        assert_eq!(twice, Err(BadAnswer::Twice { rule: 1, row: 2 }));
    }

    #[test]
    fn more_verdicts_than_rows_and_rules_are_too_many() {
        let bad = check_verdicts(&good(), 1, 1, None);
        assert_eq!(bad, Err(BadAnswer::TooMany { found: 2, limit: 1 }));
    }

    #[test]
    fn fact_bits_must_name_facts_of_the_view() {
        assert_eq!(check_facts(&[0b11, 0], 2), Ok(()));
        assert_eq!(check_facts(&[u64::MAX], 64), Ok(()));
        let bad = BadAnswer::Value {
            list: "facts",
            entry: 1,
            found: 2,
            limit: 2,
        };
        assert_eq!(check_facts(&[0b11, 0b100], 2), Err(bad));
    }

    /// Two facts over two rows: a number, and a text.
    fn columns() -> Columns {
        Columns {
            values: vec![1.5, f64::NAN, 0.0, 1.0],
            tolerances: vec![0.0, 0.0, 0.0, 0.0],
            facts: vec![0; 4],
            text: "Büro".to_owned(),
            text_ends: vec![0, 5],
        }
    }

    fn check_column(change: impl FnOnce(&mut Columns)) -> Result<(), BadAnswer> {
        let mut c = columns();
        change(&mut c);
        check_columns(&c, 2, 2, Some(&[FactKind::Number, FactKind::Text]))
    }

    #[test]
    fn columns_are_held_against_the_question() {
        assert_eq!(check_column(|_| ()), Ok(()));
        assert_eq!(check_column(|c| c.tolerances.clear()), Ok(()));
        assert!(matches!(
            check_column(|c| c.values.push(0.0)),
            Err(BadAnswer::Length { .. })
        ));
        assert!(matches!(
            check_column(|c| c.facts.clear()),
            Err(BadAnswer::Length { .. })
        ));
        assert!(matches!(
            check_column(|c| c.tolerances.truncate(2)),
            Err(BadAnswer::Length { .. })
        ));
        assert_eq!(
            check_column(|c| c.tolerances[0] = -1.0),
            Err(BadAnswer::Tolerance { entry: 0 })
        );
    }

    #[test]
    fn texts_are_cut_between_characters_and_named_by_index() {
        let inside = Err(BadAnswer::TextBoundary { entry: 0 });
        assert_eq!(check_column(|c| c.text_ends = vec![2, 5]), inside);
        assert!(matches!(
            check_column(|c| c.text_ends = vec![4]),
            Err(BadAnswer::Ends { .. })
        ));
        assert!(matches!(
            check_column(|c| c.text_ends = vec![0, 6]),
            Err(BadAnswer::Ends { .. })
        ));
        for bad in [2.0, -1.0, 0.5, f64::INFINITY] {
            let answer = check_column(|c| c.values[3] = bad);
            assert!(
                matches!(answer, Err(BadAnswer::Value { entry: 3, .. })),
                "{bad}"
            );
        }
    }
}
