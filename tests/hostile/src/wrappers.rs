//! Files whose component says something else than the names of the code inside: a host runs what the
//! component says, a browser what the names say. Each is valid, and differs from `component.wat` in
//! what is written here.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::{NOTHING, core, folder};

/// What a core module of such a file has besides the honest functions: an `evaluate` after which every
/// door passes, and the like of what the canonical ABI needs.
const LOOK_ALIKES: &str = r#"
(func (export "innocent") (param i32) (result i32) (call $zeros (i32.const 0)))
(func (export "allocate") (param i32 i32 i32 i32) (result i32) unreachable)
(func (export "free") (param i32) unreachable)
"#;
/// A function for the browser alone: it calls what has this name.
const FREES: &str = r#"
(func (export "cabi_post_plancheck:module/rules@1.0.0#evaluate") (param i32) unreachable)
"#;
/// Functions of another interface, which a browser could take for ours.
const NEXT_INTERFACE: &str = r#"
(export "plancheck:module/rules@1.1.0#describe" (func $describe))
(export "plancheck:module/rules@1.1.0#derive" (func $derive))
(func (export "plancheck:module/rules@1.1.0#evaluate") (param i32) (result i32) (call $zeros (i32.const 0)))
"#;

/// How a file differs from `component.wat`.
struct Change {
    name: &'static str,
    /// What the code has besides the honest functions.
    functions: &'static str,
    /// What stands in `component.wat`, and what stands there instead.
    changes: &'static [(&'static str, &'static str)],
    /// The code and the reason with which it is refused; none: it is honest.
    refused: Option<(&'static str, &'static str)>,
}

/// A file, and what is said of it.
pub struct Wrapped {
    /// Its name among all modules.
    pub name: &'static str,
    /// The component.
    pub bytes: Vec<u8>,
    /// The code and the reason with which it is refused; none: it is honest.
    pub refused: Option<(&'static str, &'static str)>,
}

const CHANGES: &[Change] = &[
    Change {
        name: "wrapped-by-hand",
        functions: LOOK_ALIKES,
        changes: &[],
        refused: None,
    },
    Change {
        name: "runs-a-look-alike",
        functions: LOOK_ALIKES,
        changes: &[(
            r#""plancheck:module/rules@1.0.0#evaluate" (core func $evaluate)"#,
            r#""innocent" (core func $evaluate)"#,
        )],
        refused: Some((
            "outside-profile",
            "its `evaluate` runs the core function `innocent`",
        )),
    },
    Change {
        name: "evaluate-is-derive",
        functions: NOTHING,
        changes: &[(
            "(canon lift (core func $evaluate)",
            "(canon lift (core func $derive)",
        )],
        refused: Some((
            "outside-profile",
            "its `evaluate` runs the core function `plancheck:module/rules@1.0.0#derive`",
        )),
    },
    Change {
        name: "passes-on-a-look-alike",
        functions: LOOK_ALIKES,
        changes: &[
            ("(instance $rules\n", INSIDE),
            (
                r#"(export "evaluate" (func $evaluates))"#,
                r#"(export "evaluate" (func $chosen))"#,
            ),
        ],
        refused: Some((
            "outside-profile",
            "its `evaluate` runs the core function `innocent`",
        )),
    },
    Change {
        name: "allocates-elsewhere",
        functions: LOOK_ALIKES,
        changes: &[(r#""cabi_realloc" (core func"#, r#""allocate" (core func"#)],
        refused: Some(("outside-profile", "it allocates with `allocate`")),
    },
    Change {
        name: "frees-elsewhere",
        functions: LOOK_ALIKES,
        changes: &[
            (
                "  (type $indices (list u32))\n  (type $of_describe",
                "  (alias core export $code \"free\" (core func $free))\n  (type $indices (list u32))\n  (type $of_describe",
            ),
            (
                "(core func $derive)\n    (memory $memory)",
                "(core func $derive)\n    (memory $memory) (post-return $free)",
            ),
        ],
        refused: Some((
            "outside-profile",
            "what its `derive` returns is freed by `free`",
        )),
    },
    Change {
        name: "frees-in-browsers-only",
        functions: FREES,
        changes: &[],
        refused: Some((
            "outside-profile",
            "what is returned is not freed by `cabi_post_plancheck:module/rules@1.0.0#evaluate`",
        )),
    },
    Change {
        name: "two-interfaces-in-the-code",
        functions: NEXT_INTERFACE,
        changes: &[],
        refused: Some((
            "outside-profile",
            "its core module exports `plancheck:module/rules@1.1.0#describe` too",
        )),
    },
    Change {
        name: "two-core-modules",
        functions: NOTHING,
        changes: &[(
            "  (core instance $code",
            "  (core module)\n  (core instance $code",
        )],
        refused: Some(("outside-profile", "it has more than one core module")),
    },
    Change {
        name: "two-instances-of-the-code",
        functions: NOTHING,
        changes: &[(
            "  (alias core export $code \"memory\"",
            "  (core instance $other (instantiate $code))\n  (alias core export $code \"memory\"",
        )],
        refused: Some(("outside-profile", "it has more than one core instance")),
    },
    Change {
        name: "gives-its-code-something",
        functions: NOTHING,
        changes: &[(
            "(core instance $code (instantiate $code))",
            "(core instance $nothing)\n  (core instance $code (instantiate $code (with \"x\" (instance $nothing))))",
        )],
        refused: Some(("outside-profile", "it has more than one core instance")),
    },
    Change {
        name: "texts-of-another-encoding",
        functions: NOTHING,
        changes: &[(
            "(core func $describe)\n    (memory $memory) string-encoding=utf8",
            "(core func $describe)\n    (memory $memory) string-encoding=latin1+utf16",
        )],
        refused: Some(("outside-profile", "a function is called in another way")),
    },
    Change {
        name: "fields-in-another-order",
        functions: NOTHING,
        changes: &[(
            r#"(field "view" u32) (field "rows" u32)"#,
            r#"(field "rows" u32) (field "view" u32)"#,
        )],
        refused: Some((
            "wrong-world",
            "plancheck:module/rules@1.0.0 with another `batch`",
        )),
    },
    Change {
        name: "another-function-too",
        functions: NOTHING,
        changes: &[(
            r#"(export "evaluate" (func $evaluates))"#,
            r#"(export "evaluate" (func $evaluates)) (export "explain" (func $describes))"#,
        )],
        refused: Some((
            "wrong-world",
            "plancheck:module/rules@1.0.0 with another `explain`",
        )),
    },
    Change {
        name: "a-type-for-a-function",
        functions: NOTHING,
        changes: &[(
            r#"(export "derive" (func $derives))"#,
            r#"(export "derive" (type $of_derive))"#,
        )],
        refused: Some((
            "wrong-world",
            "plancheck:module/rules@1.0.0 with another `derive`",
        )),
    },
    Change {
        name: "without-derive",
        functions: NOTHING,
        changes: &[(r#"    (export "derive" (func $derives))"#, "")],
        refused: Some((
            "wrong-world",
            "plancheck:module/rules@1.0.0 without `derive`",
        )),
    },
];

/// A component inside that is given two functions of one type and passes on the wrong one. RECORDS
/// stands for the definitions that `component.wat` has.
const INSIDE: &str = r#"(alias core export $code "innocent" (core func $innocent))
  (func $innocents (type $of_evaluate) (canon lift (core func $innocent)
    (memory $memory) (realloc $realloc) string-encoding=utf8))
  (component $inside
    RECORDS
    (import "batch" (type $batch (eq $batch_)))
    (import "verdicts" (type $verdicts (eq $verdicts_)))
    (type $of_evaluate (func (param "checks" $indices) (param "rows" $batch) (result $verdicts)))
    (import "innocent" (func $innocent (type $of_evaluate)))
    (import "evaluate" (func $evaluate (type $of_evaluate)))
    (export "evaluate" (func $innocent)))
  (instance $passed_on (instantiate $inside
    (with "batch" (type $batch)) (with "verdicts" (type $verdicts))
    (with "innocent" (func $innocents)) (with "evaluate" (func $evaluates))))
  (alias export $passed_on "evaluate" (func $chosen))
  (instance $rules
"#;

/// All of them.
///
/// # Errors
///
/// When the sources cannot be read, or what a change replaces does not stand in `component.wat`.
pub fn wrapped() -> Result<Vec<Wrapped>> {
    let component = fs::read_to_string(folder().join("../component.wat"))?;
    let records = [
        part(&component, "(type $bytes", "(export \"batch\"")?,
        part(&component, "(type $verdicts_", "(export \"verdicts\"")?,
    ];
    CHANGES
        .iter()
        .map(|change| {
            let mut text = component.clone();
            for (from, to) in change.changes {
                ensure!(text.contains(from), "{}: no `{from}`", change.name);
                text = text.replacen(from, to, 1);
            }
            let core =
                core(NOTHING, change.functions)?.replacen("(module", "(core module $code", 1);
            let text = text
                .replace("RECORDS", &records.join("\n"))
                .replace("CODE\n", &core);
            Ok(Wrapped {
                name: change.name,
                bytes: wat::parse_str(text).with_context(|| change.name)?,
                refused: change.refused,
            })
        })
        .collect()
}

/// What stands between two words, with the first one.
fn part<'a>(text: &'a str, from: &str, to: &str) -> Result<&'a str> {
    let found = text
        .split_once(to)
        .and_then(|(before, _)| before.get(before.find(from)?..));
    found.with_context(|| format!("no `{from}` before `{to}`"))
}
