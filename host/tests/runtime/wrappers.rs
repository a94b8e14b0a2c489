//! A file is one program: what the host runs by what its component says is what a browser runs by the
//! names of its core exports, or both refuse it in the same words.

use plancheck_engine::module_file::{ModuleFile, core_module};
use plancheck_host::runtime::Trust;
use plancheck_hostile::{self as modules, Wrapped};
use wasmparser::Validator;

use super::browser::pages;
use super::{assert_unharmed, doors, load, refused, runtime};

#[test]
fn files_of_two_programs_are_refused_by_both() {
    for Wrapped {
        name,
        bytes,
        refused: reason,
    } in modules::wrapped().expect("modules")
    {
        // Else the validator would do, and this would show nothing.
        let validated = Validator::new().validate_all(&bytes);
        validated.unwrap_or_else(|error| panic!("{name}: {error}"));
        let Some((code, reason)) = reason else {
            assert!(core_module(&bytes, pages()).is_ok(), "{name}");
            let module = load(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
            let asked = module.evaluate(&[0], &doors(&[0.9, 0.7]));
            assert_eq!(asked.expect("an answer").row, [1], "{name}");
            continue;
        };
        let error = refused(name, &bytes);
        assert_eq!(error.code(), code, "{name}: {error}");
        assert!(error.to_string().contains(reason), "{name}: {error}");
        let in_browsers = core_module(&bytes, pages()).expect_err(name);
        assert_eq!(in_browsers.to_string(), error.to_string(), "{name}");
        let trusted = runtime().load_module(&bytes, Trust::Trusted).err();
        assert_eq!(trusted, Some(error), "{name}: trusted or not");
    }
    assert_unharmed();
}

/// Whatever byte of a component is another one: where it is still valid and taken, the same runs in the
/// host. That both read a component alike is shown here, whatever the reader in the engine looks like.
#[test]
fn no_changed_byte_makes_a_second_program() {
    let by_hand = modules::wrapped().expect("modules").into_iter();
    let by_hand = by_hand
        .filter(|file| file.refused.is_none())
        .map(|file| file.bytes);
    let mut taken = 0;
    for file in by_hand.chain(modules::module(modules::HONEST)) {
        let (file, places) = without_remarks(&file);
        for at in places {
            for byte in 0..=u8::MAX {
                let mut changed = file.clone();
                let place = changed.get_mut(at).expect("a place");
                if std::mem::replace(place, byte) == byte || ModuleFile::read(&changed).is_err() {
                    continue;
                }
                if Validator::new().validate_all(&changed).is_err() {
                    continue;
                }
                let module = load(&changed).unwrap_or_else(|error| panic!("{at}, {byte}: {error}"));
                let asked = module.evaluate(&[0], &doors(&[0.9, 0.7]));
                assert_eq!(asked.expect("an answer").row, [1], "{at}, {byte}");
                taken += 1;
            }
        }
    }
    // Digits of versions, if nothing else.
    assert!(taken > 10, "{taken}");
    assert_unharmed();
}

/// A component without its custom sections, and where in it everything but the code is.
fn without_remarks(component: &[u8]) -> (Vec<u8>, Vec<usize>) {
    const REMARKS: u8 = 0;
    const CODE: u8 = 1;
    let (header, mut rest) = component.split_at(8);
    let (mut kept, mut places) = (header.to_vec(), Vec::new());
    while let Some(id) = rest.first() {
        let mut length = 0;
        let mut header = 1;
        while let Some(byte) = rest.get(header) {
            length |= usize::from(byte & 0x7f) << (7 * (header - 1));
            header += 1;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let (section, others) = rest.split_at(header + length);
        if *id != REMARKS {
            if *id != CODE {
                places.extend(kept.len()..kept.len() + section.len());
            }
            kept.extend_from_slice(section);
        }
        rest = others;
    }
    (kept, places)
}
