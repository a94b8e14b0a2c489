use super::*;

/// A component as `wit-component` makes one of an honest module, piece by piece.
#[derive(Clone)]
struct Made {
    memory: Vec<u8>,
    core_imports: Vec<u8>,
    core_exports: Vec<&'static str>,
    code: Vec<u8>,
    table: Vec<u8>,
    export: &'static str,
    import: Vec<u8>,
    modules: usize,
    nested: Vec<u8>,
}

const EXPORTED: &str = "plancheck:module/rules@1.0.0";

impl Default for Made {
    fn default() -> Made {
        Made {
            memory: vec![1, 0, 17],
            core_imports: Vec::new(),
            core_exports: vec![
                "plancheck:module/rules@1.0.0#describe",
                "plancheck:module/rules@1.0.0#derive",
                "plancheck:module/rules@1.0.0#evaluate",
                "cabi_realloc",
            ],
            code: vec![0],
            table: vec![1, 0x70, 0, 3],
            export: EXPORTED,
            import: Vec::new(),
            modules: 1,
            nested: COMPONENT.to_vec(),
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
        let mut out = COMPONENT.to_vec();
        if !self.import.is_empty() {
            section(10, &self.import, &mut out);
        }
        for _ in 0..self.modules {
            section(1, &self.core(), &mut out);
        }
        section(4, &self.nested, &mut out);
        let mut export = vec![1, 0];
        name(self.export, &mut export);
        export.extend([5, 0, 0]);
        section(11, &export, &mut out);
        section(0, b"\x04note", &mut out);
        out
    }

    fn refused(&self) -> FileError {
        core_module(&self.bytes(), 1024).unwrap_err()
    }
}

/// `{name}: instance` in a component's imports, or something else of that kind.
fn import(of: &str, kind: u8) -> Vec<u8> {
    let mut out = vec![1, 0];
    name(of, &mut out);
    out.extend([kind, 0]);
    out
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
                modules: 0,
                ..made()
            },
            "outside-profile",
        ),
        (
            Made {
                modules: 2,
                ..made()
            },
            "outside-profile",
        ),
        (
            Made {
                nested: Made::default().bytes(),
                ..made()
            },
            "outside-profile",
        ),
        (
            Made {
                core_exports: vec!["cabi_realloc"],
                ..made()
            },
            "outside-profile",
        ),
        (
            Made {
                core_imports: vec![1, 1, b'e', 1, b'f', 0, 0],
                ..made()
            },
            "outside-profile",
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
        (
            Made {
                export: "plancheck:module/rules@2.0.0",
                ..made()
            },
            "wrong-world",
        ),
        (
            Made {
                export: "plancheck:module/rules@10.0.0",
                ..made()
            },
            "wrong-world",
        ),
        (
            Made {
                import: import("clock", 1),
                ..made()
            },
            "undeclared-import",
        ),
        (
            Made {
                import: import("e", 5),
                core_imports: vec![1, 1, b'e', 1, b'f', 0, 0],
                ..made()
            },
            "undeclared-import",
        ),
    ];
    for (index, (made, code)) in cases.into_iter().enumerate() {
        let refused = made.refused();
        assert_eq!(refused.code(), code, "case {index}: {refused}");
    }
    let types_only = Made {
        import: import("plancheck:module/types@1.0.0", 5),
        ..made()
    };
    assert!(core_module(&types_only.bytes(), 1024).is_ok());
}

#[test]
fn words_are_those_of_the_host() {
    let said = |made: Made| made.refused().to_string();
    assert_eq!(
        said(Made {
            export: "other",
            ..Made::default()
        }),
        "exports other, but this host calls plancheck:module/rules@1"
    );
    assert_eq!(
        said(Made {
            import: import("clock", 1),
            ..Made::default()
        }),
        "imports `clock`, but a module imports nothing"
    );
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
fn components_inside_components_end() {
    let mut bytes = COMPONENT.to_vec();
    for _ in 0..100 {
        let mut around = COMPONENT.to_vec();
        section(4, &bytes, &mut around);
        bytes = around;
    }
    assert_eq!(core_module(&bytes, 1).unwrap_err().code(), "malformed");
}

#[test]
fn no_bytes_make_it_panic() {
    let honest = Made {
        import: import("plancheck:module/types@1.0.0", 5),
        code: vec![1, 4, 1, 2, 0x7f, 0x0b],
        ..Made::default()
    }
    .bytes();
    assert!(core_module(&honest, 1024).is_ok());
    for end in 0..honest.len() {
        assert!(core_module(&honest[..end], 1024).is_err() || end >= honest.len() - 7);
    }
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
