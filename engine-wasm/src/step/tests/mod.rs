//! What the reader makes of whole files.

mod broken;
mod forms;
mod mutated;
mod weird;

use super::Step;

/// A file around the given DATA section.
pub(super) fn file(data: &str) -> Vec<u8> {
    wrap(data.as_bytes())
}

/// A file around the given bytes.
pub(super) fn wrap(data: &[u8]) -> Vec<u8> {
    let mut out = b"ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION(('x'),'2;1');\n\
        FILE_NAME('x','',(''),(''),'','','');\nFILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n"
        .to_vec();
    out.extend(data);
    out.extend(b"\nENDSEC;\nEND-ISO-10303-21;\n");
    out
}

pub(super) fn parse(bytes: &[u8]) -> Step {
    Step::parse(bytes.to_vec()).expect("a STEP file")
}

/// `1 2 5`: the numbers of the good records.
pub(super) fn numbers(step: &Step) -> String {
    step.records()
        .map(|r| r.number().to_string())
        .collect::<Vec<_>>()
        .join(" ")
}

/// `malformed-record#2`: the diagnostics without their common prefix, with the record.
pub(super) fn codes(step: &Step) -> String {
    let show = |d: &crate::diagnostic::Diagnostic| {
        let code = d.code.trim_start_matches("step.");
        d.record
            .map_or(code.to_owned(), |record| format!("{code}#{record}"))
    };
    step.diagnostics()
        .kept()
        .iter()
        .map(show)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Decodes everything, as a reader of the model might; gives a sum so that nothing is left out.
pub(super) fn walk(step: &Step) -> usize {
    use super::{Value, Values};
    fn values(list: Values<'_>, depth: u32) -> usize {
        assert!(depth <= super::MAX_DEPTH, "nested too deep");
        list.map(|value| match value {
            Value::Text(text) => text.decode().len() + usize::from(text.eq_str("x")),
            Value::List(inner) | Value::Typed(_, inner) => 1 + values(inner, depth + 1),
            Value::Real(real) => {
                assert!(real.is_finite());
                1
            }
            _ => 1,
        })
        .sum()
    }
    fn values_of(step: &Step) -> usize {
        step.records()
            .map(|record| {
                assert!(
                    step.find(record.number())
                        .is_some_and(|first| first <= record.ix())
                );
                let args = record.args();
                let count = args.count();
                assert_eq!(count, args.into_iter().collect::<Vec<_>>().len());
                record
                    .parts()
                    .map(|(name, part)| name.len() + values(part, 1))
                    .sum::<usize>()
                    + record.name().len()
                    + record.refs(count.saturating_sub(1)).count()
                    + step.line(record.ix()) as usize
            })
            .sum()
    }
    let grouped: usize = (0..step.keywords() as u16)
        .map(|k| step.with_keyword(super::KeywordId(k)).count())
        .sum();
    assert_eq!(grouped, step.len(), "every record is in one group");
    values_of(step)
}
