//! Instructions of a view, each written once, and what they name.

use std::collections::HashMap;

use plancheck_contract::{Dimension, FactKind, MAX_VIEW_FACTS};
use plancheck_rulebook_interpreter::format::{Instruction, Op, Operand};

/// What the instructions of all views name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pool {
    pub(crate) constants: Vec<f64>,
    pub(crate) literals: Vec<String>,
    pub(crate) lists: Vec<u32>,
    /// What is asked, first literal in lists, literals.
    pub(crate) tests: Vec<[u32; 3]>,
    /// First cell, first key in lists, keys.
    pub(crate) tables: Vec<[u32; 3]>,
}

impl Pool {
    pub(crate) fn constant(&mut self, value: f64) -> u32 {
        let same = |other: &f64| other.to_bits() == value.to_bits();
        place(&mut self.constants, same, value)
    }

    pub(crate) fn literal(&mut self, text: &str) -> u32 {
        place(&mut self.literals, |other| other == text, text.to_owned())
    }

    /// Literals as a run of lists.
    fn run(&mut self, texts: &[String]) -> [u32; 2] {
        let members: Vec<u32> = texts.iter().map(|text| self.literal(text)).collect();
        let known = self
            .lists
            .windows(members.len().max(1))
            .position(|window| window == members);
        let first = known.unwrap_or_else(|| {
            self.lists.extend(&members);
            self.lists.len() - members.len()
        });
        [first as u32, members.len() as u32]
    }

    pub(crate) fn test(&mut self, question: u32, texts: &[String]) -> u32 {
        let [first, count] = self.run(texts);
        let test = [question, first, count];
        place(&mut self.tests, |other| *other == test, test)
    }

    pub(crate) fn table(&mut self, first_cell: u32, keys: &[String]) -> u32 {
        let [first, count] = self.run(keys);
        let table = [first_cell, first, count];
        place(&mut self.tables, |other| *other == table, table)
    }
}

fn place<T>(list: &mut Vec<T>, same: impl Fn(&T) -> bool, new: T) -> u32 {
    let found = list.iter().position(same);
    found.unwrap_or_else(|| {
        list.push(new);
        list.len() - 1
    }) as u32
}

/// A column of a view.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Column {
    pub(crate) path: String,
    pub(crate) kind: FactKind,
    pub(crate) dimension: Option<Dimension>,
}

/// The instructions of a view or of a rule, and the columns that they read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Code {
    pub(crate) instructions: Vec<Instruction>,
    known: HashMap<Instruction, u32>,
    pub(crate) columns: Vec<Column>,
}

impl Code {
    /// The register of an instruction.
    pub(crate) fn emit(&mut self, op: Op, unit: u8, operands: [u32; 3]) -> u32 {
        let instruction = Instruction { op, unit, operands };
        *self.known.entry(instruction).or_insert_with(|| {
            self.instructions.push(instruction);
            self.instructions.len() as u32 - 1
        })
    }

    /// The place of a column.
    pub(crate) fn column(&mut self, column: Column) -> u32 {
        place(&mut self.columns, |other| *other == column, column.clone())
    }

    /// Adds other code; the new register of each of its registers. None: too many columns.
    pub(crate) fn merge(&mut self, other: &Code) -> Option<Vec<u32>> {
        let more = other.columns.iter().filter(|c| !self.columns.contains(c));
        if self.columns.len() + more.count() > MAX_VIEW_FACTS {
            return None;
        }
        let columns: Vec<u32> = other
            .columns
            .iter()
            .map(|c| self.column(c.clone()))
            .collect();
        let mut registers: Vec<u32> = Vec::with_capacity(other.instructions.len());
        for instruction in &other.instructions {
            let mut operands = instruction.operands;
            for (kind, operand) in instruction.op.operands().iter().zip(&mut operands) {
                let moved = match kind {
                    Operand::Number | Operand::Truth | Operand::Text | Operand::Any => {
                        registers.get(*operand as usize)
                    }
                    Operand::NumberColumn | Operand::TruthColumn | Operand::TextColumn => {
                        columns.get(*operand as usize)
                    }
                    _ => None,
                };
                *operand = moved.copied().unwrap_or(*operand);
            }
            registers.push(self.emit(instruction.op, instruction.unit, operands));
        }
        Some(registers)
    }

    /// Names of the columns, unique in the view: paths, with their kind where a path stands twice.
    pub(crate) fn column_names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for column in &self.columns {
            let mut name = column.path.clone();
            if names.contains(&name) {
                name += " as ";
                name += column.dimension.map_or(column.kind.name(), Dimension::name);
            }
            names.push(name);
        }
        names
    }
}
