//! One row, judged in full.

use plancheck_contract::{Kind, NO_TEXT, Unit};

use crate::batch::{Column, Rows};
use crate::format::{Instruction, Op, Operand};
use crate::program::{Broken, Program};
use crate::text::Question;
use crate::value::{Compare, Number, State, Truth, compared};
use crate::{format, value};

/// Answers about texts, each found once for a batch.
pub(crate) struct Memory<'p> {
    program: Program<'p>,
    /// For each test: of each text 1 yes, 2 no, 0 not asked yet.
    tests: Vec<Vec<u8>>,
    /// For each table: of each text its cell, [`NO_CELL`], or [`NOT_ASKED`].
    tables: Vec<Vec<u32>>,
}

/// The text names no cell of the table.
pub(crate) const NO_CELL: u32 = u32::MAX;
const NOT_ASKED: u32 = u32::MAX - 1;

impl<'p> Memory<'p> {
    pub(crate) fn new(program: Program<'p>) -> Result<Memory<'p>, Broken> {
        let count = |section| program.section(section).map(|(_, count)| count);
        Ok(Memory {
            program,
            tests: vec![Vec::new(); count(format::Section::Tests)?],
            tables: vec![Vec::new(); count(format::Section::Tables)?],
        })
    }

    pub(crate) fn constant(&self, index: u32) -> Result<f64, Broken> {
        self.program.constant(index)
    }

    /// 1 yes, 2 no, 0 there is no text.
    #[inline]
    pub(crate) fn test(&mut self, rows: &Rows<'_>, test: u32, symbol: u32) -> Result<u8, Broken> {
        if symbol == NO_TEXT {
            return Ok(0);
        }
        let known = self.tests.get(test as usize).ok_or(Broken)?;
        match known.get(symbol as usize) {
            Some(&answer) if answer != 0 => Ok(answer),
            _ => self.ask(rows, test, symbol),
        }
    }

    #[cold]
    fn ask(&mut self, rows: &Rows<'_>, test: u32, symbol: u32) -> Result<u8, Broken> {
        let text = rows.texts.get(symbol as usize).ok_or(Broken)?;
        let group = self.program.test(test)?;
        let question = Question::from_code(group.head).ok_or(Broken)?;
        let mut yes = false;
        for member in self.program.members(&group)? {
            yes |= question.ask(text, literal(rows, member)?);
        }
        let answers = self.tests.get_mut(test as usize).ok_or(Broken)?;
        answers.resize(rows.texts.len(), 0);
        let answer = if yes { 1 } else { 2 };
        *answers.get_mut(symbol as usize).ok_or(Broken)? = answer;
        Ok(answer)
    }

    /// The cell that a text names, or [`NO_CELL`].
    #[inline]
    pub(crate) fn cell(&mut self, rows: &Rows<'_>, table: u32, symbol: u32) -> Result<u32, Broken> {
        if symbol == NO_TEXT {
            return Ok(NO_CELL);
        }
        let known = self.tables.get(table as usize).ok_or(Broken)?;
        match known.get(symbol as usize) {
            Some(&cell) if cell != NOT_ASKED => Ok(cell),
            _ => self.look_up(rows, table, symbol),
        }
    }

    #[cold]
    fn look_up(&mut self, rows: &Rows<'_>, table: u32, symbol: u32) -> Result<u32, Broken> {
        let text = rows.texts.get(symbol as usize).ok_or(Broken)?;
        let group = self.program.table(table)?;
        let mut cell = NO_CELL;
        for (at, member) in (group.head..).zip(self.program.members(&group)?) {
            if literal(rows, member)?.eq_ignore_ascii_case(text.trim()) {
                cell = at;
                break;
            }
        }
        let cells = self.tables.get_mut(table as usize).ok_or(Broken)?;
        cells.resize(rows.texts.len(), NOT_ASKED);
        *cells.get_mut(symbol as usize).ok_or(Broken)? = cell;
        Ok(cell)
    }
}

fn literal<'b>(rows: &Rows<'b>, index: u32) -> Result<&'b str, Broken> {
    let at = rows.own_texts.checked_add(index).ok_or(Broken)?;
    rows.texts.get(at as usize).copied().ok_or(Broken)
}

/// The registers that some registers need, in the order of computing.
pub(crate) fn needed(
    code: &[Instruction],
    wanted: impl IntoIterator<Item = u32>,
) -> Result<Vec<u32>, Broken> {
    let mut marked = vec![false; code.len()];
    for register in wanted {
        *marked.get_mut(register as usize).ok_or(Broken)? = true;
    }
    for register in (0..code.len()).rev() {
        let (Some(true), Some(instruction)) = (marked.get(register), code.get(register)) else {
            continue;
        };
        for (kind, &value) in instruction.op.operands().iter().zip(&instruction.operands) {
            if matches!(
                kind,
                Operand::Number | Operand::Truth | Operand::Text | Operand::Any
            ) {
                if value as usize >= register {
                    return Err(Broken);
                }
                *marked.get_mut(value as usize).ok_or(Broken)? = true;
            }
        }
    }
    let chosen = (0..).zip(&marked).filter(|(_, marked)| **marked);
    Ok(chosen.map(|(register, _)| register).collect())
}

/// The registers of one row.
pub(crate) struct Row<'r, 'b> {
    rows: &'r Rows<'b>,
    code: &'r [Instruction],
    numbers: Vec<Number>,
    truths: Vec<Truth>,
    /// A text and the bits of its facts.
    texts: Vec<(u32, u64)>,
    /// Of instructions that scale.
    factors: Vec<f64>,
}

/// Whether a register is the same for every row.
fn is_fixed(op: Op) -> bool {
    matches!(op, Op::Constant | Op::Parameter | Op::Fixed | Op::Literal)
}

/// Those registers that are not the same for every row.
pub(crate) fn changing(code: &[Instruction], mut registers: Vec<u32>) -> Vec<u32> {
    registers.retain(|at| code.get(*at as usize).is_none_or(|i| !is_fixed(i.op)));
    registers
}

impl<'r, 'b> Row<'r, 'b> {
    pub(crate) fn new(
        program: Program<'b>,
        code: &'r [Instruction],
        rows: &'r Rows<'b>,
    ) -> Result<Self, Broken> {
        let mut row = Row {
            rows,
            code,
            numbers: vec![Number::missing(0); code.len()],
            truths: vec![Truth::bare(Kind::Undetermined, 0); code.len()],
            texts: vec![(NO_TEXT, 0); code.len()],
            factors: vec![f64::NAN; code.len()],
        };
        for (at, instruction) in code.iter().enumerate() {
            let [a, b, _] = instruction.operands;
            match instruction.op {
                Op::Constant => {
                    let number = Number::new((program.constant(a)?, 0.0), 0);
                    *row.numbers.get_mut(at).ok_or(Broken)? = number;
                }
                Op::Parameter => {
                    let number = Number::of_code(rows.parameter(a)?, 0);
                    *row.numbers.get_mut(at).ok_or(Broken)? = number;
                }
                Op::Fixed => *row.truths.get_mut(at).ok_or(Broken)? = Truth::of(a == 1, 0),
                Op::Literal => {
                    let symbol = rows.own_texts.checked_add(a).ok_or(Broken)?;
                    *row.texts.get_mut(at).ok_or(Broken)? = (symbol, 0);
                }
                Op::Scale => *row.factors.get_mut(at).ok_or(Broken)? = program.constant(b)?,
                _ => {}
            }
        }
        Ok(row)
    }

    pub(crate) fn number(&self, register: u32) -> Result<Number, Broken> {
        self.numbers.get(register as usize).copied().ok_or(Broken)
    }

    pub(crate) fn truth(&self, register: u32) -> Result<Truth, Broken> {
        self.truths.get(register as usize).copied().ok_or(Broken)
    }

    pub(crate) fn text(&self, register: u32) -> Result<(u32, u64), Broken> {
        self.texts.get(register as usize).copied().ok_or(Broken)
    }

    /// Computes registers, which are in the order of computing. Those that are the same for every row
    /// are there already.
    pub(crate) fn compute(
        &mut self,
        registers: &[u32],
        row: usize,
        memory: &mut Memory<'_>,
    ) -> Result<(), Broken> {
        for &register in registers {
            let instruction = *self.code.get(register as usize).ok_or(Broken)?;
            match instruction.op.out() {
                format::Sort::Number => {
                    let number = self.compute_number(register, instruction, row, memory)?;
                    *self.numbers.get_mut(register as usize).ok_or(Broken)? = number;
                }
                format::Sort::Truth => {
                    let truth = self.compute_truth(instruction, row, memory)?;
                    *self.truths.get_mut(register as usize).ok_or(Broken)? = truth;
                }
                format::Sort::Text => {
                    let text = self.compute_text(instruction, row)?;
                    *self.texts.get_mut(register as usize).ok_or(Broken)? = text;
                }
            }
        }
        Ok(())
    }

    fn compute_number(
        &self,
        register: u32,
        instruction: Instruction,
        row: usize,
        memory: &mut Memory<'_>,
    ) -> Result<Number, Broken> {
        let [a, b, c] = instruction.operands;
        Ok(match instruction.op {
            Op::NumberFact => {
                let (values, tolerances) = self.rows.numbers(a)?;
                let value = *values.get(row).ok_or(Broken)?;
                let tolerance = match tolerances {
                    Some(tolerances) if value.is_finite() => *tolerances.get(row).ok_or(Broken)?,
                    _ => 0.0,
                };
                Number::new((value, tolerance), bit(a))
            }
            Op::Lookup => {
                let (symbol, facts) = self.text(a)?;
                match memory.cell(self.rows, b, symbol)? {
                    NO_CELL => Number::missing(facts),
                    cell => Number::of_code(self.rows.parameter(cell)?, facts),
                }
            }
            Op::Scale => {
                let factor = *self.factors.get(register as usize).ok_or(Broken)?;
                self.number(a)?
                    .map(|(value, tolerance)| (value * factor, tolerance * factor.abs()))
            }
            Op::Add => self.number(a)?.with(self.number(b)?, value::add),
            Op::Subtract => self.number(a)?.with(self.number(b)?, value::subtract),
            Op::Multiply => self.number(a)?.with(self.number(b)?, value::multiply),
            Op::Divide => {
                let (above, below) = (self.number(a)?, self.number(b)?);
                let out = above.with(below, value::divide);
                match out.state {
                    // There is no number of what may not be there at all.
                    State::NotPermitted => Number::missing(out.facts),
                    _ => out,
                }
            }
            Op::Absolute => self.number(a)?.map(value::absolute),
            Op::Ceil => self.number(a)?.map(|n| value::whole(n, f64::ceil)),
            Op::Floor => self.number(a)?.map(|n| value::whole(n, f64::floor)),
            Op::Round => self.number(a)?.map(|n| value::whole(n, f64::round)),
            Op::Min => self.number(a)?.with(self.number(b)?, value::min),
            Op::Max => self.number(a)?.with(self.number(b)?, value::max),
            Op::ChooseNumber => {
                let condition = self.truth(a)?;
                match condition.kind {
                    Kind::Pass => self.number(b)?.resting_on(condition.facts),
                    Kind::Fail => self.number(c)?.resting_on(condition.facts),
                    _ => Number::missing(condition.facts),
                }
            }
            _ => return Err(Broken),
        })
    }

    fn compute_truth(
        &self,
        instruction: Instruction,
        row: usize,
        memory: &mut Memory<'_>,
    ) -> Result<Truth, Broken> {
        let [a, b, c] = instruction.operands;
        let compare = |how| {
            let unit = Unit::from_code(instruction.unit).ok_or(Broken)?;
            Ok(compared(how, self.number(a)?, self.number(b)?, unit))
        };
        Ok(match instruction.op {
            Op::TruthFact => {
                let value = *self.rows.truths(a)?.get(row).ok_or(Broken)?;
                if value.is_nan() {
                    Truth::bare(Kind::Undetermined, bit(a))
                } else {
                    Truth::of(value != 0.0, bit(a))
                }
            }
            Op::AtLeast => compare(Compare::AtLeast)?,
            Op::AtMost => compare(Compare::AtMost)?,
            Op::Equal => compare(Compare::Equal)?,
            Op::Above => compare(Compare::Above)?,
            Op::Below => compare(Compare::Below)?,
            Op::Differs => compare(Compare::Differs)?,
            Op::Between => self.truth(a)?.between(self.truth(b)?),
            Op::And => self.truth(a)?.and(self.truth(b)?),
            Op::Or => self.truth(a)?.or(self.truth(b)?),
            Op::Not => self.truth(a)?.not(),
            Op::Same => self.truth(a)?.same(self.truth(b)?),
            Op::ChooseTruth => Truth::choose(self.truth(a)?, self.truth(b)?, self.truth(c)?),
            Op::Known => self.known(a)?,
            Op::Test => {
                let (symbol, facts) = self.text(a)?;
                match memory.test(self.rows, b, symbol)? {
                    0 => Truth::bare(Kind::Undetermined, facts),
                    answer => Truth::of(answer == 1, facts),
                }
            }
            Op::SameText => {
                let ((one, facts), (other, more)) = (self.text(a)?, self.text(b)?);
                match (one == NO_TEXT, other == NO_TEXT) {
                    (true, true) => Truth::bare(Kind::Undetermined, facts | more),
                    (true, false) => Truth::bare(Kind::Undetermined, facts),
                    (false, true) => Truth::bare(Kind::Undetermined, more),
                    (false, false) => {
                        let text = |at: u32| self.rows.texts.get(at as usize).ok_or(Broken);
                        let same = text(one)?.eq_ignore_ascii_case(text(other)?);
                        Truth::of(same, facts | more)
                    }
                }
            }
            _ => return Err(Broken),
        })
    }

    fn known(&self, register: u32) -> Result<Truth, Broken> {
        let op = self.code.get(register as usize).ok_or(Broken)?.op;
        Ok(match op.out() {
            format::Sort::Number => {
                let number = self.number(register)?;
                Truth::of(number.state == State::Known, number.facts)
            }
            format::Sort::Truth => {
                let truth = self.truth(register)?;
                Truth::of(truth.kind != Kind::Undetermined, truth.facts)
            }
            format::Sort::Text => {
                let (symbol, facts) = self.text(register)?;
                Truth::of(symbol != NO_TEXT, facts)
            }
        })
    }

    fn compute_text(&self, instruction: Instruction, row: usize) -> Result<(u32, u64), Broken> {
        let [a, b, c] = instruction.operands;
        Ok(match instruction.op {
            Op::TextFact => {
                let symbol = *self.rows.symbols(a)?.get(row).ok_or(Broken)?;
                (symbol, bit(a))
            }
            Op::ChooseText => {
                let condition = self.truth(a)?;
                let chosen = match condition.kind {
                    Kind::Pass => self.text(b)?,
                    Kind::Fail => self.text(c)?,
                    _ => return Ok((NO_TEXT, condition.facts)),
                };
                match chosen {
                    (NO_TEXT, facts) => (NO_TEXT, facts),
                    (symbol, facts) => (symbol, facts | condition.facts),
                }
            }
            _ => return Err(Broken),
        })
    }
}

/// The bit of a column; there are at most 64.
fn bit(column: u32) -> u64 {
    1_u64.checked_shl(column).unwrap_or(0)
}

/// Holds the columns of a batch against those of a view.
pub(crate) fn fits(
    program: Program<'_>,
    view: &crate::program::View,
    columns: &[Column<'_>],
) -> Result<(), Broken> {
    if columns.len() != view.columns as usize {
        return Err(Broken);
    }
    for (at, column) in (0..).zip(columns) {
        if format::column_code(column.sort()) != program.column(view, at)? {
            return Err(Broken);
        }
    }
    Ok(())
}
