//! A STEP file as text: its records in order, each a keyword and the texts of its arguments. A
//! reader of its own, so that a mistake of the engine's reader does not hide itself.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A record's number, `#12`.
pub type Id = u64;

/// A keyword and the texts of its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// In capitals.
    pub keyword: String,
    /// As they stand in the file.
    pub arguments: Vec<String>,
}

/// A file: what stands before `DATA;`, and the records.
#[derive(Clone, Debug)]
pub struct Step {
    head: String,
    records: BTreeMap<Id, Record>,
}

impl Step {
    /// Reads a file. What is no record of one entity is left out.
    ///
    /// # Panics
    /// The text has no `DATA;`: it is no file of this benchmark.
    #[must_use]
    pub fn parse(text: &str) -> Step {
        let (head, data) = text.split_once("DATA;").expect("a DATA section");
        let mut records = BTreeMap::new();
        for statement in split(&without_comments(data), ';') {
            let Some((id, rest)) = statement
                .trim()
                .strip_prefix('#')
                .and_then(|s| s.split_once('='))
            else {
                continue;
            };
            let (Ok(id), Some((keyword, rest))) = (id.trim().parse(), rest.split_once('(')) else {
                continue;
            };
            let inside = rest.trim_end().strip_suffix(')').unwrap_or(rest);
            let record = Record {
                keyword: keyword.trim().to_uppercase(),
                arguments: arguments(inside),
            };
            records.insert(id, record);
        }
        Step {
            head: head.to_owned(),
            records,
        }
    }

    /// The file as text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{}DATA;\n", self.head);
        for (id, record) in &self.records {
            let arguments = record.arguments.join(",");
            let _ = writeln!(text, "#{id}={}({arguments});", record.keyword);
        }
        text + "ENDSEC;\nEND-ISO-10303-21;\n"
    }

    /// All records, by number.
    pub fn records(&self) -> impl Iterator<Item = (Id, &Record)> {
        self.records.iter().map(|(id, record)| (*id, record))
    }

    /// A record, where there is one.
    #[must_use]
    pub fn get(&self, id: Id) -> Option<&Record> {
        self.records.get(&id)
    }

    /// An argument; empty where there is none.
    #[must_use]
    pub fn argument(&self, id: Id, index: usize) -> &str {
        let record = self.records.get(&id);
        record
            .and_then(|r| r.arguments.get(index))
            .map_or("", String::as_str)
    }

    /// Replaces an argument.
    ///
    /// # Panics
    /// There is no such record or argument.
    pub fn set(&mut self, id: Id, index: usize, text: impl Into<String>) {
        let record = self.records.get_mut(&id).expect("the record");
        *record.arguments.get_mut(index).expect("the argument") = text.into();
    }

    /// Renames a record: another entity with the same arguments.
    ///
    /// # Panics
    /// There is no such record.
    pub fn set_keyword(&mut self, id: Id, keyword: &str) {
        self.records.get_mut(&id).expect("the record").keyword = keyword.to_owned();
    }

    /// Adds a record behind the others; `arguments` as they stand in a file.
    pub fn add(&mut self, keyword: &str, arguments: &str) -> Id {
        let id = self.records.keys().next_back().map_or(1, |last| last + 1);
        let record = Record {
            keyword: keyword.to_owned(),
            arguments: self::arguments(arguments),
        };
        self.records.insert(id, record);
        id
    }

    /// Takes a record out.
    pub fn remove(&mut self, id: Id) {
        self.records.remove(&id);
    }
}

/// The numbers in a list of references, `(#1,#2)`, or of a single one.
#[must_use]
pub fn references(text: &str) -> Vec<Id> {
    let inside = text.trim_matches(|c| matches!(c, '(' | ')'));
    let parts = inside.split(',').filter_map(|p| p.trim().strip_prefix('#'));
    parts.filter_map(|p| p.parse().ok()).collect()
}

/// A list of references.
#[must_use]
pub fn list(ids: &[Id]) -> String {
    let parts: Vec<String> = ids.iter().map(|id| format!("#{id}")).collect();
    format!("({})", parts.join(","))
}

fn arguments(text: &str) -> Vec<String> {
    let parts = split(text, ',');
    parts.iter().map(|a| a.trim().to_owned()).collect()
}

/// Parts between separators that stand outside of texts and parentheses.
fn split(text: &str, separator: char) -> Vec<String> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let (mut depth, mut quoted) = (0_u32, false);
    for c in text.chars() {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if c == separator && !quoted && depth == 0 {
            parts.push(std::mem::take(&mut part));
        } else {
            part.push(c);
        }
    }
    parts.push(part);
    parts
}

fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "HEADER;\nDATA;\n/* two; records */\n#1=IFCWALL('a;b','it''s (c, d)',$,(#2,#3));\n\
                        #2 = IFCCARTESIANPOINT((0.,1.));\nENDSEC;\nEND-ISO-10303-21;\n";

    #[test]
    fn records_are_read_and_written_as_they_are() {
        let step = Step::parse(FILE);
        assert_eq!(step.argument(1, 0), "'a;b'");
        assert_eq!(step.argument(1, 1), "'it''s (c, d)'");
        assert_eq!(references(step.argument(1, 3)), [2, 3]);
        assert_eq!(step.argument(2, 0), "(0.,1.)");
        assert_eq!(Step::parse(&step.text()).text(), step.text());
    }

    #[test]
    fn an_edit_changes_one_record() {
        let mut step = Step::parse(FILE);
        step.set(1, 2, "'x'");
        let added = step.add("IFCDOOR", "'g',$,(#1,#2)");
        assert_eq!(added, 3);
        let text = step.text();
        assert!(text.contains("#1=IFCWALL('a;b','it''s (c, d)','x',(#2,#3));"));
        assert!(text.contains("#3=IFCDOOR('g',$,(#1,#2));"));
        assert_eq!(step.records().count(), 3);
    }
}
