//! What is not a module is refused before it is compiled, with the reason.

use plancheck_host::runtime::{FileError, Trust};
use plancheck_hostile as modules;

use super::{assert_unharmed, honest, load, refused, runtime};

#[test]
fn an_honest_module_says_what_it_is() {
    let bytes = modules::module(modules::HONEST).expect("a module");
    assert_eq!(honest().manifest_json, modules::manifest().to_json());
    assert_eq!(honest().digest, *blake3::hash(&bytes).as_bytes());
    assert_unharmed();
}

#[test]
fn other_files_are_not_components() {
    let core = modules::bare_core_module().expect("a core module");
    for (name, bytes) in [
        ("nothing", &b""[..]),
        ("a text", &b"{\"rules\": []}"[..]),
        ("an archive", &b"PK\x03\x04"[..]),
        ("a core module", &core),
    ] {
        assert_eq!(
            refused(name, bytes),
            FileError::NotAComponent.into(),
            "{name}"
        );
    }
    assert_unharmed();
}

#[test]
fn a_truncated_module_is_refused_wherever_it_ends() {
    let whole = modules::module(modules::HONEST).expect("a module");
    let mut codes = std::collections::BTreeMap::new();
    for length in (8..whole.len()).step_by(7) {
        let part = whole.get(..length).expect("shorter");
        // Custom sections at the end say nothing that matters.
        if let Err(error) = load(part) {
            *codes.entry(error.code()).or_insert(0) += 1;
        } else {
            assert!(length > whole.len() / 2, "half a module was loaded");
        }
    }
    // Where a section ends, what is left is a component, only not one of ours.
    let known = ["truncated", "wrong-world", "malformed"];
    assert!(codes.keys().all(|code| known.contains(code)), "{codes:?}");
    assert!(
        codes.get("truncated").is_some_and(|count| *count > 100),
        "{codes:?}"
    );
    let half = whole.get(..whole.len() / 2).expect("shorter");
    assert_eq!(refused("half a module", half), FileError::Truncated.into());
    assert_unharmed();
}

#[test]
fn no_single_changed_byte_brings_anything_down() {
    let whole = modules::module(modules::HONEST).expect("a module");
    for index in (8..whole.len()).step_by(41) {
        let mut changed = whole.clone();
        if let Some(byte) = changed.get_mut(index) {
            *byte ^= 0x55;
        }
        // Some bytes do not matter, most do. Either is an answer.
        if let Ok(module) = load(&changed) {
            let _ = module.evaluate(&[0], &super::doors(&[0.7]));
        }
    }
    assert_unharmed();
}

#[test]
fn another_major_version_is_refused_and_both_are_named() {
    let error = refused("wrong world", &modules::wrong_world().expect("a module"));
    let expected = FileError::WrongWorld {
        found: "plancheck:module/rules@2.0.0".to_owned(),
        expected: "plancheck:module/rules@1".into(),
    };
    assert_eq!(error, expected.into());
    assert_unharmed();
}

#[test]
fn imports_are_refused_even_from_the_trusted() {
    let bytes = modules::undeclared_import().expect("a module");
    for trust in [Trust::Untrusted, Trust::Trusted] {
        let error = runtime().load_module(&bytes, trust).err();
        assert_eq!(
            error,
            Some(FileError::UndeclaredImport("clock".to_owned()).into()),
            "{trust:?}"
        );
    }
    assert_unharmed();
}
