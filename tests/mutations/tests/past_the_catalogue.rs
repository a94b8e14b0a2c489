//! A property that a rulebook reads by its name has to be what the rulebook says that it is: a length
//! with a unit, a slope, a number, yes or no. What it is not is not known, and named.

use plancheck_mutations::building::building;
use plancheck_mutations::ifc::{Ifc, global_id};
use plancheck_mutations::judge::{Found, Judge};
use plancheck_mutations::units::Units;

const BOOK: &str = r#"
[module]
id = "us-nowhere"
title = "Nowhere"
version = "0.1.0"
publisher = "Plancheck"
limits = "All."

[jurisdiction]
country = "us"
family = "IBC"
edition = "2024"
effective_from = 2024-01-01
"#;

/// A rule about one property of a wall.
fn rule(id: &str, require: &str, name: &str, pass: &str, fail: &str) -> String {
    let case = |name: &str, given: &str, expect: &str| {
        format!(
            "[[rules.{id}.fixtures]]\nname = \"{name}\"\ngiven = {{ {given} }}\nexpect = \"{expect}\"\n"
        )
    };
    let given = |value: &str| format!("\"property({name})\" = {value}");
    format!(
        "[rules.{id}]\ntitle = \"A rule\"\ncitation = \"§1\"\nseverity = \"error\"\n\
         category = \"general\"\nsubject = \"IfcWall\"\nrequire = \"{require}\"\n\
         page = \"A page.\\n\\n# Example\\n\\nOne.\\n\\n# Limits\\n\\nNone.\"\n{}{}{}\n",
        case("good", &given(pass), "pass"),
        case("bad", &given(fail), "fail"),
        case("not known", "", "undetermined"),
    )
}

fn judge() -> Judge {
    let mut judge = Judge::new(&[]).expect("no module yet");
    let book = format!(
        "{BOOK}{}{}{}{}",
        rule(
            "reach",
            "(property(Reach) as length) >= 1 m",
            "Reach",
            "'2 m'",
            "'0.5 m'"
        ),
        rule(
            "fall",
            "(property(Fall) as slope) <= 1:10",
            "Fall",
            "'1:12'",
            "'1:5'"
        ),
        rule(
            "rooms",
            "(property(Rooms) as count) >= 1 each",
            "Rooms",
            "2",
            "0"
        ),
        rule(
            "sealed",
            "property(Sealed) as boolean",
            "Sealed",
            "true",
            "false"
        ),
    );
    judge.add_rulebook(&book).expect("a rulebook");
    judge
}

/// The verdict on the wall with this property.
fn verdict(judge: &Judge, rule: &str, name: &str, value: &str) -> Found {
    let mut ifc: Ifc = building(Units::Feet, "Business");
    let wall = ifc.element(&global_id("Wall"));
    ifc.put(wall, "Measured", name, value);
    let verdicts = judge.check(&ifc.step.text()).expect("a model");
    let key = (format!("us-nowhere/{rule}"), global_id("Wall"));
    verdicts.get(&key).expect("a finding").clone()
}

#[test]
fn what_is_wanted_is_taken_in_its_unit() {
    let judge = judge();
    for (rule, name, value, expected) in [
        (
            "reach",
            "Reach",
            "IFCLENGTHMEASURE(3.2808398950131235)",
            "pass",
        ),
        ("reach", "Reach", "IFCPOSITIVELENGTHMEASURE(3.2)", "fail"),
        // In a file in degrees: 1 in 10 is 5.7106°.
        ("fall", "Fall", "IFCPLANEANGLEMEASURE(5.7105)", "pass"),
        ("fall", "Fall", "IFCPLANEANGLEMEASURE(5.72)", "fail"),
        ("fall", "Fall", "IFCRATIOMEASURE(0.1)", "pass"),
        ("fall", "Fall", "IFCREAL(0.11)", "fail"),
        ("rooms", "Rooms", "IFCINTEGER(1)", "pass"),
        ("rooms", "Rooms", "IFCCOUNTMEASURE(0)", "fail"),
        ("sealed", "Sealed", "IFCBOOLEAN(.T.)", "pass"),
        ("sealed", "Sealed", "IFCLABEL('no')", "fail"),
    ] {
        let found = verdict(&judge, rule, name, value);
        assert_eq!(found.verdict, expected, "{value}: {found:?}");
    }
}

#[test]
fn what_is_something_else_is_not_known() {
    let judge = judge();
    for (rule, name, value, why) in [
        ("reach", "Reach", "IFCBOOLEAN(.T.)", "yes"),
        ("reach", "Reach", "IFCREAL(2.)", "without a unit"),
        ("reach", "Reach", "IFCMASSMEASURE(2.)", "without a unit"),
        (
            "reach",
            "Reach",
            "IFCAREAMEASURE(20.)",
            "a length is wanted",
        ),
        ("reach", "Reach", "IFCLABEL('2 m')", "the text"),
        (
            "fall",
            "Fall",
            "IFCLENGTHMEASURE(0.05)",
            "a slope is wanted",
        ),
        ("rooms", "Rooms", "IFCBOOLEAN(.T.)", "yes"),
        ("sealed", "Sealed", "IFCLABEL('to be agreed')", "the text"),
        ("sealed", "Sealed", "IFCREAL(1.)", "1"),
    ] {
        let found = verdict(&judge, rule, name, value);
        assert_eq!(found.verdict, "undetermined", "{value}: {found:?}");
        let named = format!("property({name})");
        assert!(found.missing.contains(&named), "{value}: {found:?}");
        assert!(found.message.contains(why), "{value}: {found:?}");
    }
}
