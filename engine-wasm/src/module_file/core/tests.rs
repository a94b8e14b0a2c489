use super::*;
use crate::module_file::INTERFACE;
use crate::module_file::syntax::COMPONENT;

/// A core module as a compiler makes one, piece by piece, in the component of the honest module.
#[derive(Clone)]
struct Made {
    memory: Vec<u8>,
    core_imports: Vec<u8>,
    core_exports: Vec<String>,
    code: Vec<u8>,
    table: Vec<u8>,
}

impl Default for Made {
    fn default() -> Made {
        let names = ["describe", "derive", "evaluate"];
        let functions = names.map(|name| format!("{INTERFACE}.0.0#{name}"));
        let mut core_exports = vec!["cabi_realloc".to_owned()];
        core_exports.extend(functions);
        Made {
            memory: vec![1, 0, 17],
            core_imports: Vec::new(),
            core_exports,
            code: vec![0],
            table: vec![1, 0x70, 0, 3],
        }
    }
}

fn section(id: u8, content: &[u8], out: &mut Vec<u8>) {
    out.push(id);
    number_into(content.len() as u32, out);
    out.extend_from_slice(content);
}

fn name(name: &str, out: &mut Vec<u8>) {
    number_into(name.len() as u32, out);
    out.extend_from_slice(name.as_bytes());
}

impl Made {
    fn core(&self) -> Vec<u8> {
        let mut out = MODULE.to_vec();
        if !self.core_imports.is_empty() {
            section(2, &self.core_imports, &mut out);
        }
        section(4, &self.table, &mut out);
        section(5, &self.memory, &mut out);
        let mut exports = Vec::new();
        number_into(self.core_exports.len() as u32 + 1, &mut exports);
        name("memory", &mut exports);
        exports.extend([2, 0]);
        for (index, export) in self.core_exports.iter().enumerate() {
            name(export, &mut exports);
            exports.extend([0, index as u8]);
        }
        section(7, &exports, &mut out);
        section(10, &self.code, &mut out);
        out
    }

    fn bytes(&self) -> Vec<u8> {
        let honest = plancheck_hostile::module(plancheck_hostile::HONEST).unwrap();
        let mut sections = Bytes(honest.strip_prefix(COMPONENT).unwrap());
        let mut out = COMPONENT.to_vec();
        while let Some((id, content)) = sections.section().unwrap() {
            match id {
                1 => section(id, &self.core(), &mut out),
                _ => section(id, content.0, &mut out),
            }
        }
        out
    }

    fn refused(&self) -> FileError {
        core_module(&self.bytes(), 1024).unwrap_err()
    }
}

#[test]
fn the_core_module_comes_out_with_a_maximum() {
    let made = Made::default();
    let core = core_module(&made.bytes(), 1024).unwrap();
    let wanted = Made {
        memory: vec![1, 1, 17, 0x80, 0x08],
        table: vec![1, 0x70, 1, 3, 0x90, 0x4e],
        ..made
    };
    assert_eq!(core, wanted.core());
    // Taking it once more changes nothing: its own maximum stands where it is smaller.
    assert_eq!(core_module(&wanted.bytes(), 1024).unwrap(), core);
    assert_eq!(core_module(&wanted.bytes(), 65_536).unwrap(), core);
}

#[test]
fn what_cannot_run_is_refused_with_the_code_of_the_host() {
    let made = Made::default;
    let cases: Vec<(Made, &str)> = vec![
        (
            Made {
                core_exports: vec!["cabi_realloc".to_owned()],
                ..made()
            },
            "malformed",
        ),
        (
            Made {
                core_imports: vec![1, 1, b'e', 1, b'f', 0, 0],
                ..made()
            },
            "malformed",
        ),
        (
            Made {
                memory: vec![2, 0, 1, 0, 1],
                ..made()
            },
            "malformed",
        ),
        (
            Made {
                memory: vec![1, 3, 1, 2],
                ..made()
            },
            "malformed",
        ),
        (
            Made {
                memory: vec![1, 4, 1],
                ..made()
            },
            "malformed",
        ),
        (
            Made {
                memory: vec![1, 0, 0x81, 0x08],
                ..made()
            },
            "out-of-memory",
        ),
        (
            Made {
                memory: vec![0],
                ..made()
            },
            "malformed",
        ),
        (
            Made {
                table: vec![1, 0x70, 0, 0xff, 0xff, 3],
                ..made()
            },
            "too-large",
        ),
        (
            Made {
                table: vec![1, 0x63, 0, 1],
                ..made()
            },
            "malformed",
        ),
        (
            Made {
                code: vec![0xff, 0xff, 3],
                ..made()
            },
            "too-many-functions",
        ),
        (
            Made {
                code: vec![1, 0xff, 0xff, 0x3f],
                ..made()
            },
            "function-too-large",
        ),
        (
            Made {
                code: vec![1, 6, 1, 0xff, 0xff, 3, 0x7f, 0x0b],
                ..made()
            },
            "too-large",
        ),
        (
            Made {
                code: vec![1, 6],
                ..made()
            },
            "truncated",
        ),
    ];
    for (index, (made, code)) in cases.into_iter().enumerate() {
        let refused = made.refused();
        assert_eq!(refused.code(), code, "case {index}: {refused}");
    }
}

#[test]
fn words_are_those_of_the_host() {
    let said = |made: Made| made.refused().to_string();
    assert_eq!(
        said(Made {
            memory: vec![1, 0, 0x81, 0x08],
            ..Made::default()
        }),
        "needs more than 67108864 bytes of memory"
    );
    for other in [&b""[..], b"hello", MODULE, b"PK\x03\x04"] {
        assert_eq!(core_module(other, 1), Err(FileError::NotAComponent));
    }
    let large = vec![0; MAX_BYTES + 1];
    assert_eq!(
        core_module(&large, 1).unwrap_err().to_string(),
        "has 4194305 bytes, the limit is 4194304"
    );
}

#[test]
fn no_bytes_make_it_panic() {
    let honest = Made {
        code: vec![1, 4, 1, 2, 0x7f, 0x0b],
        ..Made::default()
    }
    .bytes();
    assert!(core_module(&honest, 1024).is_ok());
    // Without the sections at the end (names, producers) it is whole too.
    let whole = |end: &usize| core_module(&honest[..*end], 1024).is_ok();
    assert!((0..honest.len()).filter(whole).count() <= 2);
    for at in 0..honest.len() {
        for change in [0, 1, 2, 5, 0x0d, 0x7f, 0x80, 0xff] {
            let mut other = honest.clone();
            other[at] = change;
            let _ = core_module(&other, 1024);
            other.truncate(at + 1);
            let _ = core_module(&other, 1024);
        }
    }
}

/// A table that is refused at ten thousand elements on the host may not grow beyond them here.
#[test]
fn tables_get_a_maximum() {
    for (table, wanted) in [
        (vec![1, 0x70, 0, 3], vec![1, 0x70, 1, 3, 0x90, 0x4e]),
        (vec![1, 0x70, 1, 3, 5], vec![1, 0x70, 1, 3, 5]),
        (
            vec![1, 0x6f, 1, 0, 0xff, 0xff, 3],
            vec![1, 0x6f, 1, 0, 0x90, 0x4e],
        ),
    ] {
        let made = Made {
            table,
            ..Made::default()
        };
        let core = core_module(&made.bytes(), 256).unwrap();
        let mut section = vec![4, wanted.len() as u8];
        section.extend(&wanted);
        assert!(
            core.windows(section.len()).any(|bytes| bytes == section),
            "{wanted:?}"
        );
    }
    let longer = Made {
        table: vec![1, 0x70, 0, 3, 0],
        ..Made::default()
    };
    assert!(core_module(&longer.bytes(), 256).is_err());
}
