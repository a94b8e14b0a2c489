//! Any bytes: the reader may refuse or complain, but it never panics, and what it calls good can be
//! read to the last value.

#![no_main]

use libfuzzer_sys::fuzz_target;
use plancheck_engine::step::{KeywordId, MAX_DEPTH, Step, Value, Values, zip};

fuzz_target!(|data: &[u8]| {
    if zip::is_zip(data) {
        if let Ok(ifc) = zip::extract_ifc(data, 1 << 20) {
            assert!(ifc.len() <= 1 << 20);
            read(ifc);
        }
        return;
    }
    read(data.to_vec());
});

fn read(bytes: Vec<u8>) {
    let Ok(step) = Step::parse(bytes) else { return };
    for record in step.records() {
        let first = step.find(record.number());
        assert!(first.is_some_and(|first| first <= record.ix()));
        assert_eq!(
            record.args().count(),
            record.args().fold(0, |count, _| count + 1)
        );
        assert!(step.line(record.ix()) >= 1);
        let _ = record.name();
        let _ = record.refs(0).count();
        for (_, values) in record.parts() {
            walk(values, 1);
        }
    }
    let grouped: usize = (0..step.keywords())
        .map(|k| step.with_keyword(KeywordId(k as u16)).count())
        .sum();
    assert_eq!(grouped, step.len());
}

fn walk(values: Values<'_>, depth: u32) {
    assert!(depth <= MAX_DEPTH);
    for value in values {
        match value {
            Value::Text(text) => {
                let decoded = text.decode();
                assert!(text.eq_str(&decoded));
            }
            Value::List(inner) | Value::Typed(_, inner) => walk(inner, depth + 1),
            Value::Real(real) => assert!(real.is_finite()),
            _ => {}
        }
    }
}
