use plancheck_hostile as modules;

use super::*;
use crate::module_file::bytes::number_into;

fn honest() -> Vec<u8> {
    modules::module(modules::HONEST).unwrap()
}

/// Sections of a component: id and content.
type Sections = Vec<(u8, Vec<u8>)>;

fn sections(component: &[u8]) -> Sections {
    let mut bytes = sections_of(component).unwrap();
    let next = || {
        bytes
            .section()
            .unwrap()
            .map(|(id, content)| (id, content.0.to_vec()))
    };
    std::iter::from_fn(next).collect()
}

fn component(sections: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut out = COMPONENT.to_vec();
    for (id, content) in sections {
        out.push(*id);
        number_into(content.len() as u32, &mut out);
        out.extend_from_slice(content);
    }
    out
}

/// Why the honest module is refused, once its sections are changed.
fn refused(change: impl FnOnce(&mut Sections)) -> String {
    let mut changed = sections(&honest());
    change(&mut changed);
    let refused = ModuleFile::read(&component(&changed)).map(|file| file.interface().to_owned());
    refused.unwrap_err().to_string()
}

#[test]
fn a_file_is_taken_when_its_component_runs_what_the_names_say() {
    let honest = honest();
    let file = ModuleFile::read(&honest).unwrap();
    assert_eq!(file.interface(), "plancheck:module/rules@1.0.0");
    for file in modules::wrapped().unwrap() {
        let read = ModuleFile::read(&file.bytes);
        match (file.refused, read) {
            (None, Ok(_)) => {}
            (Some((code, reason)), Err(error)) => {
                assert_eq!(error.code(), code, "{}: {error}", file.name);
                let words = error.to_string();
                assert!(words.contains(reason), "{}: {words}", file.name);
            }
            (expected, read) => panic!("{}: {expected:?}, but {read:?}", file.name),
        }
    }
}

#[test]
fn another_world_is_named() {
    let next = modules::wrong_world().unwrap();
    assert_eq!(
        ModuleFile::read(&next).unwrap_err().to_string(),
        "exports plancheck:module/rules@2.0.0, but this host calls plancheck:module/rules@1"
    );
    let without_export = refused(|sections| sections.retain(|(id, _)| *id != section::EXPORTS));
    assert_eq!(
        without_export,
        "exports nothing, but this host calls plancheck:module/rules@1"
    );
    let clock = modules::undeclared_import().unwrap();
    assert_eq!(
        ModuleFile::read(&clock).unwrap_err().to_string(),
        "imports `clock`, but a module imports nothing"
    );
    let core = modules::bare_core_module().unwrap();
    assert_eq!(
        ModuleFile::read(&core).unwrap_err(),
        FileError::NotAComponent
    );
}

#[test]
fn what_no_module_needs_is_refused_by_name() {
    let added = |id: u8, content: &[u8]| refused(|sections| sections.push((id, content.to_vec())));
    let said = "not made as a module is: ";
    for (id, content, why) in [
        (
            section::CORE_MODULE,
            &b"\0asm\x01\0\0\0"[..],
            "it has more than one core module",
        ),
        (
            section::COMPONENT,
            COMPONENT,
            "it has more than one component inside",
        ),
        (
            section::CORE_INSTANCES,
            &[1, 1, 0],
            "it has more than one core instance",
        ),
        (
            section::INSTANCES,
            &[1, 0, 0, 0],
            "the component inside has two instances",
        ),
        // A core type, a table of the code, a function that is lowered, a resource.
        (3, &[1, 0x60, 0, 0], "it defines a core type"),
        (
            section::ALIASES,
            &[1, 0, 1, 1, 0, 1, b't'],
            "it has an alias of another kind",
        ),
        (
            section::ADAPTERS,
            &[1, 1, 0, 0, 0],
            "it has an adapter of another kind",
        ),
        (
            section::TYPES,
            &[1, 0x3f, 0x7f, 0],
            "it has a type of another kind",
        ),
    ] {
        assert_eq!(added(id, content), format!("{said}{why}"));
    }
    assert_eq!(
        added(section::START, &[0, 0, 0]),
        "not valid for a module: it has a start function"
    );
    assert_eq!(added(12, &[]), "not valid for a module: an unknown section");
    // A core function that the code does not export.
    let without = added(section::ALIASES, &[1, 0, 0, 1, 0, 1, b'f']);
    assert_eq!(
        without,
        "not valid for a module: it names something that is not there"
    );
    let longer = added(section::TYPES, &[1, 0x73, 0]);
    assert_eq!(
        longer,
        "not valid for a module: a section is longer than it says"
    );
    let without_core = refused(|sections| sections.retain(|(id, _)| *id != section::CORE_MODULE));
    assert_eq!(
        without_core,
        "not valid for a module: it names something that is not there"
    );
}

/// The component inside may rename, nothing else: it cannot hide code.
#[test]
fn the_component_inside_only_passes_on() {
    let with_inside = |change: &dyn Fn(&mut Sections)| {
        refused(|outer| {
            let (_, inner) = outer
                .iter_mut()
                .find(|(id, _)| *id == section::COMPONENT)
                .unwrap();
            let mut changed = sections(inner);
            change(&mut changed);
            *inner = component(&changed);
        })
    };
    for id in [
        section::CORE_MODULE,
        section::COMPONENT,
        section::ADAPTERS,
        section::ALIASES,
    ] {
        assert_eq!(
            with_inside(&|sections| sections.insert(0, (id, vec![1]))),
            "not made as a module is: the component inside does more than pass on functions",
        );
    }
    // It says that a text is a list, or a type the other one.
    let types = |from: &'static [u8], to: &'static [u8]| {
        with_inside(&|sections| {
            for (_, content) in sections.iter_mut().filter(|(id, _)| *id == section::TYPES) {
                if let Some(at) = content.windows(from.len()).position(|bytes| bytes == from) {
                    content.splice(at..at + from.len(), to.iter().copied());
                }
            }
        })
    };
    assert_eq!(
        types(b"\x04rows\x79", b"\x04rows\x77"),
        "not made as a module is: a function or type is passed on as another one"
    );
}

/// Types that are made of types take no time and no memory to speak of.
#[test]
fn definitions_have_an_end() {
    let mut many = Vec::new();
    number_into(2_000, &mut many);
    many.extend(std::iter::repeat_n(0x73, 2_000));
    assert_eq!(
        refused(|sections| sections.insert(0, (section::TYPES, many))),
        "not made as a module is: it has more than 1000 definitions"
    );
    // A list of the one before, 900 times.
    let mut nested = Vec::new();
    number_into(901, &mut nested);
    nested.push(0x73);
    for of in 0..900 {
        nested.push(0x70);
        number_into(of, &mut nested);
        // A number with a sign: the sixth bit of its last byte is none of its own.
        if nested.last().is_some_and(|last| last & 0x40 != 0) {
            let last = nested.pop().unwrap();
            nested.extend([last | 0x80, 0]);
        }
    }
    let mut all = sections(&honest());
    all.push((section::TYPES, nested));
    let file = component(&all);
    assert!(ModuleFile::read(&file).is_ok());
}
