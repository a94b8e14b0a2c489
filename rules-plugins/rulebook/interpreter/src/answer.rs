//! What is answered to a batch.

use plancheck_contract::{Columns, Kind, NO_MESSAGE, NO_TEXT, Verdicts};

use crate::batch::Rows;
use crate::format::{MAX_ARGUMENTS, Sort};
use crate::program::{Broken, Message, Program, Rule, View};
use crate::row::{Memory, Row, changing, fits, needed};
use crate::screen::{self, GOVERNED, NOT_GOVERNED, PASSES};
use crate::value::{State, Truth};

/// Verdicts on every row that does not pass, or on all where detail is asked.
pub(crate) fn evaluate(
    program: Program<'_>,
    checks: &[u32],
    rows: &Rows<'_>,
) -> Result<Verdicts, Broken> {
    let view = view(program, rows)?;
    let mut rules = Vec::with_capacity(checks.len());
    for &check in checks {
        let rule = program.rule(check)?;
        if rule.view != rows.view {
            return Err(Broken);
        }
        rules.push(rule);
    }
    let mut out = Verdicts::default();
    if rows.count == 0 {
        return Ok(out);
    }
    let mut memory = Memory::new(program)?;
    let codes = screen::screen(program, &view.code, rows, &rules, &mut memory)?;
    let mut row = Row::new(program, &view.code, rows)?;
    let mut waiting = Vec::with_capacity(TOGETHER);
    for (asked, (rule, codes)) in (0..).zip(rules.iter().zip(codes.chunks_exact(rows.count))) {
        let open = codes.iter().filter(|code| **code & PASSES == 0).count();
        reserve(&mut out, if rows.detail { rows.count } else { open });
        let judge = Judge::new(program, &view, rule)?;
        for (at, &code) in codes.iter().enumerate() {
            if code & PASSES != 0 && !rows.detail {
                continue;
            }
            let verdict = if code & NOT_GOVERNED != 0 {
                Verdict::of(Truth::bare(Kind::NotApplicable, 0))
            } else {
                judge.verdict(at, code & GOVERNED != 0, &mut row, &mut memory)?
            };
            if verdict.truth.kind != Kind::Pass || rows.detail {
                waiting.push((at as u32, verdict));
                if waiting.len() == TOGETHER {
                    put(&mut out, asked, &waiting);
                    waiting.clear();
                }
            }
        }
        put(&mut out, asked, &waiting);
        waiting.clear();
    }
    Ok(out)
}

/// Values of derived facts on every row.
pub(crate) fn derive(
    program: Program<'_>,
    derived: &[u32],
    rows: &Rows<'_>,
) -> Result<Columns, Broken> {
    let view = view(program, rows)?;
    let mut memory = Memory::new(program)?;
    let mut row = Row::new(program, &view.code, rows)?;
    let mut out = Columns::default();
    // For each text its index among those of the answer.
    let mut indices: Vec<Option<u32>> = vec![None; rows.texts.len()];
    for &fact in derived {
        let [of, register] = program.derived(fact)?;
        if of != rows.view {
            return Err(Broken);
        }
        let registers = changing(&view.code, needed(&view.code, [register])?);
        let sort = view.code.get(register as usize).ok_or(Broken)?.op.out();
        out.values.reserve(rows.count);
        out.tolerances.reserve(rows.count);
        out.facts.reserve(rows.count);
        for at in 0..rows.count {
            row.compute(&registers, at, &mut memory)?;
            let (value, tolerance, facts) = match sort {
                Sort::Number => {
                    let number = row.number(register)?;
                    match number.state {
                        State::Known => (number.pair.0, number.pair.1, number.facts),
                        State::Missing | State::NotPermitted => (f64::NAN, 0.0, number.facts),
                    }
                }
                Sort::Text => match row.text(register)? {
                    (NO_TEXT, facts) => (f64::NAN, 0.0, facts),
                    (symbol, facts) => {
                        let index = indices.get_mut(symbol as usize).ok_or(Broken)?;
                        let index = match index {
                            Some(index) => *index,
                            None => {
                                let text = rows.texts.get(symbol as usize).ok_or(Broken)?;
                                out.text.push_str(text);
                                let new = out.text_ends.len() as u32;
                                out.text_ends.push(out.text.len() as u32);
                                *index.insert(new)
                            }
                        };
                        (f64::from(index), 0.0, facts)
                    }
                },
                Sort::Truth => {
                    let truth = row.truth(register)?;
                    let value = match truth.kind {
                        Kind::Pass => 1.0,
                        Kind::Fail => 0.0,
                        Kind::Undetermined | Kind::NotApplicable => f64::NAN,
                    };
                    (value, 0.0, truth.facts)
                }
            };
            out.values.push(value);
            out.tolerances.push(tolerance);
            out.facts.push(facts);
        }
    }
    if out.tolerances.iter().all(|tolerance| *tolerance == 0.0) {
        out.tolerances.clear();
    }
    Ok(out)
}

fn view(program: Program<'_>, rows: &Rows<'_>) -> Result<View, Broken> {
    let view = program.view(rows.view)?;
    fits(program, &view, &rows.columns)?;
    Ok(view)
}

/// What a rule says of a row.
struct Verdict {
    truth: Truth,
    message: u32,
    arguments: [f64; MAX_ARGUMENTS],
    count: usize,
}

impl Verdict {
    fn of(truth: Truth) -> Verdict {
        Verdict {
            truth,
            message: NO_MESSAGE,
            arguments: [0.0; MAX_ARGUMENTS],
            count: 0,
        }
    }
}

/// A rule, ready to judge rows one by one.
struct Judge<'r> {
    rule: &'r Rule,
    /// What the requirement needs.
    registers: Vec<u32>,
    /// What the condition needs on top.
    condition: Vec<u32>,
    messages: Vec<Message>,
    /// What the messages need on top.
    said: Vec<u32>,
}

impl<'r> Judge<'r> {
    fn new(program: Program<'_>, view: &View, rule: &'r Rule) -> Result<Judge<'r>, Broken> {
        let registers = changing(&view.code, needed(&view.code, [rule.require])?);
        let mut condition = changing(&view.code, needed(&view.code, rule.when)?);
        condition.retain(|register| registers.binary_search(register).is_err());
        let end = rule
            .first_message
            .checked_add(rule.messages)
            .ok_or(Broken)?;
        let messages = (rule.first_message..end)
            .map(|at| program.message(at))
            .collect::<Result<Vec<Message>, Broken>>()?;
        let wanted = messages
            .iter()
            .flat_map(|m| m.when.iter().chain(&m.arguments));
        let mut said = changing(&view.code, needed(&view.code, wanted.copied())?);
        said.retain(|register| registers.binary_search(register).is_err());
        Ok(Judge {
            rule,
            registers,
            condition,
            messages,
            said,
        })
    }

    fn verdict(
        &self,
        at: usize,
        governed: bool,
        row: &mut Row<'_, '_>,
        memory: &mut Memory<'_>,
    ) -> Result<Verdict, Broken> {
        row.compute(&self.registers, at, memory)?;
        let require = row.truth(self.rule.require)?;
        if let (Some(when), false) = (self.rule.when, governed) {
            row.compute(&self.condition, at, memory)?;
            let when = row.truth(when)?;
            match when.kind {
                Kind::Pass => {}
                Kind::Fail => return Ok(Verdict::of(Truth::bare(Kind::NotApplicable, 0))),
                // What is met anyway need not govern.
                _ if require.kind == Kind::Pass => {}
                _ => return Ok(Verdict::of(Truth::bare(Kind::Undetermined, when.facts))),
            }
        }
        let mut verdict = Verdict::of(require);
        if require.kind == Kind::Fail && !self.messages.is_empty() {
            row.compute(&self.said, at, memory)?;
            self.say(row, &mut verdict)?;
        }
        Ok(verdict)
    }

    /// The first message that fits. One with a number that is not known is not said.
    fn say(&self, row: &Row<'_, '_>, verdict: &mut Verdict) -> Result<(), Broken> {
        for (index, message) in (0..).zip(&self.messages) {
            if let Some(when) = message.when
                && row.truth(when)?.kind != Kind::Pass
            {
                continue;
            }
            let mut known = true;
            for (slot, register) in verdict.arguments.iter_mut().zip(&message.arguments) {
                let number = row.number(*register)?;
                known &= number.state == State::Known;
                *slot = number.pair.0;
            }
            if known {
                verdict.message = index;
                verdict.count = message.arguments.len();
                return Ok(());
            }
        }
        Ok(())
    }
}

fn reserve(out: &mut Verdicts, more: usize) {
    out.rule.reserve(more);
    out.row.reserve(more);
    out.kind.reserve(more);
    out.comparison.reserve(more);
    out.unit.reserve(more);
    out.measured.reserve(more);
    out.tolerance.reserve(more);
    out.required.reserve(more);
    out.facts.reserve(more);
    out.message.reserve(more);
    out.argument_ends.reserve(more);
}

/// Verdicts that are put into columns at once: they stay in the processor's first cache.
const TOGETHER: usize = 128;

/// Puts verdicts of a rule, each with its row, at the end of the columns.
fn put(out: &mut Verdicts, asked: u32, verdicts: &[(u32, Verdict)]) {
    let truths = || verdicts.iter().map(|(_, verdict)| &verdict.truth);
    out.rule.extend(std::iter::repeat_n(asked, verdicts.len()));
    out.row.extend(verdicts.iter().map(|(row, _)| *row));
    out.kind.extend(truths().map(|truth| truth.kind as u8));
    let comparisons = truths().map(|truth| truth.comparison as u8);
    out.comparison.extend(comparisons);
    out.unit.extend(truths().map(|truth| truth.unit as u8));
    out.measured.extend(truths().map(|truth| truth.measured));
    out.tolerance.extend(truths().map(|truth| truth.tolerance));
    out.required.extend(truths().map(|truth| truth.required));
    out.facts.extend(truths().map(|truth| truth.facts));
    let messages = verdicts.iter().map(|(_, verdict)| verdict.message);
    out.message.extend(messages);
    for (_, verdict) in verdicts {
        let used = verdict.arguments.iter().take(verdict.count);
        out.arguments.extend(used);
        let end = u32::try_from(out.arguments.len()).unwrap_or(u32::MAX);
        out.argument_ends.push(end);
    }
}
