//! Forms that files in the wild have and that are read without complaint.

use super::super::{KeywordId, RecordIx, Step, StepError, Value};
use super::{codes, file, numbers, parse, walk};

#[test]
fn legal_forms() {
    let cases: &[(&str, &str, &str)] = &[
        ("plain", "#1=A(1);\n#2=B(2);", "1 2"),
        (
            "spaces",
            "#1 = A ( ( 0. , 1. ) ) ;\n  #2  =\n B((0.,\n0.));",
            "1 2",
        ),
        ("one line", "#1=A(1);#2=B(2);", "1 2"),
        (
            "comments",
            "/* c #9=X(); */#1=A((0.,/* hi ; */1.));/**/#2/*a*/=/*b*/B/*c*/(/*d*/)/*e*/;",
            "1 2",
        ),
        (
            "comment that resembles a string",
            "#1=A(/* ' */1);\n#2=B('/*');\n#3=C('*/');",
            "1 2 3",
        ),
        (
            "string with everything",
            "#1=A('a;b #3=X();\n#4=Y(1);\n/* ENDSEC; ''');\n#2=B('it''s');",
            "1 2",
        ),
        ("lower case", "#1=ifcwall($);\n#2=IfcWall($);", "1 2"),
        ("user-defined", "#1=!MINE(1);\n#2=A(!YOURS(2));", "1 2"),
        (
            "complex",
            "#1=(A(1)B(2));\n#2=( A ( 1 ) /* and */ B() ) ;",
            "1 2",
        ),
        ("no attributes", "#1=A();\n#2=B(());", "1 2"),
        (
            "every value",
            "#1=A($,*,1,-1,1.,-1.5E+10,.T.,'',\"0\",(),#2,B(1));",
            "1",
        ),
        (
            "wide numbers",
            "#1000000000000=A(#5000000000);\n#5000000000=B();",
            "1000000000000 5000000000",
        ),
        ("leading zeros", "#0012=A(#0013);\n#0013=B();", "12 13"),
        ("print directives", "#1=A(\\N\\1,\\F\\2);", "1"),
        ("two sections", "#1=A();\nENDSEC;\nDATA;\n#2=B();", "1 2"),
        (
            "named section",
            "ENDSEC;\nDATA('x',('IFC4'));\n#2=B();",
            "2",
        ),
        (
            "foreign sections",
            "ENDSEC;\nANCHOR;\n<a>=#1;\nENDSEC;\nREFERENCE;\n#7=<x#y>;\nENDSEC;\nDATA;\n#2=B();",
            "2",
        ),
        ("control bytes", "#1=A(1\0,\t2);\x0b\n#2=B();\x1a", "1 2"),
    ];
    for (name, data, expected) in cases {
        for ending in ["\n", "\r\n", "\r"] {
            let step = parse(&file(&data.replace('\n', ending)));
            assert_eq!(numbers(&step), *expected, "{name}");
            assert_eq!(codes(&step), "", "{name}");
            walk(&step);
        }
    }
}

#[test]
fn access() {
    let bytes = file(
        "#10=IFCWALL('a',#20,(#21,#22),IFCLABEL('x'));\n#5=ifcdoor(1);\n\n#6=(A(1)B('y',2));\n#7=IFCWALL();",
    );
    let step = parse(&bytes);
    assert_eq!(step.bytes(), bytes.as_slice());
    assert_eq!((step.len(), step.is_empty()), (4, false));
    let wall = step.keyword_id("IFCWALL").expect("walls");
    let walls: Vec<u64> = step.with_keyword(wall).map(|ix| step.number(ix)).collect();
    assert_eq!(walls, [10, 7]);
    assert_eq!(step.keyword_id("IFCSLAB"), None);
    assert_eq!(step.keyword_id("?"), None);
    assert_eq!(
        step.keyword_id("ifcwall"),
        None,
        "names are asked for in capitals"
    );

    let first = step.record(step.find(10).expect("#10"));
    assert_eq!(
        (first.ix(), first.number(), first.name()),
        (RecordIx(0), 10, "IFCWALL")
    );
    assert_eq!(first.args().count(), 4);
    assert!(first.arg(0).as_text().is_some_and(|text| text.eq_str("a")));
    assert_eq!(first.refs(1).collect::<Vec<_>>(), [20]);
    assert_eq!(first.refs(2).collect::<Vec<_>>(), [21, 22]);
    assert_eq!(first.refs(0).count(), 0);
    assert!(first.arg(3).as_text().is_some_and(|text| text.eq_str("x")));
    assert!(matches!(first.arg(4), Value::Null));

    let door = step.record(step.find(5).expect("#5"));
    assert_eq!((door.name(), door.parts().count()), ("IFCDOOR", 1));
    let complex = step.record(step.find(6).expect("#6"));
    assert_eq!(
        (complex.keyword(), complex.name()),
        (KeywordId::COMPLEX, "()")
    );
    assert_eq!(complex.args().count(), 0);
    let parts: Vec<(&str, usize)> = complex.parts().map(|(name, v)| (name, v.count())).collect();
    assert_eq!(parts, [("A", 1), ("B", 2)]);

    let lines: Vec<u64> = step.records().map(|r| step.line(r.ix())).collect();
    assert_eq!(lines, [8, 9, 11, 12]);

    let beyond = step.record(RecordIx(4));
    assert_eq!(
        (beyond.number(), beyond.name(), beyond.args().count()),
        (0, "", 0)
    );
    assert_eq!((beyond.parts().count(), step.line(RecordIx(4))), (0, 0));
    assert!(step.find(11).is_none() && step.find(u64::MAX).is_none());
    assert_eq!(step.keyword_name(KeywordId(999)), "");
    assert_eq!(step.with_keyword(KeywordId(999)).count(), 0);
}

#[test]
fn lines_of_far_records() {
    let mut data = String::new();
    for i in 1..=20_000 {
        data.push_str(&format!("#{i}=A('some text to fill the line with');\n"));
    }
    let step = parse(&file(&data));
    for i in [1, 2, 1500, 1501, 19_999, 20_000] {
        let ix = step.find(i).expect("a record");
        assert_eq!(step.line(ix), 7 + i, "#{i}");
    }
}

#[test]
fn names_beyond_the_table_are_read_from_the_file() {
    let mut data = String::new();
    for i in 1..=66_000 {
        data.push_str(&format!("#{i}=N{i}(1);\n"));
    }
    data.push_str("#70000=Wanted ($);\n");
    let step = parse(&file(&data));
    assert_eq!(step.len(), 66_001);
    assert!(step.keywords() <= 65_535);
    let record = step.record(step.find(70_000).expect("#70000"));
    assert_eq!(
        (record.keyword(), record.name()),
        (KeywordId::OTHER, "Wanted")
    );
    walk(&step);
}

#[test]
fn header() {
    let text = "ISO-10303-21;\nHEADER;\n/* by hand */\nFILE_DESCRIPTION(('ViewDefinition [ReferenceView]'),'2;1');\n\
        FILE_NAME('M\\X2\\00FC\\X0\\ller.ifc','2024-05-01T12:00:00',('A','B'),('O'),'pre','Modeller 1','none');\n\
        FILE_SCHEMA(('IFC4X3_ADD2'));\nENDSEC;\nDATA;\nENDSEC;\nEND-ISO-10303-21;";
    let step = parse(text.as_bytes());
    let header = step.header();
    assert_eq!(header.schema, ["IFC4X3_ADD2"]);
    assert_eq!(header.name, "Müller.ifc");
    assert_eq!(header.time_stamp, "2024-05-01T12:00:00");
    assert_eq!(header.author, ["A", "B"]);
    assert_eq!(header.originating_system, "Modeller 1");
    assert_eq!((codes(&step).as_str(), step.len()), ("", 0));
}

#[test]
fn what_is_no_step_file_is_an_error() {
    assert_eq!(
        Step::parse(Vec::new()).map(|s| s.len()),
        Err(StepError::Empty)
    );
    let error = Step::parse(b"{\"a\":1}".to_vec()).expect_err("JSON");
    assert_eq!(error.code(), "step.not-step");
}
