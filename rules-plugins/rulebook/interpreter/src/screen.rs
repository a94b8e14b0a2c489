//! Goes over whole columns and finds the rows that need no closer look.
//!
//! Registers are arrays of some hundred rows: numbers with NaN for "not known", their tolerances only
//! where some are not 0, truths as codes. Facts are read in place, constants are written once. What
//! several rules need is computed once.

use plancheck_contract::{NO_TEXT, Unit};

use crate::batch::Rows;
use crate::format::{Instruction, Op, Sort};
use crate::program::{Broken, Program, Rule};
use crate::row::{Memory, NO_CELL, needed};
use crate::value::{self, Compare, Pair, compare};

/// Rows in a step: thirty registers of them stay in the processor's second cache.
const STEP: usize = 512;
/// Fewer rows than this are judged one by one right away.
const WORTH_IT: usize = 8;

/// The row is to be judged on its own.
pub(crate) const JUDGE: u8 = 0;
/// The rule is certainly met.
pub(crate) const PASSES: u8 = 1;
/// The rule certainly does not govern the row.
pub(crate) const NOT_GOVERNED: u8 = 2;
/// The rule certainly governs the row; beside [`PASSES`], or the row is to be judged on its own.
pub(crate) const GOVERNED: u8 = 4;

/// For each rule and row, rule after rule, the codes above.
pub(crate) fn screen(
    program: Program<'_>,
    code: &[Instruction],
    rows: &Rows<'_>,
    rules: &[Rule],
    memory: &mut Memory<'_>,
) -> Result<Vec<u8>, Broken> {
    let size = rows.count.checked_mul(rules.len()).ok_or(Broken)?;
    let mut codes = vec![JUDGE; size];
    if rows.count < WORTH_IT || rows.has_infinite() {
        return Ok(codes);
    }
    let wanted = rules
        .iter()
        .flat_map(|r| r.when.into_iter().chain([r.require]));
    let mut screen = Screen::new(program, code, rows, needed(code, wanted)?)?;
    let mut start = 0;
    while start < rows.count {
        let length = STEP.min(rows.count - start);
        screen.step(start, length, memory)?;
        for (rule, codes) in rules.iter().zip(codes.chunks_exact_mut(rows.count)) {
            let out = codes.get_mut(start..start + length).ok_or(Broken)?;
            let require = screen.truths(rule.require, length)?;
            match rule.when {
                None => {
                    for (out, require) in out.iter_mut().zip(require) {
                        *out = require & PASSES | GOVERNED;
                    }
                }
                Some(when) => {
                    let when = screen.truths(when, length)?;
                    for ((out, require), when) in out.iter_mut().zip(require).zip(when) {
                        *out = require & when & PASSES | when & NOT_GOVERNED | (when & 1) << 2;
                    }
                }
            }
        }
        start += length;
    }
    Ok(codes)
}

/// Where the register of an instruction is.
#[derive(Clone, Copy)]
enum Place {
    /// A column of the batch.
    Column(u32),
    /// So many registers of its sort lie before it.
    Slot(usize),
    /// Not needed.
    Nowhere,
}

struct Screen<'r, 'b> {
    rows: &'r Rows<'b>,
    code: &'r [Instruction],
    places: Vec<Place>,
    /// What is computed anew in each step.
    steps: Vec<u32>,
    values: Vec<f64>,
    tolerances: Vec<f64>,
    /// For each slot of numbers whether all tolerances are 0.
    exact: Vec<bool>,
    truths: Vec<u8>,
    texts: Vec<u32>,
    /// First row of the step.
    start: usize,
}

/// Values of a step, and tolerances where some are not 0.
#[derive(Clone, Copy)]
struct Numbers<'a>(&'a [f64], Option<&'a [f64]>);

/// Tolerances of exact numbers.
static ZEROS: [f64; STEP] = [0.0; STEP];

impl<'a> Numbers<'a> {
    /// Values and tolerances, side by side: plain arrays, so that loops over them stay tight.
    #[inline(always)]
    fn pairs(self) -> impl Iterator<Item = Pair> + use<'a> {
        let tolerances = self.1.unwrap_or(&ZEROS);
        self.0.iter().copied().zip(tolerances.iter().copied())
    }
}

impl<'r, 'b> Screen<'r, 'b> {
    fn new(
        program: Program<'_>,
        code: &'r [Instruction],
        rows: &'r Rows<'b>,
        needed: Vec<u32>,
    ) -> Result<Self, Broken> {
        let mut places = vec![Place::Nowhere; code.len()];
        let (mut numbers, mut truths, mut texts) = (0, 0, 0);
        let mut steps = Vec::new();
        let mut fixed = Vec::new();
        for register in needed {
            let instruction = *code.get(register as usize).ok_or(Broken)?;
            let count = match instruction.op.out() {
                Sort::Number => &mut numbers,
                Sort::Truth => &mut truths,
                Sort::Text => &mut texts,
            };
            let [first, ..] = instruction.operands;
            let place = match instruction.op {
                Op::NumberFact | Op::TextFact => Place::Column(first),
                Op::Constant | Op::Parameter | Op::Fixed | Op::Literal => {
                    fixed.push((instruction, *count));
                    Place::Slot(*count)
                }
                _ => {
                    steps.push(register);
                    Place::Slot(*count)
                }
            };
            if matches!(place, Place::Slot(_)) {
                *count += 1;
            }
            *places.get_mut(register as usize).ok_or(Broken)? = place;
        }
        let inexact = (0..).zip(&rows.columns).any(|(at, _)| {
            rows.numbers(at)
                .is_ok_and(|(_, tolerances)| tolerances.is_some())
        });
        let mut screen = Screen {
            rows,
            code,
            places,
            steps,
            values: vec![f64::NAN; numbers * STEP],
            tolerances: vec![0.0; if inexact { numbers * STEP } else { 0 }],
            exact: vec![true; numbers],
            truths: vec![0; truths * STEP],
            texts: vec![NO_TEXT; texts * STEP],
            start: 0,
        };
        for (instruction, slot) in fixed {
            screen.fix(program, instruction, slot)?;
        }
        Ok(screen)
    }

    /// Writes a register that is the same for every row.
    fn fix(&mut self, program: Program<'_>, of: Instruction, slot: usize) -> Result<(), Broken> {
        let [first, ..] = of.operands;
        let range = slot * STEP..(slot + 1) * STEP;
        match of.op {
            Op::Constant => {
                let value = program.constant(first)?;
                self.values.get_mut(range).ok_or(Broken)?.fill(value);
            }
            Op::Parameter => {
                let value = self.rows.parameter(first)?;
                self.values.get_mut(range).ok_or(Broken)?.fill(value);
            }
            Op::Fixed => {
                let code = if first == 1 { 1 } else { 2 };
                self.truths.get_mut(range).ok_or(Broken)?.fill(code);
            }
            Op::Literal => {
                let symbol = self.rows.own_texts.checked_add(first).ok_or(Broken)?;
                self.texts.get_mut(range).ok_or(Broken)?.fill(symbol);
            }
            _ => return Err(Broken),
        }
        Ok(())
    }

    fn place(&self, register: u32) -> Result<Place, Broken> {
        self.places.get(register as usize).copied().ok_or(Broken)
    }

    fn truths(&self, register: u32, length: usize) -> Result<&[u8], Broken> {
        let Place::Slot(slot) = self.place(register)? else {
            return Err(Broken);
        };
        self.truths
            .get(slot * STEP..slot * STEP + length)
            .ok_or(Broken)
    }

    fn step(&mut self, start: usize, length: usize, memory: &mut Memory<'_>) -> Result<(), Broken> {
        self.start = start;
        for at in 0..self.steps.len() {
            let register = *self.steps.get(at).ok_or(Broken)?;
            let instruction = *self.code.get(register as usize).ok_or(Broken)?;
            let Place::Slot(slot) = self.place(register)? else {
                return Err(Broken);
            };
            match instruction.op.out() {
                Sort::Number => self.numbers_step(instruction, slot, length, memory)?,
                Sort::Truth => self.truths_step(instruction, slot, length, memory)?,
                Sort::Text => self.texts_step(instruction, slot, length)?,
            }
        }
        Ok(())
    }

    /// A register of numbers among those before `slot`, which are `values` and `tolerances`.
    fn read<'a>(
        &self,
        values: &'a [f64],
        tolerances: &'a [f64],
        register: u32,
        length: usize,
    ) -> Result<Numbers<'a>, Broken>
    where
        'b: 'a,
    {
        match self.place(register)? {
            Place::Column(column) => {
                let (values, tolerances) = self.rows.numbers(column)?;
                let range = self.start..self.start + length;
                let tolerances = match tolerances {
                    Some(tolerances) => Some(tolerances.get(range.clone()).ok_or(Broken)?),
                    None => None,
                };
                Ok(Numbers(values.get(range).ok_or(Broken)?, tolerances))
            }
            Place::Slot(slot) => {
                let range = slot * STEP..slot * STEP + length;
                let tolerances = match self.exact.get(slot).ok_or(Broken)? {
                    true => None,
                    false => Some(tolerances.get(range.clone()).ok_or(Broken)?),
                };
                Ok(Numbers(values.get(range).ok_or(Broken)?, tolerances))
            }
            Place::Nowhere => Err(Broken),
        }
    }

    fn read_texts<'a>(
        &self,
        texts: &'a [u32],
        register: u32,
        length: usize,
    ) -> Result<&'a [u32], Broken>
    where
        'b: 'a,
    {
        match self.place(register)? {
            Place::Column(column) => {
                let range = self.start..self.start + length;
                self.rows.symbols(column)?.get(range).ok_or(Broken)
            }
            Place::Slot(slot) => texts.get(slot * STEP..slot * STEP + length).ok_or(Broken),
            Place::Nowhere => Err(Broken),
        }
    }

    #[allow(clippy::too_many_lines, reason = "one arm for each operation")]
    fn numbers_step(
        &mut self,
        instruction: Instruction,
        slot: usize,
        length: usize,
        memory: &mut Memory<'_>,
    ) -> Result<(), Broken> {
        let [a, b, c] = instruction.operands;
        let mut values = std::mem::take(&mut self.values);
        let mut tolerances = std::mem::take(&mut self.tolerances);
        let split = slot * STEP;
        let (before, out) = values.split_at_mut_checked(split).ok_or(Broken)?;
        let out = out.get_mut(..length).ok_or(Broken)?;
        let has_tolerances = !tolerances.is_empty();
        let (known, spread) = tolerances
            .split_at_mut_checked(if has_tolerances { split } else { 0 })
            .ok_or(Broken)?;
        let spread = spread
            .get_mut(..if has_tolerances { length } else { 0 })
            .ok_or(Broken)?;
        let number = |register| self.read(before, known, register, length);
        let exact = match instruction.op {
            Op::Lookup => {
                let texts = self.read_texts(&self.texts, a, length)?;
                for (out, &symbol) in out.iter_mut().zip(texts) {
                    *out = match memory.cell(self.rows, b, symbol)? {
                        NO_CELL => f64::NAN,
                        cell => self.rows.parameter(cell)?,
                    };
                }
                true
            }
            Op::Scale => {
                // A constant, so the same for every row.
                let factor = memory.constant(b)?;
                one(number(a)?, out, spread, |(v, t)| {
                    (v * factor, t * factor.abs())
                })
            }
            Op::Absolute => one(number(a)?, out, spread, value::absolute),
            Op::Ceil => one(number(a)?, out, spread, |n| value::whole(n, f64::ceil)),
            Op::Floor => one(number(a)?, out, spread, |n| value::whole(n, f64::floor)),
            Op::Round => one(number(a)?, out, spread, |n| value::whole(n, f64::round)),
            Op::Add => two(number(a)?, number(b)?, out, spread, value::add),
            Op::Subtract => two(number(a)?, number(b)?, out, spread, value::subtract),
            Op::Multiply => two(number(a)?, number(b)?, out, spread, value::multiply),
            Op::Divide => two(number(a)?, number(b)?, out, spread, value::divide),
            Op::Min => two(number(a)?, number(b)?, out, spread, value::min),
            Op::Max => two(number(a)?, number(b)?, out, spread, value::max),
            Op::ChooseNumber => {
                let condition = self.truths(a, length)?;
                let (yes, no) = (number(b)?, number(c)?);
                let exact = yes.1.is_none() && no.1.is_none();
                let pairs = condition.iter().zip(yes.pairs().zip(no.pairs()));
                let mut spread = spread.iter_mut();
                for (out, (condition, (yes, no))) in out.iter_mut().zip(pairs) {
                    let (value, tolerance) = match condition {
                        1 => yes,
                        2 => no,
                        _ => (f64::NAN, 0.0),
                    };
                    *out = value;
                    if let (false, Some(spread)) = (exact, spread.next()) {
                        *spread = tolerance;
                    }
                }
                exact
            }
            _ => return Err(Broken),
        };
        self.values = values;
        self.tolerances = tolerances;
        *self.exact.get_mut(slot).ok_or(Broken)? = exact;
        Ok(())
    }

    fn truths_step(
        &mut self,
        instruction: Instruction,
        slot: usize,
        length: usize,
        memory: &mut Memory<'_>,
    ) -> Result<(), Broken> {
        let [a, b, c] = instruction.operands;
        let mut all = std::mem::take(&mut self.truths);
        let (before, out) = all.split_at_mut_checked(slot * STEP).ok_or(Broken)?;
        let out = out.get_mut(..length).ok_or(Broken)?;
        let truth = |register| match self.place(register)? {
            Place::Slot(slot) => before.get(slot * STEP..slot * STEP + length).ok_or(Broken),
            _ => Err(Broken),
        };
        let number = |register| self.read(&self.values, &self.tolerances, register, length);
        let mut hold = |how| {
            let unit = Unit::from_code(instruction.unit).ok_or(Broken)?;
            compare_all(how, number(a)?, number(b)?, 1.0 / unit.factor(), out);
            Ok(())
        };
        match instruction.op {
            Op::AtLeast => hold(Compare::AtLeast)?,
            Op::AtMost => hold(Compare::AtMost)?,
            Op::Equal => hold(Compare::Equal)?,
            Op::Above => hold(Compare::Above)?,
            Op::Below => hold(Compare::Below)?,
            Op::Differs => hold(Compare::Differs)?,
            Op::TruthFact => {
                let range = self.start..self.start + length;
                let values = self.rows.truths(a)?.get(range).ok_or(Broken)?;
                for (out, value) in out.iter_mut().zip(values) {
                    let known = !value.is_nan();
                    *out = u8::from(known & (*value != 0.0)) | u8::from(*value == 0.0) << 1;
                }
            }
            Op::And | Op::Between => {
                for ((out, a), b) in out.iter_mut().zip(truth(a)?).zip(truth(b)?) {
                    *out = a & b & 1 | (a | b) & 2;
                }
            }
            Op::Or => {
                for ((out, a), b) in out.iter_mut().zip(truth(a)?).zip(truth(b)?) {
                    *out = (a | b) & 1 | a & b & 2;
                }
            }
            Op::Not => {
                for (out, a) in out.iter_mut().zip(truth(a)?) {
                    *out = a >> 1 | (a & 1) << 1;
                }
            }
            Op::Same => {
                for ((out, &a), &b) in out.iter_mut().zip(truth(a)?).zip(truth(b)?) {
                    *out = match (a, b) {
                        (0, _) | (_, 0) => 0,
                        _ if a == b => 1,
                        _ => 2,
                    };
                }
            }
            Op::ChooseTruth => {
                let branches = truth(b)?.iter().zip(truth(c)?);
                for ((out, condition), (yes, no)) in out.iter_mut().zip(truth(a)?).zip(branches) {
                    *out = match condition {
                        1 => *yes,
                        2 => *no,
                        _ => yes & no,
                    };
                }
            }
            Op::Known => match self.code.get(a as usize).ok_or(Broken)?.op.out() {
                Sort::Number => {
                    for (out, value) in out.iter_mut().zip(number(a)?.0) {
                        *out = u8::from(!value.is_nan());
                    }
                }
                Sort::Truth => {
                    for (out, code) in out.iter_mut().zip(truth(a)?) {
                        *out = u8::from(*code != 0);
                    }
                }
                Sort::Text => {
                    let texts = self.read_texts(&self.texts, a, length)?;
                    for (out, symbol) in out.iter_mut().zip(texts) {
                        *out = u8::from(*symbol != NO_TEXT);
                    }
                }
            },
            Op::Test => {
                let texts = self.read_texts(&self.texts, a, length)?;
                for (out, &symbol) in out.iter_mut().zip(texts) {
                    *out = memory.test(self.rows, b, symbol)?;
                }
            }
            Op::SameText => {
                let one = self.read_texts(&self.texts, a, length)?;
                let other = self.read_texts(&self.texts, b, length)?;
                for ((out, &one), &other) in out.iter_mut().zip(one).zip(other) {
                    *out = match (
                        self.rows.texts.get(one as usize),
                        self.rows.texts.get(other as usize),
                    ) {
                        (Some(one), Some(other)) if one.eq_ignore_ascii_case(other) => 1,
                        (Some(_), Some(_)) => 2,
                        _ => 0,
                    };
                }
            }
            _ => return Err(Broken),
        }
        self.truths = all;
        Ok(())
    }

    fn texts_step(
        &mut self,
        instruction: Instruction,
        slot: usize,
        length: usize,
    ) -> Result<(), Broken> {
        let [a, b, c] = instruction.operands;
        let mut all = std::mem::take(&mut self.texts);
        let (before, out) = all.split_at_mut_checked(slot * STEP).ok_or(Broken)?;
        let out = out.get_mut(..length).ok_or(Broken)?;
        if instruction.op != Op::ChooseText {
            return Err(Broken);
        }
        let yes = self.read_texts(before, b, length)?;
        let no = self.read_texts(before, c, length)?;
        let condition = self.truths(a, length)?;
        for ((out, condition), (yes, no)) in out.iter_mut().zip(condition).zip(yes.iter().zip(no)) {
            *out = match condition {
                1 => *yes,
                2 => *no,
                _ => NO_TEXT,
            };
        }
        self.texts = all;
        Ok(())
    }
}

/// What is no finite number is not known.
#[inline(always)]
#[allow(
    clippy::eq_op,
    reason = "the difference is 0 for every finite number, and NaN for the others"
)]
fn known(value: f64) -> f64 {
    value + (value - value)
}

/// A function of one register; says whether the result is exact.
#[inline(always)]
fn one(a: Numbers<'_>, out: &mut [f64], spread: &mut [f64], f: impl Fn(Pair) -> Pair) -> bool {
    let Some(tolerances) = a.1 else {
        for (out, a) in out.iter_mut().zip(a.0) {
            *out = known(f((*a, 0.0)).0);
        }
        return true;
    };
    let pairs = a.0.iter().zip(tolerances);
    for ((out, spread), (value, tolerance)) in out.iter_mut().zip(spread).zip(pairs) {
        let (value, tolerance) = f((*value, *tolerance));
        (*out, *spread) = (known(value), tolerance);
    }
    false
}

/// A function of two registers; says whether the result is exact.
#[inline(always)]
fn two(
    a: Numbers<'_>,
    b: Numbers<'_>,
    out: &mut [f64],
    spread: &mut [f64],
    f: impl Fn(Pair, Pair) -> Pair,
) -> bool {
    if a.1.is_none() && b.1.is_none() {
        for (out, (a, b)) in out.iter_mut().zip(a.0.iter().zip(b.0)) {
            *out = known(f((*a, 0.0), (*b, 0.0)).0);
        }
        return true;
    }
    let pairs = a.pairs().zip(b.pairs());
    for ((out, spread), (a, b)) in out.iter_mut().zip(spread).zip(pairs) {
        let (value, tolerance) = f(a, b);
        (*out, *spread) = (known(value), tolerance);
    }
    false
}

/// A comparison of two registers.
#[inline(always)]
fn compare_all(how: Compare, a: Numbers<'_>, b: Numbers<'_>, per_unit: f64, out: &mut [u8]) {
    // Each way of comparing gets a loop of its own.
    match how {
        Compare::AtLeast => hold(a, b, out, |a, b| compare(Compare::AtLeast, a, b, per_unit)),
        Compare::AtMost => hold(a, b, out, |a, b| compare(Compare::AtMost, a, b, per_unit)),
        Compare::Equal => hold(a, b, out, |a, b| compare(Compare::Equal, a, b, per_unit)),
        Compare::Above => hold(a, b, out, |a, b| compare(Compare::Above, a, b, per_unit)),
        Compare::Below => hold(a, b, out, |a, b| compare(Compare::Below, a, b, per_unit)),
        Compare::Differs => hold(a, b, out, |a, b| compare(Compare::Differs, a, b, per_unit)),
    }
}

#[inline(always)]
fn hold(a: Numbers<'_>, b: Numbers<'_>, out: &mut [u8], f: impl Fn(Pair, Pair) -> u8) {
    if a.1.is_none() && b.1.is_none() {
        for (out, (a, b)) in out.iter_mut().zip(a.0.iter().zip(b.0)) {
            *out = f((*a, 0.0), (*b, 0.0));
        }
    } else {
        for (out, (a, b)) in out.iter_mut().zip(a.pairs().zip(b.pairs())) {
            *out = f(a, b);
        }
    }
}
