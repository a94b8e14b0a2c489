//! The program: words of 32 bits, little endian. First a header of [`HEADER`] words, then for each
//! rule where it begins, the rules, and the manifest.

use std::borrow::Cow;
use std::fmt;

use plancheck_contract::{Batch, Verdicts};

use crate::condition::{Columns, Condition, Constant, Operator, Own, Rule, Source};
use crate::evaluate;
use crate::pattern::{Pattern, Step};

/// `PRF1`
const MAGIC: u32 = 0x3146_5250;
/// The magic word, the length in bytes, the number of rules, where the manifest is and its length.
const HEADER: usize = 5;
/// Conditions within conditions: the compiler refuses more.
pub const MAX_DEPTH: usize = 40;

/// The program or the question is not what it says it is. A guest traps then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the compiled rule file or the batch is not what it says it is")
    }
}

impl std::error::Error for Broken {}

/// A compiled rule file.
#[derive(Clone, Copy, Debug)]
pub struct Program<'p> {
    bytes: &'p [u8],
}

/// Writes a program; `manifest` is JSON, and the rules are in its order.
#[must_use]
pub fn encode(rules: &[Rule<'_>], manifest: &str) -> Vec<u8> {
    let mut out = Out(vec![0; HEADER + rules.len()]);
    let mut starts = Vec::new();
    for rule in rules {
        starts.push(out.0.len() as u32);
        out.rule(rule);
    }
    let at = out.0.len() as u32;
    out.text(manifest);
    let length = out.0.len() as u32 * 4;
    let header = [MAGIC, length, rules.len() as u32, at, 0];
    for (word, value) in out.0.iter_mut().zip(header.into_iter().chain(starts)) {
        *word = value;
    }
    out.0.iter().flat_map(|word| word.to_le_bytes()).collect()
}

struct Out(Vec<u32>);

impl Out {
    fn number(&mut self, number: f64) {
        let bits = number.to_bits();
        self.0.extend([bits as u32, (bits >> 32) as u32]);
    }

    fn text(&mut self, text: &str) {
        self.0.push(text.len() as u32);
        for chunk in text.as_bytes().chunks(4) {
            let mut word = [0; 4];
            for (byte, from) in word.iter_mut().zip(chunk) {
                *byte = *from;
            }
            self.0.push(u32::from_le_bytes(word));
        }
    }

    fn columns(&mut self, columns: &Columns) {
        self.0
            .extend([columns.number, columns.text, columns.written]);
    }

    fn rule(&mut self, rule: &Rule<'_>) {
        let own = &rule.own;
        let plain = [own.object_type, own.object_id, own.connections, own.located];
        self.0.extend(plain);
        for columns in &own.place {
            self.columns(columns);
        }
        self.conditions(&rule.conditions);
    }

    fn conditions(&mut self, conditions: &[Condition<'_>]) {
        self.0.push(conditions.len() as u32);
        for condition in conditions {
            self.condition(condition);
        }
    }

    fn condition(&mut self, condition: &Condition<'_>) {
        match condition {
            Condition::Never { element_type } => {
                self.0.push(0);
                self.text(element_type);
            }
            Condition::Test {
                element_type,
                source,
                operator,
                constant,
            } => {
                self.0.push(1);
                self.text(element_type);
                self.source(source);
                self.0.push(*operator as u32);
                self.constant(constant);
            }
            Condition::Linked {
                element_type,
                target_type,
            } => {
                self.0.push(2);
                self.text(element_type);
                self.text(target_type);
            }
            Condition::Near {
                element_type,
                target_type,
                limit,
            } => {
                self.0.push(3);
                self.text(element_type);
                self.text(target_type);
                self.number(*limit);
            }
            Condition::Distance {
                element_type,
                target_id,
                operator,
                constant,
            } => {
                self.0.push(4);
                self.text(element_type);
                self.text(target_id);
                self.0.push(*operator as u32);
                self.constant(constant);
            }
            Condition::All(parts) => {
                self.0.push(5);
                self.conditions(parts);
            }
            Condition::Any(parts) => {
                self.0.push(6);
                self.conditions(parts);
            }
        }
    }

    fn source(&mut self, source: &Source) {
        match source {
            Source::Property(columns) => {
                self.0.push(0);
                self.columns(columns);
            }
            Source::Extent { sides, own } => {
                self.0.push(1);
                for side in sides {
                    self.columns(&side.unwrap_or(Columns::NONE));
                }
                self.columns(own);
            }
            Source::Height { own, location } => {
                self.0.push(2);
                self.columns(own);
                self.columns(location);
            }
            Source::Floor(columns) => {
                self.0.push(3);
                self.columns(columns);
            }
        }
    }

    fn constant(&mut self, constant: &Constant<'_>) {
        match constant {
            Constant::Null => self.0.push(0),
            Constant::Other => self.0.push(5),
            Constant::Number(number) => {
                self.0.push(1);
                self.number(*number);
            }
            Constant::Text(text) => {
                self.0.push(2);
                self.text(text);
            }
            Constant::List(items) => {
                self.0.extend([3, items.len() as u32]);
                for item in items {
                    self.constant(item);
                }
            }
            Constant::Pattern(pattern) => {
                self.0.extend([4, pattern.steps.len() as u32]);
                for step in &pattern.steps {
                    self.0.extend(step.encode());
                }
            }
        }
    }
}

impl<'p> Program<'p> {
    /// Opens a program. Only the header is looked at.
    ///
    /// # Errors
    /// It is no program of this version.
    pub fn open(bytes: &'p [u8]) -> Result<Program<'p>, Broken> {
        let mut words = Words { bytes, depth: 0 };
        let length = u32::try_from(bytes.len()).map_err(|_| Broken)?;
        if words.word()? == MAGIC && words.word()? == length {
            Ok(Program { bytes })
        } else {
            Err(Broken)
        }
    }

    /// The manifest as JSON.
    ///
    /// # Errors
    /// The program is broken.
    pub fn manifest(&self) -> Result<&'p str, Broken> {
        let at = self.from(3)?.word()?;
        self.from(at as usize)?.text()
    }

    /// A rule, by its index in the manifest.
    ///
    /// # Errors
    /// The program is broken, or has no such rule.
    pub fn rule(&self, index: u32) -> Result<Rule<'p>, Broken> {
        if index >= self.from(2)?.word()? {
            return Err(Broken);
        }
        let start = self.from(HEADER + index as usize)?.word()?;
        self.from(start as usize)?.rule()
    }

    /// Rules (indices in the manifest) over a batch.
    ///
    /// # Errors
    /// The program is broken, or the batch is not of the view of these rules.
    pub fn evaluate(&self, checks: &[u32], batch: &Batch) -> Result<Verdicts, Broken> {
        evaluate::evaluate(*self, checks, batch)
    }

    fn from(&self, word: usize) -> Result<Words<'p>, Broken> {
        let at = word.checked_mul(4).ok_or(Broken)?;
        let bytes = self.bytes.get(at..).ok_or(Broken)?;
        Ok(Words { bytes, depth: 0 })
    }
}

/// What is still to be read.
struct Words<'p> {
    bytes: &'p [u8],
    depth: usize,
}

impl<'p> Words<'p> {
    fn word(&mut self) -> Result<u32, Broken> {
        let (word, rest) = self.bytes.split_first_chunk().ok_or(Broken)?;
        self.bytes = rest;
        Ok(u32::from_le_bytes(*word))
    }

    fn number(&mut self) -> Result<f64, Broken> {
        let (low, high) = (self.word()?, self.word()?);
        Ok(f64::from_bits(u64::from(low) | u64::from(high) << 32))
    }

    fn text(&mut self) -> Result<&'p str, Broken> {
        let length = self.word()? as usize;
        let text = self.bytes.get(..length).ok_or(Broken)?;
        let padded = length.checked_next_multiple_of(4).ok_or(Broken)?;
        self.bytes = self.bytes.get(padded..).ok_or(Broken)?;
        std::str::from_utf8(text).map_err(|_| Broken)
    }

    /// As many as the next word says, each of a word at least.
    fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<T, Broken>,
    ) -> Result<Vec<T>, Broken> {
        let count = self.word()? as usize;
        if count > self.bytes.len() / 4 {
            return Err(Broken);
        }
        (0..count).map(|_| read(self)).collect()
    }

    fn columns(&mut self) -> Result<Columns, Broken> {
        Ok(Columns {
            number: self.word()?,
            text: self.word()?,
            written: self.word()?,
        })
    }

    fn rule(&mut self) -> Result<Rule<'p>, Broken> {
        let own = Own {
            object_type: self.word()?,
            object_id: self.word()?,
            connections: self.word()?,
            located: self.word()?,
            place: [self.columns()?, self.columns()?, self.columns()?],
        };
        let conditions = self.list(Words::condition)?;
        Ok(Rule { own, conditions })
    }

    fn condition(&mut self) -> Result<Condition<'p>, Broken> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Broken);
        }
        let condition = match self.word()? {
            0 => Condition::Never {
                element_type: self.text()?,
            },
            1 => Condition::Test {
                element_type: self.text()?,
                source: self.source()?,
                operator: self.operator()?,
                constant: self.constant(true)?,
            },
            2 => Condition::Linked {
                element_type: self.text()?,
                target_type: self.text()?,
            },
            3 => Condition::Near {
                element_type: self.text()?,
                target_type: self.text()?,
                limit: self.number()?,
            },
            4 => Condition::Distance {
                element_type: self.text()?,
                target_id: self.text()?,
                operator: self.operator()?,
                constant: self.constant(true)?,
            },
            5 => Condition::All(self.list(Words::condition)?),
            6 => Condition::Any(self.list(Words::condition)?),
            _ => return Err(Broken),
        };
        self.depth -= 1;
        Ok(condition)
    }

    fn operator(&mut self) -> Result<Operator, Broken> {
        let code = self.word()? as usize;
        Operator::ALL.get(code).copied().ok_or(Broken)
    }

    fn source(&mut self) -> Result<Source, Broken> {
        Ok(match self.word()? {
            0 => Source::Property(self.columns()?),
            1 => {
                let mut side = || {
                    let columns = self.columns()?;
                    Ok((columns != Columns::NONE).then_some(columns))
                };
                Source::Extent {
                    sides: [side()?, side()?, side()?],
                    own: self.columns()?,
                }
            }
            2 => Source::Height {
                own: self.columns()?,
                location: self.columns()?,
            },
            3 => Source::Floor(self.columns()?),
            _ => return Err(Broken),
        })
    }

    fn constant(&mut self, lists: bool) -> Result<Constant<'p>, Broken> {
        Ok(match self.word()? {
            0 => Constant::Null,
            1 => Constant::Number(self.number()?),
            2 => Constant::Text(Cow::Borrowed(self.text()?)),
            3 if lists => Constant::List(self.list(|words| words.constant(false))?),
            4 => {
                let steps = self.list(|words| {
                    let code = words.word()?;
                    Step::decode(code, words.word()?, words.word()?).ok_or(Broken)
                })?;
                Constant::Pattern(Pattern { steps })
            }
            5 => Constant::Other,
            _ => return Err(Broken),
        })
    }
}
