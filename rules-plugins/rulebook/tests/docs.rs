//! Every example of `docs/rulebooks.md` is a rulebook, or part of one.

use plancheck_rulebook::Rulebook;

const DOCS: &str = include_str!("../../../docs/rulebooks.md");

fn examples() -> Vec<&'static str> {
    let blocks = DOCS.split("```toml\n").skip(1);
    blocks.filter_map(|rest| rest.split("```").next()).collect()
}

/// Makes a whole rulebook of what is only part of one.
fn whole(example: &str) -> String {
    if example.contains("[module]") {
        return example.to_owned();
    }
    let head = "[module]\nid = \"us-docs\"\ntitle = \"D\"\nversion = \"0.1.0\"\npublisher = \"P\"\n\
                limits = \"L\"\n[jurisdiction]\ncountry = \"us\"\n";
    let rule = |id: &str, subject: &str, require: &str, more: &str| {
        format!(
            "[rules.{id}]\ntitle = \"T\"\ncitation = \"Example Code §1\"\nseverity = \"error\"\n\
             category = \"general\"\nsubject = \"{subject}\"\nrequire = \"{require}\"\n\
             page = \"P\"\n{more}\n"
        )
    };
    if example.starts_with("# in a rule") {
        let more = example.replace("doors.sum(clear_width, is_exit)", "clear_width");
        return head.to_owned() + &rule("r", "door", "clear_width >= 32 in", &more);
    }
    if example.contains("[sections]") {
        let other = rule("s", "door", "is_exit", "").replace("§1", "§2.1");
        return format!("{head}{example}{}{other}", rule("r", "door", "is_exit", ""));
    }
    if example.contains("[redirects]") {
        return format!(
            "{head}{example}{}",
            rule("exit-door-width", "door", "is_exit", "")
        );
    }
    if example.contains("[definitions]") {
        return format!("{head}{example}{}", rule("r", "space", "is_for_people", ""));
    }
    format!("{head}{example}")
}

#[test]
fn every_example_compiles() {
    let examples = examples();
    assert!(examples.len() >= 5);
    for example in examples {
        let source = whole(example);
        let fixtures = example.contains("fixtures");
        let read = if fixtures {
            Rulebook::parse(&source, "docs.toml")
        } else {
            Rulebook::parse_without_fixtures(&source, "docs.toml")
        };
        if let Err(errors) = read {
            panic!("\n{example}\n{errors}");
        }
    }
}

/// The first column of the tables of values and operators: what stands there can be written.
#[test]
fn what_the_tables_name_can_be_written() {
    for (subject, require) in [
        ("door", "is_exit"),
        ("door", "storey.elevation <= 3 m"),
        (
            "storey",
            "spaces.sum(area) <= 90 m² and doors.count(is_exit) >= 2",
        ),
        ("door", "property(Pset_DoorCommon, FireExit) as boolean"),
        ("ramp_flight", "slope <= 1:12 and slope <= 8.33 %"),
        ("stair_flight", "4 in <= riser_height <= 7 in"),
        ("space", "use mentions 'office' or occupancy matches 'A-?'"),
        ("space", "use not in ['office', 'shop'] and known(area)"),
        (
            "space",
            "use starts_with 'a' and use ends_with 'b' and use contains 'c'",
        ),
        ("door", "classification(Uniclass 2015) as text == 'x'"),
        ("door", "fire_rating >= 90 min or fire_rating >= 1.5 h"),
        ("IfcOutlet", "property(Pset_A, Height) >= 15 in"),
        (
            "space",
            "use mentions any ['office', 'studio'] or use starts_with any ['a', 'b']",
        ),
        (
            "IfcValve",
            "property(Pset_A, P) <= 80 psi and property(Pset_A, P) as pressure <= 550 kPa",
        ),
        (
            "IfcFan",
            "property(Pset_A, Q) >= 60 cfm or property(Pset_A, Q) >= 28.3 l/s",
        ),
        (
            "IfcFan",
            "property(Pset_A, Q) >= 100 m³/h or property(Pset_A, Q) >= 26 gpm",
        ),
        (
            "IfcBoiler",
            "property(Pset_A, T) <= 60 °C and property(Pset_A, T) <= 140 degF and property(Pset_A, N) <= 30 kW",
        ),
        ("IfcOutlet", "property(Pset_A, I) <= 20 A"),
    ] {
        let rule = format!(
            "[module]\nid = \"a\"\ntitle = \"A\"\nversion = \"0.1.0\"\npublisher = \"P\"\nlimits = \"L\"\n\
             [jurisdiction]\ncountry = \"us\"\n[rules.r]\ntitle = \"T\"\ncitation = \"§1\"\n\
             severity = \"error\"\ncategory = \"general\"\nsubject = \"{subject}\"\n\
             require = \"{require}\"\npage = \"P\"\n"
        );
        if let Err(errors) = Rulebook::parse_without_fixtures(&rule, "docs.toml") {
            panic!("\n{errors}");
        }
    }
}
