//! The program as bytes; see the interpreter's `format`.

pub(super) use plancheck_rulebook_interpreter::format::NONE;
use plancheck_rulebook_interpreter::format::{
    HEADER_WORDS, MAGIC, MAX_ARGUMENTS, Section, Sort, VERSION, column_code,
};

use plancheck_contract::FactKind;

use super::code::{Code, Pool};

/// The rules and facts of a program.
#[derive(Default)]
pub(super) struct Program {
    pub(super) rules: Vec<[u32; 5]>,
    pub(super) derived: Vec<[u32; 2]>,
    pub(super) messages: Vec<Message>,
}

/// A message of a rule.
pub(super) struct Message {
    pub(super) when: u32,
    pub(super) arguments: Vec<u32>,
}

/// A section: its entries as bytes, and how many there are.
#[derive(Default)]
struct Part {
    bytes: Vec<u8>,
    count: u32,
}

impl Part {
    fn words<'w>(entries: impl Iterator<Item = &'w [u32]>) -> Part {
        let mut part = Part::default();
        for entry in entries {
            part.bytes
                .extend(entry.iter().flat_map(|word| word.to_le_bytes()));
            part.count += 1;
        }
        part
    }

    fn text(text: &str) -> Part {
        Part {
            bytes: text.as_bytes().to_vec(),
            count: text.len() as u32,
        }
    }
}

/// The program as bytes.
pub(super) fn encode(
    manifest: &str,
    pool: &Pool,
    views: &[&Code],
    program: &Program,
    cells: u32,
) -> Vec<u8> {
    let mut lists = pool.lists.clone();
    let mut code = Part::default();
    let mut entries = Vec::new();
    for view in views {
        entries.push([
            code.count,
            view.instructions.len() as u32,
            lists.len() as u32,
            view.columns.len() as u32,
        ]);
        for instruction in &view.instructions {
            code.bytes.extend(instruction.encode());
            code.count += 1;
        }
        lists.extend(view.columns.iter().map(|column| {
            column_code(match column.kind {
                FactKind::Number => Sort::Number,
                FactKind::Boolean => Sort::Truth,
                FactKind::Text => Sort::Text,
            })
        }));
    }
    let mut ends = Vec::new();
    let mut literals = String::new();
    for literal in &pool.literals {
        literals += literal;
        ends.push(literals.len() as u32);
    }
    let messages: Vec<Vec<u32>> = program
        .messages
        .iter()
        .map(|message| {
            let mut entry = vec![message.when, message.arguments.len() as u32];
            entry.extend(&message.arguments);
            entry.resize(2 + MAX_ARGUMENTS, 0);
            entry
        })
        .collect();
    let parts: [Part; Section::COUNT] = [
        Part::text(manifest),
        Part {
            bytes: pool
                .constants
                .iter()
                .flat_map(|c| c.to_le_bytes())
                .collect(),
            count: pool.constants.len() as u32,
        },
        Part::words(ends.iter().map(std::slice::from_ref)),
        Part::text(&literals),
        Part::words(lists.iter().map(std::slice::from_ref)),
        Part::words(entries.iter().map(<[u32; 4]>::as_slice)),
        code,
        Part::words(program.rules.iter().map(<[u32; 5]>::as_slice)),
        Part::words(program.derived.iter().map(<[u32; 2]>::as_slice)),
        Part::words(messages.iter().map(Vec::as_slice)),
        Part::words(pool.tests.iter().map(<[u32; 3]>::as_slice)),
        Part::words(pool.tables.iter().map(<[u32; 3]>::as_slice)),
    ];
    let mut at = 4 * HEADER_WORDS;
    let mut header = Vec::new();
    let mut body = Vec::new();
    for part in parts {
        header.extend([at as u32, part.count]);
        at += part.bytes.len();
        body.extend(part.bytes);
    }
    let mut out = Vec::with_capacity(at);
    let words = [MAGIC, VERSION, at as u32]
        .into_iter()
        .chain(header)
        .chain([cells]);
    out.extend(words.flat_map(u32::to_le_bytes));
    out.extend(body);
    out
}
