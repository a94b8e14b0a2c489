//! A program, opened: nothing is copied but the instructions that a batch asks for.

use std::fmt;

use plancheck_contract::{Batch, Columns, Verdicts};

use crate::answer;
use crate::batch::Rows;
use crate::format::{HEADER_WORDS, Instruction, MAGIC, NONE, Section, VERSION};

/// The program or the question is not what it says it is. A guest traps then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the compiled rulebook or the batch is not what it says it is")
    }
}

impl std::error::Error for Broken {}

/// A compiled rulebook.
#[derive(Clone, Copy, Debug)]
pub struct Program<'p> {
    bytes: &'p [u8],
}

/// A view of a program.
pub(crate) struct View {
    pub(crate) code: Vec<Instruction>,
    first_column: u32,
    pub(crate) columns: u32,
}

/// A rule of a program.
pub(crate) struct Rule {
    pub(crate) view: u32,
    /// The register that says whether it governs a row.
    pub(crate) when: Option<u32>,
    pub(crate) require: u32,
    pub(crate) first_message: u32,
    pub(crate) messages: u32,
}

/// Something that a rule may say when it fails.
pub(crate) struct Message {
    pub(crate) when: Option<u32>,
    pub(crate) arguments: Vec<u32>,
}

/// A question about texts, or the keys of a table.
pub(crate) struct Group {
    /// What is asked, or the first cell.
    pub(crate) head: u32,
    first: u32,
    pub(crate) count: u32,
}

impl<'p> Program<'p> {
    /// Opens a program. Only the header is looked at; [`Program::validate`] looks at all of it.
    ///
    /// # Errors
    /// It is no program of this version.
    pub fn open(bytes: &'p [u8]) -> Result<Program<'p>, Broken> {
        let program = Program { bytes };
        let is = |at: usize, wanted: u32| program.word(at * 4) == Some(wanted);
        let length = u32::try_from(bytes.len()).map_err(|_| Broken)?;
        if is(0, MAGIC) && is(1, VERSION) && is(2, length) {
            Ok(program)
        } else {
            Err(Broken)
        }
    }

    /// The manifest as JSON.
    ///
    /// # Errors
    /// The program is broken.
    pub fn manifest(&self) -> Result<&'p str, Broken> {
        let (offset, count) = self.section(Section::Manifest)?;
        let bytes = self.bytes.get(offset..offset + count).ok_or(Broken)?;
        std::str::from_utf8(bytes).map_err(|_| Broken)
    }

    /// Rules (indices in the manifest) over a batch.
    ///
    /// # Errors
    /// The program is broken, or the batch is not of the view of these rules.
    pub fn evaluate(&self, checks: &[u32], batch: &Batch) -> Result<Verdicts, Broken> {
        answer::evaluate(*self, checks, &self.rows(batch)?)
    }

    /// Derived facts (indices in the manifest) over a batch.
    ///
    /// # Errors
    /// The program is broken, or the batch is not of the view of these facts.
    pub fn derive(&self, derived: &[u32], batch: &Batch) -> Result<Columns, Broken> {
        answer::derive(*self, derived, &self.rows(batch)?)
    }

    fn rows<'b>(&self, batch: &'b Batch) -> Result<Rows<'b>, Broken>
    where
        'p: 'b,
    {
        if batch.parameters.len() != self.parameters()? as usize {
            return Err(Broken);
        }
        Rows::new(self.literals()?, batch)
    }

    fn word(&self, at: usize) -> Option<u32> {
        let bytes = self.bytes.get(at..at.checked_add(4)?)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?))
    }

    /// Offset in bytes and number of entries.
    pub(crate) fn section(&self, section: Section) -> Result<(usize, usize), Broken> {
        let at = 12 + 8 * section as usize;
        let offset = self.word(at).ok_or(Broken)? as usize;
        let count = self.word(at + 4).ok_or(Broken)? as usize;
        let length = count.checked_mul(section.entry()).ok_or(Broken)?;
        let end = offset.checked_add(length).ok_or(Broken)?;
        if end <= self.bytes.len() {
            Ok((offset, count))
        } else {
            Err(Broken)
        }
    }

    /// The words of an entry.
    pub(crate) fn entry<const N: usize>(
        &self,
        section: Section,
        index: u32,
    ) -> Result<[u32; N], Broken> {
        let (offset, count) = self.section(section)?;
        if index as usize >= count {
            return Err(Broken);
        }
        let mut words = [0; N];
        let start = offset + section.entry() * index as usize;
        for (at, word) in words.iter_mut().enumerate() {
            *word = self.word(start + 4 * at).ok_or(Broken)?;
        }
        Ok(words)
    }

    /// How many parameter cells a batch has.
    pub(crate) fn parameters(&self) -> Result<u32, Broken> {
        self.word(4 * (HEADER_WORDS - 1)).ok_or(Broken)
    }

    pub(crate) fn constant(&self, index: u32) -> Result<f64, Broken> {
        let [low, high] = self.entry(Section::Constants, index)?;
        Ok(f64::from_bits(u64::from(low) | u64::from(high) << 32))
    }

    pub(crate) fn list(&self, index: u32) -> Result<u32, Broken> {
        let [word] = self.entry(Section::Lists, index)?;
        Ok(word)
    }

    pub(crate) fn literals(&self) -> Result<Vec<&'p str>, Broken> {
        let (_, count) = self.section(Section::LiteralEnds)?;
        let (offset, length) = self.section(Section::LiteralText)?;
        let bytes = self.bytes.get(offset..offset + length).ok_or(Broken)?;
        let text = std::str::from_utf8(bytes).map_err(|_| Broken)?;
        let mut from = 0;
        let mut out = Vec::with_capacity(count);
        for index in 0..count {
            let [end] = self.entry(Section::LiteralEnds, index as u32)?;
            out.push(text.get(from..end as usize).ok_or(Broken)?);
            from = end as usize;
        }
        Ok(out)
    }

    pub(crate) fn view(&self, index: u32) -> Result<View, Broken> {
        let [first, count, first_column, columns] = self.entry(Section::Views, index)?;
        let end = first.checked_add(count).ok_or(Broken)?;
        let mut code = Vec::new();
        for at in first..end {
            let words = self.entry(Section::Code, at)?;
            code.push(Instruction::decode(words).ok_or(Broken)?);
        }
        Ok(View {
            code,
            first_column,
            columns,
        })
    }

    /// What a column of a view holds, as a code.
    pub(crate) fn column(&self, view: &View, column: u32) -> Result<u32, Broken> {
        if column >= view.columns {
            return Err(Broken);
        }
        self.list(view.first_column.checked_add(column).ok_or(Broken)?)
    }

    pub(crate) fn rule(&self, index: u32) -> Result<Rule, Broken> {
        let [view, when, require, first_message, messages] = self.entry(Section::Rules, index)?;
        Ok(Rule {
            view,
            when: (when != NONE).then_some(when),
            require,
            first_message,
            messages,
        })
    }

    /// View and register.
    pub(crate) fn derived(&self, index: u32) -> Result<[u32; 2], Broken> {
        self.entry(Section::Derived, index)
    }

    pub(crate) fn message(&self, index: u32) -> Result<Message, Broken> {
        let [when, count, arguments @ ..]: [u32; 6] = self.entry(Section::Messages, index)?;
        Ok(Message {
            when: (when != NONE).then_some(when),
            arguments: arguments.get(..count as usize).ok_or(Broken)?.to_vec(),
        })
    }

    pub(crate) fn test(&self, index: u32) -> Result<Group, Broken> {
        let [head, first, count] = self.entry(Section::Tests, index)?;
        Ok(Group { head, first, count })
    }

    pub(crate) fn table(&self, index: u32) -> Result<Group, Broken> {
        let [head, first, count] = self.entry(Section::Tables, index)?;
        Ok(Group { head, first, count })
    }

    /// The literals of a group.
    pub(crate) fn members(&self, group: &Group) -> Result<Vec<u32>, Broken> {
        let end = group.first.checked_add(group.count).ok_or(Broken)?;
        (group.first..end).map(|at| self.list(at)).collect()
    }
}
