//! Promise: any bytes may be given to the engine. It answers with a model plus diagnostics or a
//! typed error, in bounded time and memory; it never panics.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

#[path = "any_bytes/measured.rs"]
mod measured;

use measured::measured;
use plancheck_tests::native;
use plancheck_tests::shared::{files, own_models, shared};

#[test]
fn every_file_of_the_corpora_is_answered() {
    let Some(folder) = shared("every_file_of_the_corpora_is_answered") else {
        return;
    };
    let modules = native::modules();
    let (mut models, mut errors) = (0, 0);
    for path in files(&folder.join("data"), &["ifc", "json", "ids", "ifczip"]) {
        match native::check(std::fs::read(&path).unwrap(), &modules) {
            Ok(report) => {
                assert!(
                    report.starts_with("{\"format\":\"plancheck-report/1\""),
                    "{}",
                    path.display()
                );
                models += 1;
            }
            Err(error) => {
                assert!(
                    error.contains(": "),
                    "{}: no code in {error:?}",
                    path.display()
                );
                errors += 1;
            }
        }
    }
    println!("{models} models, {errors} typed errors");
    assert!(models > 800, "only {models} files were read as models");
}

#[test]
fn damaged_models_are_answered() {
    let mut seed = 0x1234_5678_9ABC_DEF1_u64;
    let mut next = |n: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % n.max(1)
    };
    for path in own_models() {
        let whole = std::fs::read(&path).unwrap();
        let tries = if whole.len() > 100_000 { 20 } else { 150 };
        for attempt in 0..tries {
            let mut bytes = whole.clone();
            for _ in 0..=next(6) {
                let (at, len) = (next(bytes.len()), next(40));
                match next(5) {
                    // Rarely: what is cut off is not tested any more.
                    0 if next(5) == 0 => bytes.truncate(at),
                    1 => drop(bytes.drain(at..(at + len).min(bytes.len()))),
                    2 => bytes
                        .splice(at..at, b"'(#(,;/*$.".iter().copied().cycle().take(len))
                        .for_each(drop),
                    3 => bytes[at] = next(256) as u8,
                    _ => {
                        let piece: Vec<u8> = bytes[at..(at + 200).min(bytes.len())].to_vec();
                        let to = next(bytes.len());
                        bytes.splice(to..to, piece).for_each(drop);
                    }
                }
                if bytes.is_empty() {
                    break;
                }
            }
            let name = format!("{}, damage {attempt}", path.display());
            match measured(&name, bytes) {
                Ok(report) => assert!(report.starts_with("{\"format\":\"plancheck-report/1\"")),
                Err(error) => assert!(error.contains(": "), "no code in {error:?}"),
            }
        }
    }
}
