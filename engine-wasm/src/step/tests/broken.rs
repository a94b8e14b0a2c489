//! Broken files: what is lost, what is not, and what is said about it.

use super::{codes, file, numbers, parse, walk};

/// Name, DATA section, good records, diagnostics.
const CASES: &[(&str, &str, &str, &str)] = &[
    (
        "values without comma",
        "#1=A(1);\n#2=A($$);\n#3=A(3);",
        "1 3",
        "malformed-record#2",
    ),
    (
        "empty place",
        "#1=A((,1));\n#2=A(2);",
        "1 2",
        "malformed-value#1",
    ),
    (
        "trailing comma",
        "#1=A(1,);\n#2=A(2);",
        "1 2",
        "malformed-value#1",
    ),
    (
        "bad numbers",
        "#1=A((1.#QNAN,1.E400,-nan(ind),inf,-0.));\n#2=A(2);",
        "1 2",
        "malformed-value#1",
    ),
    (
        "reference too large",
        "#1=A(#99999999999999999999);\n#2=A(2);",
        "1 2",
        "malformed-value#1",
    ),
    (
        "number too large",
        "#99999999999999999999=A(1);\n#2=A(2);",
        "2",
        "unexpected-text",
    ),
    ("no number", "#=A(1);\n#2=A(2);", "2", "unexpected-text"),
    (
        "no keyword",
        "#1=;\n#2=(1);\n#3=A(3);",
        "3",
        "malformed-record#1 malformed-record#2",
    ),
    (
        "no parentheses",
        "#1=A;\n#2=A(2);",
        "2",
        "malformed-record#1",
    ),
    (
        "bare word",
        "#1=A(UNSET);\n#2=A(2);",
        "2",
        "malformed-record#1",
    ),
    (
        "missing parenthesis",
        "#1=A((1,2);\n#2=A(2);",
        "2",
        "malformed-record#1",
    ),
    (
        "additional parenthesis",
        "#1=A(1));\n#2=A(2);",
        "2",
        "malformed-record#1",
    ),
    (
        "open enumeration item",
        "#1=A(.T);\n#2=A(2);",
        "2",
        "malformed-record#1",
    ),
    (
        "open binary",
        "#1=A(\"0F);\n#2=A(2);",
        "2",
        "malformed-record#1",
    ),
    (
        "reference without digits",
        "#1=A(#);\n#2=A(2);",
        "2",
        "malformed-record#1",
    ),
    (
        "missing semicolon",
        "#1=A(1)\n#2=A(2);\n#3=A(3)",
        "1 2 3",
        "missing-semicolon#1 missing-semicolon#3",
    ),
    (
        "missing semicolon on one line",
        "#1=A(1)#2=A(2);",
        "1 2",
        "missing-semicolon#1",
    ),
    (
        "cut inside, next line fine",
        "#1=A(1,\n#2=A(2);\n#3=A(3);",
        "2 3",
        "malformed-record#1",
    ),
    (
        "text between records",
        "#1=A(1);\nhello\n#2=A(2);\n@@@;#3=A(3);",
        "1 2 3",
        "unexpected-text unexpected-text",
    ),
    (
        "string without end, last",
        "#1=A('abc,$);\n#2=A(2);\n#3=A(3);",
        "2 3",
        "unterminated-string#1",
    ),
    (
        "string without end, more strings",
        "#1=A(1);\n#2=A('abc,$);\n#3=A('x',$);\n#4=A('y','');",
        "1 3 4",
        "unterminated-string#2",
    ),
    (
        "string without end before an empty one",
        "#2=A('abc,$);\n#3=A('',$);\n#4=A('y','');\n#5=A('z');",
        "3 4 5",
        "unterminated-string#2",
    ),
    (
        "string without end before a comma",
        "#2=A('abc,$);\n#3=A(', and');\n#4=A('y');",
        "3 4",
        "unterminated-string#2",
    ),
    (
        "string without end, one line",
        "#1=A('abc,$);#2=A(2);#3=A('x');",
        "2 3",
        "unterminated-string#1",
    ),
    (
        "string without start",
        "#1=A(abc',$,'x');\n#2=A(2);\n#3=A('z');",
        "2 3",
        "unterminated-string#1",
    ),
    (
        "odd quotes inside",
        "#1=A('6' door');\n#2=A(2);\n#3=A('z');",
        "2 3",
        "unterminated-string#1",
    ),
    (
        "legal string in a broken record",
        "#1=A($$,'x\n#7=B();\ny');\n#2=A(2);",
        "2",
        "malformed-record#1",
    ),
    (
        "semicolon string in a broken record",
        "#1=A($$,'x;#7=B();');\n#2=A(2);",
        "2",
        "malformed-record#1",
    ),
    (
        "comment without end",
        "#1=A(1);\n/* abc\n#2=A(2);\n#3=A(3);",
        "1 2 3",
        "unterminated-comment",
    ),
    (
        "comment without end in a record",
        "#1=A(/* abc);\n#2=A(2);\n#3=A(3);",
        "2 3",
        "unterminated-comment#1",
    ),
    (
        "comment without end before another",
        "#1=A(/* abc);\n#2=A(2);\n/* fine */\n#3=A(3);",
        "2 3",
        "unterminated-string#1",
    ),
    (
        "records commented out",
        "/*\n#1=A(1);\n*/\n#2=A(2);",
        "2",
        "comment-hides-records",
    ),
    (
        "duplicates",
        "#1=A(1);\n#2=A(2);\n#1=B(3);",
        "1 2 1",
        "duplicate-number#1",
    ),
    (
        "scope",
        "#1=&SCOPE\n#2=A(2);\nENDSCOPE A(1);\n#3=A(3);",
        "2 3",
        "malformed-record#1 unexpected-text",
    ),
];

#[test]
fn costs_only_the_broken_record() {
    for (name, data, good, said) in CASES {
        for ending in ["\n", "\r\n"] {
            let step = parse(&file(&data.replace('\n', ending)));
            assert_eq!(numbers(&step), *good, "{name}");
            assert_eq!(
                codes(&step),
                *said,
                "{name}: {:?}",
                step.diagnostics().kept()
            );
            walk(&step);
        }
    }
}

#[test]
fn diagnostics_say_where_and_what() {
    let step = parse(&file("#1=A(1);\n#2=A($$);\n#3=A(1.#QNAN);\n#1=B();"));
    let all = step.diagnostics().kept();
    let lines: Vec<Option<u64>> = all.iter().map(|d| d.line).collect();
    assert_eq!(lines, [Some(9), Some(10), Some(11)]);
    assert!(
        all[0].message.contains("#2") && all[0].message.contains("not `$)"),
        "{}",
        all[0].message
    );
    assert!(all[1].message.contains("`1.#QNAN`"), "{}", all[1].message);
    assert!(all[2].message.contains("line 8"), "{}", all[2].message);
}

#[test]
fn first_of_two_with_a_number_wins() {
    for spread in ["2", "3000000000000"] {
        let step = parse(&file(&format!("#1=A(1);\n#{spread}=A();\n#1=B(2);")));
        assert_eq!((step.len(), step.find(1).map(|ix| ix.0)), (3, Some(0)));
        assert_eq!(codes(&step), "duplicate-number#1");
    }
}

#[test]
fn cut_short_anywhere() {
    let whole = file("#1=A('x',(1.,2.));\n#2=B(#1,$);\n#3=C(.T.,/* c */*);");
    let mut counts = Vec::new();
    for length in 14..whole.len() {
        let step = parse(&whole[..length]);
        // Only the semicolon and the line break after the end may be missing without loss.
        let complete = length >= whole.len() - 2;
        assert_eq!(
            codes(&step).contains("truncated"),
            !complete,
            "{length}: {}",
            codes(&step)
        );
        counts.push(step.len());
        walk(&step);
    }
    assert!(
        counts.is_sorted(),
        "more bytes never give fewer records here: {counts:?}"
    );
    assert_eq!(counts.last(), Some(&3));
    let step = parse(&whole[..whole.len() - 60]);
    let said: Vec<&str> = step.diagnostics().kept().iter().map(|d| d.code).collect();
    assert_eq!(said, ["step.truncated"], "said once");
}

#[test]
fn nesting() {
    let nested = |depth: usize| {
        format!(
            "#1=A({}1{});\n#2=A(2);",
            "(".repeat(depth - 1),
            ")".repeat(depth - 1)
        )
    };
    let at_limit = parse(&file(&nested(super::super::MAX_DEPTH as usize)));
    assert_eq!(
        (numbers(&at_limit).as_str(), codes(&at_limit).as_str()),
        ("1 2", "")
    );
    walk(&at_limit);
    let beyond = parse(&file(&nested(super::super::MAX_DEPTH as usize + 1)));
    assert_eq!(
        (numbers(&beyond).as_str(), codes(&beyond).as_str()),
        ("2", "too-deep#1")
    );
    let typed = format!(
        "#1=A({}1{});\n#2=A(2);",
        "B(".repeat(50_000),
        ")".repeat(50_000)
    );
    assert_eq!(codes(&parse(&file(&typed))), "too-deep#1");
}

#[test]
fn broken_headers() {
    let cases: &[(&str, &str, &str)] = &[
        (
            "missing parenthesis",
            "FILE_SCHEMA(('IFC4');",
            "malformed-header",
        ),
        (
            "missing semicolon",
            "FILE_SCHEMA(('IFC4'))",
            "malformed-header",
        ),
        (
            "values without comma",
            "FILE_NAME($$);\nFILE_SCHEMA(('IFC4'));",
            "malformed-header",
        ),
        (
            "string without end",
            "FILE_SCHEMA(('IFC4'));\nFILE_NAME('x,$);",
            "unterminated-string",
        ),
    ];
    for (name, header, said) in cases {
        let text = format!(
            "ISO-10303-21;\nHEADER;\n{header}\nENDSEC;\nDATA;\n#1=A('x');\nENDSEC;\nEND-ISO-10303-21;\n"
        );
        let step = parse(text.as_bytes());
        assert_eq!(
            codes(&step),
            *said,
            "{name}: {:?}",
            step.diagnostics().kept()
        );
        assert_eq!(step.header().schema, ["IFC4"], "{name}");
        assert_eq!(numbers(&step), "1", "{name}");
    }
    let cases: &[(&str, &str, &str, &str)] = &[
        (
            "no DATA line",
            "ISO-10303-21;\nHEADER;\nENDSEC;\n#1=A();\nENDSEC;\nEND-ISO-10303-21;",
            "1",
            "record-outside-data#1 no-schema",
        ),
        (
            "nothing else",
            "ISO-10303-21;",
            "",
            "truncated no-data-section no-schema",
        ),
        (
            "two files in one",
            "ISO-10303-21;\nHEADER;\nFILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n#1=A();\nENDSEC;\nEND-ISO-10303-21;\nISO-10303-21;\nDATA;\n#2=A();\nENDSEC;",
            "1",
            "text-after-end",
        ),
        (
            "sections without semicolons",
            "ISO-10303-21\nHEADER\nFILE_SCHEMA(('IFC4'));\nENDSEC\nDATA\n#1=A();\nENDSEC\nEND-ISO-10303-21",
            "1",
            "missing-semicolon missing-semicolon missing-semicolon missing-semicolon missing-semicolon missing-semicolon",
        ),
    ];
    for (name, text, good, said) in cases {
        let step = parse(text.as_bytes());
        assert_eq!(
            (numbers(&step).as_str(), codes(&step).as_str()),
            (*good, *said),
            "{name}"
        );
    }
}

/// Files made so that a careless recovery reads them over and over. Each is a few megabytes and
/// has to be read in about the time of a good one; a quadratic reader does not come back.
#[test]
fn hostile_files_cost_linear_time() {
    let repeat = |record: &str, count: usize, end: &str| file(&(record.repeat(count) + end));
    let cases: &[(&str, Vec<u8>)] = &[
        ("comments without end", repeat("#1=A(/*\n", 300_000, "")),
        (
            "comments with one far end",
            repeat("#1=A(/*\n", 300_000, "*/"),
        ),
        (
            "far end and a long tail",
            repeat(
                "#1=A(/*\n",
                200_000,
                &("*/".to_owned() + &"1,".repeat(1 << 20)),
            ),
        ),
        ("quotes", repeat("#1=A('\n", 300_000, "")),
        ("three quotes", repeat("#1=A(','\n", 300_000, "")),
        ("four quotes", repeat("#1=A(''',\n", 300_000, "")),
        (
            "quote then blank lines",
            repeat("#1=A('\n\n \n\t", 300_000, ""),
        ),
        ("open lists", repeat("#1=A((((((((\n", 300_000, "")),
        (
            "semicolons in a string",
            repeat("#1=A('; ; ; ;#1=", 300_000, ""),
        ),
        ("slashes", repeat("/", 3_000_000, "")),
        ("duplicates", repeat("#1=A();", 300_000, "")),
    ];
    for (name, bytes) in cases {
        let step = parse(bytes);
        assert!(step.diagnostics().total() > 0, "{name}");
        assert!(
            step.diagnostics().kept().len() <= crate::diagnostic::MAX_KEPT,
            "{name}"
        );
    }
}
