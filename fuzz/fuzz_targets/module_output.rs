//! What a module says: any manifest is planned or refused, and any answer to a question is
//! believed only when it keeps the contract; the report can be written whatever it was.

#![no_main]

use libfuzzer_sys::fuzz_target;
use plancheck_contract::{Columns, Verdicts};
use plancheck_engine::rules::{Answer, ModuleSlot, Problem, Question, Session};

const MODEL: &[u8] = include_bytes!("../../tests/fixtures/models/json-office.json");
const MANIFEST: &str = include_str!("../seeds/module_output/manifest.json");

/// Takes numbers off the front of the input.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> u8 {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                *first
            }
            None => 0,
        }
    }

    fn list<T>(&mut self, rows: u32, item: impl Fn(&mut Self) -> T) -> Vec<T> {
        // mostly as long as it should be, sometimes not
        let len = match self.byte() {
            n @ 0..8 => u32::from(n),
            _ => rows,
        };
        (0..len).map(|_| item(self)).collect()
    }

    fn small(&mut self) -> u32 {
        match self.byte() {
            255 => u32::MAX,
            n => u32::from(n & 15),
        }
    }

    fn number(&mut self) -> f64 {
        match self.byte() {
            255 => f64::NAN,
            254 => f64::INFINITY,
            253 => -0.0,
            252 => f64::MAX,
            n => f64::from(n) / 16.0,
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let mut bytes = Bytes(data);
    let manifest = match bytes.byte() {
        0..16 => String::from_utf8_lossy(bytes.0).into_owned(),
        _ => MANIFEST.to_owned(),
    };
    let Ok(mut session) = Session::load(MODEL.to_vec()) else {
        return;
    };
    session.use_modules(vec![ModuleSlot::Ready {
        manifest,
        digest: String::new(),
    }]);
    for _ in 0..1000 {
        let Some(call) = session.next_call() else {
            break;
        };
        let n = call.batch.rows.min(64);
        let answer = match (bytes.byte(), &call.question) {
            (0..8, _) => Answer::Failure(Problem {
                code: "trap".to_owned(),
                message: String::new(),
            }),
            (8..16, Question::Evaluate(_)) | (16.., Question::Derive(_)) => {
                Answer::Columns(Columns {
                    values: bytes.list(n, Bytes::number),
                    tolerances: bytes.list(0, Bytes::number),
                    facts: bytes.list(n, |b| u64::from(b.small())),
                    text: "ab ü".to_owned(),
                    text_ends: bytes.list(0, Bytes::small),
                })
            }
            _ => Answer::Verdicts(Verdicts {
                rule: bytes.list(n, Bytes::small),
                row: bytes.list(n, Bytes::small),
                kind: bytes.list(n, |b| b.byte() & 7),
                comparison: bytes.list(n, |b| b.byte() & 7),
                unit: bytes.list(n, |b| b.byte() & 31),
                measured: bytes.list(n, Bytes::number),
                tolerance: bytes.list(n, Bytes::number),
                required: bytes.list(n, Bytes::number),
                facts: bytes.list(n, |b| u64::from(b.small())),
                message: bytes.list(n, Bytes::small),
                arguments: bytes.list(0, Bytes::number),
                argument_ends: bytes.list(n, Bytes::small),
            }),
        };
        session.reply(call.id, answer).expect("the call is open");
    }
    if session.is_complete() {
        let report = session.report().expect("complete").to_json();
        assert!(report.starts_with('{'), "a report could not be written");
    }
});
