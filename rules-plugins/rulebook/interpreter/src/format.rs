//! The format of a compiled rulebook: flat, little endian, read in place.
//!
//! A program begins with a header of 32-bit words: magic, version, length, then for each
//! [`Section`] its offset in bytes and its number of entries, then the number of parameter cells.
//! Sections:
//!
//! | section | an entry |
//! |---|---|
//! | manifest | one byte of the manifest's JSON |
//! | constants | an `f64` |
//! | literal ends | a word: where a literal ends in the text |
//! | literal text | one byte of the literals, one after the other |
//! | lists | a word: the members of lists that other entries name |
//! | views | words: first instruction, number of instructions, first column in lists, columns |
//! | code | an instruction of 16 bytes |
//! | rules | words: view, `when` or [`NONE`], `require`, first message, messages |
//! | derived | words: view, register |
//! | messages | words: `when` or [`NONE`], number of arguments, four registers |
//! | tests | words: what is asked of a text, first literal in lists, literals |
//! | tables | words: first parameter cell, first key in lists, keys |
//!
//! An instruction's register is its position in its view; it reads earlier ones only. So a program
//! has no loops, and what it costs is known before it runs.

/// First word of a program: `PCRB`.
pub const MAGIC: u32 = u32::from_le_bytes(*b"PCRB");
/// The version of the format. Compiler and interpreter are of one release.
pub const VERSION: u32 = 1;
/// In place of a register: there is none.
pub const NONE: u32 = u32::MAX;
/// Bytes of an instruction.
pub const INSTRUCTION: usize = 16;
/// Arguments of a message: as many as the SDK allows.
pub const MAX_ARGUMENTS: usize = 4;
/// Instructions of one view. A large code has some thousands; each costs 2 kB of memory while a
/// batch is judged.
pub const MAX_INSTRUCTIONS: usize = 20_000;
/// Words before the first section.
pub const HEADER_WORDS: usize = 3 + 2 * Section::COUNT + 1;

/// The parts of a program, in the order of the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the table above says it")]
pub enum Section {
    Manifest,
    Constants,
    LiteralEnds,
    LiteralText,
    Lists,
    Views,
    Code,
    Rules,
    Derived,
    Messages,
    Tests,
    Tables,
}

impl Section {
    /// How many there are.
    pub const COUNT: usize = 12;

    /// Bytes of one entry.
    #[must_use]
    pub const fn entry(self) -> usize {
        match self {
            Section::Manifest | Section::LiteralText => 1,
            Section::LiteralEnds | Section::Lists => 4,
            Section::Constants | Section::Derived => 8,
            Section::Tests | Section::Tables => 12,
            Section::Views | Section::Code => 16,
            Section::Rules => 20,
            Section::Messages => 8 + 4 * MAX_ARGUMENTS,
        }
    }
}

/// What a register holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// A number plus or minus its tolerance.
    Number,
    /// True, false or not known.
    Truth,
    /// A text.
    Text,
}

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident = $code:literal: $out:ident($($operand:ident),*);)*) => {
        /// What an instruction does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Op {
            $($(#[$doc])* $name = $code,)*
        }

        impl Op {
            /// The operation with this code.
            #[must_use]
            pub const fn from_code(code: u8) -> Option<Op> {
                match code {
                    $($code => Some(Op::$name),)*
                    _ => None,
                }
            }

            /// What its register holds.
            #[must_use]
            pub const fn out(self) -> Sort {
                match self {
                    $(Op::$name => Sort::$out,)*
                }
            }

            /// What it takes.
            #[must_use]
            pub const fn operands(self) -> &'static [Operand] {
                match self {
                    $(Op::$name => &[$(Operand::$operand),*],)*
                }
            }
        }
    };
}

/// What an operand of an instruction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// An earlier register with a number.
    Number,
    /// An earlier register with a truth.
    Truth,
    /// An earlier register with a text.
    Text,
    /// An earlier register, of whatever sort.
    Any,
    /// A column of numbers.
    NumberColumn,
    /// A column of booleans.
    TruthColumn,
    /// A column of texts.
    TextColumn,
    /// An entry of constants.
    Constant,
    /// A parameter cell.
    Cell,
    /// An entry of tables.
    Table,
    /// An entry of tests.
    Test,
    /// A literal text.
    Literal,
    /// 0 or 1.
    Bit,
}

operations! {
    /// A fact.
    NumberFact = 0: Number(NumberColumn);
    /// A number of the rulebook.
    Constant = 1: Number(Constant);
    /// A parameter, in its own unit.
    Parameter = 2: Number(Cell);
    /// The cell of a table that a text names, in the table's unit.
    Lookup = 3: Number(Text, Table);
    /// Times a constant: from one unit to another.
    Scale = 4: Number(Number, Constant);
    /// Sum.
    Add = 5: Number(Number, Number);
    /// Difference.
    Subtract = 6: Number(Number, Number);
    /// Product.
    Multiply = 7: Number(Number, Number);
    /// Quotient.
    Divide = 8: Number(Number, Number);
    /// Without its sign.
    Absolute = 9: Number(Number);
    /// Up to whole ones.
    Ceil = 10: Number(Number);
    /// Down to whole ones.
    Floor = 11: Number(Number);
    /// To the nearest whole one.
    Round = 12: Number(Number);
    /// The smaller.
    Min = 13: Number(Number, Number);
    /// The larger.
    Max = 14: Number(Number, Number);
    /// One of two numbers.
    ChooseNumber = 15: Number(Truth, Number, Number);

    /// A fact.
    TruthFact = 32: Truth(TruthColumn);
    /// Always the same.
    Fixed = 33: Truth(Bit);
    /// ≥; the second number is in the instruction's unit.
    AtLeast = 34: Truth(Number, Number);
    /// ≤
    AtMost = 35: Truth(Number, Number);
    /// =
    Equal = 36: Truth(Number, Number);
    /// >
    Above = 37: Truth(Number, Number);
    /// <
    Below = 38: Truth(Number, Number);
    /// ≠
    Differs = 39: Truth(Number, Number);
    /// An `AtLeast` and an `AtMost` of the same number: says the limit that is nearer.
    Between = 40: Truth(Truth, Truth);
    /// Both.
    And = 41: Truth(Truth, Truth);
    /// Either.
    Or = 42: Truth(Truth, Truth);
    /// The contrary.
    Not = 43: Truth(Truth);
    /// Both true or both false.
    Same = 44: Truth(Truth, Truth);
    /// One of two truths.
    ChooseTruth = 45: Truth(Truth, Truth, Truth);
    /// Whether there is a value.
    Known = 46: Truth(Any);
    /// Something asked of a text.
    Test = 47: Truth(Text, Test);
    /// Two texts are the same but for ASCII case.
    SameText = 48: Truth(Text, Text);

    /// A fact.
    TextFact = 64: Text(TextColumn);
    /// A text of the rulebook.
    Literal = 65: Text(Literal);
    /// One of two texts.
    ChooseText = 66: Text(Truth, Text, Text);
}

/// An instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Instruction {
    /// What it does.
    pub op: Op,
    /// Of a comparison: code of the unit in which it is made.
    pub unit: u8,
    /// As [`Op::operands`] says; 0 where there is none.
    pub operands: [u32; 3],
}

impl Instruction {
    /// As bytes.
    #[must_use]
    pub fn encode(self) -> [u8; INSTRUCTION] {
        let [a, b, c] = self.operands;
        let first = u32::from(self.op as u8) | u32::from(self.unit) << 8;
        let mut out = [0; INSTRUCTION];
        for (slot, word) in out.chunks_exact_mut(4).zip([first, a, b, c]) {
            slot.copy_from_slice(&word.to_le_bytes());
        }
        out
    }

    /// From words; none: there is no such operation.
    #[must_use]
    pub fn decode(words: [u32; 4]) -> Option<Instruction> {
        let [first, a, b, c] = words;
        let [code, unit, ..] = first.to_le_bytes();
        Some(Instruction {
            op: Op::from_code(code)?,
            unit,
            operands: [a, b, c],
        })
    }
}

/// What a column of a view holds, as a word in lists.
#[must_use]
pub const fn column_code(sort: Sort) -> u32 {
    match sort {
        Sort::Number => 0,
        Sort::Truth => 1,
        Sort::Text => 2,
    }
}

/// The sort with this code.
#[must_use]
pub const fn column_sort(code: u32) -> Option<Sort> {
    match code {
        0 => Some(Sort::Number),
        1 => Some(Sort::Truth),
        2 => Some(Sort::Text),
        _ => None,
    }
}
