//! Rules over a batch.
//!
//! The older system knows matches alone: what does not match may be right, or say nothing. So each
//! row of the table is out (0), not decided because a value is not given (1), or in (2): it fails
//! exactly where the older system reports it.

use plancheck_contract::{Batch, Kind, NO_MESSAGE, Unit, Verdicts};

use crate::batch::Rows;
use crate::condition::{Columns, Condition, Constant, NONE, Operator, Rule, Source};
use crate::format::{Broken, Program};
use crate::others::Others;
use crate::value::{Form, Value, columns};

/// What is left of the rows after some conditions.
#[derive(Clone)]
pub(crate) struct Table {
    states: Vec<u8>,
    /// Where a row stands before all those with a higher number; empty: all at 0.
    places: Vec<u64>,
    /// How many places there are.
    width: u64,
}

impl Table {
    pub(crate) fn state(&self, row: usize) -> u8 {
        self.states.get(row).copied().unwrap_or(0)
    }

    pub(crate) fn place(&self, row: usize) -> u64 {
        self.places.get(row).copied().unwrap_or(0)
    }

    /// Leaves of each row no more than `most` of its state says.
    fn narrow(&mut self, mut most: impl FnMut(usize) -> u8) {
        for (row, state) in self.states.iter_mut().enumerate() {
            if *state > 0 {
                *state = (*state).min(most(row));
            }
        }
    }
}

/// A rule at work on a batch.
struct Work<'b, 'r> {
    rows: &'r Rows<'b>,
    object_type: u32,
    others: Others<'b, 'r>,
}

impl Work<'_, '_> {
    /// Whether a row is of a type; in a view of one type every row is.
    fn is(&self, row: usize, element_type: &str) -> bool {
        self.object_type == NONE || self.rows.text(self.object_type, row) == Some(element_type)
    }

    fn all_of(&self, element_type: &str) -> Vec<bool> {
        (0..self.rows.count)
            .map(|row| self.is(row, element_type))
            .collect()
    }

    fn step(&mut self, condition: &Condition<'_>, table: &mut Table) {
        match condition {
            Condition::Never { .. } => table.states.fill(0),
            Condition::Test {
                element_type,
                source,
                operator,
                constant,
            } => {
                if let Source::Property(columns) = source
                    && self.object_type == NONE
                    && columns.written == NONE
                    && let Some((numbers, texts)) = self.rows.slices(columns)
                {
                    self.property(numbers, texts, *operator, constant, table);
                    return;
                }
                table.narrow(|row| {
                    if !self.is(row, element_type) {
                        return 0;
                    }
                    match Value::of(source, self.rows, row) {
                        Value::Unknown => 1,
                        value => 2 * u8::from(value.holds(*operator, constant)),
                    }
                });
            }
            Condition::Linked {
                element_type,
                target_type,
            } => {
                let (before, targets) = (table.clone(), self.all_of(target_type));
                table.narrow(|row| {
                    if !self.is(row, element_type) {
                        return 0;
                    }
                    self.others.linked(&before, row, &targets)
                });
            }
            Condition::Near {
                element_type,
                target_type,
                limit,
            } => {
                let targets = self.all_of(target_type);
                let mine: Vec<usize> = (0..self.rows.count)
                    .filter(|row| table.state(*row) > 0 && self.is(*row, element_type))
                    .collect();
                let near = self.others.near(table, &mine, &targets, *limit);
                let mut found = vec![0; self.rows.count];
                for (row, state) in mine.into_iter().zip(near) {
                    if let Some(slot) = found.get_mut(row) {
                        *slot = state;
                    }
                }
                table.narrow(|row| found.get(row).copied().unwrap_or(0));
            }
            Condition::Distance {
                element_type,
                target_id,
                operator,
                constant,
            } => {
                let Some(target) = self.others.named(table, target_id) else {
                    table.states.fill(0);
                    return;
                };
                let state = table.state(target);
                table.narrow(|row| {
                    if !self.is(row, element_type) {
                        return 0;
                    }
                    let far = Value::Number(self.others.distance(row, target), Form::Real);
                    state * u8::from(far.holds(*operator, constant))
                });
            }
            Condition::All(parts) => {
                if parts.is_empty() {
                    table.states.fill(0);
                }
                for part in parts {
                    self.step(part, table);
                }
            }
            Condition::Any(parts) => self.any(parts, table),
        }
    }

    /// A property of objects of one type: the same as for any value, each text looked at once.
    fn property(
        &self,
        numbers: &[f64],
        symbols: &[u32],
        operator: Operator,
        constant: &Constant<'_>,
        table: &mut Table,
    ) {
        let texts = self.rows.texts();
        let mut known: Vec<Option<u8>> = vec![None; texts.len()];
        let rows = table.states.iter_mut().zip(numbers).zip(symbols);
        for ((state, number), symbol) in rows {
            let holds = |value: Value<'_>| 2 * u8::from(value.holds(operator, constant));
            let most = match (number.is_nan(), known.get_mut(*symbol as usize)) {
                (false, _) => holds(Value::Number(*number, Form::Real)),
                (true, Some(known)) => *known.get_or_insert_with(|| {
                    let text = texts.get(*symbol as usize).copied();
                    text.map_or(1, |text| holds(Value::Text(text)))
                }),
                (true, None) => 1,
            };
            *state = (*state).min(most);
        }
    }

    fn any(&mut self, parts: &[Condition<'_>], table: &mut Table) {
        let mut branches = Vec::with_capacity(parts.len());
        for part in parts {
            let mut branch = table.clone();
            self.step(part, &mut branch);
            branches.push(branch);
        }
        let width = branches.iter().map(|branch| branch.width).max();
        let width = width.unwrap_or(table.width).max(1);
        let mut places = vec![0; self.rows.count];
        table.states.fill(0);
        for (row, (state, place)) in table.states.iter_mut().zip(&mut places).enumerate() {
            for (number, branch) in branches.iter().enumerate() {
                if branch.state(row) > *state {
                    *state = branch.state(row);
                    *place = (number as u64) * width + branch.place(row);
                }
            }
        }
        table.places = places;
        table.width = width.saturating_mul(parts.len().max(1) as u64);
    }
}

/// Rules over a batch.
pub(crate) fn evaluate(
    program: Program<'_>,
    checks: &[u32],
    batch: &Batch,
) -> Result<Verdicts, Broken> {
    let rows = Rows::new(batch)?;
    let mut out = Verdicts::default();
    for (check, index) in checks.iter().enumerate() {
        let rule = program.rule(*index)?;
        judge(&rule, check as u32, &rows, batch.detail, &mut out);
    }
    Ok(out)
}

fn judge(rule: &Rule<'_>, check: u32, rows: &Rows<'_>, detail: bool, out: &mut Verdicts) {
    let mut work = Work {
        rows,
        object_type: rule.own.object_type,
        others: Others::new(rows, rule.own),
    };
    let several = rule.own.object_type != NONE;
    let states = match several {
        // What has no type is no object of the model: the building that was not given.
        true => (0..rows.count)
            .map(|row| 2 * u8::from(rows.text(rule.own.object_type, row).is_some()))
            .collect(),
        false => vec![2; rows.count],
    };
    let mut table = Table {
        states,
        places: Vec::new(),
        width: 1,
    };
    let mut types: Vec<&str> = Vec::new();
    let mut sources: Vec<(&str, Source)> = Vec::new();
    let mut orders = false;
    for condition in &rule.conditions {
        condition.visit(&mut |condition| {
            types.extend(condition.element_type());
            orders |= matches!(condition, Condition::Any(_));
            if let Condition::Test {
                element_type,
                source,
                ..
            } = condition
            {
                sources.push((element_type, *source));
            }
        });
    }
    for condition in &rule.conditions {
        work.step(condition, &mut table);
    }
    let told = match several || detail {
        true => rows.count,
        false => table.states.iter().filter(|state| **state > 0).count(),
    };
    reserve(out, told);
    for row in 0..rows.count {
        let governed = if several {
            let own = rows.text(rule.own.object_type, row);
            own.is_some_and(|own| rule.conditions.is_empty() || types.contains(&own))
        } else {
            true
        };
        let kind = match (governed, table.state(row)) {
            (false, _) => Kind::NotApplicable,
            (true, 2) => Kind::Fail,
            (true, 1) => Kind::Undetermined,
            (true, _) if detail => Kind::Pass,
            (true, _) => continue,
        };
        let own = |(element_type, source): &(&str, Source)| {
            work.is(row, element_type).then(|| columns(source))
        };
        let used = sources.iter().filter_map(own).flatten();
        let facts = match kind {
            Kind::NotApplicable => 0,
            _ => used.fold(0, |bits, columns| {
                bits | fact(rows, &columns, row, kind == Kind::Undetermined)
            }),
        };
        out.rule.push(check);
        out.row.push(row as u32);
        out.kind.push(kind as u8);
        out.comparison.push(0);
        out.unit.push(Unit::One as u8);
        out.measured.push(f64::NAN);
        out.tolerance.push(0.0);
        out.required.push(f64::NAN);
        out.facts.push(facts);
        let fails = kind == Kind::Fail;
        out.message.push(if fails { 0 } else { NO_MESSAGE });
        if fails && orders {
            // Below 2^53: the compiler looks.
            out.arguments.push(table.place(row) as f64);
        }
        out.argument_ends.push(out.arguments.len() as u32);
    }
}

fn reserve(out: &mut Verdicts, more: usize) {
    for list in [
        &mut out.rule,
        &mut out.row,
        &mut out.message,
        &mut out.argument_ends,
    ] {
        list.reserve(more);
    }
    for list in [&mut out.measured, &mut out.tolerance, &mut out.required] {
        list.reserve(more);
    }
    for list in [&mut out.kind, &mut out.comparison, &mut out.unit] {
        list.reserve(more);
    }
    out.facts.reserve(more);
}

/// The bit of the column that says something, or of the first where none does; where only what is
/// missing is wanted, nothing for what is there.
fn fact(rows: &Rows<'_>, columns: &Columns, row: usize, missing: bool) -> u64 {
    let bit = |column: u32| 1_u64.checked_shl(column).unwrap_or(0);
    match rows.value(columns, row) {
        None => bit(columns.number),
        Some(_) if missing => 0,
        Some(Value::Text(_)) => bit(columns.text),
        Some(_) => bit(columns.number),
    }
}
