//! A derived fact is computed after those that its expression names. What stands in quotes, in a raw
//! access or in a unit names none.

use plancheck_rulebook::Rulebook;

/// A rulebook of derived facts of a space: name, expression, what is given, value.
fn book(facts: &[(&str, &str, &str, &str)]) -> String {
    let mut toml =
        "[module]\nid = \"us-order\"\ntitle = \"T\"\nversion = \"0.1.0\"\npublisher = \"P\"\n\
                    limits = \"L\"\n[jurisdiction]\ncountry = \"us\"\n"
            .to_owned();
    for (name, expression, given, value) in facts {
        toml += &format!(
            "[facts.{name}]\nsubject = \"space\"\ntitle = \"T {name}\"\ndescription = \"D\"\n\
             value = \"{expression}\"\n\
             fixtures = [{{ name = \"one\", given = {{ {given} }}, value = \"{value}\" }}]\n"
        );
    }
    toml
}

fn order(facts: &[(&str, &str, &str, &str)]) -> Vec<String> {
    let book = Rulebook::parse(&book(facts), "order.toml").unwrap_or_else(|e| panic!("\n{e}"));
    let derived = book.manifest().derived.iter();
    derived.map(|fact| fact.name.clone()).collect()
}

#[test]
fn a_quoted_text_needs_nothing() {
    let own = "if use mentions 'storage' then 'storage' else 'other'";
    let listed = "if use in ['sort', 'shop'] then 'sort' else 'other'";
    let given = "use = \"storage\"";
    let facts = [
        ("storage", own, given, "storage"),
        ("sort", listed, given, "other"),
    ];
    assert_eq!(order(&facts), ["storage", "sort"]);
}

#[test]
fn a_unit_and_a_raw_access_need_nothing() {
    let facts = [
        (
            "person",
            "ceil(area / 2 m²/person)",
            "area = \"10 m²\"",
            "5 persons",
        ),
        (
            "load",
            "property(Pset_Room, load) as count",
            "\"property(Pset_Room, load)\" = \"3 persons\"",
            "3 persons",
        ),
    ];
    assert_eq!(order(&facts), ["person", "load"]);
}

#[test]
fn what_is_named_comes_first_wherever_it_is_named() {
    let facts = [
        (
            "last",
            "if is_high then 1 m² else middle",
            "middle = \"3 m²\", height = \"1 m\"",
            "3 m²",
        ),
        (
            "middle",
            "storey.spaces.sum(first)",
            "\"storey.spaces.sum(first)\" = \"4 m²\"",
            "4 m²",
        ),
        ("first", "area + area", "area = \"1 m²\"", "2 m²"),
    ];
    let toml = book(&facts) + "[definitions]\nis_high = \"height > 2 m\"\n";
    let book = Rulebook::parse(&toml, "order.toml").unwrap_or_else(|e| panic!("\n{e}"));
    let derived = book.manifest().derived.iter();
    let names: Vec<&str> = derived.map(|fact| fact.name.as_str()).collect();
    assert_eq!(names, ["first", "middle", "last"]);
}
